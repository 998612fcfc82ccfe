"""From a line of a batch to what would be posted for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import SystemRandom
from typing import TYPE_CHECKING, Any

from civgen.forms.form import Mode
from civgen.jobs.availability import Availability
from civgen.jobs.media.uploads import with_uploads
from civgen.jobs.platform import Platform
from civgen.jobs.preview import HIGHEST_DRAWN_SEED, Preview, preview
from civgen.jobs.resources import Record

if TYPE_CHECKING:
    from civgen.orchestrator.client import Orchestrator

Document = dict[str, Any]


def drawn_seed() -> int:
    """A seed for a request that names none."""
    return SystemRandom().randint(1, HIGHEST_DRAWN_SEED)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is to be posted.

    Attributes:
        body: with stand-ins for media that are not uploaded yet; good for a price.
        posted: uploads them, and gives the body to post.
    """

    body: Mapping[str, Any]
    posted: Callable[[Orchestrator], Awaitable[Mapping[str, Any]]]


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

    async def prepared(self, line: Document) -> Prepared:
        """What is to be posted for a line.

        Raises:
            InvalidInput: with every problem of its request.
        """
        ready = await self.preview(line)
        return Prepared(ready.body, partial(self._posted, ready))

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

    async def _posted(self, ready: Preview, client: Orchestrator) -> Mapping[str, Any]:
        await self.availability.look_up(ready, client)
        return (await with_uploads(ready, client)).body
