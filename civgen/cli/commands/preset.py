"""`civgen preset`: requests, or parts of them, under a name."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer

from civgen.cli.again import command
from civgen.cli.answers import CONSENT, answers
from civgen.cli.following import suggest
from civgen.cli.options import RequestOptions, spread
from civgen.cli.output import card, confirm, emit, note, table
from civgen.cli.recalling import presets
from civgen.cli.state import state
from civgen.errors import CivgenError, Problem, display_path
from civgen.results.preset import OnePreset, Preset, PresetGone

if TYPE_CHECKING:
    from civgen.jobs.platform import Platform

app = typer.Typer(
    no_args_is_help=True,
    help="Keep requests, or parts of them, under a name: a TOML file each, in the workspace's presets/.\n\n"
    "--preset NAME then starts from one. What is said on the command line comes first, then a request file, "
    "then the preset, then what was used last (--from-last), then the form's defaults.",
)

NameArgument = Annotated[str, typer.Argument(help="Name of the preset.", show_default=False)]


@app.command()
@answers(OnePreset, workspace=True)
@spread
def save(
    name: NameArgument,
    options: RequestOptions,
    tier: Annotated[
        str | None, typer.Option(help="Membership tier whose limits apply, by default the environment's.")
    ] = None,
    feature: Annotated[
        list[str] | None, typer.Option(help="Feature switch that is on; may be repeated.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace the one of that name.")] = False,
) -> None:
    """Save the request that the options give. Values that do not fit are refused."""
    from civgen.jobs.memory.presets import name_problems
    from civgen.jobs.request import invalid_request

    platform = state().platform(tier, feature)
    raw = options.raw(platform)
    if problems := [*name_problems(name), *_unfit(raw, platform)]:
        raise invalid_request(problems)
    path = presets().save(name, raw, replace=replace)
    shown = display_path(path)
    _lead_on(name, raw, platform)
    emit({"name": name, "file": shown, "request": raw}, lambda: note(f"Saved {shown}."))


@app.command("list")
@answers(list[Preset], workspace=True)
def list_() -> None:
    """List the presets of the workspace."""
    found = [_listed(name) for name in presets().names()]
    columns = ("preset", "ecosystem", "workflow", "says")
    emit(found, lambda: table(columns, map(_row, found)) if found else note("There are no presets yet."))


@app.command()
@answers(OnePreset, workspace=True)
def show(name: NameArgument) -> None:
    """Show what a preset says."""
    preset = presets().read(name)
    shown = {"name": name, "file": display_path(preset.file.path), "request": preset.request}
    _lead_on(name, preset.request, state().platform())
    emit(shown, lambda: card({"preset": name, "file": shown["file"], **preset.request}))


@app.command()
@answers(PresetGone, CONSENT, workspace=True)
def delete(
    name: NameArgument,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Consent without being asked.")] = False,
) -> None:
    """Delete a preset."""
    presets().read(name)
    if not yes:
        confirm(f"Delete the preset {name}?")
    path = display_path(presets().delete(name))
    emit({"deleted": name, "file": path}, lambda: note(f"Deleted {path}."))


def _lead_on(name: str, raw: Mapping[str, Any], platform: Platform) -> None:
    """Say how to look at what a preset makes, with what it leaves open; not where it fits no form."""
    from civgen.jobs.lacking import as_options, lacking

    with suppress(CivgenError):
        suggest(command("preview", "--preset", name, *as_options(lacking(raw, platform))))


def _unfit(raw: Mapping[str, Any], platform: Platform) -> list[Problem]:
    """What is wrong with the values that are given; those that are missing may come with the request."""
    from civgen.jobs.request import read_request

    if not any(raw.get(name) for name in ("ecosystem", "baseModel", "model", "engine", "workflow")):
        note("It names no ecosystem: whether its values fit is seen when it is used.")
        return []
    request = read_request(raw, platform)
    problems = [*request.problems, *request.filled.problems]
    return [one for one in problems if one.field.partition("[")[0].partition(".")[0] in raw]


def _listed(name: str) -> dict[str, Any]:
    path = f"presets/{name}.toml"
    try:
        preset = presets().read(name)
    except CivgenError as error:
        return {"name": name, "file": path, "problem": error.message}
    return {"name": name, "file": display_path(preset.file.path), "request": preset.request}


def _row(one: Mapping[str, Any]) -> tuple[Any, ...]:
    said = one.get("request", {})
    others = [key for key in said if key not in ("ecosystem", "baseModel", "workflow")]
    ecosystem = said.get("ecosystem") or said.get("baseModel")
    return one["name"], ecosystem, said.get("workflow"), one.get("problem") or ", ".join(others)
