"""`civgen form`: what a person may fill in."""

from __future__ import annotations

from typing import Any

import typer

from civgen.cli.batch import request_of, run_batch
from civgen.cli.form_page import preview
from civgen.cli.options import BatchOption, ContextOptions, RequestOptions, refuse_beside_batch, spread
from civgen.cli.output import emit, note, table
from civgen.cli.state import state

app = typer.Typer(no_args_is_help=True, help="Show a form, or check a request against it.")
app.command()(preview)


@app.command()
@spread
def show(options: RequestOptions, context: ContextOptions, batch: BatchOption = None) -> None:
    """Show the form of an ecosystem, as it stands for the given workflow key, version and values."""
    platform = state().platform(context.tier, context.feature)

    def work(line: dict[str, Any]) -> dict[str, Any]:
        from civgen.jobs.forms import show_form

        return show_form(request_of(line), platform)

    refuse_beside_batch(batch, options)
    if batch:
        run_batch(batch, work)
        return
    shown = work({"request": options.raw()})
    emit(shown, lambda: _draw(shown))


@app.command()
@spread
def validate(options: RequestOptions, context: ContextOptions, batch: BatchOption = None) -> None:
    """Check a request against its form and its resources, listing every problem."""
    from civgen.jobs.forms import validate_form

    platform = state().platform(context.tier, context.feature)
    records = context.records()

    def work(line: dict[str, Any]) -> dict[str, Any]:
        return validate_form(
            request_of(line), platform, [*records, *(line.get("resources") or [])], context.mode
        )

    refuse_beside_batch(batch, options)
    if batch:
        run_batch(batch, work)
        return
    result = work({"request": options.raw()})
    for repair in result["repairs"]:
        note(f"repaired {repair['field']}: {repair['from']!r} -> {repair['to']!r} ({repair['why']})")
    emit(result, lambda: table(("field", "value"), result["values"].items(), title="Valid. The values:"))


def _draw(shown: dict[str, Any]) -> None:
    version = shown["version"] and f"version {shown['version']}"
    named = (shown["ecosystem"], shown["workflow"], f"engine {shown['engine']}", version)
    title = " · ".join(one for one in named if one)
    rows = [(one["key"], one["kind"], _default(one), _range(one), _flags(one)) for one in shown["fields"]]
    table(("field", "kind", "default", "range or options", ""), rows, title=title)


def _default(field: dict[str, Any]) -> Any:
    default = field.get("fixed", field.get("default"))
    return default.get("value", default.get("id")) if isinstance(default, dict) else default


def _range(field: dict[str, Any]) -> str:
    unit = f" {field['unit']}" if field.get("unit") else ""
    if "options" in field:
        return ", ".join(str(option["value"]) + _pixels(option) for option in field["options"]) + unit
    if "min" in field and "max" in field:
        step = f" in steps of {field['step']}" if field.get("step") not in (None, 1) else ""
        return f"{field['min']} to {field['max']}{unit}{step}"
    return f"up to {field['limit']}" if "limit" in field else ""


def _pixels(option: dict[str, Any]) -> str:
    return f" ({option['width']}x{option['height']})" if "width" in option else ""


def _flags(field: dict[str, Any]) -> str:
    flags = [name for name in ("required", "disabled") if field.get(name)]
    return ", ".join([*flags, *([field["why"]] if field.get("why") else [])])
