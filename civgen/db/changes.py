"""A change to one row, as a value: what, why, and how to undo it.

Rows are JSON values: column -> value. Times are not among them; they are set when a change is
written, so that the same difference is always the same change.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Row = Mapping[str, Any]
#: A table and the values of a row's key.
Identity = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class _Change:
    table: str
    key: Row

    @property
    def identity(self) -> Identity:
        """Which row it is about."""
        return self.table, tuple(self.key.values())


@dataclass(frozen=True, slots=True)
class Create(_Change):
    """A row that is missing: `key` and `values` are all that is written of it."""

    values: Row
    reason: str
    action: Literal["create"] = "create"

    def as_json(self) -> dict[str, Any]:
        """The entry of a plan's `changes`."""
        said = {"values": self.values, "reason": self.reason, "action": "create"}
        return {"table": self.table, "key": self.key, **said}

    def inverse(self) -> Delete:
        """The change that takes this one back."""
        return Delete(self.table, self.key, self.values, _undo(self.reason))


@dataclass(frozen=True, slots=True)
class Update(_Change):
    """A row that differs: `before` and `after` have the columns that do, and only those."""

    before: Row
    after: Row
    reason: str
    action: Literal["update"] = "update"

    def as_json(self) -> dict[str, Any]:
        """The entry of a plan's `changes`."""
        said = {"before": self.before, "after": self.after, "reason": self.reason, "action": "update"}
        return {"table": self.table, "key": self.key, **said}

    def inverse(self) -> Update:
        """The change that takes this one back."""
        return Update(self.table, self.key, self.after, self.before, _undo(self.reason))


@dataclass(frozen=True, slots=True)
class Delete(_Change):
    """A row that nothing asks for any more: `before` is what it says beside its key."""

    before: Row
    reason: str
    action: Literal["delete"] = "delete"

    def as_json(self) -> dict[str, Any]:
        """The entry of a plan's `changes`."""
        said = {"before": self.before, "reason": self.reason, "action": "delete"}
        return {"table": self.table, "key": self.key, **said}

    def inverse(self) -> Create:
        """The change that takes this one back."""
        return Create(self.table, self.key, self.before, _undo(self.reason))


Change = Create | Update | Delete


_KINDS: dict[str, type[Create] | type[Update] | type[Delete]] = {
    "create": Create,
    "update": Update,
    "delete": Delete,
}


def change_of(entry: Mapping[str, Any]) -> Change:
    """The change that `as_json` gave."""
    return _KINDS[entry["action"]](**entry)


class JsonText(str):
    """Text that is JSON already."""

    __slots__ = ()


def to_json(value: Any) -> str:
    """A value as JSON, for a column."""
    return value if isinstance(value, JsonText) else json.dumps(value)


def _undo(reason: str) -> str:
    return f"undo: {reason}"
