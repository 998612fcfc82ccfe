"""`civgen contract`: the schema of every orchestrator step input."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from civgen.cli.answers import LINES, answers
from civgen.results import contract as said
from civgen.results.error import FailedLine

if TYPE_CHECKING:
    from civgen.lint.breakage import ContractDiff
    from civgen.orchestrator.contract.contract import Contract
    from civgen.orchestrator.contract.refresh import PullReport
    from civgen.orchestrator.contract.verdict import Verdict

app = typer.Typer(add_completion=False, no_args_is_help=True)

#: What a line of --batch may give to be checked.
_PARTS = ("body", "step", "input")


@app.callback()
def _group() -> None:
    """The schema of every orchestrator step input."""


@app.command()
@answers(said.Pulled, {5: "the document could not be fetched", 7: "with --check: files would change"})
def pull(
    openapi: Annotated[
        str, typer.Option(help="The orchestrator's OpenAPI document.", metavar="FILE|URL", show_default=False)
    ],
    out: Annotated[Path | None, typer.Option(help="Folder of the contract; civgen's own by default.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 7 when files would change.")
    ] = False,
    date: Annotated[
        datetime | None, typer.Option(help="The day the document is from.", formats=["%Y-%m-%d"])
    ] = None,
) -> None:
    """Make the contract from an OpenAPI document, and say what changed."""
    from civgen.cli.again import command
    from civgen.cli.following import suggest
    from civgen.cli.output import emit
    from civgen.errors import AnswerIsNo
    from civgen.orchestrator.contract.refresh import pull_from

    report = pull_from(openapi, out, check=check, date=date.date().isoformat() if date else None)
    if check and report.differs:
        raise AnswerIsNo(
            f"The contract in {report.folder} is not that of {openapi}: {_changes(report)}.",
            hint="Run the same command without --check.",
            data=report.as_json(),
        )
    suggest(*([command("lint")] if report.differs else []))
    emit(report.as_json(), lambda: _render(report))


@app.command("list")
@answers(said.Listing)
def list_(
    step: Annotated[
        str | None, typer.Option(metavar="TYPE", help="Only the inputs of this step type.")
    ] = None,
    unbuilt: Annotated[bool, typer.Option("--unbuilt", help="Only what no engine sends.")] = False,
) -> None:
    """List every step input that the contract has, with the engines that send it.

    Those of an engine that no ecosystem uses yet count as sent by none.
    """
    from civgen.cli.output import emit
    from civgen.cli.state import state
    from civgen.errors import not_found
    from civgen.lint.uses import uses
    from civgen.orchestrator.contract import load_contract

    if step is not None and step not in (known := load_contract().step_types):
        raise not_found("step type", step, known)
    found = list(uses(state().workspace, step))
    sent = sum(bool(one.engines) for one in found)
    shown = [one.as_json() for one in found if not (unbuilt and one.engines)]
    answer = {"leaves": shown, "total": len(found), "sent": sent}
    emit(answer, lambda: _draw_list(shown, f"{len(found)} inputs, {sent} of them sent by an engine."))


def _draw_list(shown: list[dict[str, Any]], tally: str) -> None:
    from civgen.cli.output import note, table

    rows = [(one["leaf"], _pairs(one["discriminators"]), _builders(one["engines"])) for one in shown]
    table(("leaf", "chosen by", "sent by"), rows)
    note(tally)


def _pairs(chosen: dict[str, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in chosen.items())


def _builders(engines: list[dict[str, Any]]) -> str:
    return ", ".join(f"{one['engine']} ({'built in' if one['built_in'] else 'workspace'})" for one in engines)


@app.command()
@answers(said.Verdict, LINES, {7: "the orchestrator would refuse it"}, line=said.VerdictLine | FailedLine)
def check(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="A body, a step or an input as JSON.", show_default=False)
    ] = "-",
    step: Annotated[
        str | None, typer.Option(metavar="TYPE", help="It is the input of a step of this type.")
    ] = None,
    contract: Annotated[
        str, typer.Option(metavar="SOURCE", help="built-in, a contract's folder, or an OpenAPI document.")
    ] = "built-in",
    batch: Annotated[
        str | None,
        typer.Option("--batch", metavar="FILE|-", help='JSON Lines of {"id", "body"}, "step" or "input".'),
    ] = None,
) -> None:
    """Hold any orchestrator body, step or input against the contract; exit 7 when it would be refused."""
    from civgen.cli.batch import run_batch
    from civgen.cli.options import read_json
    from civgen.cli.output import emit
    from civgen.orchestrator.contract.sources import contract_from
    from civgen.orchestrator.contract.verdict import verdict

    known = contract_from(contract)
    if batch:
        run_batch(batch, lambda line: _line(line, known, step))
        return
    found = verdict(read_json(file), known, step)
    _refuse(found)
    emit(found.as_json(), lambda: _show(found))


@app.command("diff")
@answers(said.ContractDiff, {7: "with --check: something breaks that worked"})
def diff_(
    old: Annotated[str, typer.Argument(metavar="OLD", help="built-in, a folder, or an OpenAPI document.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="As OLD.")] = "built-in",
    gate: Annotated[
        bool, typer.Option("--check", help="Exit with 7 when something breaks that worked.")
    ] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Show it as Markdown.")] = False,
) -> None:
    """Show what two contracts say differently, and which of our forms that breaks or newly allows."""
    from civgen.cli.again import command
    from civgen.cli.following import suggest
    from civgen.cli.output import emit
    from civgen.cli.state import state
    from civgen.errors import AnswerIsNo
    from civgen.lint.breakage import as_markdown, contract_diff
    from civgen.orchestrator.contract.sources import contract_from

    found = contract_diff(contract_from(old), contract_from(new), state().workspace)
    suggest(*([command("lint")] if found.breaks else []))
    emit(
        found.as_json(),
        lambda: typer.echo("\n".join(as_markdown(found))) if markdown else _show_diff(found),
    )
    if gate and found.breaks:
        subjects = ", ".join(dict.fromkeys(one.subject for one in found.breaks))
        raise AnswerIsNo(
            f"It breaks {subjects}.", hint="Change their forms, or lay a change over the contract."
        )


def _show_diff(found: ContractDiff) -> None:
    from civgen.cli.output import allowed_text, console, table

    def short(value: Any) -> str | None:
        return None if value is None else allowed_text(value)[:40]

    if not found.differences:
        console().print("The two contracts say the same.")
        return
    rows = [
        (one.leaf, one.field, one.what, one.how, short(one.before), short(one.after))
        for one in found.differences
    ]
    table(("leaf", "field", "what", "how", "before", "after"), rows)
    for title, some in (("Breaks", found.breaks), ("No longer breaks", found.mends)):
        if some:
            drawn = [(one.subject, one.engine, one.path, one.message, one.field) for one in some]
            table(("ecosystem", "engine", "place", "why", "field"), drawn, title=title)
    if not found.breaks:
        console().print("None of our forms breaks.")


def _line(line: dict[str, Any], contract: Contract, step: str | None) -> dict[str, Any]:
    from civgen.jobs.batches.lines import refuse, unknown_keys
    from civgen.orchestrator.contract.verdict import verdict

    name = next((one for one in _PARTS if one in line), None)
    if name is not None:  # else the line itself is what is to be checked
        refuse(unknown_keys(line, ("id", *_PARTS)))
    found = verdict(line[name] if name else line, contract, step if name == "input" else None)
    _refuse(found)
    return found.as_json()


def _refuse(found: Verdict) -> None:
    from civgen.errors import AnswerIsNo

    if found.taken:
        return
    count = f"{len(found.problems)} problems" if len(found.problems) > 1 else "1 problem"
    branches = ", ".join(one.leaf or "no branch" for one in found.branches)
    raise AnswerIsNo(
        f"The orchestrator would refuse this {found.kind} ({branches}): {count}.",
        details=found.problems,
        data=found.as_json(),
    )


def _show(found: Verdict) -> None:
    from civgen.cli.output import console

    for one in found.branches:
        console().print(f"{one.at or found.kind}  {one.leaf}")
    console().print("The orchestrator takes it, as far as the contract says.")


def _render(report: PullReport) -> None:
    from civgen.cli.output import note

    typer.echo(
        f"{report.leaves} inputs, {report.size / 1000:.0f} kB, from {report.title} {report.version}".rstrip()
    )
    typer.echo(f"{report.folder}: {_changes(report)}")
    for change in report.stale:
        note(f"{change.where}: {change.property} of {change.target} needs no change any more")


def _changes(report: PullReport) -> str:
    counts = {"added": report.added, "changed": report.changed, "removed": report.removed}
    return ", ".join(f"{len(files)} {word}" for word, files in counts.items() if files) or "up to date"
