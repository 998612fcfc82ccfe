"""The answers of a batch, as far as there are any, in the order of its lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from civgen.errors import Unavailable
from civgen.jobs.batches import book
from civgen.jobs.batches.book import Batch, Row
from civgen.jobs.batches.lines import failure, identity_of
from civgen.jobs.journal import Db

_CHUNK = 500


def results(db: Db, batch: Batch, lines: Iterable[tuple[int, str]]) -> Iterator[dict[str, Any]]:
    """The answer of every line; one that has none yet is an error that says so.

    Args:
        lines: of the batch, as they were given, with their numbers.
    """
    lines = iter(lines)
    while chunk := list(islice(lines, _CHUNK)):
        known = book.rows(db, batch.id, chunk[0][0], chunk[-1][0])
        yield from (_answer(known.get(number), text) for number, text in chunk)


def _answer(row: Row | None, text: str) -> dict[str, Any]:
    if row is not None and row.answer is not None:
        answer: dict[str, Any] = json.loads(row.answer)
        return answer
    why = (
        "It may have been sent, and has no answer yet."
        if row and row.state == "asked"
        else "It was not sent."
    )
    return failure(identity_of(text), Unavailable(why))
