"""What `civgen db` answers."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict

from civgen.results.following import Following


class Scope(TypedDict):
    """What a plan is about beside the rows that are always wanted.

    Attributes:
        prune: Whether rows that civgen created and nobody wants any more are deleted.
        auctions: Keys of ecosystems whose rows of AuctionBase are wanted.
        delete: Rows to delete whoever wrote them, each TABLE:KEY.
    """

    prune: bool
    auctions: list[str]
    delete: list[str]


class Created(TypedDict):
    """A row that is missing.

    Attributes:
        table: The platform's name of it.
        key: Column and value of what identifies the row.
        values: Column and value of all else; times are set when it is written.
        reason: What wants it.
        action: Always create.
    """

    table: str
    key: dict[str, Any]
    values: dict[str, Any]
    reason: str
    action: Literal["create"]


class Updated(TypedDict):
    """A row that says something else.

    Attributes:
        table: The platform's name of it.
        key: Column and value of what identifies the row.
        before: Columns that differ, as they are.
        after: The same as they should be.
        reason: What wants it.
        action: Always update.
    """

    table: str
    key: dict[str, Any]
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str
    action: Literal["update"]


class Deleted(TypedDict):
    """A row that nothing asks for any more, or that was named.

    Attributes:
        table: The platform's name of it.
        key: Column and value of what identifies the row.
        before: Column and value of all else.
        reason: Why it goes.
        action: Always delete.
    """

    table: str
    key: dict[str, Any]
    before: dict[str, Any]
    reason: str
    action: Literal["delete"]


class Blocked(TypedDict):
    """A row that is missing and cannot be written.

    Attributes:
        table: The platform's name of it.
        key: Column and value of what identifies the row.
        why: What stands in the way.
        reason: What wants it.
    """

    table: str
    key: dict[str, Any]
    why: str
    reason: str


class Plan(Following):
    """Changes to rows, in the order in which they are written; none when all is as it should be.

    Attributes:
        format_version: Of plans; a plan of another is refused.
        fingerprint: Hash of what would be written and of what was seen there.
        scope: What was asked for.
        counts: How many changes of each action.
        changes: Row by row.
        blocked: Rows that are missing and cannot be written.
        leftover: How many rows --prune would delete, when it is not given.
        many: Tables of which so many rows would go that --allow-many must be given.
    """

    format_version: int
    fingerprint: str
    scope: Scope
    counts: dict[str, int]
    changes: list[Created | Updated | Deleted]
    blocked: list[Blocked]
    leftover: int
    many: list[str]


class Applied(TypedDict):
    """That a plan was written.

    Attributes:
        id: As `civgen db rollback` takes it.
        at: When, in UTC.
    """

    id: int
    at: str


class AppliedPlan(Plan):
    """A plan, and whether it was written.

    Attributes:
        applied: Null when it was not: under --dry-run, or when there was nothing to write.
    """

    applied: Applied | None


class TakenBack(AppliedPlan):
    """The plan that takes another back.

    Attributes:
        undoes: The plan that is taken back.
    """

    undoes: int


class Copied(AppliedPlan):
    """The plan that copies models from another database.

    Attributes:
        source: That database.
    """

    source: str


class PastPlan(TypedDict):
    """A plan that was applied.

    Attributes:
        id: As `civgen db rollback` takes it.
        at: When, in UTC.
        fingerprint: Of the plan.
        counts: How many changes of each action.
        undoes: The plan that it took back.
        undone_by: The plan that took it back.
    """

    id: int
    at: str
    fingerprint: str
    counts: dict[str, int]
    undoes: int | None
    undone_by: int | None


class History(TypedDict):
    """The plans that were applied.

    Attributes:
        plans: The latest first.
    """

    plans: list[PastPlan]


class Statements(TypedDict):
    """What `civgen db apply` would run.

    Attributes:
        dialect: Of SQL: sqlite or postgresql.
        fingerprint: Of the plan.
        statements: In order, each complete.
    """

    dialect: str
    fingerprint: str
    statements: list[str]


class DatabaseStatus(Following):
    """What a database has, and what is pending.

    Attributes:
        database: Its name for people, without a password.
        adopted: Whether the tables are the platform's own, not made by civgen.
        rows: How many each table has; null where they were not counted.
        covered: How many model versions may generate; null when they were not counted.
        pending: How many changes the catalogue asks for.
        waiting: How many changes the search index has not seen.
    """

    database: str
    adopted: bool
    rows: dict[str, int | None]
    covered: int | None
    pending: int
    waiting: int
