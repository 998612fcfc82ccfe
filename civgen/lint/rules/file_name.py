"""CIV102."""

from __future__ import annotations

from collections.abc import Iterator

from civgen.errors import Where, display_path
from civgen.lint.finding import Finding
from civgen.lint.house import House
from civgen.lint.readable import file_stem
from civgen.lint.rule import Rule


class FileName(Rule):
    """A file is called after the key of its record, with `-` for what a file name cannot hold.

    Why: a record is looked up by its file's name first, a workspace's file is laid over the built-in one
    of the same name, and so two owners of one key are noticed. Records without a key are called after
    their name, in lower case.

    Bad:

        # families/stones.toml
        key = "lodestones"
        id = 12000
        name = "Lodestones"

    Good:

        # families/lodestones.toml
        key = "lodestones"
        id = 12000
        name = "Lodestones"
    """

    code, name = "CIV102", "file-name"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        for shelf in house.shelves.values():
            for key, entry in shelf.items():
                keyed = hasattr(entry.record, "key")
                stem = file_stem(key) if keyed else file_stem(key).lower()
                for file in entry.files:
                    if file.path.stem != stem:
                        message = f"the file of the {shelf.what} {key} is called {file.path.name}"
                        where = Where(display_path(file.path), 1, 1, "key" if keyed else "name")
                        subject = f"{shelf.what} {key}"
                        yield self.finding(message, where, right=f"Call it {stem}.toml.", subject=subject)
