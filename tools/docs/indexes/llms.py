"""`llms.txt`: what there is to read, for language models (llmstxt.org)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tools.docs.contents import contents

_HEAD = """\
# civgen

> A command-line toolkit that adds a base model, a version or an engine to a generation platform as one file,
> and derives form, database rows, search documents, orchestrator payload, price and tests from it.

Everything works with nothing but Python: `civgen init DIR` makes a workspace with an embedded database, a
search index and a local sandbox of the orchestrator. `civgen guide` leads through each kind of addition, and
`civgen schema --all` describes every command as JSON; `--json` on any command gives one document. Nothing is
spent without `--max-cost` or consent.
"""


def pages(whole: Mapping[str, str]) -> dict[str, str]:
    """One file at the root of the site."""
    return {
        "docs/llms.txt": _HEAD
        + "".join(_section(name, found, whole) for name, found in contents(whole).items())
    }


def _section(name: str, found: list[tuple[str, str]], whole: Mapping[str, str]) -> str:
    lines = [f"- [{title}]({path}){_about(whole[f'docs/{path}'])}" for path, title in found]
    return f"\n## {name}\n\n" + "\n".join(lines) + "\n"


def _about(text: str) -> str:
    """The first sentence below the heading, if it is one."""
    first = next(_paragraphs(text), "")
    sentence = re.match(r"[A-Z`*][^|#]*?[.:](?=\s|$)", first)
    return f": {sentence[0].rstrip('.:')}" if sentence else ""


def _paragraphs(text: str) -> Iterator[str]:
    _, _, below = text.partition("\n# ")
    yield from (" ".join(part.split()) for part in (below or text).split("\n\n")[1:])
