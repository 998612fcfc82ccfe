"""Names that are, or might be, the same thing spelt in another way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from civgen.catalog.names import plain

#: How alike the letters of two names are from which on they may be one name misspelt.
_ALIKE = 0.85


def likeness(name: str, known: Iterable[str]) -> str | None:
    """A known name that this one may only be another spelling of; itself does not count.

    Names whose numbers differ are versions of something, not spellings.

    >>> likeness("Sea dream", ["Seedream"]), likeness("Wan Video 2.5", ["Wan Video 2.2"])
    ('Seedream', None)
    """
    for other in known:
        if other != name and _alike(plain(name), plain(other)):
            return other
    return None


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE
