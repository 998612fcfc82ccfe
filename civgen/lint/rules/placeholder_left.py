"""CIV109."""

from __future__ import annotations

import re
from collections.abc import Iterator

from civgen.catalog.files import BUILT_IN
from civgen.lint.finding import Finding
from civgen.lint.house import House, place, walk
from civgen.lint.rule import Rule

_PLACEHOLDER = re.compile(
    r"\b(TODO|FIXME|XXX|TBD|CHANGEME|CHANGE ME|lorem ipsum)\b|<[a-z][a-z _-]*>", re.IGNORECASE
)


class PlaceholderLeft(Rule):
    """No value of a file is a placeholder that was to be filled in.

    Why: what a scaffold or a copied file leaves open reaches users as it stands.

    Bad:

        # ecosystems/Marble.toml
        key = "Marble"
        id = 12000
        name = "Marble"
        description = "TODO: say what it is."

    Good:

        # ecosystems/Marble.toml
        key = "Marble"
        id = 12000
        name = "Marble"
        description = "Paints in stone."
    """

    code, name, severity = "CIV109", "placeholder-left", "warning"
    sure = "likely"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        for shelf in house.shelves.values():
            for entry in shelf.values():
                if all(file.path.is_relative_to(BUILT_IN) for file in entry.files):
                    continue
                for key, value in walk(entry.record.model_dump()):
                    if isinstance(value, str) and (found := _PLACEHOLDER.search(value)):
                        message = f"{found[0]} is still to be filled in"
                        yield self.finding(message, place(entry, *key), right="Write what belongs here.")
