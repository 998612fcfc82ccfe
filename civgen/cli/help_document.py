"""Help as the one document of `--json`: of a command what `civgen schema` says, of a group what is in it."""

from __future__ import annotations

from typing import Any

from civgen.cli.following import WITH_VALUE, command_at, path_of
from civgen.cli.state import state

_HELP = frozenset({"--help", "-h"})


def wants_document(words: list[str]) -> bool:
    """Whether these words ask for help that a program is to read, as a group does without a command."""
    if not state().json or "--version" in words:
        return False
    if _HELP.intersection(words):
        return True
    path = path_of(words)
    return hasattr(command_at(path), "get_command") and len(_plain(words)) == len(path)


def help_document(words: list[str]) -> dict[str, Any]:
    """The help of the command or group that the words name."""
    from civgen.cli.describe import all_commands, find_command

    path = path_of(words)
    if not hasattr(command_at(path), "get_command"):
        return find_command(path).as_json()
    below = [one.as_json() for one in all_commands() if one.path[: len(path)] == path]
    commands = [{"command": one["command"], "summary": one["summary"]} for one in below]
    return {"command": " ".join(("civgen", *path)), "commands": commands}


def _plain(words: list[str]) -> list[str]:
    """The words that are neither options nor values of common ones."""
    values = {number + 1 for number, word in enumerate(words) if word in WITH_VALUE}
    return [word for number, word in enumerate(words) if number not in values and not word.startswith("-")]
