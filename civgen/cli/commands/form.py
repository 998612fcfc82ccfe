"""`civgen form`: what a person may fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from civgen.cli.answers import DATABASE, LINES, answers
from civgen.cli.batch import request_of, run_batch
from civgen.cli.drawn_forms import draw_differences, draw_form, draw_parts
from civgen.cli.following import suggest_instead, suggest_request
from civgen.cli.form_page import preview
from civgen.cli.options import BatchOption, ContextOptions, RequestOptions, refuse_beside_batch, spread
from civgen.cli.output import allowed_text, emit, note, table
from civgen.cli.state import state
from civgen.errors import InvalidInput, Problem
from civgen.results.error import FailedLine
from civgen.results.form import FormShown, LineChecked, LineShown, Page, Validated

if TYPE_CHECKING:
    from civgen.jobs.platform import Platform

app = typer.Typer(
    no_args_is_help=True,
    help="Show a form, its schema and where it comes from, or check a request against it.",
)
app.command()(answers(Page, DATABASE)(preview))


@app.command()
@answers(FormShown, LINES, line=LineShown | FailedLine)
@spread
def show(
    options: RequestOptions,
    context: ContextOptions,
    batch: BatchOption = None,
    explain: Annotated[
        str | None,
        typer.Option(metavar="FIELD", help="Where each part of a field comes from, with file and line."),
    ] = None,
    diff: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="ECOSYSTEM ECOSYSTEM", help="How the forms of two ecosystems differ."),
    ] = None,
) -> None:
    """Show the form of an ecosystem, as it stands for the given workflow key, version and values."""
    from civgen.jobs.forms import absent_fields, show_form
    from civgen.jobs.lacking import lacking

    _refuse_together(batch=batch, explain=explain, diff=diff)
    platform = state().platform(context.tier, context.feature)
    refuse_beside_batch(batch, options)
    if batch:
        run_batch(batch, lambda line: show_form(request_of(line), platform))
    elif explain:
        _explain(options.raw(platform), platform, explain)
    elif diff:
        _diff(options, platform, diff)
    else:
        raw = options.raw(platform)
        shown = show_form(raw, platform)
        problems = shown.get("problems", [])
        _tell(problems)
        if not problems:  # which the same values would have in any other command
            suggest_request("preview", lacks=lacking(raw, platform))
        emit(shown, lambda: draw_form(shown, absent_fields(raw, platform)))


@app.command()
@answers(dict[str, Any])
def schema(
    ecosystem: Annotated[str | None, typer.Option("--ecosystem", "-e", help="Ecosystem key.")] = None,
    workflow: Annotated[
        str | None, typer.Option("--workflow", "-w", help="Only this workflow key, by default all.")
    ] = None,
    model: Annotated[int | None, typer.Option(help="Only this model version, by default all.")] = None,
    tier: Annotated[str | None, typer.Option(help="Membership tier whose limits apply.")] = None,
    feature: Annotated[
        list[str] | None, typer.Option(help="Feature switch that is on; may be repeated.")
    ] = None,
) -> None:
    """Print the JSON Schema (2020-12) of requests, which takes what civgen takes in strict mode.

    Conditions are `if` and `then`. Its description names what no schema can tell. A tool needs no ecosystem.
    """
    from civgen.jobs.form_schema import request_schema, tool_schema

    platform = state().platform(tier, feature)
    if ecosystem is None and workflow is None:
        hint = "Add --ecosystem, for instance SDXL; or --workflow with a tool's."
        raise InvalidInput(
            "The schema of which form?", hint=hint, details=[Problem("ecosystem", "is required")]
        )
    if ecosystem is None:
        emit(tool_schema(platform, workflow or ""))
    else:
        emit(request_schema(platform, ecosystem, workflow, model))


@app.command()
@answers(Validated, LINES, DATABASE, line=LineChecked | FailedLine)
@spread
def validate(options: RequestOptions, context: ContextOptions, batch: BatchOption = None) -> None:
    """Check a request against its form and its resources, listing every problem."""
    from civgen.jobs.forms import validate_form

    platform = state().platform(context.tier, context.feature)
    records = context.records()

    def work(line: dict[str, Any]) -> dict[str, Any]:
        request = request_of(line)
        return validate_form(request, platform, [*records, *(line.get("resources") or [])], context.mode)

    refuse_beside_batch(batch, options)
    if batch:
        run_batch(batch, work)
        return
    result = work({"request": options.raw(platform)})
    suggest_instead("preview")
    for repair in result["repairs"]:
        note(f"repaired {repair['field']}: {repair['from']!r} -> {repair['to']!r} ({repair['why']})")
    emit(result, lambda: table(("field", "value"), result["values"].items(), title="Valid. The values:"))


def _explain(raw: dict[str, Any], platform: Platform, key: str) -> None:
    from civgen.jobs.form_explained import explain_field

    explained = explain_field(raw, platform, key)
    emit(explained, lambda: draw_parts(explained))


def _diff(options: RequestOptions, platform: Platform, ecosystems: tuple[str, str]) -> None:
    """Compare two ecosystems; what else is requested holds for both."""
    from civgen.jobs.form_diff import diff_forms

    raw = options.raw(platform)
    if stray := [name for name in ("ecosystem", "baseModel") if name in raw]:
        hint = "Name both ecosystems behind --diff, and no other."
        raise InvalidInput(f"{stray[0]} cannot be given beside --diff.", hint=hint)
    left, right = ({**raw, "ecosystem": key} for key in ecosystems)
    compared = diff_forms(left, right, platform)
    emit(compared, lambda: draw_differences(compared))


def _refuse_together(**given: object) -> None:
    """Refuse options of which each asks another question.

    Raises:
        InvalidInput: more than one was given.
    """
    asked = [f"--{name}" for name, value in given.items() if value]
    if len(asked) > 1:
        raise InvalidInput(f"{' and '.join(asked)} cannot be given together.")


def _tell(problems: list[dict[str, Any]]) -> None:
    """Say which of the values do not fit, beside the form."""
    for one in problems:
        allowed = "" if one["allowed"] is None else f"; allowed: {allowed_text(one['allowed'])}"
        hint = f" ({one['hint'].rstrip('.')})" if one["hint"] else ""
        note(f"does not fit: {one['field']} {one['message']}{allowed}{hint}")
