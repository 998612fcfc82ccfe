"""One addition at a time: two would take the same free number."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from civgen.errors import Unavailable


@contextmanager
def adding_alone(root: Path, *, dry_run: bool = False) -> Iterator[None]:
    """Keep others from adding to a workspace meanwhile; a dry run need not be alone.

    Raises:
        Unavailable: somebody else has been adding for long.
    """
    if dry_run:
        yield
        return
    from civgen.jobs.memory.files import alone

    with ExitStack() as stack:
        try:
            stack.enter_context(alone(root / ".civgen" / "adding.lock"))
        except sqlite3.OperationalError:
            message = "Somebody else is adding to this workspace; nothing was written."
            raise Unavailable(message, hint="Try it again.") from None
        yield
