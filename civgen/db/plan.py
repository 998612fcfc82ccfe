"""A plan, as a value: changes, what was asked for, and what stands in the way."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from civgen.db.changes import Change, JsonText, Row, change_of
from civgen.db.packing import pack, unpack
from civgen.db.scope import ALWAYS, Scope

FORMAT_VERSION = 2


@dataclass(frozen=True, slots=True)
class Blocked:
    """A row that is missing and cannot be written, and why."""

    table: str
    key: Row
    why: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        """`{"table", "key", "why", "reason"}`."""
        return {"table": self.table, "key": dict(self.key), "why": self.why, "reason": self.reason}


@dataclass(frozen=True)
class Plan:
    """Changes in the order in which they can be written: none when everything is as it should be.

    Attributes:
        scope: what was asked for.
        blocked: rows that are missing and cannot be written.
        leftover: how many rows --prune would delete, when it is not given.
        many: tables of which so many rows would go that --allow-many must be given.
    """

    changes: tuple[Change, ...]
    scope: Scope = ALWAYS
    blocked: tuple[Blocked, ...] = ()
    leftover: int = field(default=0, compare=False)
    many: tuple[str, ...] = ()

    @cached_property
    def fingerprint(self) -> str:
        """Hash of what would be written and of what was seen there; reasons do not count."""
        text = f"[{FORMAT_VERSION},{self._packed}]"
        return "sha256:" + hashlib.sha256(text.encode()).hexdigest()

    @property
    def stored(self) -> JsonText:
        """The changes as the record of applied plans has them: packed, and beside them their reasons."""
        reasons = json.dumps([change.reason for change in self.changes])
        return JsonText(f'{{"packed":{self._packed},"reasons":{reasons}}}')

    @cached_property
    def _packed(self) -> str:
        return json.dumps(pack(self.changes), separators=(",", ":"))

    @property
    def counts(self) -> dict[str, int]:
        """How many changes of each kind, those of which there are some."""
        return counted(self.changes)

    def as_json(self) -> dict[str, Any]:
        """What `--out` writes.

        `{"format_version", "fingerprint", "scope", "counts", "changes", "blocked", "leftover", "many"}`.
        """
        return {
            "format_version": FORMAT_VERSION,
            "fingerprint": self.fingerprint,
            "scope": self.scope.as_json(),
            "counts": self.counts,
            "changes": [change.as_json() for change in self.changes],
            "blocked": [row.as_json() for row in self.blocked],
            "leftover": self.leftover,
            "many": list(self.many),
        }


def counted(changes: Iterable[Change]) -> dict[str, int]:
    """How many changes of each kind, those of which there are some."""
    return dict(Counter(change.action for change in changes))


def changes_from(stored: Any) -> tuple[Change, ...]:
    """The changes that `stored` gave, or that the first version of civgen kept as a list."""
    if isinstance(stored, list):
        return tuple(change_of(entry) for entry in stored)
    return tuple(unpack(stored["packed"], stored["reasons"]))
