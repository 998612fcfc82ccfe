"""A generation request: from flat JSON to an ecosystem, a workflow key, an engine and a filled form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from civgen.catalog.records import Ecosystem, Workflow
from civgen.engines.base import Engine
from civgen.errors import InvalidInput, Problem, did_you_mean
from civgen.forms.form import Filled, Mode, Repair
from civgen.forms.schema.words import Schema
from civgen.jobs.media.finding import Media
from civgen.jobs.platform import Platform

#: Keys of a request that say where it goes; the rest are fields, and options of the submission.
ROUTE = ("ecosystem", "baseModel", "engine", "workflow")


@dataclass(frozen=True, slots=True)
class Options:
    """Keys of a request that concern the whole submission, under the orchestrator's names."""

    tags: tuple[str, ...] = ()
    externalId: str | None = None  # noqa: N815
    experimental: bool | None = None
    allowMatureContent: bool | Literal["auto"] = False  # noqa: N815
    currencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """A request that was understood.

    Attributes:
        ecosystem: None for a tool, whose workflow key names its engine.
        workflow: the workflow key it will be carried out as.
        filled: the form with its values, problems and repairs.
        problems: what is wrong with the route and the options.
        repairs: what was changed of the route.
        media: what was found out about the media that come along.
    """

    ecosystem: Ecosystem | None
    workflow: str
    engine: Engine
    filled: Filled
    options: Options
    problems: list[Problem] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    media: Media = field(default_factory=Media)


def read_request(raw: Mapping[str, Any], platform: Platform, mode: Mode = Mode.STRICT) -> Request:
    """Understand a request: route it, and fill the form it is routed to.

    Problems are left in the answer, so that those of the resources can join them.

    Raises:
        NotFound: there is no such ecosystem, base model or engine.
        InvalidInput: it cannot be told where the request goes.
    """
    raw, renamed = _modernised(raw) if mode is Mode.REPAIR else (raw, [])
    raw = _checked_route(raw)
    tool = _tool(raw, platform)
    request = _read_for_tool(raw, tool, platform, mode) if tool else _read_for_ecosystem(raw, platform, mode)
    request.repairs.extend(renamed)
    return request


def invalid_request(problems: Sequence[Problem]) -> InvalidInput:
    """One error for all problems of a request."""
    fields = ", ".join(dict.fromkeys(problem.field for problem in problems))
    one = problems[0]
    message = f"{one.field} {one.message}." if len(problems) == 1 else f"{len(problems)} problems: {fields}."
    return InvalidInput(message, hint=one.hint if len(problems) == 1 else None, details=problems)


def _checked_route(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """The request without parts of its route that are null.

    Raises:
        InvalidInput: a part is not text.
    """
    wrong = [name for name in ROUTE if raw.get(name) is not None and not isinstance(raw[name], str)]
    if wrong:
        problems = [Problem(name, "must be text", given=raw[name]) for name in wrong]
        raise InvalidInput(f"{wrong[0]} must be text.", details=problems)
    return {name: value for name, value in raw.items() if value is not None or name not in ROUTE}


def _modernised(raw: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[Repair]]:
    """A request with the one source image that older ones name in the place where images stand now."""
    image = raw.get("sourceImage")
    if not image or raw.get("images"):
        return raw, []
    others = {name: value for name, value in raw.items() if name != "sourceImage"}
    return {**others, "images": [image]}, [Repair("sourceImage", image, None, "images is its name now")]


def _read_for_ecosystem(raw: Mapping[str, Any], platform: Platform, mode: Mode) -> Request:
    ecosystem = _ecosystem(raw, platform)
    moved = _moved(raw, ecosystem, platform, mode)
    _refuse_without_engine(moved)
    workflow, problems, repairs = _workflow(raw, moved, platform, mode, follows=moved is not ecosystem)
    if moved is not ecosystem and mode is Mode.REPAIR:
        why = "follows the model, the workflow key or a field"
        repairs.insert(0, Repair("ecosystem", ecosystem.key, moved.key, why))
    elif moved is not ecosystem:
        problems.append(_not_done(raw["workflow"], ecosystem, f"Ask for ecosystem {moved.key}."))
    ecosystem = moved
    engine = platform.engines[platform.catalog.engine_of(ecosystem, workflow, _id(raw.get("model"))) or ""]
    form, facts = platform.sound_form(ecosystem.key, engine), platform.facts(workflow)
    filled, media = platform.media.fill(form, _fields(raw), facts, mode)
    filled.problems[:] = [_with_reason(problem, platform) for problem in filled.problems]
    _check_engine(raw, engine, problems, repairs, mode)
    options = _options(raw, problems)
    return Request(ecosystem, workflow, engine, filled, options, problems, repairs, media)


def _with_reason(problem: Problem, platform: Platform) -> Problem:
    """A sampler that is not on offer, with what the catalogue has to say against it."""
    samplers = platform.catalog.samplers
    if problem.field != "sampler" or problem.given not in samplers:
        return problem
    return replace(problem, hint=samplers[problem.given].record.note or problem.hint)


def _read_for_tool(raw: Mapping[str, Any], tool: Workflow, platform: Platform, mode: Mode) -> Request:
    why = f"does not apply: {tool.key} needs no ecosystem"
    stray = [name for name in ("ecosystem", "baseModel") if raw.get(name) is not None]
    problems = [Problem(name, why, given=raw[name]) for name in stray if mode is Mode.STRICT]
    repairs = [Repair(name, raw[name], None, why) for name in stray if mode is Mode.REPAIR]
    engine = platform.engines[tool.engine or ""]
    form, facts = platform.sound_tool_form(tool.key, engine), platform.facts(tool.key)
    filled, media = platform.media.fill(form, _fields(raw), facts, mode)
    _check_engine(raw, engine, problems, repairs, mode)
    options = _options(raw, problems)
    return Request(None, tool.key, engine, filled, options, problems, repairs, media)


def _check_engine(
    raw: Mapping[str, Any], engine: Engine, problems: list[Problem], repairs: list[Repair], mode: Mode
) -> None:
    """Note an engine that was asked for, and is not the one for this ecosystem, workflow key and version."""
    asked = raw.get("engine")
    if asked in (None, engine.key):
        return
    message = "does not carry out this workflow key"
    if mode is Mode.REPAIR:
        repairs.append(Repair("engine", asked, engine.key, message))
    else:
        problems.append(Problem("engine", message, given=asked, allowed=[engine.key]))


def _tool(raw: Mapping[str, Any], platform: Platform) -> Workflow | None:
    """The workflow key that carries a request out without an ecosystem, if it names one, or its engine."""
    workflows = platform.catalog.workflows
    if (asked := raw.get("workflow")) is not None:
        return workflows[asked].record if asked in workflows and workflows[asked].record.engine else None
    engine = raw.get("engine")
    return next((one for one in workflows.records if engine and one.engine == engine), None)


def _fields(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the form that a request gives."""
    return {key: value for key, value in raw.items() if key not in ROUTE and key not in Options.__slots__}


def _agreed(ecosystem: Ecosystem, raw: Mapping[str, Any], platform: Platform) -> Ecosystem:
    """The ecosystem asked for, unless a base model beside it belongs to another."""
    name = raw.get("baseModel")
    home = platform.catalog.base_model(name)[1] if isinstance(name, str) else ecosystem
    if home.key != ecosystem.key:
        hint = f"Leave one of them out, or ask for ecosystem {home.key}."
        problem = Problem(
            "baseModel", f"belongs to {home.key}, not to {ecosystem.key}", given=name, hint=hint
        )
        raise InvalidInput(f"The base model {name} belongs to {home.key}.", hint=hint, details=[problem])
    return ecosystem


def _ecosystem(raw: Mapping[str, Any], platform: Platform) -> Ecosystem:
    catalog = platform.catalog
    if isinstance(key := raw.get("ecosystem"), str):
        return _agreed(catalog.ecosystem(key), raw, platform)
    if isinstance(name := raw.get("baseModel"), str):
        return catalog.base_model(name)[1]
    if isinstance(engine := raw.get("engine"), str):
        return _ecosystem_of_engine(platform.engines[engine].key, platform)
    known = catalog.version(_id(raw.get("model")))
    if known:
        return known[1]
    hint = (
        "Name one: --ecosystem SDXL on the command line, ecosystem in a request; `civgen list ecosystems` "
        "shows them all."
    )
    problem = Problem("ecosystem", "is required", given=raw.get("ecosystem"), hint=hint)
    raise InvalidInput("The request does not say which ecosystem it is for.", hint=hint, details=[problem])


def _ecosystem_of_engine(engine: str, platform: Platform) -> Ecosystem:
    ecosystems = platform.catalog.all_ecosystems()
    found = [one for one in ecosystems if engine in platform.catalog.engines_of(one)]
    if len(found) == 1:
        return found[0]
    keys = [one.key for one in found]
    message = f"The engine {engine} serves {len(keys)} ecosystems, so the request must say which."
    hint = (
        f"Add ecosystem: one of {', '.join(keys)}."
        if keys
        else "Add an ecosystem file with `civgen add-base-model`."
    )
    raise InvalidInput(
        message, hint=hint, details=[Problem("ecosystem", "is required", allowed=keys, hint=hint)]
    )


def _moved(raw: Mapping[str, Any], ecosystem: Ecosystem, platform: Platform, mode: Mode) -> Ecosystem:
    """The ecosystem that the platform goes over to: the model's, or a sibling for workflow key or field.

    In strict mode, the sibling by whose form the rest of a request is judged that has the wrong workflow key.
    """
    known = platform.catalog.version(_id(raw.get("model")))
    if known and known[1].key != ecosystem.key:
        return known[1] if known[1].engine and mode is Mode.REPAIR else ecosystem
    asked = str(raw.get("workflow"))
    repair = mode is Mode.REPAIR
    wanted = _normalised(asked, raw, ecosystem, platform) if repair else asked
    sibling = ecosystem.moves.get(wanted)
    if wanted not in ecosystem.workflows and sibling in platform.catalog.ecosystems:
        ecosystem = platform.catalog.ecosystem(sibling or "")
    return _by_field(raw, ecosystem, platform) if repair and not known else ecosystem


def _by_field(raw: Mapping[str, Any], ecosystem: Ecosystem, platform: Platform) -> Ecosystem:
    """The sibling that stands for the value of a field, or the ecosystem itself."""
    for name, siblings in ecosystem.follows.items():
        if sibling := siblings.get(str(raw.get(name))):
            return platform.catalog.ecosystem(sibling)
    return ecosystem


def _refuse_without_engine(ecosystem: Ecosystem) -> None:
    if ecosystem.engine is None:
        message = f"{ecosystem.name} cannot generate: its file names no engine."
        hint = "`civgen list ecosystems` shows those that can."
        raise InvalidInput(
            message, hint=hint, details=[Problem("ecosystem", message, given=ecosystem.key, hint=hint)]
        )


def _id(model: Any) -> int:
    number = model.get("id") if isinstance(model, Mapping) else model
    if isinstance(number, float) and number.is_integer():
        return int(number)
    return number if isinstance(number, int) else 0


def _workflow(
    raw: Mapping[str, Any], ecosystem: Ecosystem, platform: Platform, mode: Mode, *, follows: bool
) -> tuple[str, list[Problem], list[Repair]]:
    """The workflow key to carry out; one that is not offered is a problem, and the first stands in for it.

    Args:
        follows: the ecosystem is not the one asked for; then a variant that it lacks becomes its base.
    """
    offered = ecosystem.workflows
    asked: str = raw.get("workflow", offered[0])
    wanted = _normalised(asked, raw, ecosystem, platform) if mode is Mode.REPAIR else asked
    if mode is Mode.REPAIR and wanted not in offered:
        wanted = ecosystem.moves.get(wanted, wanted)
    if mode is Mode.REPAIR and follows and wanted not in offered:
        wanted = wanted.partition(":")[0]
    if wanted not in offered:
        hint = did_you_mean(str(asked), offered, f"`civgen show {ecosystem.key}` says what it can do.")
        return offered[0], [_not_done(asked, ecosystem, hint)], []
    meant = meant_by(asked, platform)
    if wanted in (asked, meant):
        return meant, [], []
    why = "follows the ecosystem" if follows else "follows the media that came along, or the model"
    return wanted, [], [Repair("workflow", asked, wanted, why)]


def _not_done(asked: Any, ecosystem: Ecosystem, hint: str | None) -> Problem:
    message = f"is not something {ecosystem.name} does"
    return Problem("workflow", message, given=asked, allowed=ecosystem.workflows, hint=hint)


def meant_by(asked: str, platform: Platform) -> str:
    """The workflow key that `asked` is another name for, or itself."""
    workflows = platform.catalog.workflows
    return (workflows[asked].record.becomes if asked in workflows else None) or asked


def _normalised(asked: str, raw: Mapping[str, Any], ecosystem: Ecosystem, platform: Platform) -> str:
    """The workflow key that the platform goes over to, by the media that come along and by the model."""
    if asked not in platform.catalog.workflows:
        return asked
    known = platform.catalog.version(_id(raw.get("model")))
    asked = meant_by(asked, platform)
    asked = known[0].instead.get(asked, asked) if known else asked
    record = platform.catalog.workflows[asked].record
    has_images = bool(raw.get("images"))
    if record.source == "image" and not has_images and record.without_source:
        return record.without_source
    if record.source is None and has_images and record.with_images in ecosystem.workflows:
        return record.with_images
    return asked


_KINDS: dict[str, type] = {
    "tags": list,
    "externalId": str,
    "experimental": bool,
    "allowMatureContent": bool,
    "currencies": list,
}
#: Words that an option takes beside values of its kind.
_WORDS = {"allowMatureContent": "auto"}
_CALLED = {list: "a list of texts", str: "text", bool: "true or false"}


def options_schema() -> dict[str, Schema]:
    """The schema of each option of a submission."""
    named: dict[type, Schema] = {list: {"type": ["array", "null"], "items": {"type": "string"}}}
    named |= {str: {"type": ["string", "null"]}, bool: {"type": ["boolean", "null"]}}
    return {name: _with_word(named[kind], _WORDS.get(name)) for name, kind in _KINDS.items()}


def _with_word(schema: Schema, word: str | None) -> Schema:
    return schema if word is None else {"anyOf": [schema, {"const": word}]}


def _options(raw: Mapping[str, Any], problems: list[Problem]) -> Options:
    said: dict[str, Any] = {}
    for name, kind in _KINDS.items():
        value = raw.get(name)
        if value is None:
            continue
        texts = not isinstance(value, list) or all(isinstance(one, str) for one in value)
        if (isinstance(value, kind) and texts) or value == _WORDS.get(name):
            said[name] = tuple(value) if isinstance(value, list) else value
        else:
            beside = f" or {_WORDS[name]!r}" if name in _WORDS else ""
            problems.append(Problem(name, f"must be {_CALLED[kind]}{beside}", given=value))
    return Options(**said)
