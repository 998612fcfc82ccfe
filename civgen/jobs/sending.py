"""The one loop that may cost money: a submission goes out until it is known what became of it.

It goes out again after a lost connection, a broken answer, 5xx or 429, and always under the `externalId`
that was journalled: the orchestrator then answers with what that id already stands for. Whether it was
accepted is in doubt from the first attempt without an answer; a refusal after that does not settle it.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from civgen.errors import CivgenError, RateLimited, Unavailable
from civgen.orchestrator.connection import NOTHING_SENT

if TYPE_CHECKING:
    from civgen.orchestrator.answers import Workflow
    from civgen.orchestrator.client import Orchestrator

_UNSETTLED = "It may have been accepted all the same: send it again only under the same externalId."


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to go on.

    Attributes:
        attempts: in all.
        first: seconds of the first pause at most; each next one may take twice as long.
        longest: seconds of a pause at most, unless the answer asks for more.
        asked: seconds of a pause that an answer may ask for at most.
    """

    attempts: int = 6
    first: float = 0.5
    longest: float = 30.0
    asked: float = 120.0

    def pause(self, attempt: int, error: CivgenError) -> float:
        """Seconds before another attempt: as the answer says, else random up to a limit that doubles."""
        if (asked := (error.data or {}).get("retryAfter")) is not None:
            return min(float(asked), self.asked)
        limit: float = min(self.longest, self.first * 2 ** (attempt - 1))
        return random.uniform(limit / 2, limit)


class Sender:
    """Sends submissions, at most so many at once; a rate limit that one meets holds all back."""

    def __init__(self, client: Orchestrator, at_once: int = 1, patience: Patience | None = None) -> None:
        self._client = client
        self._patience = patience or Patience()
        self._slots = asyncio.Semaphore(at_once)
        self._not_before = 0.0

    async def send(self, body: Mapping[str, Any], *, in_doubt: bool = False) -> Workflow:
        """Submit `body` under its `externalId` until there is an answer.

        Args:
            in_doubt: whether it may have been sent before.

        Raises:
            Unavailable: it is not known what became of it.
            CivgenError: any other: it was refused, and nothing runs.
        """
        attempt = 1
        while True:
            try:
                return await self._once(body)
            except Unavailable as error:
                in_doubt = in_doubt or not _is_settled(error)
                if attempt == self._patience.attempts:
                    raise _unsettled(error) if in_doubt else error from None
                pause = self._patience.pause(attempt, error)
                if isinstance(error, RateLimited):
                    self._hold(pause)
            except CivgenError as error:
                raise _unsettled(error) if in_doubt else error from None
            attempt += 1
            await asyncio.sleep(pause)

    async def price(self, body: Mapping[str, Any]) -> Workflow:
        """What `body` would cost; asked as often as it takes, for nothing runs."""
        async with self._slots:
            return await self._client.whatif(body)

    async def _once(self, body: Mapping[str, Any]) -> Workflow:
        async with self._slots:
            while (left := self._not_before - _clock()) > 0:
                await asyncio.sleep(left)
            return await self._client.submit(body)

    def _hold(self, seconds: float) -> None:
        self._not_before = max(self._not_before, _clock() + seconds)


def _is_settled(error: Unavailable) -> bool:
    """Whether nothing can have been accepted."""
    return isinstance(error, RateLimited) or error.hint == NOTHING_SENT


def _unsettled(error: CivgenError) -> CivgenError:
    """An error as one that leaves open what became of the submission."""
    if isinstance(error, Unavailable):
        error.hint = _UNSETTLED
        return error
    return Unavailable(f"{error.message} An earlier attempt was not answered.", hint=_UNSETTLED)


def _clock() -> float:
    return asyncio.get_running_loop().time()
