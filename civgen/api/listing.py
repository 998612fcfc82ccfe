"""What there is of each kind, as rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from civgen.api.reading import Reading
from civgen.errors import InvalidInput, not_found

Row = dict[str, Any]


def rows_of(reading: Reading, what: str, wanted: Mapping[str, Any]) -> list[Row]:
    """The rows of one kind.

    Args:
        what: `ecosystems`, `base-models`, `versions`, `engines`, or a folder of the catalogue.
        wanted: value by column; a column with several values needs to have it among them, and None is any.

    Raises:
        NotFound: there is no such kind, or nothing of it has such a value.
        InvalidInput: a column that the kind does not have.
    """
    listings = kinds(reading)
    if what not in listings:
        raise not_found("listing", what, listings)
    rows = list(listings[what]())
    filters = {name: value for name, value in wanted.items() if value is not None}
    for name, value in filters.items():
        _refuse_unknown(name, value, rows, what)
    return [row for row in rows if all(value in _values(row, name) for name, value in filters.items())]


def kinds(reading: Reading) -> dict[str, Callable[[], Iterator[Row]]]:
    """Listings by name: those that need more than one file, and a plain one for every other folder."""
    plain = {name: _plain(shelf) for name, shelf in reading.catalog.shelves.items()}
    return plain | {
        "ecosystems": lambda: _ecosystems(reading),
        "base-models": lambda: _base_models(reading),
        "versions": lambda: _versions(reading),
        "engines": lambda: _engines(reading),
    }


def _refuse_unknown(name: str, value: Any, rows: list[Row], what: str) -> None:
    """Refuse a filter on what a kind does not have, and a value that nothing of the kind has."""
    if rows and not any(name in row for row in rows):
        raise InvalidInput(f"{what} cannot be filtered by {name}.", hint=f"They have: {', '.join(rows[0])}.")
    known = {one for row in rows for one in _values(row, name)}
    if value is not True and value not in known:
        raise not_found(f"value of {name}", value, known)


def _values(row: Row, name: str) -> list[Any]:
    value = row.get(name)
    return value if isinstance(value, list) else [] if value is None else [value]


def _ecosystems(reading: Reading) -> Iterator[Row]:
    for one in reading.catalog.all_ecosystems():
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


def _base_models(reading: Reading) -> Iterator[Row]:
    for ecosystem in reading.catalog.all_ecosystems():
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


def _versions(reading: Reading) -> Iterator[Row]:
    for ecosystem in reading.catalog.all_ecosystems():
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


def _engines(reading: Reading) -> Iterator[Row]:
    users: dict[str, list[str]] = {}
    for ecosystem in reading.catalog.all_ecosystems():
        for key in reading.catalog.engines_of(ecosystem):
            users.setdefault(key, []).append(ecosystem.key)
    for engine in reading.engines.values():
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
