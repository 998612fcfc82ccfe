"""CIV305."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from civgen.lint.finding import Finding
from civgen.lint.house import House
from civgen.lint.makers import Maker
from civgen.lint.payloads import Sent
from civgen.lint.rule import Rule


class OptionLeftOut(Rule):
    """Every choice that the contract gives is one that somebody can make.

    Why: a model gets a new resolution, the contract has it, and no form offers it: nothing is wrong, and
    nobody profits. Much is left out on purpose, so this rule runs only where it is selected:
    `civgen lint --select CIV305`, after a new contract above all.

    Bad:

        # ecosystems/LTXV23.toml
        override = true
        versions = [
            { id = 2749948, engine = { model = "22b-dev" } },
            { id = 2923808, engine = { model = "22b-dev" } },
        ]

    Good:

        # ecosystems/LTXV23.toml
        override = true
        versions = [{ id = 2749948, label = "Distilled" }]
    """

    code, name, severity = "CIV305", "option-left-out", "notice"
    needs = "engines"
    on_request = True

    def check_maker(self, house: House, maker: Maker) -> Iterator[Finding]:  # noqa: D102
        for sent in house.sent(maker):
            for name, schema in sent.leaf.schema.get("properties", {}).items():
                left = _left(sent, name, schema)
                if left:
                    where = maker.entry.files[-1].where(("form", name))
                    message = f"{sent.leaf.step_type} {sent.leaf.name} takes {name} = {', '.join(left)}"
                    message += ", and nothing here sends it"
                    yield self.finding(message, where, right=_RIGHT, subject=maker.subject)


_RIGHT = "Offer it in the form; or leave it out, if that is meant."


def _left(sent: Sent, name: str, schema: Mapping[str, Any]) -> list[str]:
    """The choices of a property that are never made, as JSON."""
    items = schema.get("items")
    choices = schema.get("enum") or (items.get("enum") if isinstance(items, Mapping) else None) or ()
    seen = sent.values.get(name, set())
    return [said for said in map(json.dumps, choices) if said not in seen and said != "null"]
