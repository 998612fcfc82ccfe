"""CIV207."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from civgen.lint.finding import Finding
from civgen.lint.house import House
from civgen.lint.makers import Maker
from civgen.lint.places import owner
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
                for label in _twice(visit.shown.get("options")):
                    if (visit.field.key, label) not in seen:
                        seen.add((visit.field.key, label))
                        where = owner(maker, visit.field.key, ("options",), walk.facts)
                        message = f"two options of {visit.field.key} read {label}"
                        right = "Give each a label of its own."
                        yield self.finding(message, where, right=right, subject=maker.subject)


def _twice(options: Any) -> list[str]:
    labels = [one.get("label") for one in options or () if isinstance(one, dict)]
    return [label for label, count in Counter(labels).items() if label is not None and count > 1]
