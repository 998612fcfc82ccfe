"""Whether a model version may generate, through which branch of the rule, and if not, why not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from civgen.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Check:
    """A condition and whether it holds for one version.

    Attributes:
        name: the same in every answer, for machines.
        asks: what must be so, for people; what is not so yet names the row or column to change.
    """

    name: str
    asks: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """One way to be covered: all of its checks must hold."""

    name: str
    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Whether it covers the version."""
        return not self.failing

    @property
    def failing(self) -> list[Check]:
        """What stands in the way."""
        return [check for check in self.checks if not check.holds]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the branches say of one model version."""

    version: int
    branches: tuple[Branch, ...]

    @property
    def through(self) -> list[str]:
        """The branches that cover it; none of them when it may not generate."""
        return [branch.name for branch in self.branches if branch.holds]

    def as_json(self) -> dict[str, Any]:
        """`{"version", "covered", "through", "branches": [{"name", "holds", "checks": [...]}]}`."""
        branches = [
            {"name": one.name, "holds": one.holds, "checks": [asdict(check) for check in one.checks]}
            for one in self.branches
        ]
        through = self.through
        return {"version": self.version, "covered": bool(through), "through": through, "branches": branches}


def explain_coverage(connection: Connection, version_id: int) -> Coverage:
    """What each branch says of a model version, in one query.

    Raises:
        NotFound: there is no such model version.
    """
    found = explain_all(connection, [version_id]).get(version_id)
    if found is None:
        raise NotFound(
            f"The database has no model version {version_id}.",
            hint=f"`civgen coverage {version_id}` says whether the catalogue has it, and what helps.",
        )
    return found


def explain_all(connection: Connection, version_ids: Iterable[int]) -> dict[int, Coverage]:
    """What each branch says of those of some model versions that are there, in one query."""
    from sqlalchemy import select

    from civgen.db.coverage_rule import CONDITIONS, VERSIONS
    from civgen.db.dialects import among
    from civgen.db.tables import table

    number = table("ModelVersion").c.id
    columns = [condition.sql.label(f"holds_{index}") for index, condition in enumerate(CONDITIONS)]
    query = select(number, *columns).select_from(VERSIONS).where(among(number, list(version_ids)))
    return {row[0]: Coverage(row[0], _branches(row[1:])) for row in connection.execute(query)}


def _branches(holds: Sequence[Any]) -> tuple[Branch, ...]:
    from civgen.db.coverage_rule import CONDITIONS

    checks = [
        (one.branch, Check(one.name, one.asks, bool(held)))
        for one, held in zip(CONDITIONS, holds, strict=True)
    ]
    grouped = groupby(checks, key=lambda pair: pair[0])
    return tuple(Branch(name, tuple(check for _, check in pairs)) for name, pairs in grouped)


def covered_among(connection: Connection, versions: Sequence[int]) -> set[int]:
    """Which of some versions may generate."""
    from sqlalchemy import Integer, column, select
    from sqlalchemy import table as bare

    from civgen.db.dialects import among
    from civgen.db.schema import VIEW

    view = bare(VIEW, column("modelVersionId", Integer))
    query = select(view.c.modelVersionId).where(among(view.c.modelVersionId, list(versions)))
    return set(connection.scalars(query))
