"""`civgen show`: all that is known of one name."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from civgen.cli.again import command
from civgen.cli.answers import answers
from civgen.cli.following import suggest
from civgen.cli.output import card, emit
from civgen.cli.state import state
from civgen.errors import not_found
from civgen.results.catalog import Named

if TYPE_CHECKING:
    from civgen.catalog.records import Ecosystem, Version

app = typer.Typer()


@app.command()
@answers(Named)
def show(
    name: Annotated[str, typer.Argument(help="Ecosystem, base model, engine, licence, sampler, …")],
) -> None:
    """Show all that is known of a name, whatever it is the name of."""
    found = list(_found(name))
    if not found:
        raise not_found("entry", name, _all_names())
    forms = [one["key"] for one in found if one["kind"] == "ecosystem" and one["generates"]]
    suggest(*(command("form", "show", "-e", key) for key in forms[:1]))
    emit(found[0] if len(found) == 1 else found, lambda: card(*found))


def _found(name: str) -> Iterator[dict[str, Any]]:
    yield from _version(name)
    yield from _ecosystem(name)
    yield from _base_model(name)
    yield from _engine(name)
    for folder, shelf in state().catalog.shelves.items():
        key = _like(name, shelf)
        if folder != "ecosystems" and key is not None:
            entry = shelf[key]
            record = entry.record.model_dump(exclude_none=True)
            yield {"kind": shelf.what, **record, "file": entry.where().file}


def _like(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` is, however it is spelled."""
    from civgen.catalog.names import plain

    wanted = plain(name)
    return next((one for one in known if plain(one) == wanted), None)


def _version(name: str) -> Iterator[dict[str, Any]]:
    catalog = state().catalog
    number = name.rpartition("@")[2] if ":" in name else name
    found = catalog.version(int(number)) if number.isdecimal() else None
    if found is None:
        return
    version, ecosystem = found
    base_model = catalog.base_model_of(version, ecosystem)
    record = version.model_dump(exclude_none=True) | {"workflows": version.served(ecosystem.workflows)}
    yield {"kind": "version", **record, "ecosystem": ecosystem.key, "base_model": base_model}


def _ecosystem(name: str) -> Iterator[dict[str, Any]]:
    catalog = state().catalog
    known = {
        alias: one.key for one in catalog.ecosystems.records for alias in (one.key, one.name, *one.aliases)
    }
    key = _like(name, known)
    if key is None:
        return
    entry = catalog.ecosystems[known[key]]
    ecosystem = catalog.ecosystem(entry.record.key)
    record = ecosystem.model_dump(exclude_none=True, exclude={"form", "versions"})
    lines: dict[str, Any] = {"kind": "ecosystem", **record, "generates": ecosystem.engine is not None}
    lines["versions"] = [_version_of(ecosystem, version) for version in ecosystem.versions]
    lines |= _retirement(catalog.engines_of(ecosystem))
    lines["file"] = entry.where().file
    yield lines | ({"overridden by the workspace": entry.overrides} if entry.overrides else {})


def _version_of(ecosystem: Ecosystem, version: Version) -> dict[str, Any]:
    """A version as it is declared, with the workflow keys that it serves."""
    record = version.model_dump(exclude_none=True, exclude={"form"})
    return record | {"workflows": version.served(ecosystem.workflows)}


def _retirement(keys: Iterable[str]) -> dict[str, Any]:
    """Since when the platform does without the engines, if it does without all of them."""
    engines = state().platform().engines
    known = [engines[key].retirement for key in keys if key in engines]
    gone = [one for one in known if one is not None]
    return {"retired": gone[0].as_json()} if gone and len(gone) == len(known) else {}


def _base_model(name: str) -> Iterator[dict[str, Any]]:
    catalog = state().catalog
    known = {base.name for one in catalog.ecosystems.records for base in one.base_models}
    key = _like(name, known)
    if key is None:
        return
    base, ecosystem = catalog.base_model(key)
    record: dict[str, Any] = {
        "kind": "base model",
        **base.model_dump(exclude_none=True),
        "ecosystem": ecosystem.key,
    }
    if base.license:
        record["license"] = catalog.licenses[base.license].record.model_dump(exclude_defaults=True)
    yield record


def _engine(name: str) -> Iterator[dict[str, Any]]:
    engines = state().platform().engines
    if name not in engines:
        return
    engine = engines[name]
    catalog = state().catalog
    using = [one.key for one in catalog.all_ecosystems() if engine.key in catalog.engines_of(one)]
    yield {
        "kind": "engine",
        "key": engine.key,
        "media": engine.media,
        "step": engine.step_type,
        "fields": engine.form.keys,
        "ecosystems": using,
        **_retirement([engine.key]),
        "description": inspect.getdoc(type(engine)),
    }


def _all_names() -> set[str]:
    catalog = state().catalog
    names = {key for shelf in catalog.shelves.values() for key in shelf}
    bases = {base.name for ecosystem in catalog.all_ecosystems() for base in ecosystem.base_models}
    return names | bases | set(state().platform().engines)
