"""How a batch begins, and how it is taken up again."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from civgen.errors import Refused
from civgen.jobs.batches import book
from civgen.jobs.batches.book import Batch, Terms
from civgen.jobs.batches.lines import STDIN, Document, numbered, watched
from civgen.jobs.batches.spool import check_source, check_unchanged, spool
from civgen.jobs.journal import Db, Journal, compact, now


def begin_batch(
    lines: Iterable[str],
    source: str,
    environment: str,
    terms: Terms,
    journal: Journal,
    records: Sequence[Mapping[str, Any]] = (),
) -> Batch:
    """Keep the lines of a batch and write it down; nothing is sent.

    A line with the id of an earlier one is refused here, for good.

    Args:
        source: path of the file they come from, or `-`.
        records: resource records that were given with it.

    Raises:
        InvalidInput: there are no lines.
    """
    batch = new_batch(source, environment, terms)
    state = journal.path.parent
    repeated: list[tuple[int, Document]] = []
    spooled = spool(watched(numbered(lines), source, repeated), batch.spool(state))
    batch = replace(batch, fingerprint=spooled.fingerprint, total=spooled.total)
    if records:
        _write(batch.records(state), compact(list(records)))

    def work(db: Db) -> None:
        book.keep(db, batch)
        book.repeated(db, batch, repeated)

    journal.write(work)
    return batch


def new_batch(source: str, environment: str, terms: Terms) -> Batch:
    """A batch under an id of its own, without lines yet."""
    batch_id = f"{datetime.now().astimezone():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    label = source if source == STDIN else str(Path(source).resolve())
    return Batch(batch_id, environment, now(), label, "", 0, terms)


def refuse_canceled(batch: Batch) -> None:
    """Make sure that a batch may go on.

    Raises:
        Refused: it was cancelled.
    """
    if batch.canceled_at:
        raise Refused(f"The batch {batch.id} was cancelled.", hint="Submit its file as a new batch.")


def refuse_uncounted(db: Db, batch: Batch) -> None:
    """Make sure that what a batch has spent can be held against its limit, if it has one.

    Raises:
        Refused: lines were sent whose price is not known, while it had none.
    """
    cap = batch.terms.max_cost
    if cap is not None and (unknown := book.summary(db, batch).unknown):
        raise Refused(
            f"The batch {batch.id} has sent {unknown:,} of unknown price, so it cannot be held against"
            f" --max-cost {cap:.12g}.",
            hint="Where nothing is charged, leave --max-cost out; else submit what is left as a new batch.",
        )


def take_up(
    batch: Batch, journal: Journal, *, max_cost: float | None, concurrency: int | None, as_begun: bool
) -> Batch:
    """A batch ready to be run again, with new terms if there are any.

    Raises:
        Refused: it was cancelled, its lines are not what they were, or what it spent cannot be counted.
    """
    refuse_canceled(batch)
    state = journal.path.parent
    check_unchanged(batch.spool(state), batch.fingerprint)
    if batch.source != STDIN and not as_begun:
        check_source(Path(batch.source), batch.spool(state))
    terms = replace(
        batch.terms,
        max_cost=batch.terms.max_cost if max_cost is None else max_cost,
        concurrency=concurrency or batch.terms.concurrency,
    )
    batch = replace(batch, terms=terms)
    journal.read(lambda db: refuse_uncounted(db, batch))
    journal.write(lambda db: book.keep(db, batch))
    return batch


def _write(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
