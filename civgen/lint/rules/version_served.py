"""CIV403."""

from __future__ import annotations

from collections.abc import Iterator

from civgen.catalog import Entry
from civgen.catalog.records import Ecosystem, Version
from civgen.errors import closest
from civgen.lint.finding import Finding
from civgen.lint.house import House, place
from civgen.lint.rule import Rule


class VersionServed(Rule):
    """A version serves workflow keys of its ecosystem, starts what it serves, and hands on what it does not.

    Why: a workflow key that only a version knows is never shown, and one that it both serves and hands on
    means two things.

    Bad:

        # ecosystems/Veo3.toml
        override = true
        [[versions]]
        id = 1995399
        default = ["txt2img"]
        workflows = ["txt2vid", "vid2vid:edit"]

    Good:

        # ecosystems/Veo3.toml
        override = true
        [[versions]]
        id = 1995399
        default = ["txt2vid"]
        workflows = ["txt2vid"]
    """

    code, name = "CIV403", "version-served"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        for entry, ecosystem in house.ecosystems.values():
            for index, version in enumerate(ecosystem.versions if ecosystem.engine else ()):
                for name, key, why, known in _claims(ecosystem, version):
                    if key not in known:
                        guess = closest(key, known)
                        right = f"Did you mean {guess}?" if guess else None
                        yield self._stray(entry, index, name, f"{why} {key}", right)
                for key in {*version.instead}.intersection(version.workflows):
                    message = f"{version.id} both serves {key} and hands it on"
                    yield self._stray(entry, index, "instead", message, "Take it out of one of the two.")

    def _stray(
        self, entry: Entry[Ecosystem], index: int, name: str, message: str, right: str | None
    ) -> Finding:
        where = place(entry, "versions", index, name)
        return self.finding(message, where, right=right, subject=f"ecosystem {entry.record.key}")


def _claims(ecosystem: Ecosystem, version: Version) -> Iterator[tuple[str, str, str, list[str]]]:
    """Every workflow key that a version names: where, which, what is wrong if it is not among the known."""
    offered = ecosystem.workflows
    for key in version.workflows:
        yield "workflows", key, f"{ecosystem.key} does not offer", offered
    for key in version.default if isinstance(version.default, list) else ():
        yield "default", key, f"{version.id} does not serve", version.served(offered)
    for key in version.instead.values():
        yield "instead", key, f"{ecosystem.key} does not offer", offered
