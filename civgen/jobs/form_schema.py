"""The JSON Schema of requests: the forms of an ecosystem, joined over workflow keys and versions.

It takes what strict takes, but for what no schema can tell; `GAPS` names that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from civgen.catalog.records import Ecosystem
from civgen.engines.base import Engine
from civgen.errors import InvalidInput, Problem, did_you_mean, not_found
from civgen.forms.conditions import Facts
from civgen.forms.field import Field
from civgen.forms.form import Form
from civgen.forms.kinds.media import Images, needs_size, sized
from civgen.forms.schema.form import form_schema
from civgen.forms.schema.words import DIALECT, NULL, Schema, all_of, any_of, has, lacks, one_of_values
from civgen.jobs.platform import Platform
from civgen.jobs.request import ROUTE, meant_by, options_schema

#: What strict judges by more than the request says, or by arithmetic: by name, for those who compare the two.
GAPS = {
    "resources": "whether resources exist and fit the checkpoint, which the catalogue and the database know",
    "follows": "which ratio follows an image: the schema takes any of them, strict takes that one",
    "spelling": "an ecosystem in other letters than its key's, which strict takes in upper and lower case",
    "media": "files of this machine, and what data URLs hold, which are read; on the command line also sizes",
    "unnamed": "requests that name neither ecosystem nor base model, where engine or model tell it",
}

#: Of a medium: the addresses that are taken, in any case of letters.
_ADDRESS = r"^(?:[hH][tT][tT][pP][sS]?://|[uU][rR][nN]:[aA][iI][rR]:|[dD][aA][tT][aA]:)"
_ADDRESSED: Schema = {"pattern": _ADDRESS, "properties": {"url": {"pattern": _ADDRESS}}}


def request_schema(
    platform: Platform, ecosystem: str, workflow: str | None = None, version: int | None = None
) -> Schema:
    """The schema of requests for an ecosystem.

    Args:
        workflow: only requests for this workflow key; by default for all it offers.
        version: only requests for this model version.

    Raises:
        NotFound: there is no such ecosystem, or it is locked and has no such version.
        InvalidInput: it cannot generate, or does not offer the workflow key.
    """
    record = platform.catalog.ecosystem(ecosystem)
    chosen = _chosen(record, workflow)
    _check_version(record, version)
    bases: list[Any] = [base.name for base in record.base_models]
    named: dict[str, Schema] = {
        "ecosystem": one_of_values([record.key, None]),
        "baseModel": one_of_values([*bases, None]),
        "workflow": one_of_values([*chosen, *([None] if record.workflows[0] in chosen else [])]),
    }
    says = any_of([has("ecosystem", {"type": "string"}), has("baseModel", {"type": "string"})])
    rules = [says, *([] if record.workflows[0] in chosen else [{"required": ["workflow"]}])]
    rules += [] if version is None else [has("model", _of_version([version]))]
    definitions: dict[str, Schema] = {}
    for key in chosen:
        for engine, holds in _engines(platform, record, key):
            name = f"{key} by {engine.key}"
            form = platform.form(record.key, engine)
            definitions[name] = _of_form(form, engine, platform.facts(meant_by(key, platform)))
            asked = has("workflow", one_of_values([key]))
            asked = any_of([asked, lacks("workflow", NULL)]) if key == record.workflows[0] else asked
            rules.append({"if": all_of([asked, holds]), "then": {"$ref": f"#/$defs/{_escaped(name)}"}})
    return _document(record.name, named, rules, definitions)


def tool_schema(platform: Platform, workflow: str) -> Schema:
    """The schema of requests for a tool: a workflow key that needs no ecosystem.

    Raises:
        NotFound: there is no such workflow key.
        InvalidInput: it needs an ecosystem.
    """
    tool = platform.catalog.workflows[workflow].record
    if tool.engine is None:
        hint = "Add --ecosystem; `civgen list ecosystems` shows them all."
        problem = Problem("ecosystem", "is required", hint=hint)
        raise InvalidInput(f"{tool.key} needs an ecosystem.", hint=hint, details=[problem])
    engine = platform.engines[tool.engine]
    named = {"workflow": one_of_values([tool.key]), "ecosystem": NULL, "baseModel": NULL}
    form = platform.tool_form(tool.key, engine)
    definition = _of_form(form, engine, platform.facts(tool.key))
    return _document(
        tool.label, named, [{"required": ["workflow"]}, {"$ref": "#/$defs/form"}], {"form": definition}
    )


def _document(
    name: str, named: dict[str, Schema], rules: Sequence[Schema], definitions: dict[str, Schema]
) -> Schema:
    gaps = "; ".join(f"{key}: {what}" for key, what in GAPS.items())
    return {
        "$schema": DIALECT,
        "title": f"Request for {name}",
        "description": f"What civgen takes in strict mode. Not said here: {gaps}.",
        "type": "object",
        "properties": {**named, **options_schema()},
        "allOf": list(rules),
        "$defs": definitions,
    }


def _chosen(record: Ecosystem, workflow: str | None) -> list[str]:
    if record.engine is None:
        message = f"{record.name} cannot generate: its file names no engine."
        raise InvalidInput(message, hint="`civgen list ecosystems` shows those that can.")
    if workflow is None:
        return record.workflows
    if workflow not in record.workflows:
        hint = did_you_mean(workflow, record.workflows, f"`civgen show {record.key}` says what it can do.")
        message = f"is not something {record.name} does"
        problem = Problem("workflow", message, given=workflow, allowed=record.workflows, hint=hint)
        raise InvalidInput(f"workflow {message}.", hint=hint, details=[problem])
    return [workflow]


def _check_version(record: Ecosystem, version: int | None) -> None:
    known = [str(one.id) for one in record.versions]
    if version is not None and record.model_locked and str(version) not in known:
        raise not_found(f"version of {record.key}", str(version), known)


def _engines(platform: Platform, record: Ecosystem, workflow: str) -> Iterator[tuple[Engine, Schema]]:
    """The engines for a workflow key, each with the requests that go to it."""
    meant = meant_by(workflow, platform)
    usual = platform.catalog.engine_of(record, meant) or ""
    others: dict[str, list[int]] = {}
    for version in record.versions:
        engine = platform.catalog.engine_of(record, meant, version.id) or ""
        if engine != usual:
            others.setdefault(engine, []).append(version.id)
    special = [has("model", _of_version(ids)) for ids in others.values()]
    yield platform.engines[usual], {"not": any_of(special)} if special else {}
    for engine, holds in zip(others, special, strict=True):
        yield platform.engines[engine], holds


def _of_version(ids: Sequence[int]) -> Schema:
    listed = one_of_values(ids)
    return any_of([listed, has("id", listed) | {"type": "object"}])


def _of_form(form: Form, engine: Engine, facts: Facts) -> Schema:
    """The schema of one form, with all that may stand beside its fields."""

    def media(one: Field, shown: Mapping[str, Any]) -> Schema:
        """Media lie at addresses, and tell their size where it is needed."""
        addressed = {"properties": {one.key: one.media_schema(_ADDRESSED)}} if one.holds_media else {}
        needed = [(key, every) for key, every in needs_size(one, shown) if isinstance(form[key], Images)]
        return all_of([addressed, *(sized(key, every=every) for key, every in needed)])

    schema = form_schema(form, facts, [*ROUTE, *options_schema()], media)
    schema["properties"]["engine"] = one_of_values([engine.key, None])
    return schema


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1").replace(" ", "%20")
