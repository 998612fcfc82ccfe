"""`civgen list`: what there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any

import typer

from civgen.cli.answers import answers
from civgen.cli.output import emit, table
from civgen.cli.state import state
from civgen.errors import InvalidInput, not_found
from civgen.results.catalog import Listing

app = typer.Typer()

Row = dict[str, Any]

#: What is left to `--json` and `civgen show`: a table must fit 80 columns.
_LONG = (
    "workflows",
    "supports",
    "sizes",
    "url",
    "parent",
    "family",
    "ecosystems",
    "note",
    "model_id",
    "coverage",
    "license",
    "form",
    "without_source",
    "with_images",
    "becomes",
)


@app.command("list")
@answers(Listing)
def list_(
    what: Annotated[
        str,
        typer.Argument(help="ecosystems, base-models, engines, versions, licenses, samplers, workflows, …"),
    ] = "ecosystems",
    media: Annotated[str | None, typer.Option(help="Only of this medium: image or video.")] = None,
    family: Annotated[str | None, typer.Option(help="Only of this family, by key.")] = None,
    workflow: Annotated[str | None, typer.Option(help="Only what serves this workflow key.")] = None,
    supports: Annotated[
        str | None, typer.Option(metavar="TYPE", help="Only what takes this model type.")
    ] = None,
    generatable: Annotated[bool, typer.Option("--generatable", help="Only what can generate.")] = False,
) -> None:
    """List what there is of one kind."""
    listings = _listings()
    if what not in listings:
        raise not_found("listing", what, listings)
    wanted: Row = {"media": media, "family": family, "workflows": workflow, "supports": supports}
    wanted |= {"generates": True} if generatable else {}
    everything = list(listings[what]())
    for name, value in wanted.items():
        _refuse_unknown(name, value, everything, what)
    rows = [row for row in everything if all(_has(row, name, value) for name, value in wanted.items())]
    emit(rows, lambda: _draw(rows))


def _refuse_unknown(name: str, value: Any, rows: list[Row], what: str) -> None:
    """Refuse a filter on what its kind does not have, and a value that nothing of its kind has."""
    if value is None or value is True:
        return
    if not any(name in row for row in rows):
        raise InvalidInput(f"{what} cannot be filtered by {name}.", hint=f"They have: {', '.join(rows[0])}.")
    known = {one for row in rows for one in _values(row, name)}
    if value not in known:
        raise not_found(f"value of {name}", value, known)


def _has(row: Row, name: str, value: Any) -> bool:
    return value is None or value in _values(row, name)


def _values(row: Row, name: str) -> list[Any]:
    value = row.get(name)
    return value if isinstance(value, list) else [] if value is None else [value]


def _draw(rows: list[Row]) -> None:
    """A table of what fits a line; long lists are for `--json` and `civgen show`."""
    columns = list(dict.fromkeys(name for row in rows for name in row if name not in _LONG))
    table(columns, ([_cell(row.get(name)) for name in columns] for row in rows))


def _listings() -> dict[str, Callable[[], Iterator[Row]]]:
    """Listings by name: those that need more than one file, and a plain one for every other shelf."""
    catalog = state().catalog
    plain = {name: _plain(shelf) for name, shelf in catalog.shelves.items()}
    return plain | {
        "ecosystems": _ecosystems,
        "base-models": _base_models,
        "versions": _versions,
        "engines": _engines,
    }


def _ecosystems() -> Iterator[Row]:
    for one in state().catalog.all_ecosystems():
        yield {
            "key": one.key,
            "media": sorted({media for base in one.base_models for media in base.makes}),
            "generates": one.engine is not None,
            "description": one.description,
            "family": one.family,
            "parent": one.parent,
            "workflows": one.workflows,
            "supports": one.support.generation,
        }


def _base_models() -> Iterator[Row]:
    for ecosystem in state().catalog.all_ecosystems():
        for one in ecosystem.base_models:
            yield {
                "id": one.id,
                "name": one.name,
                "ecosystem": ecosystem.key,
                "media": one.makes,
                "generates": ecosystem.engine is not None and not one.disabled,
                "hidden": one.hidden,
                "disabled": one.disabled,
                "license": one.license,
                "family": ecosystem.family,
                "workflows": ecosystem.workflows,
                "supports": ecosystem.support.generation,
            }


def _versions() -> Iterator[Row]:
    for ecosystem in state().catalog.all_ecosystems():
        for one in ecosystem.versions:
            yield {
                "id": one.id,
                "label": one.label,
                "ecosystem": ecosystem.key,
                "model_id": one.model_id,
                "default": one.default,
                "workflows": one.served(ecosystem.workflows),
                "coverage": one.coverage,
            }


def _engines() -> Iterator[Row]:
    users: dict[str, list[str]] = {}
    for ecosystem in state().catalog.all_ecosystems():
        for key in state().catalog.engines_of(ecosystem):
            users.setdefault(key, []).append(ecosystem.key)
    for engine in state().platform().engines.values():
        summary = (type(engine).__doc__ or "").strip().partition("\n")[0]
        yield {
            "key": engine.key,
            "media": engine.media,
            "step": engine.step_type,
            "ecosystems": users.get(engine.key, []),
            "description": summary,
        }


def _plain(shelf: Any) -> Callable[[], Iterator[Row]]:
    return lambda: (record.model_dump(exclude_none=True, exclude_defaults=True) for record in shelf.records)


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(map(str, value)) if not value or not isinstance(value[0], dict) else len(value)
    if isinstance(value, dict):
        return " ".join(map(str, value.values()))
    return {True: "yes", False: ""}.get(value, value) if isinstance(value, bool) else value
