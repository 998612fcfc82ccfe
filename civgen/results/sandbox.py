"""What `civgen sandbox` answers."""

from __future__ import annotations

from typing_extensions import TypedDict


class Served(TypedDict):
    """A sandbox that was served until it was stopped.

    Attributes:
        url: At which it listened.
    """

    url: str


class Kept(TypedDict):
    """What a sandbox has kept.

    Attributes:
        workflows: How many have which status.
        uploads: How many.
        spent: Who has spent what: user, currency, amount.
    """

    workflows: dict[str, int]
    uploads: int
    spent: dict[str, dict[str, float]]


class SandboxStatus(Kept):
    """What the sandbox has kept, and where.

    Attributes:
        file: With its state.
        bytes: Of the file.
    """

    file: str
    bytes: int


class SandboxReset(TypedDict):
    """What the sandbox has forgotten.

    Attributes:
        forgotten: What it had kept.
    """

    forgotten: Kept


Fault = TypedDict("Fault", {"fault": str, "what": str, "by chance": bool})
Fault.__doc__ = """A fault that a request may meet.

Attributes:
    fault: Its name.
    what: Happens.
    by chance: Whether --fail draws it.
"""
