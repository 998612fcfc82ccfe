"""`civgen show`: all that is known of one name."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from civgen.cli.output import console, emit
from civgen.cli.state import state
from civgen.errors import NotFound, not_found

app = typer.Typer()


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="Ecosystem, base model, engine, licence, sampler, …")],
) -> None:
    """Show all that is known of a name, whatever it is the name of."""
    found = list(_found(name))
    if not found:
        raise not_found("entry", name, _all_names())
    emit(found[0] if len(found) == 1 else found, lambda: _draw(found))


def _found(name: str) -> Iterator[dict[str, Any]]:
    yield from _ecosystem(name)
    yield from _base_model(name)
    yield from _engine(name)
    for folder, shelf in state().catalog.shelves.items():
        if folder != "ecosystems" and name in shelf:
            entry = shelf[name]
            record = entry.record.model_dump(exclude_none=True)
            yield {"kind": shelf.what, **record, "file": entry.where().file}


def _ecosystem(name: str) -> Iterator[dict[str, Any]]:
    catalog = state().catalog
    if name not in catalog.ecosystems:
        return
    entry = catalog.ecosystems[name]
    ecosystem = catalog.ecosystem(entry.record.key)
    record = ecosystem.model_dump(exclude_none=True, exclude={"form", "versions"})
    lines: dict[str, Any] = {"kind": "ecosystem", **record, "generates": ecosystem.engine is not None}
    lines["versions"] = [
        version.model_dump(exclude_none=True, exclude={"form"}) for version in ecosystem.versions
    ]
    lines["file"] = entry.where().file
    yield lines | ({"overridden by the workspace": entry.overrides} if entry.overrides else {})


def _base_model(name: str) -> Iterator[dict[str, Any]]:
    catalog = state().catalog
    try:
        base, ecosystem = catalog.base_model(name)
    except NotFound:
        return
    record: dict[str, Any] = {"kind": "base model", **base.model_dump(exclude_none=True), "ecosystem": ecosystem.key}
    if base.license:
        record["license"] = catalog.licenses[base.license].record.model_dump(exclude_defaults=True)
    yield record


def _engine(name: str) -> Iterator[dict[str, Any]]:
    engines = state().platform().engines
    if name not in engines:
        return
    engine = engines[name]
    using = [one.key for one in state().catalog.all_ecosystems() if one.engine == engine.key]
    yield {
        "kind": "engine",
        "key": engine.key,
        "media": engine.media,
        "step": engine.step_type,
        "fields": engine.form.keys,
        "ecosystems": using,
        "description": inspect.getdoc(type(engine)),
    }


def _all_names() -> set[str]:
    catalog = state().catalog
    names = {key for shelf in catalog.shelves.values() for key in shelf}
    bases = {base.name for ecosystem in catalog.all_ecosystems() for base in ecosystem.base_models}
    return names | bases | set(state().platform().engines)


def _draw(found: list[dict[str, Any]]) -> None:
    from rich.table import Table
    from rich.text import Text

    for entry in found:
        grid = Table.grid(padding=(0, 2))
        for key, value in entry.items():
            if value not in (None, [], {}, ""):
                grid.add_row(Text(key, style="bold"), _text(value))
        console().print(grid)


def _text(value: Any) -> str:
    if isinstance(value, list):
        flat = not any(isinstance(one, dict) for one in value)
        return ", ".join(map(str, value)) if flat else "\n".join(_text(one) for one in value)
    if isinstance(value, dict):
        return " · ".join(
            f"{key} {_text(part)}" for key, part in value.items() if part not in (None, [], {}, False)
        )
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
