"""Files that templates made: whether this civgen's templates give something newer."""

from __future__ import annotations

from collections.abc import Iterator

from civgen.cli.doctor.finding import Finding, broken, note, ok
from civgen.cli.doctor.scene import Scene

ORDER = 85


def check(scene: Scene) -> Iterator[Finding]:
    """Which files an update would change, as far as the records of this workspace tell."""
    from civgen.scaffold.records import FOLDER
    from civgen.scaffold.update import update

    try:
        made = update(scene.root, dry_run=True) if scene.root else []
    except (ValueError, KeyError, TypeError):
        hint = "The files stay as they are; what is forgotten is how to undo and to update them."
        do = f"mv {FOLDER} {FOLDER}.away"
        yield broken(f"a record in {FOLDER} is not what civgen wrote", do, hint)
        return
    older = [one.made.path for one in made if one.state in ("updated", "merged")]
    if older:
        yield note(f"made from older templates: {', '.join(older)}", "civgen update")
    for one in made:
        if one.state == "conflict":
            hint = f"Make the change there yourself, then: civgen update --keep {one.made.path}"
            yield note(
                f"{one.made.path} was edited where its template changed", "civgen update --dry-run", hint
            )
    if made and not older:
        yield ok(f"{len(made)} files are as this civgen's templates make them, edits apart")
