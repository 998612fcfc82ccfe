"""`civgen jobs`: what was submitted, how it stands, what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from civgen.cli.again import command
from civgen.cli.answers import CONSENT, ORCHESTRATOR, answers
from civgen.cli.following import repeated, suggest
from civgen.cli.jobs_asking import asked, change_each, raise_failures, raise_unsuccessful, watched_until_over
from civgen.cli.jobs_options import (
    FilterOptions,
    Ids,
    MaxLevel,
    Yes,
    consent,
    counted,
    ids_of,
    level_of_option,
)
from civgen.cli.options import spread
from civgen.cli.output import card, emit, note
from civgen.cli.spending import SpendingOptions
from civgen.cli.state import state
from civgen.results.jobs import Costs, Downloads, JobChanges, Jobs, OneJob, Tags, Watched

if TYPE_CHECKING:
    from civgen.jobs.fetching import Fetched
    from civgen.orchestrator.client import Orchestrator

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Your jobs: list, show, watch, cancel, delete, download, tag, costs.",
)


_SOME = {7: "the orchestrator says no", 9: "some jobs were not changed; each says why"}


@app.command("list")
@answers(Jobs, ORCHESTRATOR, workspace=True)
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

    wanted, level = which.filter(), level_of_option(max_level)

    async def ask(client: Orchestrator) -> dict[str, Any]:
        jobs, behind = await some(client, wanted, limit, cursor)
        return {"jobs": [outline(job, level) for job in jobs], "cursor": behind}

    document = asked(ask)
    more = [repeated("--cursor", document["cursor"])] if document["cursor"] else []
    suggest(*(command("jobs", "show", one["id"]) for one in document["jobs"][:1]), *more)
    emit(document, lambda: show_list(document))


@app.command()
@answers(OneJob, ORCHESTRATOR, workspace=True)
def show(
    job: Annotated[str, typer.Argument(metavar="ID", help="The job.")], max_level: MaxLevel = None
) -> None:
    """Show a job: how it stands, what it cost, its results, and why some are kept back."""
    from civgen.cli.jobs_view import show_job
    from civgen.jobs.outline import full

    level = level_of_option(max_level)
    document = full(asked(lambda client: client.get(job)), level)
    suggest(*_after(document))
    emit(document, lambda: show_job(document))


@app.command()
@answers(
    Watched, ORCHESTRATOR, {7: "a job did not succeed", 9: "some jobs could not be read"}, workspace=True
)
def watch(ids: Ids) -> None:
    """Watch jobs until they have ended: status, place in line, progress, time left.

    A table on a terminal; JSON Lines elsewhere, one for each change. Stopping only stops the watching.
    """
    words = ids_of(ids)
    sights = asked(lambda client: watched_until_over(client, words))
    done = [one for one in words if sights[one].status == "succeeded"]
    suggest(*([command("jobs", "download", *done)] if done else []))
    emit({"jobs": [sights[one].as_json() for one in words]}, lambda: None)
    raise_unsuccessful(list(sights.values()))


@app.command()
@answers(
    JobChanges, ORCHESTRATOR, CONSENT, {7: "a job had ended", 9: "some jobs were not changed"}, workspace=True
)
def cancel(ids: Ids, yes: Yes = False) -> None:
    """Cancel jobs that have not ended. What was done so far may be charged."""
    words = ids_of(ids)
    consent(f"Cancel {counted(words)}?", yes=yes)
    change_each(words, "canceled", _stop)


@app.command()
@answers(JobChanges, ORCHESTRATOR, CONSENT, _SOME, workspace=True)
def delete(ids: Ids, yes: Yes = False) -> None:
    """Delete jobs with their results. There is no way back."""
    from civgen.orchestrator.workflows import delete as delete_one

    words = ids_of(ids)
    consent(f"Delete {counted(words)} with all results?", yes=yes)
    change_each(words, "deleted", delete_one)


@app.command()
@answers(JobChanges, ORCHESTRATOR, CONSENT, _SOME, spends=True, workspace=True)
@spread
def unlock(ids: Ids, spending: SpendingOptions) -> None:
    """Allow mature results of jobs that were submitted without; the difference is paid in yellow Buzz.

    It is at most what the jobs cost, which is what --max-cost is held against.
    """
    from civgen.orchestrator.workflows import update

    words = ids_of(ids)
    consent(
        f"Allow mature results of {counted(words)}, and pay the difference in yellow Buzz?", yes=spending.yes
    )
    if not state().environment.is_sandbox:
        costs = asked(lambda client: _costs_of(client, words))
        total = None if None in costs else sum(costs)
        spending.agree("The difference, at most what they cost,", total, " yellow")
    change_each(words, "unlocked", lambda client, one: update(client, one, {"allowMatureContent": True}))


@app.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
@answers(Tags, ORCHESTRATOR, workspace=True)
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
        hint = "For instance: `civgen jobs tag ID +favorite -draft`"
        raise InvalidInput(f"{wrong[0]!r} is no change of tags.", hint=hint, details=problems)

    async def work(client: Orchestrator) -> list[str]:
        for word in changes:
            await (add_tag if word[0] == "+" else remove_tag)(client, job, word[1:])
        return list((await client.get(job)).tags)

    tags = asked(work)
    emit({"id": job, "tags": tags}, lambda: card({"id": job, "tags": tags or "none"}))


@app.command()
@answers(Downloads, ORCHESTRATOR, {9: "some files were not downloaded"}, workspace=True)
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

    words, level, template = ids_of(ids), level_of_option(max_level), name or DEFAULT
    check_template(template)

    async def work(client: Orchestrator) -> list[Fetched]:
        if wait:
            await watched_until_over(client, words)
        files = []
        for job in words:
            workflow = await client.get(job)
            if not workflow.is_terminal:
                note(f"{job} is {workflow.status}: --wait waits for its results.")
            files += [one async for one in fetch_all(workflow, client, out, name=template, max_level=level)]
        return files

    files = asked(work)
    emit({"files": [one.as_json() for one in files]}, lambda: show_fetched(files))
    raise_failures([(one.blob_id, one.error) for one in files], "files were not downloaded")


@app.command()
@answers(Costs, ORCHESTRATOR, workspace=True)
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
    jobs, behind = asked(lambda client: some(client, wanted, limit))
    engines = Engines(workspace.engines)
    found = by_engine(realised(job, engines, quotes) for job in jobs)
    document = {"jobs": len(jobs), "complete": behind is None, "engines": [one.as_json() for one in found]}
    emit(document, lambda: show_costs(document))


def _after(document: Mapping[str, Any]) -> list[str]:
    """What can be done with a job, as it stands."""
    if document["status"] == "succeeded":
        return [command("jobs", "download", document["id"])] if document["results"] else []
    return [] if document["completedAt"] else [command("jobs", "watch", document["id"])]


async def _costs_of(client: Orchestrator, words: list[str]) -> list[float | None]:
    """What jobs cost; None for one of which it is not known."""
    return [(await client.get(one)).cost.total for one in words]


async def _stop(client: Orchestrator, job: str) -> None:
    """Cancel a job, and look: one that has ended stays as it is."""
    from civgen.errors import AnswerIsNo

    await client.cancel(job)
    status = (await client.get(job)).status
    if status != "canceled":
        raise AnswerIsNo(f"The job {job} was not canceled: it {status}.")
