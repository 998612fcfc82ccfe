"""What `civgen preset` answers."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

from civgen.results.following import Following


class Preset(TypedDict):
    """A preset.

    Attributes:
        name: As `--preset` takes it.
        file: Where it is kept.
        request: The part of a request that it says.
        problem: In a listing, in place of `request`: why its file cannot be read.
    """

    name: str
    file: str
    request: NotRequired[dict[str, Any]]
    problem: NotRequired[str]


class OnePreset(Preset, Following):
    """One preset, and what to do with it."""


class PresetGone(TypedDict):
    """A preset that was deleted.

    Attributes:
        deleted: Its name.
        file: Where it was kept.
    """

    deleted: str
    file: str
