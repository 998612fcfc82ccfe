"""Training epochs before publishing: what a version's training data says that it made, and until when.

Two forms of results exist. V1: `{"epochs": [{"epoch_number", "model_url"}], "end_time"}`; V2:
`{"version": 2, "completedAt", "epochs": [{"epochNumber", "modelUrl", "modelSize"}]}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from civgen.errors import NotFound

#: How long the files of a training are kept, from its end.
KEPT = timedelta(days=15)
_FILE = re.compile(r"/(?:jobs/(?P<job>[^/]+)/assets|consumer/blobs)/(?P<file>[^/?#]+)")


@dataclass(frozen=True, slots=True)
class Epoch:
    """The weights after one epoch: a job, or `blob`, and its file; None where the URL is of no known form."""

    number: int
    job: str | None
    file: str | None

    def air(self, ecosystem: str, segment: str) -> str | None:
        """Its URN, by the AIR segments of ecosystem and type."""
        return f"urn:air:{ecosystem}:{segment}:orchestrator:{self.job}@{self.file}" if self.file else None


@dataclass(frozen=True, slots=True)
class Training:
    """What a training made; `ended` is in UTC, None where nothing says when, which counts as expired."""

    epochs: tuple[Epoch, ...]
    ended: datetime | None

    @property
    def expires(self) -> datetime | None:
        """Until when its epochs generate."""
        return self.ended + KEPT if self.ended else None

    def is_expired(self, now: datetime) -> bool:
        """Whether its epochs are gone."""
        return self.expires is None or now >= self.expires

    def epoch(self, number: int, now: datetime) -> Epoch:
        """The epoch asked for, and never another.

        Raises:
            NotFound: there is none of that number, or it has expired.
        """
        found = next((one for one in self.epochs if one.number == number), None)
        numbers = ", ".join(str(one.number) for one in self.epochs) or "none"
        if found is None:
            raise NotFound(f"There is no epoch {number}.", hint=f"Epochs of this training: {numbers}.")
        if self.is_expired(now):
            when = f"on {self.expires:%Y-%m-%d}" if self.expires else "since nothing says when it ended"
            raise NotFound(
                f"Epoch {number} has expired {when}.",
                hint=f"Epochs are kept for {KEPT.days} days. Publish the version, or train again.",
            )
        if found.file is None:
            raise NotFound(f"Epoch {number} has no file that can be named in a request.")
        return found

    def as_json(self, now: datetime) -> dict[str, Any]:
        """`{"endedAt", "expiresAt", "expired", "epochs": [number]}`."""
        ended, expires = (at and f"{at.isoformat(timespec='seconds')}Z" for at in (self.ended, self.expires))
        numbers = [one.number for one in self.epochs]
        return {"endedAt": ended, "expiresAt": expires, "expired": self.is_expired(now), "epochs": numbers}


def training_of(results: Any) -> Training | None:
    """A training by its results, in either form; None where they say nothing."""
    if not isinstance(results, Mapping):
        return None
    epochs = [_epoch(one) for one in results.get("epochs") or () if isinstance(one, Mapping)]
    known = sorted((one for one in epochs if one is not None), key=lambda one: one.number)
    return Training(tuple(known), _time(results.get("completedAt") or results.get("end_time")))


def _epoch(entry: Mapping[str, Any]) -> Epoch | None:
    number = entry.get("epochNumber", entry.get("epoch_number"))
    if isinstance(number, bool) or not str(number).isdecimal():
        return None
    found = _FILE.search(str(entry.get("modelUrl") or entry.get("model_url") or ""))
    if found is None:
        return Epoch(int(str(number)), None, None)
    return Epoch(int(str(number)), found["job"] or "blob", found["file"])


def _time(said: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(said))
    except ValueError:
        return None
    return at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at
