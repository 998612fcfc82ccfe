"""Asking an orchestrator about jobs from the command line, and what becomes of the exit code."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from civgen.cli.output import emit, emit_line, note
from civgen.cli.state import state

if TYPE_CHECKING:
    from civgen.jobs.watching import Sight
    from civgen.orchestrator.client import Orchestrator


@asynccontextmanager
async def _client() -> AsyncIterator[Orchestrator]:
    from civgen.sandbox.connect import connect

    async with connect(state().environment, state().workspace) as client:
        yield client


def asked(work: Callable[[Orchestrator], Awaitable[Any]]) -> Any:
    """What `work` gives, done with a client of the environment."""

    async def run() -> Any:
        async with _client() as client:
            return await work(client)

    return asyncio.run(run())


async def watched_until_over(client: Orchestrator, ids: Sequence[str]) -> dict[str, Sight]:
    """Watch, and say what changes: in a table, or line by line."""
    from civgen.jobs.watching import watch as watched

    sights: dict[str, Sight] = {}
    if state().json or not sys.stdout.isatty():
        async for sight in watched(client, ids):
            sights[sight.id] = sight
            if not state().json:
                emit_line(sight.as_json())
        return sights
    from rich.live import Live

    from civgen.cli.jobs_view import watch_table
    from civgen.cli.output import console

    with Live(console=console(), refresh_per_second=4) as live:
        async for sight in watched(client, ids):
            sights[sight.id] = sight
            live.update(watch_table(sights.values()))
    return sights


def change_each(
    ids: Sequence[str], done: str, change: Callable[[Orchestrator, str], Awaitable[None]]
) -> None:
    """Change every job, whatever becomes of the others."""
    from civgen.cli.jobs_view import show_changed
    from civgen.errors import CivgenError

    async def one(client: Orchestrator, job: str) -> tuple[str, CivgenError | None]:
        try:
            await change(client, job)
        except CivgenError as error:
            return job, error
        return job, None

    async def work(client: Orchestrator) -> list[tuple[str, CivgenError | None]]:
        return [await one(client, job) for job in ids]

    answers = asked(work)
    lines = [{"id": job, "ok": error is None} | (error.as_json() if error else {}) for job, error in answers]
    emit({"jobs": lines}, lambda: show_changed(done, [job for job, error in answers if not error]))
    raise_failures(answers, f"jobs were not {done}")


def raise_failures(answers: Sequence[tuple[str, Any]], what: str) -> None:
    """Raise what went wrong: the error itself where nothing went well, else that some did not."""
    from civgen.errors import PartlyDone

    failed = [(name, error) for name, error in answers if error]
    if not failed:
        return
    if len(failed) == len(answers):
        raise failed[0][1]
    for name, error in failed:
        note(f"{name}: {error.message}")
    raise PartlyDone(f"{len(failed)} of {len(answers)} {what}.")


def raise_unsuccessful(sights: Sequence[Sight]) -> None:
    """Raise that some jobs could not be read, or did not succeed."""
    from civgen.errors import AnswerIsNo

    raise_failures([(one.id, one.error) for one in sights], "jobs could not be read")
    unsuccessful = [one for one in sights if one.status != "succeeded"]
    if unsuccessful:
        listed = ", ".join(f"{one.id} {one.status}" for one in unsuccessful[:5])
        raise AnswerIsNo(f"{len(unsuccessful)} of {len(sights)} jobs did not succeed: {listed}.")
