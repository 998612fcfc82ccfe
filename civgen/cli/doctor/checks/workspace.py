"""The workspace: whether it is found, can be read and written, and is kept in git."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from civgen.cli.doctor.finding import Finding, broken, from_error, note, ok
from civgen.cli.doctor.scene import Scene
from civgen.errors import Where, display_path

ORDER = 20
#: Seconds that git may take.
_PATIENCE = 5


def check(scene: Scene) -> Iterator[Finding]:
    """How the workspace is."""
    if scene.trouble is not None:
        yield from from_error(scene.trouble)
        yield note("credentials, connections and leftovers are looked at once that is mended")
    elif scene.root is None:
        what = (
            "no civgen.toml here or above: only the built-in catalogue is there, without rows, index and jobs"
        )
        yield note(what, "civgen init .")
    if scene.root is None:
        return
    if scene.environment is not None:
        yield ok(f"{scene.root}, environment {scene.environment.name}")
    yield from _rights(scene.root)
    yield from _git(scene.root)


def _rights(root: Path) -> Iterator[Finding]:
    """Local state must be written to; what is not there yet is made in its place."""
    state = root / ".civgen"
    if state.exists() and not state.is_dir():
        where = Where(display_path(state))
        yield broken(f"{display_path(state)} is no folder: local state is kept there",
                     f"mv {shlex.quote(str(state))} {shlex.quote(str(state))}.away", where=where)  # fmt: skip
    elif not os.access(folder := state if state.exists() else root, os.W_OK | os.X_OK):
        yield broken(f"{display_path(folder)} cannot be written to", f"chmod u+wx {shlex.quote(str(folder))}")


def _git(root: Path) -> Iterator[Finding]:
    if shutil.which("git") is None:
        yield note("git is not installed: nobody else sees what is added here", hint="Install git.")
        return
    inside = _ask(root, "rev-parse", "--show-toplevel")
    folder = shlex.quote(str(root))
    if inside.returncode:
        said = inside.stderr.strip().partition("\n")[0].removeprefix("fatal: ")
        if "dubious ownership" in said:
            do = f"git config --global --add safe.directory {folder}"
            yield note("git does not trust this folder: somebody else owns it", do)
        else:
            yield note("not kept in git: no history, and nobody else sees it", f"git init {folder}")
    elif _ask(root, "check-ignore", "-q", ".civgen/").returncode:
        yield note("git does not ignore .civgen, where local state and journals lie", f"civgen init {folder}")
    else:
        yield ok(f"kept in git, in {inside.stdout.strip()}; .civgen is ignored")


def _ask(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = ["git", "-C", str(root), *words]
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        return subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_PATIENCE, env=environment
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 124, "", f"git did not answer within {_PATIENCE} s")
