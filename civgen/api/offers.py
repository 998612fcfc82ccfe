"""Prices that were told and may be accepted: once, soon, and for exactly the request they were told for.

An offer is a token. Whoever may not spend by saying so alone, such as an agent, submits with the token of
the price that it was told. They are kept in one SQLite file of the workspace, so that of any number of
threads and processes one takes a token and all others are refused. The token itself is not kept.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from civgen.errors import Refused
from civgen.files import usable
from civgen.jobs.journal import transaction

#: Seconds that an offer stands.
LIFETIME = 600
#: Seconds after which nobody asks any more what became of an offer.
_KEPT = 30 * 24 * 3600
_TABLE = """
CREATE TABLE IF NOT EXISTS offers (
    token_hash TEXT PRIMARY KEY,
    request TEXT NOT NULL,
    body TEXT NOT NULL,
    seed INTEGER NOT NULL,
    total REAL,
    expires REAL NOT NULL,
    external_id TEXT
)
"""
_AGAIN = "Ask for the price again: it comes with a new token."


@dataclass(frozen=True, slots=True)
class Offer:
    """A price that may be accepted.

    Attributes:
        total: in Buzz, the most that it will cost; None in the sandbox where no price is published.
        expires: as a Unix time.
    """

    token: str
    total: float | None
    expires: float

    def as_json(self) -> dict[str, Any]:
        """`{"token", "expires"}`; the price stands beside it."""
        moment = datetime.fromtimestamp(self.expires, UTC)
        return {"token": self.token, "expires": moment.isoformat(timespec="seconds")}


@dataclass(frozen=True, slots=True)
class Taken:
    """What an offer was made for.

    Attributes:
        body: hash of the body that would be posted.
        seed: that was drawn for it.
        external_id: under which it is submitted.
    """

    body: str
    seed: int
    total: float | None
    external_id: str


class Offers:
    """The offers of a workspace, in one file that is made when it is first needed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def make(self, request: str, body: str, seed: int, total: float | None) -> Offer:
        """Offer a price.

        Args:
            request: hash of the request and of what it is judged by.
            body: hash of the body that would be posted.
        """
        now = time.time()
        offer = Offer(f"price_{secrets.token_urlsafe(18)}", total, now + LIFETIME)
        row = (_hash(offer.token), request, body, seed, total, offer.expires)
        with self._writing() as db:
            db.execute("DELETE FROM offers WHERE expires < ?", (now - _KEPT,))
            db.execute("INSERT INTO offers VALUES (?, ?, ?, ?, ?, ?, NULL)", row)
        return offer

    def look(self, token: str, request: str) -> Taken:
        """What a token stands for, without taking it.

        Raises:
            Refused: it is unknown, was used, has expired, or is another request's.
        """
        with self._writing() as db:
            return _usable(db, token, request)

    def take(self, token: str, request: str) -> Taken:
        """Take a token: whoever asks for it from now on is refused.

        Raises:
            Refused: as `look`; also when somebody was faster.
        """
        with self._writing() as db:
            found = _usable(db, token, request)
            db.execute(
                "UPDATE offers SET external_id = ? WHERE token_hash = ?", (found.external_id, _hash(token))
            )
            return found

    def has_taken(self, external_id: str) -> bool:
        """Whether a submission was paid for with an offer."""
        with self._writing() as db:
            return (
                db.execute("SELECT 1 FROM offers WHERE external_id = ?", (external_id,)).fetchone()
                is not None
            )

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with usable(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=30, isolation_level=None)) as db:
                # What is submitted next must be known to be paid for after a crash.
                db.execute("PRAGMA synchronous = FULL")
                with transaction(db):
                    db.execute(_TABLE)
                    yield db


def hash_of(document: Mapping[str, Any]) -> str:
    """A hash of JSON that does not hang on the order of keys."""
    return _hash(json.dumps(document, sort_keys=True, ensure_ascii=False, default=str))


def _usable(db: sqlite3.Connection, token: str, request: str) -> Taken:
    columns = "request, body, seed, total, expires, external_id"
    row = db.execute(f"SELECT {columns} FROM offers WHERE token_hash = ?", (_hash(token),)).fetchone()
    if row is None:
        raise Refused("There is no such price token here; nothing was sent.", hint=_AGAIN)
    asked, body, seed, total, expires, external_id = row
    if external_id is not None:
        raise Refused(
            "This price token was used already; nothing more was sent.",
            hint=f"It paid for the submission {external_id}. {_AGAIN}",
            data={"externalId": external_id},
        )
    if expires < time.time():
        raise Refused("This price token has expired; nothing was sent.", hint=_AGAIN)
    if asked != request:
        raise Refused("This price token is of another request; nothing was sent.", hint=_AGAIN)
    return Taken(body, seed, total, uuid4().hex)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
