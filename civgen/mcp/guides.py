"""How things are done with these tools: one file a topic in `guide_pages/`, found by listing."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from civgen.errors import not_found

_PAGES = Path(__file__).parent / "guide_pages"
#: The page that each addition goes on with.
LAST = "generate"


@cache
def topics() -> dict[str, str]:
    """Titles by topic."""
    return {name: text.partition("\n")[0].removeprefix("# ") for name, text in _texts().items()}


def page(topic: str) -> str:
    """A page as Markdown.

    Raises:
        NotFound: with the closest topic as a hint.
    """
    if topic not in _texts():
        raise not_found("topic", topic, _texts())
    return _texts()[topic]


def journey(topic: str) -> str:
    """A page, and the one that it goes on with."""
    return page(topic) if topic == LAST else f"{page(topic)}\n#{page(LAST)}"


@cache
def _texts() -> dict[str, str]:
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted(_PAGES.glob("*.md"))}
