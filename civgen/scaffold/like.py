"""Start from a similar ecosystem: its answers stand where nothing else is said."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

from civgen.catalog import Catalog
from civgen.catalog.files import merge
from civgen.catalog.names import ecosystem_named
from civgen.errors import InvalidInput, Problem
from civgen.scaffold.answers import Answers

#: What the file of an ecosystem says of its form and of how it generates, beyond the answers.
_COPIED = ("support", "engine_options", "engine_options_when", "form")


def likened(said: Mapping[str, Any], kind: type[Answers], like: str, catalog: Catalog) -> dict[str, Any]:
    """Answers with those of a similar ecosystem under them, as far as they are asked for.

    Raises:
        NotFound: there is no such ecosystem.
        InvalidInput: nothing of it could be an answer.
    """
    record = ecosystem_named(catalog, like)
    base = record.base_models[0] if record.base_models else None
    version = next((one for one in record.versions if one.default), None)
    there: dict[str, Any] = {
        "license": base.license if base else None,
        "media": base.makes[0] if base else None,
        "family": record.family,
        "parent": record.parent,
        "coverage": version.coverage if version else None,
        "engine_options": dict(version.engine) if version else {},
        "like": record.key,
    }
    if record.parent is None:
        there |= {"engine": record.engine, "workflows": list(record.workflows)}
    known = {name: value for name, value in there.items() if name in kind.model_fields and value}
    if not known:
        problem = Problem("--like", "has no answer to what is asked here", like)
        raise InvalidInput("--like has no answer to what is asked here.", details=[problem])
    if kind.model_fields.keys() >= {"key", "step"}:  # an engine's own answers follow from the contract
        known = {name: known[name] for name in ("license", "family") if name in known and "ecosystem" in said}
    elif "ecosystem" in said and said["ecosystem"] in catalog.ecosystems:
        known = {name: known[name] for name in ("license", "coverage", "engine_options") if name in known}
    return {**known, **said}


def copied(like: str, catalog: Catalog) -> str:
    """What the file of an ecosystem says of its form and of how it generates, as TOML without comments."""
    import tomlkit

    data: dict[str, Any] = reduce(merge, (file.data for file in catalog.ecosystems[like].files), {})
    return tomlkit.dumps({name: data[name] for name in _COPIED if data.get(name)}).strip()
