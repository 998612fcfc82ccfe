"""Whether a command that is named to somebody is there, and takes what it is given."""

from __future__ import annotations

import shlex
from typing import Any

import typer

from civgen.cli.app import app


def problem_of(line: str) -> str | None:
    """What is wrong with a command line; None when nothing is.

    Words in capitals stand for values, so that only options can be judged there.
    """
    words = shlex.split(line)
    if words[0] != "civgen":
        return None if words[0] == "cd" else f"{words[0]} is no command of ours"
    command, rest = _found(words[1:])
    if command is None:
        return f"there is no command {' '.join(words[:3])}"
    if command.context_settings.get("ignore_unknown_options"):
        return None
    known = {flag for one in command.params for flag in (*one.opts, *one.secondary_opts)} | {"--help", "-h"}
    known |= {flag for one in typer.main.get_command(app).params for flag in one.opts}
    unknown = [word for word in rest if _is_option(word) and word.partition("=")[0] not in known]
    return f"{command.name} has no {unknown[0]}" if unknown else None


def _is_option(word: str) -> bool:
    return word.startswith("-") and word != "-" and not word[1:2].isdigit()


def _found(words: list[str]) -> tuple[Any, list[str]]:
    """The command of the words, and what is left of them."""
    here: Any = typer.main.get_command(app)
    for number, word in enumerate(words):
        if not hasattr(here, "get_command") or word.startswith("-"):
            return here, words[number:]
        here = here.get_command(None, word)
        if here is None:
            return None, []
    return here, []
