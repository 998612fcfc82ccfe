"""What databases report, in the terms of a user; what is not listed here is a bug of ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from civgen.errors import CivgenError, InvalidInput, NotAuthorised, Unavailable
from civgen.files import refusal, sqlite_kind


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a report means. `says` follows the place of the database."""

    kind: type[CivgenError]
    says: str
    hint: str


_CANNOT = "cannot be used"
_WAY_IN = "Check the user in the URL, and CIVGEN_DATABASE_PASSWORD_<NAME>, PGPASSWORD or the keyring."
_WRONG = "Check the URL: is this the platform's database, and is civgen as new as it is?"
_LOST = _Meaning(
    Unavailable,
    "was lost on the way; what was not finished is not there",
    "Try again; `civgen db history` shows what was applied.",
)

#: By the name that SQLite has for it; what is said of any of its files stands in `civgen.files`.
_SQLITE = {
    "NOTADB": _Meaning(InvalidInput, "is no SQLite database, or a damaged one", ""),
    "CORRUPT": _Meaning(InvalidInput, "is no SQLite database, or a damaged one", ""),
}
#: By SQLSTATE, the longest that fits: five characters, or the two of a class.
_POSTGRESQL = {
    "08": _LOST,
    "22P02": _Meaning(InvalidInput, "has other types than the platform's", _WRONG),
    "25006": _Meaning(
        Unavailable, "can only be read", "It may be a replica, or set to read-only; name the one to write to."
    ),
    "25P03": _LOST,
    "28": _Meaning(NotAuthorised, "does not let this user in", _WAY_IN),
    "3D000": _Meaning(InvalidInput, "does not exist", _WRONG),
    "42501": _Meaning(NotAuthorised, "does not allow this", "Have the right granted, or use another user."),
    "42703": _Meaning(InvalidInput, "lacks a column", _WRONG),
    "42804": _Meaning(InvalidInput, "has other types than the platform's", _WRONG),
    "42883": _Meaning(InvalidInput, "has other types than the platform's", _WRONG),
    "42P01": _Meaning(InvalidInput, "lacks a table", _WRONG),
    "53": _Meaning(Unavailable, _CANNOT, "Try again later."),
    "55P03": _Meaning(Unavailable, "is in use by others", "Somebody else changes the same rows; try again."),
    "57": _LOST,
    "57014": _Meaning(Unavailable, "took too long", "Is it very busy? Try again later."),
    "57P03": _Meaning(Unavailable, "does not accept connections now", "Try again in a moment."),
}
#: A connection that was never made has no SQLSTATE, only the server's words for it.
_AT_THE_DOOR = (
    ("password", "28"),
    ("authentication failed", "28"),
    ("no pg_hba.conf entry", "28"),
    ("role", "28"),
    ("permission denied for database", "28"),
    ("database", "3D000"),
)
_NEVER_MADE = ("connection failed", "connection is bad", "failed to resolve", "connection timeout")
_UNASKED = "no password supplied"
_UNREACHABLE = _Meaning(
    Unavailable, "cannot be reached", "Is the server running, and are host and port in the URL right?"
)


@contextmanager
def in_plain_words(place: str, file: Path | None = None) -> Iterator[None]:
    """Turn what the user can do something about into civgen's errors.

    Args:
        place: where the database is, for people; never with a password.
        file: the SQLite file, if it is one.
    """
    try:
        yield
    except Exception as error:
        meant = translated(error, place, file)
        if meant is None:
            raise
        raise meant from error


def translated(error: Exception, place: str, file: Path | None = None) -> CivgenError | None:
    """The error that a person is told; None for what is none of theirs."""
    driver = getattr(error, "orig", None) or error
    if file is not None and isinstance(driver, sqlite3.Error) and (refused := refusal(driver, file)):
        return refused
    meaning = _meaning(driver)
    if meaning is None:
        return None
    return meaning.kind(f"{place} {meaning.says}: {_first_line(driver)}.", hint=meaning.hint or None)


def is_conflict(error: Exception) -> bool:
    """Whether rows that are there stood in the way: a key taken, a parent gone, a deadlock."""
    driver = getattr(error, "orig", None) or error
    state = getattr(driver, "sqlstate", None) or ""
    return state.startswith(("23", "40")) or sqlite_kind(driver) == "CONSTRAINT"


def in_short(error: Exception) -> str:
    """What the driver says in one line, with the server's own detail."""
    driver = getattr(error, "orig", None) or error
    detail = getattr(getattr(driver, "diag", None), "message_detail", None)
    return f"{_first_line(driver)}{f' ({detail})' if detail else ''}"


def _meaning(driver: Any) -> _Meaning | None:
    if kind := sqlite_kind(driver):
        return _SQLITE.get(kind)
    if not type(driver).__module__.startswith("psycopg"):
        return None
    if state := driver.sqlstate:
        return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])
    return _without_state(driver)


def _without_state(driver: Any) -> _Meaning | None:
    """A connection that failed, early or late; other errors of the driver are ours."""
    said = str(driver)
    if type(driver).__name__ not in ("OperationalError", "ConnectionTimeout", "InterfaceError"):
        return None
    if not said.startswith(_NEVER_MADE):
        return _LOST
    # The library's own words name the socket or host; only the server's are about user and database.
    words = said.partition("FATAL:")[2] or ("password" if _UNASKED in said else "")
    state = next((state for word, state in _AT_THE_DOOR if word in words), None)
    return _POSTGRESQL[state] if state else _UNREACHABLE


def _first_line(driver: Any) -> str:
    """Of a report its first line; of what is said at the door, the server's own words."""
    line = str(driver).strip().partition("\n")[0].rstrip(".")
    return line.rpartition("FATAL:")[2].strip()
