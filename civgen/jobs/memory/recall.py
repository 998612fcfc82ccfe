"""A request with the last used values in it, and those of a request kept for the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from civgen.jobs.media.finding import MediaReader
from civgen.jobs.memory.memory import Memory, Values
from civgen.jobs.memory.scopes import (
    ECOSYSTEMS,
    PREFERENCES,
    SHARED,
    WORKFLOWS,
    scope_of,
    secrets_in,
)
from civgen.jobs.platform import Platform
from civgen.jobs.request import Request, read_request

#: Keys that say which ecosystem a request is for.
_WHOSE = ("ecosystem", "baseModel", "engine", "model")


def recalled(raw: Mapping[str, Any], platform: Platform, memory: Memory) -> Values:
    """What was used last, of the fields that a request leaves open and that its form shows.

    A field that does not apply this time is left out, and stays kept. A value that no longer fits is not:
    it is for the form to refuse or repair.

    Raises:
        InvalidFile: the memory was damaged.
        CivgenError: it cannot be told where the request goes, even so.
    """
    kept = memory.read()
    platform = replace(platform, media=MediaReader())  # which fields there are hangs on no medium's content
    found = _route(raw, kept, platform)
    while True:
        request = read_request({**found, **raw}, platform)
        choices = {**dict(_choices(request, kept, platform)), **_route(raw, kept, platform)}
        new = choices.keys() - found.keys() - raw.keys()
        if not new:
            # What a field that was recalled later has made disappear again.
            return {name: value for name, value in found.items() if name in choices}
        found |= {name: choices[name] for name in new}


def remember(raw: Mapping[str, Any], request: Request, platform: Platform, memory: Memory) -> None:
    """Keep the values of a request.

    A field that was left to its default is forgotten, one that did not apply stays as it is. What was
    repaired is kept as it was sent. Media are kept by address, not those with content or keys in them.

    Raises:
        InvalidFile: the memory was damaged.
    """
    repaired = {one.field: request.filled.values.get(one.field) for one in request.filled.repairs}
    said = {**raw, **repaired}

    def change(kept: Values) -> None:
        kept[SHARED]["workflow"] = request.workflow
        if request.ecosystem:
            kept[WORKFLOWS].setdefault(request.workflow, {})["ecosystem"] = request.ecosystem.key
        for name in _open_fields(request):
            slot = _slot(name, request, kept, platform)
            slot.pop(name, None)
            if said.get(name) not in (None, [], {}) and not any(secrets_in(said[name])):
                slot[name] = said[name]

    memory.change(change)


def _route(raw: Mapping[str, Any], kept: Values, platform: Platform) -> Values:
    """The workflow key and the ecosystem used last, as far as a request says neither."""
    catalog, last = platform.catalog, kept[SHARED].get("workflow")
    is_open = not any(raw.get(name) for name in _WHOSE)
    workflow = raw.get("workflow")
    if workflow is None and last in catalog.workflows and (is_open or _offers(raw, last, platform)):
        workflow = last
    route = {"workflow": workflow} if workflow is not None and "workflow" not in raw else {}
    ecosystem = kept[WORKFLOWS].get(workflow, {}).get("ecosystem")
    return route | ({"ecosystem": ecosystem} if is_open and ecosystem in catalog.ecosystems else {})


def _offers(raw: Mapping[str, Any], workflow: str, platform: Platform) -> bool:
    """Whether the ecosystem that a request names takes a workflow key."""
    request = read_request({name: raw[name] for name in _WHOSE if raw.get(name)}, platform)
    return request.ecosystem is not None and workflow in request.ecosystem.workflows


def _choices(request: Request, kept: Values, platform: Platform) -> Iterator[tuple[str, Any]]:
    for name in _open_fields(request):
        slot = _slot(name, request, kept, platform)
        if name in slot:
            yield name, slot[name]


def _open_fields(request: Request) -> Iterator[str]:
    """The fields that are anyone's choice as the form stands."""
    for one in request.filled.outline():
        if not one.get("disabled") and "fixed" not in one:
            yield one["key"]


def _slot(name: str, request: Request, kept: Values, platform: Platform) -> Values:
    scope = scope_of(name, request.workflow)
    if scope in (SHARED, PREFERENCES):
        values: Values = kept[scope]
        return values
    key = request.workflow if scope == WORKFLOWS else _owner(request, platform)
    slot: Values = kept[WORKFLOWS if scope == WORKFLOWS else ECOSYSTEMS].setdefault(key, {})
    return slot


def _owner(request: Request, platform: Platform) -> str:
    """Whose sliders they are: the group's, where the form shows several ecosystems as one, or a tool's."""
    if request.ecosystem is None:
        return request.engine.key
    key = request.ecosystem.key
    return next((one.key for one in platform.catalog.groups.records if key in one.ecosystems), key)
