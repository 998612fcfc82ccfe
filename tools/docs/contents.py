"""Where a page belongs in the site."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

#: Pages of `docs/` itself that explain; those of no other section are how-tos.
_EXPLAINING = ("architecture", "differences")
_FIRST = {"index": "Home", "tutorial": "Tutorial"}
SECTIONS = ("Home", "Tutorial", "Guide", "How to", "Reference", "Explanation")

Contents = Mapping[str, list[tuple[str, str]]]


def contents(whole: Mapping[str, str]) -> Contents:
    """Pages by section: path below `docs/` and title, an index first."""
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in SECTIONS}
    texts = {path: text for path, text in whole.items() if path.endswith(".md")}
    for path, text in sorted(texts.items(), key=lambda one: (_depth(one[0]), one[0])):
        below = PurePosixPath(path).relative_to("docs")
        found[_section(below)].append((below.as_posix(), title(text)))
    return {name: pages for name, pages in found.items() if pages}


def title(text: str) -> str:
    """The first heading of a page."""
    heading = re.search(r"^# (.+)$", text, re.MULTILINE)
    assert heading, "a page begins with a heading"
    return heading[1]


def _section(below: PurePosixPath) -> str:
    if len(below.parts) > 1:
        return {"guide": "Guide", "reference": "Reference"}.get(below.parts[0], "How to")
    return _FIRST.get(below.stem, "Explanation" if below.stem in _EXPLAINING else "How to")


def _depth(path: str) -> tuple[int, str, bool]:
    """An index stands before the pages of its folder, and these before those of folders below."""
    below = PurePosixPath(path)
    return len(below.parts), below.parent.as_posix(), below.stem != "index"
