"""`mkdocs.yml`: the site, with every page under its section."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import PurePosixPath

from tools.docs.contents import contents

_HEAD = """\
# Made by `make docs`; changes are overwritten. `make site` builds the site into site/.
site_name: civgen
site_description: Add a base model or an engine to a generation platform as one file.
docs_dir: docs
use_directory_urls: false
theme:
  name: material
  # No font, script or picture comes from elsewhere: the site works without a network.
  font: false
  features:
    - navigation.indexes
    - navigation.top
    - content.code.copy
  palette:
    - media: "(prefers-color-scheme: light)"
      scheme: default
      toggle: {icon: material/weather-night, name: Dark}
    - media: "(prefers-color-scheme: dark)"
      scheme: slate
      toggle: {icon: material/weather-sunny, name: Light}
plugins:
  - search
markdown_extensions:
  - tables
  - toc: {permalink: true}
validation:
  links: {anchors: warn, absolute_links: warn}
nav:
"""


def pages(whole: Mapping[str, str]) -> dict[str, str]:
    """One file, beside `docs/`."""
    return {"mkdocs.yml": _HEAD + "".join(f"{line}\n" for line in _nav(whole))}


def _nav(whole: Mapping[str, str]) -> Iterator[str]:
    for section, found in contents(whole).items():
        if len(found) == 1:
            yield f"  - {section}: {found[0][0]}"
            continue
        yield f"  - {section}:"
        yield from _entries(found)


def _entries(found: Sequence[tuple[str, str]]) -> Iterator[str]:
    """A line a page; those of a folder within the section stand below a line of their own."""
    top = min(path.count("/") for path, _ in found)
    for _, group in groupby(found, lambda one: PurePosixPath(one[0]).parent):
        pages = list(group)
        inner = pages[0][0].count("/") > top
        if inner:
            yield f"      - {_name(*pages[0])}:"
        for path, title in pages:
            # An index without a title of its own is what the name of its section leads to.
            entry = path if _is_index(path) else f"{_quoted(title)}: {path}"
            yield f"{' ' * (10 if inner else 6)}- {entry}"


def _name(path: str, title: str) -> str:
    """What a folder is called: as its index, else as it is spelt."""
    return _quoted(title if _is_index(path) else PurePosixPath(path).parent.name.capitalize())


def _is_index(path: str) -> bool:
    return PurePosixPath(path).stem == "index"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
