"""Every ecosystem with its base models and versions, as the catalogue has it."""

from __future__ import annotations

from civgen.catalog import Catalog
from civgen.catalog.records import Ecosystem
from tools.docs.markdown import code, document, table


def pages() -> dict[str, str]:
    """One page."""
    catalog = Catalog()
    known = sorted(catalog.all_ecosystems(), key=lambda one: one.key.lower())
    text = document(
        "# Ecosystems",
        f"All {len(known)} that are built in, each a file of `civgen/catalog/ecosystems/`. What a child "
        "does not say it takes from its parent.",
        *(_section(one, catalog) for one in known),
    )
    return {"docs/reference/ecosystems.md": text}


def _section(one: Ecosystem, catalog: Catalog) -> str:
    engines = ", ".join(f"[{key}](engines.md#{_anchor(key)})" for key in catalog.engines_of(one))
    facts = [
        ("id", one.id),
        ("parent", f"[{one.parent}](#{one.parent.lower()})" if one.parent else None),
        ("AIR segment", code(one.air)),
        ("engine", engines or "none: it cannot generate"),
        ("workflow keys", ", ".join(map(code, one.workflows)) if engines else None),
        ("takes", ", ".join(one.support.generation) or None),
    ]
    return document(
        f"## {one.key}",
        one.description,
        table(("", one.name), [fact for fact in facts if fact[1]]),
        _base_models(one),
        _versions(one),
    )


def _base_models(one: Ecosystem) -> str:
    rows = [(base.id, base.name, " and ".join(base.makes), base.license) for base in one.base_models]
    return table(("id", "base model", "makes", "licence"), rows) if rows else ""


def _versions(one: Ecosystem) -> str:
    rows = [
        (
            version.id,
            version.label,
            "all" if version.default is True else ", ".join(version.default or ()),
            version.coverage,
        )
        for version in one.versions
    ]
    return table(("version", "label", "default for", "generatable by"), rows) if rows else ""


def _anchor(key: str) -> str:
    return key.replace(".", "")
