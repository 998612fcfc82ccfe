"""What each command answers under `--json`, said beside the command itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired, TypeVar, get_args, get_origin, get_type_hints

C = TypeVar("C", bound=Callable[..., Any])

_MARK = "__civgen_answers__"

#: What any command may exit with, and when.
EVERY = {
    0: "fine",
    1: "a bug of civgen, whose traceback is on stderr",
    2: "the command line, a file or a value is wrong; nothing was done",
    4: "something that was named is not there",
    130: "Ctrl-C, or told to stop",
}
#: What a command may exit with besides that asks the orchestrator.
ORCHESTRATOR = {
    3: "the orchestrator wants a token, or does not take the one it was given",
    5: "the orchestrator does not answer; worth trying again",
    6: "the orchestrator was asked too often",
}
#: The same for the database.
DATABASE = {3: "the database lets nobody in by these credentials", 5: "the database does not answer"}
#: The same for database and search index.
INDEX = {3: "database or index let nobody in by these credentials", 5: "database or index do not answer"}
#: What a command exits with that asks before it does something.
CONSENT = {8: "nobody consented: the error names the flag"}
#: What a command exits with that reads lines, where some of them failed.
LINES = {9: "with --batch: some lines failed, each says why"}


@dataclass(frozen=True)
class Answer:
    """What a command gives back.

    Attributes:
        document: type of the one document under `--json`; None where there are only lines.
        line: type of each of the JSON Lines that stand in its place; None where there are none.
        exits: exit codes besides those of every command, each with when it is given.
        spends: whether it can cost Buzz.
        workspace: whether it needs a workspace, whatever its options.
    """

    document: Any
    line: Any = None
    exits: Sequence[Mapping[int, str]] = ()
    spends: bool = False
    workspace: bool = False

    @property
    def exit_codes(self) -> dict[int, str]:
        """All exit codes of the command, each with when it is given."""
        said: dict[int, list[str]] = {}
        for code, when in (pair for some in (EVERY, *self.exits) for pair in some.items()):
            said.setdefault(code, []).append(when)
        return {code: "; or ".join(dict.fromkeys(said[code])) for code in sorted(said)}

    def names_next(self, document: Any) -> bool:
        """Whether this document of the command says which commands come next."""
        kinds = get_args(self.document) or (self.document,)
        return isinstance(document, dict) and any(_asks_for_next(kind, document) for kind in kinds)


def _asks_for_next(kind: Any, document: dict[str, Any]) -> bool:
    """Whether the document is of this kind, but for `next`."""
    if "next" not in getattr(kind, "__annotations__", {}):
        return False
    hints = get_type_hints(kind, include_extras=True)
    required = {name for name, hint in hints.items() if get_origin(hint) is not NotRequired}
    return required - {"next"} <= document.keys()


def answers(
    document: Any,
    *exits: Mapping[int, str],
    line: Any = None,
    spends: bool = False,
    workspace: bool = False,
) -> Callable[[C], C]:
    """Say what a command answers, see `Answer`.

    Args:
        document: a type of `civgen.results`, or anything else that Pydantic can make a JSON Schema of.
    """

    def mark(command: C) -> C:
        setattr(command, _MARK, Answer(document, line, exits, spends, workspace))
        return command

    return mark


def answer_of(callback: Any) -> Answer | None:
    """What a command was said to answer; None when nothing was said."""
    found = getattr(callback, _MARK, None)
    return found if isinstance(found, Answer) else None
