"""Everything that can go wrong, as one tree.

    CivgenError                 1  unexpected         a bug of civgen; the traceback is on stderr
    ├── InvalidInput            2  invalid-input      the request, a file or a flag is wrong
    │   └── InvalidFile         2  invalid-file       a TOML or JSON file is wrong: carries the line
    ├── NotAuthorised           3  not-authorised     no token, or one without the right
    ├── NotFound                4  not-found          no such ecosystem, engine, workflow, row
    ├── Unavailable             5  unavailable        network or service; worth retrying
    │   └── RateLimited         6  rate-limited       too many requests; worth retrying later
    ├── AnswerIsNo              7  answer-is-no       lint errors, pending changes, a failed job
    ├── Refused                 8  refused            a guard said no: cost cap, consent, too many changes
    └── PartlyDone              9  partly-done        a batch of which some lines failed

A `CivgenError` is something the user can act on, and never shows a traceback; any other
exception is a bug of ours and keeps its own.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Where:
    """A place: a file with line and column (both from 1), a field path, or both."""

    file: str | None = None
    line: int | None = None
    column: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return " ".join(part for part in (place, f"({self.field})" if self.field else "") if part)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with what was given.

    `allowed` is whatever tells the reader what would be right: a list of options, or a
    mapping with `min`, `max` and `step`.
    """

    field: str
    message: str
    given: Any = None
    allowed: Any = None
    hint: str | None = None
    where: Where | None = None

    def as_json(self) -> dict[str, Any]:
        """The entry of an error document's `details`."""
        return {
            "field": self.field,
            "given": self.given,
            "message": self.message,
            "allowed": self.allowed,
            "hint": self.hint,
            "where": asdict(self.where) if self.where else None,
        }


class CivgenError(Exception):
    """Root of the tree. Subclasses fix `code` (for machines) and `exit_code` (for shells)."""

    code = "unexpected"
    exit_code = 1

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        where: Where | None = None,
        details: Sequence[Problem] = (),
        data: Any = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where
        self.details = tuple(details)
        self.data = data

    @property
    def next(self) -> list[str]:
        """The commands that its hints name, as they are written there."""
        hints = [self.hint, *(problem.hint for problem in self.details)]
        return list(dict.fromkeys(found for hint in hints for found in commands_in(hint or "")))

    def as_json(self) -> dict[str, Any]:
        """The document that `--json` prints on failure."""
        error: dict[str, Any] = {
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "where": asdict(self.where) if self.where else None,
            "details": [problem.as_json() for problem in self.details],
        }
        return {"error": error} if self.data is None else {"error": error, "data": self.data}


class InvalidInput(CivgenError):  # noqa: D101 - the tree above says what each is for
    code, exit_code = "invalid-input", 2


class InvalidFile(InvalidInput):  # noqa: D101
    code = "invalid-file"


class NotAuthorised(CivgenError):  # noqa: D101
    code, exit_code = "not-authorised", 3


class NotFound(CivgenError):  # noqa: D101
    code, exit_code = "not-found", 4


class Unavailable(CivgenError):  # noqa: D101
    code, exit_code = "unavailable", 5


class RateLimited(Unavailable):  # noqa: D101
    code, exit_code = "rate-limited", 6


class AnswerIsNo(CivgenError):  # noqa: D101
    code, exit_code = "answer-is-no", 7


class Refused(CivgenError):  # noqa: D101
    code, exit_code = "refused", 8


class PartlyDone(CivgenError):  # noqa: D101
    code, exit_code = "partly-done", 9


#: A command of civgen that a text names.
COMMAND = re.compile(r"`(civgen [^`]+)`")


def commands_in(text: str) -> list[str]:
    """The commands of civgen that a text names.

    >>> commands_in("`civgen db plan` shows it. Go on with: `civgen db apply`")
    ['civgen db plan', 'civgen db apply']
    """
    return COMMAND.findall(text)


#: How alike two words are from which on one is the other misspelt; and which may still be meant.
NEAR, PERHAPS = 0.85, 0.65


def closest(word: str, known: Iterable[str], cutoff: float = PERHAPS) -> str | None:
    """The known word that was probably meant, or None.

    >>> closest("Sedream", ["Seedream", "SDXL"])
    'Seedream'
    """
    by_lower = {candidate.lower(): candidate for candidate in known}
    found = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=cutoff)
    return by_lower[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str], otherwise: str | None = None) -> str | None:
    """A hint that names the closest known word, or `otherwise`."""
    guess = closest(word, known)
    return f"Did you mean {guess}?" if guess else otherwise


def not_found(what: str, name: str, known: Iterable[str]) -> NotFound:
    """A `NotFound` for `name` with the closest known name as its hint."""
    names = sorted(set(known))
    listing = ", ".join(names[:12]) + (" …" if len(names) > 12 else "")
    return NotFound(f"No {what} is called {name!r}.", hint=did_you_mean(name, names, f"Known: {listing}"))


def counted(number: int, what: str) -> str:
    """A number of things, in words.

    >>> counted(1, "change"), counted(20000, "document")
    ('1 change', '20,000 documents')
    """
    return f"{number:,} {what}{'s'[: number != 1]}"


def display_path(path: Path) -> str:
    """`path` as a person at this prompt would write it: relative when it lies below."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
