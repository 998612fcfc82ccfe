"""`mkdocs.yml`: the site, with every page under its section."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

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
        yield from (f"      - {json.dumps(title, ensure_ascii=False)}: {path}" for path, title in found)
