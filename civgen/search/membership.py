"""Whether a model belongs into the index, and what its documents miss when it is changed by hand.

Source: the platform's own batch job, which takes Published models that are not Unsearchable and have
a Published version; and what it forgets, which is to remove those that no longer are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

Row = Mapping[str, Any]


class Membership(NamedTuple):
    """What the index should do about a model.

    Attributes:
        action: `index` it, or `remove` a document that may be there.
        why: in words.
        versions: ids of the versions that its document names, in order.
        notes: what is true of it all the same, for whoever looks for it.
    """

    action: Literal["index", "remove"]
    why: str
    versions: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """`{"action", "why", "versions", "notes"}`."""
        return {
            "action": self.action,
            "why": self.why,
            "versions": list(self.versions),
            "notes": list(self.notes),
        }


def membership(model: Row | None, versions: Sequence[Row] = ()) -> Membership:
    """Decide about one model.

    Args:
        model: `status` and `availability` of its row; None when there is none.
        versions: `id`, `status`, `availability` of each of its versions.
    """
    if model is None:
        return Membership("remove", "there is no such model")
    if model["status"] != "Published":
        return Membership(
            "remove", f"its status is {model['status']}, not Published", notes=_unindexed(versions)
        )
    if model["availability"] == "Unsearchable":
        return Membership("remove", "it is Unsearchable", notes=_unindexed(versions))
    shown = tuple([one["id"] for one in versions if is_shown(one)])
    if not shown:
        return Membership(
            "remove", "none of its versions is Published and searchable", notes=_unindexed(versions)
        )
    notes: tuple[str, ...] = (
        ("it is Private: only its owner finds it",) if model["availability"] == "Private" else ()
    )
    if len(shown) < len(versions):
        notes += _unindexed(versions)
    return Membership("index", "it is Published and searchable", shown, notes)


def is_shown(version: Row) -> bool:
    """Whether a version is named by the document of its model."""
    return bool(version["status"] == "Published" and version["availability"] != "Unsearchable")


def _unindexed(versions: Sequence[Row]) -> tuple[str, ...]:
    """Versions that no search finds; a request can still name them by their id."""
    return tuple(
        f"version {one['id']} is {one['status'] if one['status'] != 'Published' else one['availability']}: "
        "it is reached by its id only"
        for one in versions
        if not is_shown(one)
    )
