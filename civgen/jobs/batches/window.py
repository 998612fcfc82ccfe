"""Work on many things at once, with the results in the order of the things."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


async def in_order(
    things: Iterator[T],
    work: Callable[[T], Awaitable[R]],
    ahead: int,
    goes_on: Callable[[], bool] = lambda: True,
) -> AsyncGenerator[R, None]:
    """What `work` makes of each thing.

    Only so many things are held at a time, however many there are.

    Args:
        ahead: how many are begun before the first of them must be done.
        goes_on: whether more are to be begun; those that were are finished all the same.
    """
    window: deque[asyncio.Task[R]] = deque()
    try:
        while True:
            if goes_on():
                fresh = islice(things, ahead - len(window))
                window.extend(asyncio.ensure_future(work(thing)) for thing in fresh)
            if not window:
                return
            yield await window.popleft()
    finally:
        for task in window:
            task.cancel()
        await asyncio.gather(*window, return_exceptions=True)
