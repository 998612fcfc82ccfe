"""Presets and last used values under a request, and where each value was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from civgen.cli.output import note
from civgen.cli.state import state
from civgen.errors import CivgenError, Problem, Where, display_path

if TYPE_CHECKING:
    from civgen.jobs.memory.memory import Memory
    from civgen.jobs.memory.presets import Presets
    from civgen.jobs.platform import Platform
    from civgen.jobs.preview import Preview

#: Keys that each say which ecosystem a request is for: one of them stands for all.
_WHOSE = frozenset({"ecosystem", "baseModel"})


def with_recalled(
    said: Mapping[str, Any], preset: str | None, platform: Platform | None, *, last: bool
) -> dict[str, Any]:
    """A request with a preset, and under that the last used values, for what it does not say itself.

    Raises:
        CivgenError: there is no workspace, no such preset, or a file is damaged.
    """
    request = dict(said)
    if preset is not None:
        request = _with_preset(request, preset)
    if last:
        request = _with_last(request, platform or state().platform())
    return request


def presets() -> Presets:
    """The presets of the workspace.

    Raises:
        InvalidInput: there is none.
    """
    from civgen.jobs.memory.presets import Presets

    workspace = state().workspace
    return Presets(workspace.required / "presets", workspace.state / "presets.lock")


def remember(raw: Mapping[str, Any], done: Preview, platform: Platform) -> None:
    """Keep the values of a request that was submitted, or say why not: the submission stands anyway."""
    from civgen.jobs.memory.recall import remember as kept

    try:
        kept(raw, done.request, platform, _memory())
    except (CivgenError, OSError) as error:
        note(f"The values could not be remembered: {error}")


def placed(error: CivgenError) -> CivgenError:
    """The error with the files in which values were said that nobody gave on the command line."""
    origins = state().said_in
    if origins:
        error.details = tuple(_placed(problem, origins) for problem in error.details)
        if len(error.details) == 1:
            error.where = error.where or error.details[0].where
    return error


def _placed(problem: Problem, origins: Mapping[str, Where]) -> Problem:
    field = problem.field.partition("[")[0].partition(".")[0]
    return problem if problem.where else replace(problem, where=origins.get(field))


def _memory() -> Memory:
    from civgen.jobs.memory.memory import Memory

    return Memory(state().workspace.state)


def _with_preset(request: dict[str, Any], name: str) -> dict[str, Any]:
    preset = presets().read(name)
    covered = request.keys() | (_WHOSE if _WHOSE & request.keys() else set())
    own = {field: value for field, value in preset.request.items() if field not in covered}
    places = {field: (field, 0) if isinstance(value, list) else (field,) for field, value in own.items()}
    state().said_in.update({field: preset.file.where(place) for field, place in places.items()})
    return {**own, **request}


def _with_last(request: dict[str, Any], platform: Platform) -> dict[str, Any]:
    from civgen.jobs.memory.recall import recalled

    memory = _memory()
    found = recalled(request, platform, memory)
    if not found:
        note("Nothing of use was remembered yet; `civgen submit --remember` keeps values.")
    shown = display_path(memory.path)
    state().said_in.update({field: Where(shown, field=field) for field in found})
    return {**found, **request}
