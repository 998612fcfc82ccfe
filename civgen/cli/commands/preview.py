"""`civgen preview`: the body that would be posted."""

from __future__ import annotations

from typing import Any

import typer

from civgen.cli.answers import DATABASE, LINES, answers
from civgen.cli.batch import request_of, run_batch
from civgen.cli.following import suggest_instead
from civgen.cli.options import BatchOption, ContextOptions, RequestOptions, refuse_beside_batch, spread
from civgen.cli.output import emit, note
from civgen.cli.state import state
from civgen.results.error import FailedLine
from civgen.results.form import Body, LinePreviewed

app = typer.Typer()


@app.command()
@answers(Body, LINES, DATABASE, line=LinePreviewed | FailedLine)
@spread
def preview(options: RequestOptions, context: ContextOptions, batch: BatchOption = None) -> None:
    """Show the body that a request would post. Nothing is sent."""
    from civgen.jobs.preview import preview as previewed

    platform = state().platform(context.tier, context.feature)
    currencies = state().environment.currencies
    records = context.records()

    def work(line: dict[str, Any]) -> dict[str, Any]:
        request = request_of(line)
        known = [*records, *(line.get("resources") or [])]
        return previewed(request, platform, known, context.mode, currencies=currencies).as_json()

    refuse_beside_batch(batch, options)
    if batch:
        run_batch(batch, work)
        return
    result = previewed(options.raw(platform), platform, records, context.mode, currencies=currencies)
    for repair in result.repairs:
        note(f"repaired {repair.field}: {repair.given!r} -> {repair.to!r} ({repair.why})")
    for why in result.limits.why:
        note(f"No mature content: {why}.")
    for read in result.request.media.read:
        note(f"read {read}")
    for point in (*result.request.media.waiting, *result.request.media.open):
        note(f"not checked: {point}")
    if result.seed_drawn:
        note("No seed was given: this shows the middle of the range; submit will draw one.")
    suggest_instead("submit", "--dry-run")
    emit(result.body)
