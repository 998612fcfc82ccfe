"""The file of an ecosystem: a new one, tables for one that is there, or words over a built-in one."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from typing import Any

from civgen.catalog.files import BUILT_IN
from civgen.engines.base import Engine
from civgen.scaffold.changes import FileChange, confined, read_text
from civgen.scaffold.conflicts import air_of, label_of
from civgen.scaffold.judge import Addition
from civgen.scaffold.like import copied
from civgen.scaffold.probe import COMMON, visible
from civgen.scaffold.scene import Scene
from civgen.scaffold.tomltext import literal, pairs, with_default, with_tables, with_values

#: The first id of a workspace's own; the platform's are below.
FIRST_ID = 10001
#: Add-ons of open weights that an engine with a field for resources loads.
_ADDONS = ["LORA", "DoRA", "LoCon"]
#: What a file may narrow of a field, by kind.
_NARROWED = {
    "number": ("min", "max", "step", "default"),
    "choice": ("options", "default"),
    "aspectRatio": ("sizes", "options", "default"),
}

#: Properties that each say which options there are.
_LISTS = ("sizes", "options")


def ecosystem_path(key: str) -> str:
    """Where the file of an ecosystem lies in a workspace."""
    return f"ecosystems/{key}.toml"


def ecosystem_answers(addition: Addition, scene: Scene) -> dict[str, Any]:
    """What the template of a new ecosystem asks of its file."""
    answers = addition.answers
    assert addition.engine is not None
    engine = scene.engines[addition.engine]
    like = copied(answers.like, scene.catalog) if answers.like else ""
    supports = not answers.parent and "[support]" not in like
    return {
        "key": answers.ecosystem,
        "identity": pairs(_identity(addition, scene)).rstrip(),
        "generation": pairs(_generation(addition)).rstrip(),
        "base_model": pairs(_base_model(addition, scene)).rstrip(),
        "support": pairs({"generation": _support(engine)}).rstrip() if supports else "",
        "version": pairs(_version(addition, is_first=True, serves=[])).rstrip(),
        "form_hints": [] if "[form" in like else list(_form_hints(addition, engine, scene)),
        "like": f"# As {answers.like} says it.\n{like}" if like else "",
    }


def ecosystem_change(addition: Addition, scene: Scene) -> FileChange | None:
    """What must be added to an ecosystem that there is already; None when nothing must."""
    assert addition.home is not None
    answers, record, path = addition.answers, addition.home.record, addition.home.files[-1].path
    own = not path.is_relative_to(BUILT_IN)
    target = path.relative_to(scene.root).as_posix() if own else ecosystem_path(record.key)
    before = read_text(confined(scene.root, target))
    header = (
        f"# Laid over the built-in ecosystem {record.key}: only what is added stands here.\noverride = true\n"
    )
    text = before if before is not None else header + pairs({"key": record.key})
    after = with_values(text, dict(_generation_lacking(addition, scene, text)))
    if not addition.has_base_model:
        after = with_tables(after, "base_models", [_base_model(addition, scene)])
    if not addition.has_version:
        offered = scene.catalog.ecosystem(record.key).workflows
        serves = [key for key in answers.workflows if offered]
        after = with_tables(after, "versions", [_version(addition, not record.versions, serves)])
    if answers.default:
        after = with_default(after, answers.checkpoint, [one.id for one in record.versions if one.default])
    return FileChange(target, before, after) if after != text else None


def _generation_lacking(addition: Addition, scene: Scene, text: str) -> Iterator[tuple[str, Any]]:
    """What an ecosystem that could not generate needs, now that an engine is named."""
    assert addition.home is not None
    said = scene.catalog.ecosystem(addition.home.record.key)
    if said.engine is None and addition.engine is not None:
        yield "engine", addition.engine
        yield "workflows", list(addition.workflows)
        if not said.support.generation and "support" not in tomllib.loads(text):
            yield "support", {"generation": _support(scene.engines[addition.engine])}


def _identity(addition: Addition, scene: Scene) -> dict[str, Any]:
    answers = addition.answers
    what = f"{addition.media.capitalize()} models that the engine {addition.engine} runs."
    said: dict[str, Any] = {
        "key": answers.ecosystem,
        "id": answers.ecosystem_id or _next_id(one.id for one in scene.catalog.ecosystems.records),
        "name": answers.ecosystem_name or answers.name,
        "description": answers.description or what,
        "family": answers.family,
        "parent": answers.parent,
        "air": None if answers.parent else air_of(answers),
        # Weights that a payload names are weights that the platform's own machines load.
        "self_hosted": True if addition.names_checkpoint else None,
        "model_locked": None if addition.names_checkpoint else True,
    }
    return {name: value for name, value in said.items() if value is not None}


def _are_of_all(addition: Addition) -> bool:
    """Whether options are the new ecosystem's: checkpoints that others bring need them as the first does."""
    return addition.home is None and addition.names_checkpoint


def _generation(addition: Addition) -> dict[str, Any]:
    """How it generates; a child says only what its parent does not."""
    answers = addition.answers
    said: dict[str, Any] = {"engine": addition.engine, "workflows": list(addition.workflows)}
    if answers.parent:
        said = {"engine": answers.engine, "workflows": answers.workflows}
    if _are_of_all(addition):
        said["engine_options"] = answers.engine_options
    return {name: value for name, value in said.items() if value}


def _base_model(addition: Addition, scene: Scene) -> dict[str, Any]:
    answers = addition.answers
    known = (base.id for one in scene.catalog.ecosystems.records for base in one.base_models)
    return {
        "id": answers.id or _next_id(known),
        "name": answers.name,
        "media": addition.media,
        "license": answers.license,
    }


def _version(addition: Addition, is_first: bool, serves: list[str]) -> dict[str, Any]:
    answers, home = addition.answers, addition.home
    first = home.record.base_models[0].name if home and home.record.base_models else answers.name
    said: dict[str, Any] = {
        "id": answers.checkpoint,
        "model_id": answers.model_id,
        "label": label_of(answers),
        "default": is_first,
        "base_model": answers.name if answers.name != first else None,
        "workflows": serves,
        "coverage": answers.coverage or "ecosystem-checkpoint",
        "engine": None if _are_of_all(addition) else answers.engine_options,
    }
    return {name: value for name, value in said.items() if value not in (None, False, [], {})}


def _next_id(known: Iterable[int]) -> int:
    return max(FIRST_ID, *(one + 1 for one in known))


def _support(engine: Engine) -> list[str]:
    """Model types that can be used: add-ons only where the form has a field for them."""
    return ["Checkpoint", *(_ADDONS if "resources" in engine.form else [])]


def _form_hints(addition: Addition, engine: Engine, scene: Scene) -> Iterator[dict[str, Any]]:
    """The fields that an ecosystem may narrow, as they are before it does: as its parent has them."""
    parent, platform = addition.answers.parent, scene.platform()
    form = platform.form(parent, engine) if parent else engine.form
    for field, _ in visible(form, platform, addition.workflows[0]):
        holds = {**field.properties, **_listed(field.key, parent, scene)}
        names = [
            name for name in _NARROWED.get(field.kind, ()) if name != "options" or not holds.get("sizes")
        ]
        said = {name: holds[name] for name in names if holds.get(name) is not None}
        if said and field.key not in COMMON:
            yield {"key": field.key, "lines": [f"{name} = {literal(value)}" for name, value in said.items()]}


def _listed(key: str, parent: str | None, scene: Scene) -> dict[str, Any]:
    """Options as the nearest ancestor writes them that says any: a form has them all spelled out."""
    said: dict[str, Any] = {}
    for entry in scene.catalog.lineage(parent) if parent else ():
        words = entry.record.form[key].properties() if key in entry.record.form else {}
        if not words.keys().isdisjoint(_LISTS):
            said = {name: words.get(name) for name in _LISTS}
    return said
