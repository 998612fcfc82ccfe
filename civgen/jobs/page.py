"""The form of an ecosystem as a page: its forms as data, and the payload as found by trying the pipeline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from civgen.air import TYPE_SEGMENTS, model_version_air
from civgen.catalog.records import Ecosystem, Workflow
from civgen.engines.base import Resource, Resources
from civgen.errors import InvalidInput, Problem
from civgen.forms.page import fields_as_data, render_page
from civgen.jobs.platform import Platform
from civgen.jobs.preview import middle_seed
from civgen.jobs.probing.draws import Lot
from civgen.jobs.probing.facts import plain
from civgen.jobs.probing.nodes import Node, complete
from civgen.jobs.probing.pipeline import Pipeline
from civgen.jobs.probing.probe import Course, derive
from civgen.jobs.request import Options, invalid_request, read_request
from civgen.jobs.resources import Finder, Record

#: Number of the first made-up resource; no model version has one as high.
_MADE_UP = 2_000_000_000
#: How many resources of a type are made up: more than any tier allows in one request.
_OF_A_TYPE = 16
#: How many are tried of what is named alone.
_A_FEW = 3
#: Types that are named in fields of their own.
_ALONE = {"VAE": "vae", "Upscaler": "upscaler"}


@dataclass(frozen=True)
class Page:
    """A page, and how far its payload can be trusted.

    Attributes:
        ecosystem: its key.
        exact: whether payload and price are known for every workflow key, version and value.
        unsure: workflow keys and engines for which a part is not, and that only the pipeline tells.
    """

    ecosystem: str
    html: str
    exact: bool
    unsure: list[str]


def form_page(
    raw: Mapping[str, Any],
    platform: Platform,
    records: Sequence[Record] = (),
    currencies: Sequence[str] = ("yellow",),
) -> Page:
    """The page of the ecosystem that a request asks for; it opens with the request's values.

    Raises:
        InvalidInput: the request asks for a tool, or for a workflow key that the ecosystem does not offer.
    """
    request = read_request(raw, platform)
    ecosystem = request.ecosystem
    if ecosystem is None:
        message = f"{request.workflow} is a tool; a page shows the form of an ecosystem"
        raise InvalidInput(f"{message}.", details=[Problem("workflow", message, given=request.workflow)])
    if problems := [one for one in request.problems if one.field == "workflow"]:
        raise invalid_request(problems)
    options = {name: raw[name] for name in Options.__slots__ if raw.get(name) is not None}
    supplies = [*_supplies(ecosystem), *records]
    versions = frozenset(version.id for version in ecosystem.versions)
    pipeline = Pipeline(platform, ecosystem.key, supplies, versions, currencies, options)
    courses = dict(_courses(ecosystem, pipeline))
    payload = {name: _derived(course, ecosystem) for name, course in courses.items()}
    unsure = [name for name, node in payload.items() if not complete(node)]
    start = {**raw, "ecosystem": ecosystem.key, "workflow": raw.get("workflow", request.workflow)}
    described = _description(ecosystem, platform, records)
    described |= {"payload": payload, "start": start, "options": options}
    return Page(ecosystem.key, render_page(plain(described)), not unsure, unsure)


def _description(ecosystem: Ecosystem, platform: Platform, records: Sequence[Record]) -> dict[str, Any]:
    catalog = platform.catalog
    finder = Finder(platform, records, [])
    facts = platform.facts("")
    return {
        "ecosystem": {name: getattr(ecosystem, name) for name in ("key", "name", "description", "air")},
        "workflows": [
            _workflow(catalog.workflows[key].record, ecosystem, platform) for key in ecosystem.workflows
        ],
        "engines": {
            key: fields_as_data(platform.form(ecosystem.key, platform.engines[key]))
            for key in catalog.engines_of(ecosystem)
        },
        "versions": {
            str(one.id): {"type": one.type, "air": finder.air(one.id) or ""} for one in ecosystem.versions
        },
        "resources": [_known(one, finder, ecosystem, platform) for one in records],
        "types": {segment: _type(name) for name, segment in TYPE_SEGMENTS.items()},
        "facts": {**{name: facts[name] for name in ("tier", "limits")}, "feature": sorted(facts["feature"])},
        "seed": middle_seed(),
    }


def _workflow(record: Workflow, ecosystem: Ecosystem, platform: Platform) -> dict[str, Any]:
    """A workflow key, what it means, and the engine of each version that serves it; under 0, of others."""
    means = record.becomes or record.key
    ids = [0, *(version.id for version in ecosystem.versions if version.serves(means))]
    engines = {str(one): platform.catalog.engine_of(ecosystem, means, one) for one in ids}
    said = {name: getattr(record, name) for name in ("key", "label", "description", "output")}
    return {**said, "means": means, "engines": engines}


def _type(name: str) -> dict[str, Any]:
    """A type of resource, and whether engines load it like a LoRA."""
    return {"type": name, "lora": bool(Resources(addons=(Resource(1, name, ""),)).loras)}


def _known(record: Record, finder: Finder, ecosystem: Ecosystem, platform: Platform) -> dict[str, Any]:
    """A resource that the page may name by its number, with the reason if it does not fit."""
    catalog, model_type = platform.catalog, record.get("type") or "LORA"
    home = catalog.ecosystem_of(record.get("baseModel"))
    fits = catalog.compatibility(ecosystem.key, home, model_type) if home else None
    said = {"id": record["id"], "type": model_type, "air": finder.air(record["id"], model_type) or ""}
    name = record.get("name") or record.get("modelName")
    return (
        said
        | {name: record[name] for name in ("baseModel",) if record.get(name)}
        | ({"label": name} if name else {})
        | ({"unfit": fits.why} if fits and fits.level == "none" else {})
        | ({"home": home} if home else {})
    )


def _courses(ecosystem: Ecosystem, pipeline: Pipeline) -> Iterator[tuple[str, Course]]:
    """Every workflow key with every engine that carries it out, and the versions for which it does."""
    platform = pipeline.platform
    catalog = platform.catalog
    own = [] if ecosystem.model_locked else [_MADE_UP, _MADE_UP + 1]
    for key in ecosystem.workflows:
        means = catalog.workflows[key].record.becomes or key
        if means != key and means in ecosystem.workflows:
            continue
        serving: dict[str, list[int]] = {}
        for one in (*(version.id for version in ecosystem.versions if version.serves(means)), *own):
            serving.setdefault(catalog.engine_of(ecosystem, means, one) or "", []).append(one)
        for engine, checkpoints in serving.items():
            form = platform.form(ecosystem.key, platform.engines[engine])
            chosen = checkpoints if "model" in form else [None]
            yield f"{means} {engine}", Course(pipeline, means, form, platform.facts(means), chosen)


def _derived(course: Course, ecosystem: Ecosystem) -> Node:
    """The payload of one course; found with the same lot each time, so that a page stays the same."""
    made_up = [one for one in course.pipeline.records if one["id"] >= _MADE_UP]
    by_type: dict[str, list[int]] = {}
    for one in made_up:
        by_type.setdefault(one["type"], []).append(one["id"])
    single = {_ALONE[kind]: ids[:_A_FEW] for kind, ids in by_type.items() if kind in _ALONE}
    addons = [ids for kind, ids in by_type.items() if kind not in (*_ALONE, "Checkpoint")]
    return derive(course, Lot(Random(f"{ecosystem.key} {course.workflow}"), addons, single))


def _supplies(ecosystem: Ecosystem) -> Iterator[dict[str, Any]]:
    """Made-up resources: two checkpoints first, then several of every type that the ecosystem takes."""
    types = [one for one in ecosystem.support.generation if one != "Checkpoint"]
    for number, kind in enumerate(
        ["Checkpoint", "Checkpoint", *(one for one in types for _ in range(_OF_A_TYPE))]
    ):
        air = model_version_air(ecosystem.air or "other", kind, _MADE_UP, _MADE_UP + number)
        base = ecosystem.base_models[0].name if ecosystem.base_models else None
        yield {"id": _MADE_UP + number, "type": kind, "air": air, "baseModel": base}
