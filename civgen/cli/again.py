"""The exact command that goes on with something."""

from __future__ import annotations

import shlex

from civgen.cli.state import state


def command(*words: str) -> str:
    """A command of civgen as it is to be typed here."""
    given = state().workspace_path
    where = ["--workspace", str(given.resolve())] if given else []
    return shlex.join(["civgen", *words, *where])
