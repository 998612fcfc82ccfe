"""How far a batch is, for a person at a terminal; nothing where there is none."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from civgen.cli.output import console

#: Told after each line: lines done, Buzz spent in words, lines that failed.
Tell = Callable[[int, str, int], None]


@contextmanager
def progress(total: int) -> Iterator[Tell]:
    """Show a bar with ETA and money on stderr."""
    if not sys.stderr.isatty():
        yield lambda done, spent, failed: None  # noqa: ARG005
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[spent]}"))
    more = (TextColumn("{task.fields[failed]} failed"), TimeRemainingColumn())
    # Answers on the same terminal are printed above the bar; elsewhere they must not pass through it.
    bar = Progress(
        *columns, *more, console=console(stderr=True), transient=True, redirect_stdout=sys.stdout.isatty()
    )
    with bar:
        task = bar.add_task("", total=total, spent="", failed=0)
        yield lambda done, spent, failed: bar.update(task, completed=done, spent=spent, failed=failed)
