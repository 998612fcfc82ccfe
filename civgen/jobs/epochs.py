"""The training epoch that a request names: that one, or a problem, and never another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from civgen.air import TYPE_SEGMENTS
from civgen.db.training import Epoch
from civgen.errors import NotFound
from civgen.jobs.platform import Platform

Record = Mapping[str, Any]


def epoch_air(entry: Record, record: Record, model_type: str, platform: Platform) -> str:
    """The AIR of the epoch that an entry of a request names by `epochNumber`.

    The record's `epochDetails` tell it (`{"epochNumber", "jobId", "fileName", "isExpired"}`), else the
    database.

    Raises:
        NotFound: there is no such epoch, it has expired, or nothing tells its file.
    """
    number = entry["epochNumber"]
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise NotFound(f"There is no epoch {number!r}.", hint="epochNumber is a whole number.")
    details = record.get("epochDetails")
    epoch = _of_record(number, details) if details else _of_database(number, entry["id"], platform)
    home = platform.catalog.ecosystem_of(record.get("baseModel"))
    if home is None:
        raise NotFound(f"Epoch {number} has no AIR.", hint="Its base model is not in the catalogue.")
    segment = TYPE_SEGMENTS.get(str(record.get("type") or model_type), "unknown")
    return epoch.air(platform.catalog.ecosystem(home).air or "other", segment) or ""


def _of_record(number: int, details: Record) -> Epoch:
    if details.get("epochNumber") != number:
        known = details.get("epochNumber")
        raise NotFound(f"There is no epoch {number}.", hint=f"The record is that of epoch {known}.")
    if details.get("isExpired", True):
        raise NotFound(f"Epoch {number} has expired.", hint="Publish the version, or train again.")
    if not (details.get("jobId") and details.get("fileName")):
        raise NotFound(f"Epoch {number} has no file.", hint="epochDetails need jobId and fileName.")
    return Epoch(number, str(details["jobId"]), str(details["fileName"]))


def _of_database(number: int, version_id: int, platform: Platform) -> Epoch:
    training = platform.find_trainings([version_id]).get(version_id)
    if training is None:
        raise NotFound(
            f"There is no epoch {number}: no training of an unpublished version {version_id} is known.",
            hint="Leave epochNumber out, or give epochDetails in its record with --resources FILE.",
        )
    return training.epoch(number, datetime.now(UTC).replace(tzinfo=None))
