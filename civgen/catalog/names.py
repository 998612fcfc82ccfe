"""From what a person writes to a record: a key, a display name, an alias or a number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import get_args

from civgen.catalog.catalog import Catalog
from civgen.catalog.records import Ecosystem
from civgen.catalog.words import ModelType
from civgen.errors import InvalidInput, did_you_mean, not_found


def ecosystem_named(catalog: Catalog, name: str) -> Ecosystem:
    """An ecosystem by its key, name or alias, by one of its base models, or by one of its versions' ids.

    Raises:
        NotFound: with the closest known name as a hint.
    """
    if name.isdecimal() and (version := catalog.version(int(name))):
        return version[1]
    wanted = plain(name)
    for record in catalog.ecosystems.records:
        if wanted in {plain(one) for one in (record.key, record.name, *record.aliases)}:
            return catalog.ecosystem(record.key)
    for record in catalog.ecosystems.records:
        if wanted in {plain(base.name) for base in record.base_models}:
            return catalog.ecosystem(record.key)
    raise not_found("ecosystem or base model", name, names(catalog))


def model_type_named(name: str) -> str:
    """A model type in any spelling of its letters.

    Raises:
        InvalidInput: there is no such type.
    """
    known: dict[str, str] = {one.lower(): one for one in get_args(ModelType)}
    if name.lower() not in known:
        listing = ", ".join(known.values())
        raise InvalidInput(
            f"{name!r} is no model type.", hint=did_you_mean(name, known.values(), f"Known: {listing}")
        )
    return known[name.lower()]


def names(catalog: Catalog) -> Iterable[str]:
    """Every key, display name and alias of ecosystems, and every base model."""
    for record in catalog.ecosystems.records:
        yield from (record.key, record.name, *record.aliases, *(base.name for base in record.base_models))


def plain(name: str) -> str:
    """A name without what people leave out or spell differently: case, spaces, dots, hyphens.

    >>> plain("Flux.1 D")
    'flux1d'
    """
    return re.sub(r"[^a-z0-9]", "", name.lower())
