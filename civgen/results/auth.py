"""What `civgen auth` answers. A token is in none of it."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from civgen.results.following import Following


class TokenPlace(Following):
    """Where the token of an environment comes from.

    Attributes:
        environment: Of civgen.toml.
        orchestrator: URL for which the token is.
        needed: False for the sandbox, of which nothing else is said.
        source: variable, keyring or file.
        place: Which one of them.
        checked: Whether the orchestrator was asked, and took it.
    """

    environment: str
    orchestrator: str
    needed: bool
    source: NotRequired[str]
    place: NotRequired[str]
    checked: NotRequired[bool]


class TokenGone(TypedDict):
    """A token that was forgotten. It stays valid.

    Attributes:
        environment: Of civgen.toml.
        removedFrom: Places in which it was.
        remaining: Place that has one still, which only you can empty.
    """

    environment: str
    removedFrom: list[str]
    remaining: str | None
