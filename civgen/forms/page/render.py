"""The page itself: a shell with style and script put in, and the form as JSON beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

_FILES = files(__package__)
#: The parts of the script, in the order in which they build on each other.
SCRIPTS = ("form.js", "payload.js", "controls.js", "page.js")


def render_page(description: Mapping[str, Any]) -> str:
    """The HTML of a form.

    Args:
        description: `ecosystem`, `workflows`, `engines` (fields of each), `facts`, `payload` and more, as
            `civgen.jobs.page` makes it. It goes into the page as JSON; nothing in it becomes markup.
    """
    from jinja2 import Environment, StrictUndefined

    shell = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    script = "\n".join(part(name) for name in SCRIPTS)
    page = shell.from_string(part("page.html"))
    return page.render(
        ecosystem=description["ecosystem"], style=part("page.css"), script=script, data=_json(description)
    )


def part(name: str) -> str:
    """The text of one of the page's files."""
    return (_FILES / name).read_text(encoding="utf-8")


def _json(data: Any) -> str:
    """JSON that may stand inside a script element: nothing in it can end that."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
