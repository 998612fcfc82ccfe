"""Make a workspace: the folder that a team keeps in git."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from civgen import __version__
from civgen.guide.agents import journeys, skill_files
from civgen.scaffold.changes import FileChange, Origin, Rendering, confined, new_files, read_text
from civgen.scaffold.outcome import Outcome
from civgen.scaffold.render import render
from civgen.scaffold.writing import recover
from civgen.workspace import FILE

_TEMPLATE, _IGNORED = "workspace", ".gitignore"
#: Keeps a folder in git until there is something in it.
_KEEP = ".gitkeep"


def init_workspace(root: Path, *, dry_run: bool = False) -> Outcome:
    """Make a workspace, or complete one: files that are there stay as they are.

    Args:
        root: its folder, which need not exist.

    Raises:
        Refused: the folder is no workspace yet, and a file with other content is in the way.
    """
    recover(root)
    rendered = workspace_texts({"name": root.resolve().name})
    wanted = {path: text for path, text in rendered.items() if _is_wanted(root, path) and path != _IGNORED}
    changes, there = new_files(root, Rendering(wanted, rendered.origin), keep=(root / FILE).is_file())
    outcome = Outcome(tuple(changes), tuple(there)) + _ignoring(root, rendered[_IGNORED])
    go_there = () if root.resolve() == Path.cwd() else (f"cd {shlex.quote(str(root))}",)
    outcome += Outcome(next=(*go_there, "civgen guide", "civgen lint"))
    subject = {"command": "init", "name": root.resolve().name}
    return outcome.carried_out(root, subject, dry_run=dry_run)


def workspace_texts(answers: Mapping[str, Any]) -> Rendering:
    """The files of a workspace, as this civgen makes them.

    Args:
        answers: its `name`; all else follows.
    """
    told = {**answers, "civgen_version": __version__, "journeys": journeys()}
    texts = {**render(_TEMPLATE, told), **skill_files()}
    return Rendering(texts, Origin(_TEMPLATE, dict(answers)))


def _ignoring(root: Path, wanted: str) -> Outcome:
    """Let git ignore local state; what else it ignores is the person's own."""
    before = read_text(confined(root, _IGNORED))
    text = before or ""
    missing = [line for line in wanted.splitlines() if line not in text.split()]
    if not missing:
        return Outcome(unchanged=(_IGNORED,))
    start = "" if not text or text.endswith("\n") else "\n"
    after = text + start + "".join(f"{line}\n" for line in missing)
    return Outcome((FileChange(_IGNORED, before, after),))


def _is_wanted(root: Path, path: str) -> bool:
    """Whether a file is needed: a folder that has something in it need not be kept."""
    folder = (root / path).parent
    return not path.endswith(_KEEP) or not folder.is_dir() or not any(folder.iterdir())
