"""The exact command that goes on with something."""

from __future__ import annotations

import shlex

from civgen.cli.following import places


def command(*words: str) -> str:
    """A command of civgen as it is to be typed here."""
    return " ".join([shlex.join(["civgen", *words]), *places(words)])
