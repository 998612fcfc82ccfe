"""`civgen price`: what it would cost, by published prices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from civgen.cli.answers import DATABASE, LINES, answers
from civgen.cli.batch import request_of, run_batch
from civgen.cli.following import suggest_request
from civgen.cli.options import BatchOption, ContextOptions, RequestOptions, refuse_beside_batch, spread
from civgen.cli.output import console, emit, note
from civgen.cli.state import state
from civgen.results.error import FailedLine
from civgen.results.form import LinePriced, Prices

if TYPE_CHECKING:
    from civgen.jobs.matrix import Cell
    from civgen.jobs.platform import Platform
    from civgen.jobs.prices import Estimate

app = typer.Typer()

#: Columns of a bar that is as long as they get.
_BAR = 40


@app.command()
@answers(Prices, LINES, DATABASE, line=LinePriced | FailedLine)
@spread
def price(
    options: RequestOptions,
    context: ContextOptions,
    batch: BatchOption = None,
    matrix: Annotated[
        str | None,
        typer.Option(
            metavar="FIELD[=A/B],…",
            help="Price every combination of these fields: of what the form offers, or of the values named. "
            "Besides fields: workflow, ecosystem.",
        ),
    ] = None,
    chart: Annotated[bool, typer.Option("--chart", help="Draw the prices of --matrix as bars.")] = False,
) -> None:
    """Estimate what a request costs, from published prices. Nothing is asked of anybody.

    What has no published price is unknown, never 0. A prompt or medium that is not given is stood in for.

    A line of --batch is {"id", "request"}, or {"id", "step"} with a step of the wire.

    `source` in a step tells width, height, fps and duration of the medium that goes in.
    """
    from civgen.errors import InvalidInput
    from civgen.jobs.lacking import lacking
    from civgen.jobs.prices import estimate_request

    platform = state().platform(context.tier, context.feature)
    refuse_beside_batch(batch, options)
    if chart and not matrix:
        raise InvalidInput("--chart draws the table of --matrix.", hint="Add --matrix FIELD,FIELD.")
    if batch and matrix:
        raise InvalidInput("--matrix varies one request, and cannot go with --batch.")
    if batch:
        records = context.records()
        run_batch(batch, lambda line: _line(line, platform, records, context.mode))
    elif matrix:
        _matrix(options, context, platform, matrix, chart=chart)
    else:
        raw = options.raw(platform)
        found = estimate_request(raw, platform, context.records(), context.mode)
        suggest_request("submit", "--dry-run", lacks=lacking(raw, platform, context.mode))
        emit(found.as_json(), lambda: _show(found))


def _line(line: dict[str, Any], platform: Platform, records: list[Any], mode: Any) -> dict[str, Any]:
    from civgen.jobs.batches.lines import refuse, unknown_keys
    from civgen.jobs.prices import estimate_request, estimate_step

    if "step" in line and "request" not in line:
        refuse(unknown_keys(line, ("id", "step")))
        return estimate_step(line["step"], platform).as_json()
    request = request_of(line)
    known = [*records, *(line.get("resources") or [])]
    return estimate_request(request, platform, known, mode).as_json()


def _matrix(
    options: RequestOptions, context: ContextOptions, platform: Platform, words: str, *, chart: bool
) -> None:
    from civgen.jobs.matrix import axes_of
    from civgen.jobs.matrix import matrix as prices_over

    axes = axes_of(words)
    cells = prices_over(options.raw(platform), axes, platform, context.records(), context.mode)
    names = [axis.name for axis in axes]
    document = {"axes": names, "cells": [cell.as_json() for cell in cells]}
    emit(document, lambda: _draw(names, cells, chart=chart))


def _show(found: Estimate) -> None:
    from rich.text import Text

    out = console()
    whole = found.price
    out.print(
        Text.assemble(("price ", "bold"), (f"{whole.total} Buzz" if whole else "unknown", "bold green"))
    )
    for step in found.steps:
        parts = (
            _parts(step.price.as_json())
            if step.price
            else "no price is published for this, or its medium is not known"
        )
        out.print(Text(f"  {step.name}  {parts}", style="dim"))
    _note_assumed(found.assumed)


def _parts(price: dict[str, Any]) -> str:
    factors = [f"{name} ×{factor:.4g}" for name, factor in price["factors"].items() if factor != 1]
    fixed = [f"{name} +{amount:.4g}" for name, amount in price["fixed"].items()]
    return "  ".join([f"base {price['base']:g}", *factors, *fixed])


def _note_assumed(assumed: Any) -> None:
    if shown := [name for name in assumed if name != "prompt"]:
        note(f"Not given, so stood in for: {', '.join(shown)} (1024x1024 pixels each).")


def _draw(axes: list[str], cells: list[Cell], *, chart: bool) -> None:
    from rich import box
    from rich.table import Table

    columns = len({cell.labels[axes[1]] for cell in cells}) if len(axes) == 2 else 0
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    if chart or not 0 < columns <= 12:
        _flat(drawn, axes, cells, chart=chart)
    else:
        _grid(drawn, axes, cells)
    console().print(drawn)
    _note_assumed(dict.fromkeys(name for cell in cells if cell.estimate for name in cell.estimate.assumed))
    for why in dict.fromkeys(cell.refused for cell in cells if cell.refused):
        note(f"refused: {why}")
    unpriced = dict.fromkeys(name for cell in cells if cell.estimate for name in cell.estimate.unpriced)
    if unpriced:
        note(f"unknown: no price is published for {', '.join(unpriced)}, or not in this combination.")


def _flat(drawn: Any, axes: list[str], cells: list[Cell], *, chart: bool) -> None:
    from rich.bar import Bar

    for name in axes:
        drawn.add_column(name, no_wrap=True)
    drawn.add_column("Buzz", justify="right", no_wrap=True)
    if chart:
        drawn.add_column("", width=_BAR)
    highest = max((cell.total or 0 for cell in cells), default=0) or 1
    for cell in cells:
        bar = [Bar(highest, 0, cell.total or 0, width=_BAR)] if chart else []
        drawn.add_row(*(cell.labels[name] for name in axes), _amount(cell), *bar)


def _grid(drawn: Any, axes: list[str], cells: list[Cell]) -> None:
    rows, columns = (list(dict.fromkeys(cell.labels[name] for cell in cells)) for name in axes)
    amounts = {(cell.labels[axes[0]], cell.labels[axes[1]]): _amount(cell) for cell in cells}
    drawn.add_column(f"{axes[0]} \\ {axes[1]}", no_wrap=True)
    for column in columns:
        drawn.add_column(column, justify="right")
    for row in rows:
        drawn.add_row(row, *(amounts.get((row, column), "–") for column in columns))


def _amount(cell: Cell) -> str:
    if cell.refused:
        return "refused"
    return "unknown" if cell.total is None else str(cell.total)
