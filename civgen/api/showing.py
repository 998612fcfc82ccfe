"""All that is known of a name, whatever it is the name of."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from civgen.api.reading import Reading
from civgen.catalog.names import plain
from civgen.errors import not_found

if TYPE_CHECKING:
    from civgen.catalog.records import Ecosystem, Version

Entry = dict[str, Any]


def entries_of(reading: Reading, name: str) -> list[Entry]:
    """Every record of that name in any spelling, each with its `kind`; a version is named by its number.

    Raises:
        NotFound: with the closest known name as a hint.
    """
    found = list(_found(reading, name))
    if not found:
        raise not_found("entry", name, _all_names(reading))
    return found


def _found(reading: Reading, name: str) -> Iterator[Entry]:
    yield from _version(reading, name)
    yield from _ecosystem(reading, name)
    yield from _base_model(reading, name)
    yield from _engine(reading, name)
    for folder, shelf in reading.catalog.shelves.items():
        key = _like(name, shelf)
        if folder != "ecosystems" and key is not None:
            entry = shelf[key]
            record = entry.record.model_dump(exclude_none=True)
            yield {"kind": shelf.what, **record, "file": entry.where().file}


def _like(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` is, however it is spelled."""
    wanted = plain(name)
    return next((one for one in known if plain(one) == wanted), None)


def _version(reading: Reading, name: str) -> Iterator[Entry]:
    catalog = reading.catalog
    number = name.rpartition("@")[2] if ":" in name else name
    found = catalog.version(int(number)) if number.isdecimal() else None
    if found is None:
        return
    version, ecosystem = found
    base_model = catalog.base_model_of(version, ecosystem)
    record = version.model_dump(exclude_none=True) | {"workflows": version.served(ecosystem.workflows)}
    yield {"kind": "version", **record, "ecosystem": ecosystem.key, "base_model": base_model}


def _ecosystem(reading: Reading, name: str) -> Iterator[Entry]:
    catalog = reading.catalog
    known = {
        alias: one.key for one in catalog.ecosystems.records for alias in (one.key, one.name, *one.aliases)
    }
    key = _like(name, known)
    if key is None:
        return
    entry = catalog.ecosystems[known[key]]
    ecosystem = catalog.ecosystem(entry.record.key)
    record = ecosystem.model_dump(exclude_none=True, exclude={"form", "versions"})
    lines: Entry = {"kind": "ecosystem", **record, "generates": ecosystem.engine is not None}
    lines["versions"] = [_version_of(ecosystem, version) for version in ecosystem.versions]
    lines |= _retirement(reading, catalog.engines_of(ecosystem))
    lines["file"] = entry.where().file
    yield lines | ({"overridden by the workspace": entry.overrides} if entry.overrides else {})


def _version_of(ecosystem: Ecosystem, version: Version) -> Entry:
    """A version as it is declared, with the workflow keys that it serves."""
    record = version.model_dump(exclude_none=True, exclude={"form"})
    return record | {"workflows": version.served(ecosystem.workflows)}


def _retirement(reading: Reading, keys: Iterable[str]) -> Entry:
    """Since when the platform does without the engines, if it does without all of them."""
    known = [reading.engines[key].retirement for key in keys if key in reading.engines]
    gone = [one for one in known if one is not None]
    return {"retired": gone[0].as_json()} if gone and len(gone) == len(known) else {}


def _base_model(reading: Reading, name: str) -> Iterator[Entry]:
    catalog = reading.catalog
    known = {base.name for one in catalog.ecosystems.records for base in one.base_models}
    key = _like(name, known)
    if key is None:
        return
    base, ecosystem = catalog.base_model(key)
    record: Entry = {"kind": "base model", **base.model_dump(exclude_none=True), "ecosystem": ecosystem.key}
    if base.license:
        record["license"] = catalog.licenses[base.license].record.model_dump(exclude_defaults=True)
    yield record


def _engine(reading: Reading, name: str) -> Iterator[Entry]:
    if name not in reading.engines:
        return
    engine, catalog = reading.engines[name], reading.catalog
    using = [one.key for one in catalog.all_ecosystems() if engine.key in catalog.engines_of(one)]
    yield {
        "kind": "engine",
        "key": engine.key,
        "media": engine.media,
        "step": engine.step_type,
        "fields": engine.form.keys,
        "ecosystems": using,
        **_retirement(reading, [engine.key]),
        "description": inspect.getdoc(type(engine)),
    }


def _all_names(reading: Reading) -> set[str]:
    catalog = reading.catalog
    names = {key for shelf in catalog.shelves.values() for key in shelf}
    bases = {base.name for ecosystem in catalog.all_ecosystems() for base in ecosystem.base_models}
    return names | bases | set(reading.engines)
