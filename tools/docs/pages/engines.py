"""Every engine: what it makes, for whom, and what its docstring says."""

from __future__ import annotations

import inspect
from collections import defaultdict

from civgen.catalog import Catalog
from civgen.engines.base import Engine
from civgen.engines.registry import Engines
from tools.docs.markdown import code, document, table


def pages() -> dict[str, str]:
    """One page."""
    catalog, engines = Catalog(), Engines()
    users: dict[str, list[str]] = defaultdict(list)
    for ecosystem in catalog.all_ecosystems():
        for key in catalog.engines_of(ecosystem):
            users[key].append(ecosystem.key)
    known = sorted(engines.values(), key=lambda one: (one.media, one.key))
    text = document(
        "# Engines",
        "What turns form values into a step of the orchestrator. One that no ecosystem names is a tool.",
        *(_section(one, users[one.key]) for one in known),
    )
    return {"docs/reference/engines.md": text}


def _section(engine: Engine, users: list[str]) -> str:
    named = ", ".join(f"[{key}](ecosystems.md#{key.lower()})" for key in users) or "none"
    facts = table(
        ("makes", "step", "fields of its form", "used by"),
        [(engine.media, code(engine.step_type), ", ".join(map(code, engine.form.keys)), named)],
    )
    return document(f"## {engine.key}", inspect.cleandoc(type(engine).__doc__ or ""), facts)
