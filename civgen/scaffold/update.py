"""What was made from an older template, brought up to date; a person's edits stay.

Copier's own update compares two versions of a template in git, in a project in git. Templates of an
installed package are in no git, and a workspace may be in none. So the three texts that it would merge
are had in another way: what the template gave then is in the record of the addition, what it gives now
is rendered from the same answers, and what the person made of it is the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from civgen.errors import NotFound, Problem, Where, display_path
from civgen.scaffold.changes import FileChange, confined, read_text, same
from civgen.scaffold.merging import merge
from civgen.scaffold.records import Made, Record, records
from civgen.scaffold.render import TEMPLATES, render
from civgen.scaffold.workspace import workspace_texts
from civgen.scaffold.writing import recover, write

State = Literal["unchanged", "updated", "merged", "conflict", "kept"]


@dataclass(frozen=True, slots=True)
class Updated:
    """One file that a template made.

    Attributes:
        now: what it says.
        rendering: what its template gives now.
        after: what it is to say; the same as `now` where there is nothing to do, or a conflict.
        lines: of the file, where a conflict is.
    """

    record: Record
    made: Made
    state: State
    now: str
    rendering: str
    after: str
    lines: tuple[int, ...] = ()

    @property
    def diff(self) -> str:
        """The change; for a conflict, what the template changed and could not be put in."""
        if self.state == "conflict":
            return FileChange(self.made.path, self.made.rendering, self.rendering).diff()
        return FileChange(self.made.path, self.now, self.after).diff()

    def as_json(self) -> dict[str, Any]:
        """`{"path", "template", "state", "lines", "diff"}`."""
        assert self.made.origin is not None
        return {
            "path": self.made.path,
            "template": self.made.origin.template,
            "state": self.state,
            "lines": list(self.lines),
            "diff": self.diff,
        }

    def problem(self, root: Path) -> Problem:
        """What a person has to decide."""
        where = Where(display_path(root / self.made.path), self.lines[0] if self.lines else None)
        hint = f"Make the change there yourself, then `civgen update --keep {self.made.path}`."
        return Problem(self.made.path, "was edited where its template changed", hint=hint, where=where)


def update(
    root: Path, paths: Sequence[str] = (), *, keep: bool = False, dry_run: bool = False
) -> list[Updated]:
    """Bring files that templates made up to date.

    Args:
        paths: of those that are meant, from the root of the workspace; none means all.
        keep: leave these as they are, and count them as up to date.
        dry_run: find out what would change, and change nothing.

    Raises:
        NotFound: no template made one of the paths, as far as this workspace's records tell.
    """
    recover(root)
    found = list(_found(root, keep=keep))
    if unknown := set(paths) - {one.made.path for one in found}:
        hint = "`civgen update --dry-run` lists the files that are recorded here."
        raise NotFound(f"{', '.join(sorted(unknown))}: no template is recorded for it.", hint=hint)
    wanted = [one for one in found if not paths or one.made.path in paths]
    if not dry_run:
        for record in {one.record.number: one.record for one in wanted}.values():
            _write(root, record, [one for one in wanted if one.record is record])
    return wanted


def _found(root: Path, *, keep: bool) -> Iterator[Updated]:
    """Every file that a template made and that is still there, by its latest record."""
    latest = {made.path: (record, made) for record in records(root) for made in record.made if made.origin}
    for path, (record, made) in sorted(latest.items()):
        now = read_text(confined(root, path))
        rendering = _rendered(made)
        if now is not None and rendering is not None:
            yield _judged(record, made, now, rendering, keep=keep)


def _rendered(made: Made) -> str | None:
    assert made.origin is not None
    template, answers = made.origin.template, made.origin.answers
    if not (TEMPLATES / template).is_dir():
        return None
    texts = workspace_texts(answers) if template == "workspace" else render(template, answers)
    return texts.get(made.path)


def _judged(record: Record, made: Made, now: str, rendering: str, *, keep: bool) -> Updated:
    def said(state: State, after: str, lines: tuple[int, ...] = ()) -> Updated:
        return Updated(record, made, state, now, rendering, after, lines)

    base = made.rendering or ""
    if same(rendering, base) or same(now, rendering):
        return said("unchanged", now)
    if keep:
        return said("kept", now)
    merged = merge(base, now, rendering)
    if merged.text is None:
        return said("conflict", now, merged.conflicts)
    return said("updated" if same(now, base) else "merged", merged.text)


def _write(root: Path, record: Record, files: Sequence[Updated]) -> None:
    """Write what is new of one addition, and that its templates are the newer ones now."""
    settled = [one for one in files if one.state != "conflict"]
    made = [replace(one.made, after=_written(one), rendering=one.rendering) for one in settled]
    new = record.with_made(made)
    if new != record:
        changes = [FileChange(one.made.path, one.now, one.after) for one in settled if one.now != one.after]
        write(root, changes, new)


def _written(one: Updated) -> str:
    """What civgen itself wrote of a file, by which an edit is known: a merge keeps a person's."""
    if one.state == "updated":
        return one.after
    return one.rendering if one.state == "merged" else one.made.after
