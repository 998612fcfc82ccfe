"""Files that templates made: whether this civgen's templates give something newer."""

from __future__ import annotations

from collections.abc import Iterator

from civgen.cli.doctor.finding import Finding, note, ok
from civgen.cli.doctor.scene import Scene

ORDER = 85


def check(scene: Scene) -> Iterator[Finding]:
    """Which files an update would change, as far as this workspace's records tell; nothing is changed."""
    from civgen.scaffold.update import update

    made = update(scene.root, dry_run=True) if scene.root else []
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
