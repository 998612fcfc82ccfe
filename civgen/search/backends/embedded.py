"""An index in one SQLite file, for work without a server.

The words of a document lie in a full-text table, and each value that can be filtered, sorted or counted
by in a row of its own. It knows beginnings of words, but forgives no typos.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from civgen.errors import InvalidInput, Problem, did_you_mean, display_path
from civgen.files import refusal
from civgen.search.backends import Backend, Damaged, Found, Query
from civgen.search.filters import fields_of
from civgen.search.settings import IndexSettings
from civgen.search.sqlite_query import counts, matching, page
from civgen.search.sqlite_rows import TABLES, describe, remove, words_table, write
from civgen.settings import Environment

ADDRESS = "embedded"
_DONE = 0
_PATIENCE = 30


class Embedded(Backend):
    """The models index of a workspace."""

    def __init__(self, path: Path, index: IndexSettings) -> None:
        super().__init__(display_path(path), index)
        self._path = path
        self._connection: sqlite3.Connection | None = None

    @classmethod
    def opened(cls, environment: Environment, root: Path, index: IndexSettings) -> Embedded | None:  # noqa: D102
        if environment.search != ADDRESS:
            return None
        return cls(root / ".civgen" / f"search-{environment.name}-{index.name}.sqlite", index)

    def settings(self) -> dict[str, Any] | None:  # noqa: D102
        if not self._exists():
            return None
        with self._reading() as db:
            return {name: json.loads(value) for name, value in db.execute("SELECT name, value FROM settings")}

    def write_settings(self, settings: Mapping[str, Any]) -> int:  # noqa: D102
        before = self.settings() or {}
        with self._writing() as db:
            rows = [(name, json.dumps(value)) for name, value in settings.items()]
            db.executemany("INSERT OR REPLACE INTO settings VALUES (?, ?)", rows)
            after = {**before, **settings}
            if any(before.get(name) != after.get(name) for name in self.index.reindexes):
                self._reindex(db, after)
        return _DONE

    def hashes(self) -> Iterator[tuple[int, str | None]]:  # noqa: D102
        if self._exists():
            with self._reading() as db:
                yield from db.execute("SELECT id, hash FROM documents ORDER BY id")

    def fetch(self, ids: Sequence[int], fields: Sequence[str] | None = None) -> dict[int, dict[str, Any]]:  # noqa: D102
        if not self._exists():
            return {}
        with self._reading() as db:
            select = "SELECT id, body FROM documents WHERE id IN (SELECT value FROM json_each(?))"
            rows = db.execute(select, (json.dumps(list(ids)),)).fetchall()
        return {number: _picked(json.loads(body), fields) for number, body in rows}

    def update(self, documents: bytes) -> int:  # noqa: D102
        new = json.loads(documents)
        there = self.fetch([one["id"] for one in new])
        settings = self.settings() or self.index.settings
        with self._writing() as db:
            for document in new:
                write(db, {**there.get(document["id"], {}), **document}, settings)
        return _DONE

    def delete(self, ids: Sequence[int]) -> int:  # noqa: D102
        with self._writing() as db:
            for number in ids:
                remove(db, number)
        return _DONE

    def wait(self, tasks: Iterable[int], given_up: Callable[[], bool] = lambda: False) -> None:
        """Nothing to wait for: every task is done when it has a number."""

    def search(self, query: Query) -> Found:  # noqa: D102
        settings = self.settings()
        if settings is None:
            return Found([], 0)
        _refuse_unknown(query, settings)
        ids, values = matching(query)
        with self._reading() as db:
            try:
                total = db.execute(f"SELECT count(*) FROM ({ids})", values).fetchone()[0]
                rows = db.execute(*page(query, settings)).fetchall() if query.limit else []
                facets = {name: counts(db, name, ids, values) for name in query.facets}
            except sqlite3.OperationalError as error:
                raise InvalidInput(f"This cannot be looked for: {error}.") from None
        shown = query.fields or settings.get("displayedAttributes")
        return Found([_picked(json.loads(body), shown) for (body,) in rows], total, facets)

    def beside(self, suffix: str) -> Embedded:  # noqa: D102
        return Embedded(self._path.with_name(f"{self._path.stem}{suffix}.sqlite"), self.index)

    def swap(self, other: Backend) -> int:  # noqa: D102
        assert isinstance(other, Embedded)
        self.close()
        other.close()
        # A rename is what a file system does at once; the old content stays until it is dropped.
        spare = self._path.with_name(f"{self._path.name}.swapped")
        if self._exists():
            self._path.replace(spare)
        other._path.replace(self._path)
        if spare.exists():
            spare.replace(other._path)
        return _DONE

    def drop(self) -> int:  # noqa: D102
        self.close()
        self._path.unlink(missing_ok=True)
        return _DONE

    def count(self) -> int:  # noqa: D102
        if not self._exists():
            return 0
        with self._reading() as db:
            return int(db.execute("SELECT count(*) FROM documents").fetchone()[0])

    def close(self) -> None:  # noqa: D102
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _exists(self) -> bool:
        return self._path.exists()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        try:
            yield self._open()
        except sqlite3.DatabaseError as error:
            if refused := refusal(error, self._path):
                raise refused from error
            if isinstance(error, sqlite3.OperationalError):
                raise
            hint = "`civgen search rebuild` makes it anew."
            raise Damaged(f"{self.place} cannot be used: {error}.", hint=hint) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:  # SQLite ends one by itself when the disk is full
                    db.execute("ROLLBACK")
                raise

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None)
            self._make(self._connection)
        return self._connection

    def _make(self, db: sqlite3.Connection) -> None:
        db.execute("BEGIN IMMEDIATE")
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'documents'").fetchone():
            for statement in TABLES:
                db.execute(statement)
            self._reindex(db, self.index.settings)
        db.execute("COMMIT")

    def _reindex(self, db: sqlite3.Connection, settings: Mapping[str, Any]) -> None:
        db.execute("DROP TABLE IF EXISTS words")
        db.execute(words_table(settings))
        db.execute("DELETE FROM attributes")
        for number, body in db.execute("SELECT id, body FROM documents").fetchall():
            describe(db, number, json.loads(body), settings)


#: What `open_backend` looks for in a module.
Kind = Embedded


def _picked(document: dict[str, Any], fields: Sequence[str] | None) -> dict[str, Any]:
    return document if fields is None else {name: document[name] for name in fields if name in document}


def _refuse_unknown(query: Query, settings: Mapping[str, Any]) -> None:
    """Refuse what the server would refuse, all of it at once."""
    filterable, sortable = settings["filterableAttributes"], settings["sortableAttributes"]
    asked: list[tuple[str, str, Iterable[str]]] = []
    if query.filter is not None:
        asked += [("filter", name, filterable) for name in dict.fromkeys(fields_of(query.filter))]
    asked += [("sort", rule.rpartition(":")[0] or rule, sortable) for rule in query.sort]
    asked += [("facet", name, filterable) for name in query.facets]
    problems = [_unknown(what, name, known) for what, name, known in asked if name not in known]
    if problems:
        raise InvalidInput(
            f"{problems[0].field} {problems[0].message}.", hint=problems[0].hint, details=problems
        )


def _unknown(what: str, name: str, known: Iterable[str]) -> Problem:
    names = sorted(known)
    return Problem(what, f"cannot name {name}", given=name, allowed=names, hint=did_you_mean(name, names))
