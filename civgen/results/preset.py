"""What `civgen preset` answers."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict


class Preset(TypedDict):
    """A preset: its name, its file, and the part of a request that it says.

    `problem` stands in place of `request` in a listing where the file cannot be read.
    """

    name: str
    file: str
    request: NotRequired[dict[str, Any]]
    problem: NotRequired[str]


class PresetGone(TypedDict):
    """A preset that was deleted."""

    deleted: str
    file: str
