"""CIV207."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from civgen.lint.finding import Finding
from civgen.lint.house import House
from civgen.lint.makers import Maker
from civgen.lint.places import options_owner
from civgen.lint.rule import Rule
from civgen.lint.walks import situations, walks


class OptionLabels(Rule):
    """The options of a field read differently.

    Why: two buttons with one label are one choice to a person, who cannot know which of them is meant.

    Bad:

        # ecosystems/Veo3.toml
        override = true
        [form.duration]
        options = [{ value = 4, label = "Short" }, { value = 8, label = "Short" }]

    Good:

        # ecosystems/Veo3.toml
        override = true
        [form.duration]
        options = [{ value = 4, label = "Short" }, { value = 8, label = "Long" }]
    """

    code, name = "CIV207", "option-labels"
    needs = "engines"

    def check_maker(self, house: House, maker: Maker) -> Iterator[Finding]:  # noqa: D102
        seen = set()
        for situation in situations(house, maker):
            walk = next(iter(walks(situation)))
            for visit in walk.visits:
                for label, values in _twice(visit.shown.get("options")).items():
                    if (visit.field.key, label) not in seen:
                        seen.add((visit.field.key, label))
                        where = options_owner(maker, visit.field, values, walk.facts)
                        message = f"two options of {visit.field.key} read {label}"
                        right = "Give each a label of its own."
                        yield self.finding(message, where, right=right, subject=maker.subject)


def _twice(options: Any) -> dict[str, list[Any]]:
    """The labels that several options have, each with their values."""
    labelled: dict[str, list[Any]] = defaultdict(list)
    for one in options or ():
        if isinstance(one, dict) and one.get("label") is not None:
            labelled[one["label"]].append(one.get("value"))
    return {label: values for label, values in labelled.items() if len(values) > 1}
