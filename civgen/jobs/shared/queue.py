"""procrastinate, as the queue uses it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from civgen.db.failures import translated
from civgen.errors import CivgenError, Unavailable
from civgen.jobs.shared.server import SESSION, Server

if TYPE_CHECKING:
    import psycopg
    from procrastinate import App

#: What does one line: its batch, its number, how often it was tried.
Work = Callable[[str, int, int], Awaitable[None]]

#: Seconds between looks at the queue while nothing is told of new lines.
_POLLING = 2.0


class Later(Exception):
    """A line is to be tried again.

    Attributes:
        seconds: after which.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:g} s")
        self.seconds = seconds


async def run_worker(
    server: Server, queue: str, task: str, work: Work, *, concurrency: int, lease: float
) -> None:
    """Do lines until SIGINT or SIGTERM, then finish those that were taken.

    Raises:
        Unavailable: the queue was lost.
    """
    from procrastinate.exceptions import ConnectorException

    # What it has to say is about its own workings; what became of a line is said by whoever did it.
    logging.getLogger("procrastinate").setLevel(logging.CRITICAL + 1)
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL + 1)
    broken: list[BaseException] = []
    app = _app(server)
    try:
        async with app.open_async():
            serving = asyncio.create_task(_serve(app, queue, concurrency, lease))
            _register(app, task, work, broken, serving)
            try:
                await serving
            except asyncio.CancelledError:
                if not broken:
                    raise
    except ConnectorException as error:
        raise _lost(error, server) from error
    if broken:
        raise broken[0]


async def _serve(app: App, queue: str, concurrency: int, lease: float) -> None:
    await app.run_worker_async(
        queues=[queue],
        name="civgen",
        concurrency=concurrency,
        delete_jobs="always",
        fetch_job_polling_interval=_POLLING,
        update_heartbeat_interval=lease / 3,
        stalled_worker_timeout=lease,
    )


def _app(server: Server) -> App:
    from procrastinate import App, PsycopgConnector

    async def configure(connection: psycopg.AsyncConnection) -> None:
        await connection.execute(SESSION)
        await connection.commit()

    connector = PsycopgConnector(
        conninfo=server.url,
        kwargs=server.arguments(),
        min_size=1,
        max_size=4,
        configure=configure,
        timeout=20,
    )
    return App(connector=connector)


def _register(
    app: App, task: str, work: Work, broken: list[BaseException], serving: asyncio.Task[None]
) -> None:
    """Let lines be done by `work`; what it raises beside `Later` ends the worker."""
    from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
    from procrastinate.jobs import Job

    class Again(BaseRetryStrategy):
        def get_retry_decision(
            self,
            *,
            exception: BaseException,
            job: Job,  # noqa: ARG002 - procrastinate passes it by name
        ) -> RetryDecision | None:
            if isinstance(exception, Exception) and not isinstance(exception, Later | CivgenError):
                return None  # a bug of ours would end one worker after the other
            seconds = exception.seconds if isinstance(exception, Later) else 0
            return RetryDecision(retry_in={"seconds": int(seconds)})

    async def one(context: JobContext, batch: str, number: int) -> None:
        try:
            await work(batch, number, context.job.attempts)
        except Later:
            raise
        except Exception as error:
            if not broken:
                broken.append(error)
                serving.cancel()
            raise

    app.task(name=task, pass_context=True, retry=Again())(one)


def _lost(error: Any, server: Server) -> Unavailable:
    known = translated(error.__cause__, server.place) if error.__cause__ else None
    why = known.message if known else f"{server.place} was lost."
    return Unavailable(
        f"{why} What this worker had taken, others take over.", hint="Start it again with: `civgen worker`."
    )
