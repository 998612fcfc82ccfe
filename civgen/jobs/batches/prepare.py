"""From a line of a batch to what would be posted for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import SystemRandom
from typing import Any

from civgen.errors import InvalidInput
from civgen.forms.form import Mode
from civgen.jobs.availability import Availability
from civgen.jobs.platform import Platform
from civgen.jobs.preview import HIGHEST_DRAWN_SEED, Preview, preview
from civgen.jobs.resources import Record

Document = dict[str, Any]


def drawn_seed() -> int:
    """A seed for a request that names none."""
    return SystemRandom().randint(1, HIGHEST_DRAWN_SEED)


@dataclass
class Preparer:
    """Reads lines and builds what they ask for; nothing is sent.

    Attributes:
        records: of resources, for all lines; a line may bring its own.
    """

    platform: Platform
    availability: Availability
    currencies: Sequence[str]
    records: Sequence[Record] = ()
    mode: Mode = Mode.STRICT
    draw_seed: Callable[[], int] = field(default=drawn_seed)

    async def body(self, line: Document) -> Mapping[str, Any]:
        """What is posted for a line.

        Raises:
            InvalidInput: with every problem of its request.
        """
        return (await self.preview(line)).body

    async def preview(self, line: Document) -> Preview:
        """The request of a line, built, and its resources found usable."""
        records = [*self.records, *(line.get("resources") or [])]
        ready = preview(
            line["request"],
            self.platform,
            records,
            self.mode,
            currencies=self.currencies,
            draw_seed=self.draw_seed,
        )
        self.availability.check(ready)
        return ready


def read_line(text: str) -> Document:
    """A line as a JSON object with a request.

    Raises:
        InvalidInput: it is none.
    """
    try:
        line = json.loads(text)
    except json.JSONDecodeError as error:
        raise InvalidInput(f"The line is not JSON: {error}.") from None
    if not isinstance(line, dict) or not isinstance(line.get("request"), dict):
        raise InvalidInput('A line is a JSON object with a "request", which is one, too.')
    return line
