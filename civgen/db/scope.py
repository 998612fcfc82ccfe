"""What a plan is about beside the rows that the catalogue always wants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from civgen.db.changes import Identity, Row
from civgen.errors import InvalidInput, Problem

#: Lists of which civgen keeps its part: under --prune, what nobody wants any more goes. Models and
#: versions stay, since other rows may hang on them.
PRUNED = ("EcosystemCheckpoints", "GenerationBaseModel")
#: Lists of which rows can be named to be deleted, and the columns that name one.
NAMED = {
    "EcosystemCheckpoints": ("id",),
    "GenerationBaseModel": ("baseModel",),
    "CoveredCheckpoint": ("model_id", "version_id"),
    "AuctionBase": ("type", "ecosystem"),
}
#: How the reason of a row begins that was copied from another database.
IMPORT = "import from "


@dataclass(frozen=True, slots=True)
class Scope:
    """What was asked for.

    Attributes:
        prune: whether rows that civgen created and nobody wants any more are deleted.
        auctions: keys of ecosystems whose rows of AuctionBase are wanted.
        delete: rows to delete whoever wrote them, each `TABLE:KEY`.
    """

    prune: bool = False
    auctions: tuple[str, ...] = ()
    delete: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """`{"prune", "auctions", "delete"}`."""
        return {"prune": self.prune, "auctions": list(self.auctions), "delete": list(self.delete)}

    def named(self) -> dict[Identity, Row]:
        """The rows to delete: which, and their keys.

        Raises:
            InvalidInput: with every one that names no row.
        """
        problems: list[Problem] = []
        keys = dict(_named(self.delete, problems))
        if problems:
            raise InvalidInput(f"--delete {problems[0].message}.", hint=problems[0].hint, details=problems)
        return keys


#: What is always wanted, and nothing else.
ALWAYS = Scope()


def _named(words: Sequence[str], problems: list[Problem]) -> Iterator[tuple[Identity, Row]]:
    for word in words:
        name, *values = word.split(":")
        columns = NAMED.get(name)
        if columns is None:
            message = f"{word!r} names no table of which rows can go"
            hint = f"Rows of {', '.join(NAMED)} can be named."
            problems.append(Problem("--delete", message, word, hint=hint))
            continue
        # A base model's name may have colons of its own.
        values = [":".join(values)] if len(columns) == 1 else values
        key = dict(zip(columns, map(_value, columns, values), strict=False))
        if len(values) != len(columns) or None in key.values():
            example = f"{name}:{':'.join(column.upper() for column in columns)}"
            problems.append(Problem("--delete", f"{word!r} names no row", word, hint=f"Write {example}."))
            continue
        yield (name, tuple(key.values())), key


def _value(column: str, text: str) -> int | str | None:
    if not (column == "id" or column.endswith("_id")):
        return text or None
    return int(text) if text.removeprefix("-").isdecimal() else None
