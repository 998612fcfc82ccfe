"""`civgen jobs`: what was submitted, how it stands, what came of it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from civgen.cli.options import spread
from civgen.cli.output import card, confirm, emit, emit_line, note
from civgen.cli.state import state

if TYPE_CHECKING:
    from civgen.jobs.fetching import Fetched
    from civgen.jobs.listing import Filter
    from civgen.jobs.watching import Sight
    from civgen.orchestrator.client import Orchestrator

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Your jobs: list, show, watch, cancel, delete, download, tag, costs.",
)

Ids = Annotated[list[str], typer.Argument(metavar="ID…", help="Jobs; - reads them from stdin, one a line.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Consent without being asked.")]
MaxLevel = Annotated[
    str | None,
    typer.Option(
        metavar="LEVEL", help="Highest level of results to show: pg, pg13, r, x, xxx; by default any."
    ),
]


@dataclass
class FilterOptions:
    """Which jobs are meant."""

    ecosystem: Annotated[str | None, typer.Option("--ecosystem", "-e", help="Only of this ecosystem.")] = None
    workflow: Annotated[str | None, typer.Option("--workflow", "-w", help="Only with this workflow key.")] = (
        None
    )
    tag: Annotated[list[str], typer.Option(help="Only with this tag; may be repeated.")] = field(
        default_factory=list
    )
    status: Annotated[
        list[str],
        typer.Option(help="Only with this status, or running, or ended; may be repeated."),
    ] = field(default_factory=list)
    since: Annotated[
        str | None, typer.Option(metavar="WHEN", help="Made since: 2026-03-01, or 24h, 7d ago.")
    ] = None
    until: Annotated[str | None, typer.Option(metavar="WHEN", help="Made until.")] = None
    text: Annotated[str | None, typer.Option(help="With this in the metadata, for instance the prompt.")] = (
        None
    )

    def filter(self) -> Filter:
        """What they say, with every problem at once."""
        from civgen.jobs.listing import Filter, read_moment, read_status
        from civgen.orchestrator.workflows import Question

        catalog = state().catalog
        key = catalog.ecosystem(self.ecosystem).key if self.ecosystem else None
        question = Question(
            tags=[tag for tag in (key, self.workflow, *self.tag) if tag],
            text=self.text,
            since=read_moment(self.since, "since") if self.since else None,
            until=read_moment(self.until, "until") if self.until else None,
        )
        return Filter(question, read_status(self.status))


@app.command("list")
@spread
def list_jobs(
    which: FilterOptions,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
    cursor: Annotated[str | None, typer.Option(help="Where an earlier listing left off.")] = None,
    max_level: MaxLevel = None,
) -> None:
    """List jobs, the newest first."""
    from civgen.cli.jobs_view import show_list
    from civgen.jobs.listing import some
    from civgen.jobs.outline import outline

    wanted, level = which.filter(), _level(max_level)

    async def ask(client: Orchestrator) -> dict[str, Any]:
        jobs, behind = await some(client, wanted, limit, cursor)
        return {"jobs": [outline(job, level) for job in jobs], "next": behind}

    document = _asked(ask)
    emit(document, lambda: show_list(document))


@app.command()
def show(
    job: Annotated[str, typer.Argument(metavar="ID", help="The job.")], max_level: MaxLevel = None
) -> None:
    """Show a job: how it stands, what it cost, its results, and why some are kept back."""
    from civgen.cli.jobs_view import show_job
    from civgen.jobs.outline import full

    level = _level(max_level)
    document = full(_asked(lambda client: client.get(job)), level)
    emit(document, lambda: show_job(document))


@app.command()
def watch(ids: Ids) -> None:
    """Watch jobs until they have ended: status, place in line, progress, time left.

    A table on a terminal; JSON Lines elsewhere, one for each change. Stopping only stops the watching.
    """
    words = _ids(ids)
    sights = _asked(lambda client: _watched(client, words))
    emit({"jobs": [sights[one].as_json() for one in words]}, lambda: None)
    _judge_ends(list(sights.values()))


@app.command()
def cancel(ids: Ids, yes: Yes = False) -> None:
    """Cancel jobs that have not ended. What was done so far may be charged."""
    words = _ids(ids)
    _consent(f"Cancel {_count(words)}?", yes=yes)
    _each(words, "canceled", _stop)


@app.command()
def delete(ids: Ids, yes: Yes = False) -> None:
    """Delete jobs with their results. There is no way back."""
    from civgen.orchestrator.workflows import delete as delete_one

    words = _ids(ids)
    _consent(f"Delete {_count(words)} with all results?", yes=yes)
    _each(words, "deleted", delete_one)


@app.command()
def unlock(ids: Ids, yes: Yes = False) -> None:
    """Allow mature results of jobs that were submitted without; the difference is paid in yellow Buzz."""
    from civgen.orchestrator.workflows import update

    words = _ids(ids)
    _consent(f"Allow mature results of {_count(words)}, and pay the difference in yellow Buzz?", yes=yes)
    _each(words, "unlocked", lambda client, one: update(client, one, {"allowMatureContent": True}))


@app.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
def tag(
    job: Annotated[str, typer.Argument(metavar="ID", help="The job.")],
    changes: Annotated[list[str], typer.Argument(metavar="+TAG|-TAG…", help="Tags to add, and to take off.")],
) -> None:
    """Tag a job: `civgen jobs tag ID +favorite -draft`."""
    from civgen.errors import InvalidInput, Problem
    from civgen.orchestrator.workflows import add_tag, remove_tag

    wrong = [word for word in changes if word[:1] not in "+-" or not word[1:] or len(word) > 201]
    if wrong:
        problems = [
            Problem("changes", "must be +TAG or -TAG, of at most 200 characters", one) for one in wrong
        ]
        hint = "For instance: civgen jobs tag ID +favorite -draft"
        raise InvalidInput(f"{wrong[0]!r} is no change of tags.", hint=hint, details=problems)

    async def work(client: Orchestrator) -> list[str]:
        for word in changes:
            await (add_tag if word[0] == "+" else remove_tag)(client, job, word[1:])
        return list((await client.get(job)).tags)

    tags = _asked(work)
    emit({"id": job, "tags": tags}, lambda: card({"id": job, "tags": tags or "none"}))


@app.command()
def download(
    ids: Ids,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the files go.")] = Path("outputs"),
    name: Annotated[
        str | None,
        typer.Option(
            metavar="TEMPLATE",
            help="Names of files: {id}, {n}, {date}, {ecosystem}, {workflow}, {words}, {seed}, {level}.",
        ),
    ] = None,
    max_level: MaxLevel = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until the jobs have ended.")] = False,
) -> None:
    """Download the results of jobs.

    A file that is there is never touched; what is cut off goes on where it stopped when asked for again.
    """
    from civgen.cli.jobs_view import show_fetched
    from civgen.jobs.fetching import fetch_all
    from civgen.jobs.naming import DEFAULT, check_template

    words, level, template = _ids(ids), _level(max_level), name or DEFAULT
    check_template(template)

    async def work(client: Orchestrator) -> list[Fetched]:
        if wait:
            await _watched(client, words)
        files = []
        for job in words:
            workflow = await client.get(job)
            if not workflow.is_terminal:
                note(f"{job} is {workflow.status}: --wait waits for its results.")
            files += [one async for one in fetch_all(workflow, client, out, name=template, max_level=level)]
        return files

    files = _asked(work)
    emit({"files": [one.as_json() for one in files]}, lambda: show_fetched(files))
    _judge_failures([(one.blob_id, one.error) for one in files], "files were not downloaded")


@app.command()
@spread
def costs(
    which: FilterOptions, limit: Annotated[int, typer.Option(min=1, help="At most so many jobs.")] = 1000
) -> None:
    """Compare estimate, quote and charge of jobs that succeeded, and say where a published price is off."""
    from dataclasses import replace

    from civgen.cli.jobs_view import show_costs
    from civgen.engines.registry import Engines
    from civgen.jobs.listing import some
    from civgen.jobs.realised import by_engine, quoted_prices, realised

    wanted = replace(which.filter(), statuses=frozenset({"succeeded"}))
    workspace = state().workspace
    quotes = quoted_prices(workspace.state / "journal.sqlite") if workspace.root else {}
    jobs, behind = _asked(lambda client: some(client, wanted, limit))
    engines = Engines(workspace.engines)
    found = by_engine(realised(job, engines, quotes) for job in jobs)
    document = {"jobs": len(jobs), "complete": behind is None, "engines": [one.as_json() for one in found]}
    emit(document, lambda: show_costs(document))


@asynccontextmanager
async def _client() -> AsyncIterator[Orchestrator]:
    from civgen.sandbox.connect import connect

    async with connect(state().environment, state().workspace) as client:
        yield client


def _asked(work: Callable[[Orchestrator], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with _client() as client:
            return await work(client)

    return asyncio.run(run())


async def _watched(client: Orchestrator, ids: Sequence[str]) -> dict[str, Sight]:
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


def _each(ids: Sequence[str], done: str, change: Callable[[Orchestrator, str], Awaitable[None]]) -> None:
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

    answers = _asked(work)
    lines = [{"id": job, "ok": error is None} | (error.as_json() if error else {}) for job, error in answers]
    emit({"jobs": lines}, lambda: show_changed(done, [job for job, error in answers if not error]))
    _judge_failures(answers, f"jobs were not {done}")


async def _stop(client: Orchestrator, job: str) -> None:
    """Cancel a job, and look: one that has ended stays as it is."""
    from civgen.errors import AnswerIsNo

    await client.cancel(job)
    status = (await client.get(job)).status
    if status != "canceled":
        raise AnswerIsNo(f"The job {job} was not canceled: it {status}.")


def _judge_failures(answers: Sequence[tuple[str, Any]], what: str) -> None:
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


def _judge_ends(sights: Sequence[Sight]) -> None:
    from civgen.errors import AnswerIsNo

    _judge_failures([(one.id, one.error) for one in sights], "jobs could not be read")
    unsuccessful = [one for one in sights if one.status != "succeeded"]
    if unsuccessful:
        listed = ", ".join(f"{one.id} {one.status}" for one in unsuccessful[:5])
        raise AnswerIsNo(f"{len(unsuccessful)} of {len(sights)} jobs did not succeed: {listed}.")


def _consent(question: str, *, yes: bool) -> None:
    if not yes:
        confirm(question)


def _count(ids: Sequence[str]) -> str:
    return f"the job {ids[0]}" if len(ids) == 1 else f"{len(ids)} jobs"


def _ids(words: Sequence[str]) -> list[str]:
    """The jobs named, each once."""
    from civgen.errors import InvalidInput

    given = [word for word in words if word != "-"]
    if "-" in words:
        given += sys.stdin.read().split()
    if not given:
        raise InvalidInput("No job was named.", hint="`civgen jobs list` shows them.")
    return list(dict.fromkeys(given))


def _level(text: str | None) -> str | None:
    from civgen.jobs.levels import read_level

    return read_level(text) if text else None
