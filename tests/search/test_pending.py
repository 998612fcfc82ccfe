"""Plans, crashes and syncs in any order: the index ends as the rows say."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from rows import Rows

from civgen.db.connect import Database
from civgen.db.outbox import unsettled
from civgen.errors import Unavailable
from civgen.search.backends import Backend
from civgen.search.backends.embedded import Embedded
from civgen.search.pending import rebuild_all, sync_models
from civgen.search.settings import models_index
from civgen.settings import Environment


def pending(database: Database) -> list[int]:
    with database.reading() as connection:
        return unsettled(connection)[1]


def test_an_applied_plan_waits_in_the_outbox_until_the_index_has_it(team: Any, backend: Backend) -> None:
    """`team` has an ecosystem of its own; its rows are planned and applied."""
    team.apply()
    assert pending(team.database)
    done = sync_models(team.database, team.catalog, backend, pending=True)
    assert done.written == len(dict(backend.hashes())) > 0
    assert pending(team.database) == []
    assert sync_models(team.database, team.catalog, backend, pending=True).tasks == 0


def test_a_sync_that_fails_leaves_the_outbox_as_it_is(team: Any, server, wrong) -> None:
    team.apply()
    waiting = pending(team.database)
    wrong("unavailable")
    with pytest.raises(Unavailable):
        sync_models(team.database, team.catalog, server, pending=True)
    assert pending(team.database) == waiting
    sync_models(team.database, team.catalog, server, pending=True)
    assert pending(team.database) == [] and dict(server.hashes())


class Crash(Exception):
    """The power went."""


class Failing(Embedded):
    """An index that goes away after some more writes."""

    writes_left = -1

    def update(self, documents: Any) -> int:
        self._count()
        return super().update(documents)

    def delete(self, ids: Any) -> int:
        self._count()
        return super().delete(ids)

    def swap(self, other: Any) -> int:
        self._count()
        return super().swap(other)

    def beside(self, suffix: str) -> Failing:
        other = Failing(self._path.with_name(f"new{suffix}.sqlite"), self.index)
        other.writes_left = self.writes_left
        return other

    def _count(self) -> None:
        if self.writes_left == 0:
            raise Crash
        self.writes_left -= 1


class Life(RuleBasedStateMachine):
    """Rows change, some syncs are cut off, one is finished in the end."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        root = Path(self.folder.name)
        (root / "civgen.toml").write_text("")
        self.rows = Rows(root)
        self.index = Failing(root / "index.sqlite", models_index())
        self.models: set[int] = set()

    @rule(number=st.integers(1, 5), kind=st.sampled_from(["LORA", "Checkpoint"]), published=st.booleans())
    def add(self, number: int, kind: str, published: bool) -> None:
        if number not in self.models:
            self.models.add(number)
            self.rows.model(number, type=kind, status="Published" if published else "Draft")

    @rule(number=st.integers(1, 5), name=st.text("abc", min_size=1, max_size=2))
    def rename(self, number: int, name: str) -> None:
        self.rows.change("Model", number, name=name)

    @rule(number=st.integers(1, 5), status=st.sampled_from(["Published", "Unpublished", "Deleted"]))
    def set_status(self, number: int, status: str) -> None:
        self.rows.change("Model", number, status=status)

    @rule(number=st.integers(1, 5), flags=st.sampled_from([0, 2]))
    def switch(self, number: int, flags: int) -> None:
        self.rows.change("ModelVersion", number * 10, flags=flags)

    @rule(number=st.integers(1, 5))
    def remove(self, number: int) -> None:
        self.models.discard(number)
        self.rows.remove(number)

    @rule(writes=st.integers(0, 1), anew=st.booleans())
    def crash(self, writes: int, anew: bool) -> None:
        self.index.writes_left = writes
        work = rebuild_all if anew else sync_models
        try:
            work(self.rows.database, self.rows.catalog, self.index)
        except Crash:
            self.index.close()
        self.index.writes_left = -1

    @rule()
    def sync(self) -> None:
        sync_models(self.rows.database, self.rows.catalog, self.index)
        held = self.index.fetch([number for number, _ in self.index.hashes()])
        assert held == self.rows.documents(self.index)

    def teardown(self) -> None:
        if hasattr(self, "rows"):
            self.sync()
            self.index.close()
            self.folder.cleanup()


Life.TestCase.settings = settings(
    max_examples=15, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
)
test_any_life_ends_with_an_index_that_agrees = Life.TestCase


def test_environments_have_indexes_of_their_own(workspace: Path) -> None:
    from civgen.search.backends import open_backend

    one = open_backend(Environment(name="local"), workspace, models_index())
    other = open_backend(Environment(name="stage"), workspace, models_index())
    assert one.place != other.place
