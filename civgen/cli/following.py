"""Which command comes next: said by a command that went well, found for an error."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from civgen.cli.state import state
from civgen.errors import COMMAND, CivgenError, InvalidFile, InvalidInput, NotFound, Unavailable

if TYPE_CHECKING:
    from civgen.cli.answers import Answer

#: Options of every command that are followed by a value.
WITH_VALUE = ("--env", "--workspace")
#: Options with a value that a command to be typed again may have to leave out.
_VALUED = ("--max-cost", "--cursor")
#: Commands that take a request, by their first word, and what in it leads to a form.
_REQUESTS = (("preview",), ("price",), ("submit",), ("form",), ("preset",))
_ROUTE = ("-e", "--ecosystem", "-w", "--workflow", "--base-model", "--model")
#: Makes a workspace of the current folder; files that are there stay as they are.
_INIT = "civgen init ."
#: Errors have hints of several problems; so many commands are enough to go on.
_MOST = 3


def suggest(*commands: str) -> None:
    """Say which commands lead on. The last word counts, so that a later step may know better.

    Where there is no workspace, making one comes before all that needs it.
    """
    state().next = list(dict.fromkeys(_possible(one) for one in commands))


def repeated(
    *more: str,
    without: tuple[str, ...] = (),
    instead: tuple[str, ...] | None = None,
) -> str:
    """The command that is running, to be typed again.

    Args:
        more: options that it needs besides.
        without: options that it does not need, each with its value if it has one.
        instead: words of a command that takes the same options and is to be run in its place.
    """
    words = _left(state().words, ("--json", *without))
    if instead is not None:
        for word in command_path():
            words.remove(word)
        words = [*instead, *words]
    return shlex.join(["civgen", *words, *more])


def _left(words: Iterable[str], without: tuple[str, ...]) -> list[str]:
    """The words without some options, and without the values of those that take one."""
    left: list[str] = []
    is_value = False
    for word in words:
        name = word.partition("=")[0]
        if is_value or word in without:
            is_value = not is_value and word in _VALUED
        elif not (name in without and name in _VALUED):
            left.append(word)
    return left


def suggest_request(*words: str, lacks: Mapping[str, Any]) -> None:
    """Say that another command leads on with the request of this one, made whole.

    Args:
        lacks: what the request must have besides, see `civgen.jobs.lacking`.
    """
    from civgen.jobs.lacking import as_options

    suggest_instead(*words, more=tuple(as_options(lacks)))


def suggest_instead(*words: str, more: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> None:
    """Say that another command leads on with the options of this one, unless stdin, which is used up."""
    if "-" not in state().words:
        suggest(repeated(*more, instead=words, without=without))


def _possible(line: str) -> str:
    """A command, or where it needs a workspace and there is none, the one that makes one here."""
    words = shlex.split(line)
    if words[0] != "civgen" or "--workspace" in words or state().workspace.root is not None:
        return line
    found = _answer_of(path_of(words[1:]))
    return _INIT if found and found.workspace else line


def command_path() -> tuple[str, ...]:
    """The words of the command that is running, as far as they name one."""
    return path_of(state().words)


def with_next(document: Any, error: CivgenError | None) -> Any:
    """The one document of a run, with the commands that lead on where it has a place for them."""
    if error is None:
        return _led_on(document)
    said = error.as_json()
    said["error"]["next"] = _next_of(error)
    data = said.get("data") if document is None else document
    return said | ({} if data is None else {"data": _led_on(data)})


def show_next(error: CivgenError | None, say: Callable[[str], None]) -> None:
    """Tell a person how to go on; of an error only what its hint has not said."""
    commands = state().next if error is None else [] if error.next else _next_of(error)
    for number, command in enumerate(commands):
        say(f"{'next' if number == 0 else '    '}  {command}")


def _next_of(error: CivgenError) -> list[str]:
    """The commands of its hints; else what was tried, if it may work yet; else what shows what is right."""
    if error.next:
        return list(dict.fromkeys(here(_whole(one)) for one in error.next[:_MOST]))
    if _is_of_workspace(error):
        return [here("civgen lint")]
    found = _answer()
    if isinstance(error, Unavailable) and found is not None and not found.spends and not _has_secrets():
        return [repeated()]
    if isinstance(error, InvalidInput) and (form := _form_asked_for()):
        return [here(shlex.join(["civgen", "form", "show", *form]))]
    if isinstance(error, NotFound) and "--env" not in state().words and _has_listing():
        return [here(shlex.join(["civgen", *command_path()[:-1], "list"]))]
    return [shlex.join(["civgen", *command_path(), "--help"])]


def _whole(line: str) -> str:
    """A command as a hint names it; where a word stands for one that is to be put in, the help of it."""
    words = shlex.split(line)
    path = path_of(words[1:])
    blanks = {name for one in getattr(command_at(path), "params", ()) for name in _blanks(one)}
    return shlex.join(["civgen", *path, "--help"]) if blanks.intersection(words) else line


def _blanks(parameter: Any) -> set[str]:
    """The words that stand for a value of a parameter where it is described."""
    return {*re.findall(r"[A-Z_]+", parameter.metavar or ""), parameter.name.upper()}


def _is_of_workspace(error: CivgenError) -> bool:
    """Whether a file of the workspace cannot be read, so that all that reads it fails, but for lint."""
    if not isinstance(error, InvalidFile) or error.where is None or command_path() == ("lint",):
        return False
    root = state().workspace.root
    return root is not None and Path(error.where.file or "").resolve().is_relative_to(root.resolve())


def _form_asked_for() -> list[str]:
    """The options by which a request names its form, unless the form was what was asked for."""
    words = state().words
    if command_path() == ("form", "show") or command_path()[:1] not in _REQUESTS:
        return []
    return [word for pair in pairwise(words) if pair[0] in _ROUTE for word in pair]


def _has_listing() -> bool:
    """Whether beside the running command there is one that lists what it may name."""
    group = command_at(command_path()[:-1])
    return len(command_path()) > 1 and group.get_command(None, "list") is not None


def here(line: str) -> str:
    """A command as a hint names it, for the environment and the workspace of this run."""
    return line if "--help" in line else f"{line}{''.join(f' {word}' for word in places(line.split()))}"


def for_here(error: CivgenError) -> CivgenError:
    """The error with hints whose commands are for the environment and the workspace of this run."""
    if places([]):
        error.hint = _for_here(error.hint)
        error.details = tuple(replace(one, hint=_for_here(one.hint)) for one in error.details)
    return error


def _for_here(hint: str | None) -> str | None:
    return hint and COMMAND.sub(lambda found: f"`{here(found[1])}`", hint)


def _has_secrets() -> bool:
    """Whether a URL on the command line names a user."""
    return any("://" in word and "@" in word for word in state().words)


def _led_on(document: Any) -> Any:
    """A document with the commands that lead on, if it is one that has them."""
    found = _answer() if document is not None else None
    return {"next": state().next, **document} if found and found.names_next(document) else document


def _answer() -> Answer | None:
    """What the running command was said to answer."""
    return _answer_of(command_path())


def _answer_of(path: tuple[str, ...]) -> Answer | None:
    """What the command of these words was said to answer."""
    from civgen.cli.answers import answer_of

    return answer_of(getattr(command_at(path), "callback", None))


def places(words: Iterable[str]) -> list[str]:
    """The options by which a command finds this environment and workspace, unless its words name them."""
    current, said = state(), list(words)
    folder = str(current.workspace_path.resolve()) if current.workspace_path else None
    given = {"--env": current.env, "--workspace": folder}
    return [
        word
        for flag, value in given.items()
        if value and flag not in said
        for word in (flag, shlex.quote(value))
    ]


def command_at(path: tuple[str, ...]) -> Any:
    """The command or group of these words; the root without any."""
    import typer

    from civgen.cli.app import app

    found = typer.main.get_command(app)
    for word in path:
        found = found.get_command(None, word)  # type: ignore[attr-defined]
    return found


def path_of(words: list[str]) -> tuple[str, ...]:
    """The words of a command line that name the command, as far as they name one."""
    import typer

    from civgen.cli.app import app

    here: Any = typer.main.get_command(app)
    path: list[str] = []
    takes_value = False
    for word in words:
        if takes_value or word.startswith("-"):
            takes_value = word in WITH_VALUE and not takes_value
            continue
        found = here.get_command(None, word)
        if found is None:
            break
        path.append(word)
        here = found
        if not hasattr(here, "get_command"):
            break
    return tuple(path)
