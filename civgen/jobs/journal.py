"""What was asked to be submitted, written down before it is sent.

A submission that is cut off, by a lost connection or a pulled plug, may have been accepted. Its
`externalId` stands here first, so that it can be sent again under it and is never run twice.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from civgen.errors import NotFound, Refused

_TABLE = """
CREATE TABLE IF NOT EXISTS submissions (
    external_id TEXT PRIMARY KEY,
    environment TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    body TEXT NOT NULL,
    workflow_id TEXT
)
"""


@dataclass(frozen=True, slots=True)
class Submission:
    """One journalled submission; `workflow_id` is None until the orchestrator has answered."""

    external_id: str
    environment: str
    body: dict[str, Any]
    workflow_id: str | None


class Journal:
    """The submissions of a workspace, in one SQLite file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path

    def begin(self, body: Mapping[str, Any], environment: str) -> Submission:
        """Write a submission down, on disk when this returns.

        Args:
            body: with its own `externalId`, or without: then one is minted.

        Raises:
            Refused: the same `externalId` was used for something else.
        """
        external_id = body.get("externalId") or uuid4().hex
        body = {**body, "externalId": external_id}
        with self._open() as db:
            known = self._find(db, external_id)
            if known is not None:
                return _same(known, body, environment)
            row = (external_id, environment, datetime.now(UTC).isoformat(), _hash(body), json.dumps(body))
            db.execute("INSERT INTO submissions VALUES (?, ?, ?, ?, ?, NULL)", row)
        return Submission(external_id, environment, body, None)

    def answered(self, submission: Submission, workflow_id: str | None) -> None:
        """Note which workflow a submission became."""
        with self._open() as db:
            db.execute(
                "UPDATE submissions SET workflow_id = ? WHERE external_id = ?",
                (workflow_id, submission.external_id),
            )

    def find(self, external_id: str) -> Submission:
        """A submission that was written down.

        Raises:
            NotFound: there is none under that id.
        """
        with self._open() as db:
            known = self._find(db, external_id)
        if known is None:
            raise NotFound(f"No submission {external_id!r} was written down in {self._path}.")
        return known

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self._path, timeout=30)
        try:
            # FULL makes a commit wait for the disk: what is sent next must be known after a crash.
            db.execute("PRAGMA synchronous = FULL")
            db.execute(_TABLE)
            with db:
                db.execute("BEGIN IMMEDIATE")
                yield db
        finally:
            db.close()

    def _find(self, db: sqlite3.Connection, external_id: str) -> Submission | None:
        select = "SELECT external_id, environment, body, workflow_id FROM submissions WHERE external_id = ?"
        row = db.execute(select, (external_id,)).fetchone()
        return Submission(row[0], row[1], json.loads(row[2]), row[3]) if row else None


def _same(known: Submission, body: Mapping[str, Any], environment: str) -> Submission:
    if known.environment == environment and _hash(known.body) == _hash(body):
        return known
    raise Refused(
        f"The externalId {known.external_id} was used for another submission.",
        hint="Leave externalId out to submit something new; to send the old one again, ask for just that.",
    )


def _hash(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
