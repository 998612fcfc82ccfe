"""One addition at a time: two would take the same free number."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from civgen.errors import Unavailable

#: Seconds that one addition waits for another.
PATIENCE = 20.0
_PAUSE = 0.02


@contextmanager
def adding_alone(root: Path, *, dry_run: bool = False) -> Iterator[None]:
    """Keep others, threads and processes, from adding to a workspace meanwhile; a dry run need not be alone.

    The lock lies on the folder itself: it leaves no file behind, and dies with its process.

    Raises:
        Unavailable: somebody else has been adding for long.
    """
    if dry_run or os.name != "posix":
        yield
        return
    folder = os.open(root, os.O_RDONLY)
    try:
        _lock(folder)
        yield
    finally:
        os.close(folder)


def _lock(folder: int) -> None:
    import fcntl

    given_up = time.monotonic() + PATIENCE
    while True:
        with suppress(BlockingIOError):
            return fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if time.monotonic() > given_up:
            message = "Somebody else is adding to this workspace; nothing was written."
            raise Unavailable(message, hint="Try it again.")
        time.sleep(_PAUSE)
