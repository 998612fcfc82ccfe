"""How things are done: the pages of `civgen guide`, each with what to do in tools in place of commands.

Those parts are the files of `guide_pages/`, called after the topic; one that begins with a heading is a
page of its own.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from civgen.errors import not_found

if TYPE_CHECKING:
    from civgen.api import Workspace
    from civgen.guide.topic import Topic

PAGES = Path(__file__).parent / "guide_pages"
#: The page that each addition goes on with.
LAST = "generate"
_TOOLS = (
    "The commands above are tools here: `civgen db plan` is db_plan, `civgen submit --dry-run` is whatif, "
    "and options are arguments."
)


def topics() -> dict[str, str]:
    """Titles by topic."""
    own = {name: text.partition("\n")[0] for name, text in _in_tools().items() if text.startswith("# ")}
    told = {name: topic.title for name, topic in additions().items()}
    return told | {name: title.removeprefix("# ") for name, title in own.items()}


@cache
def additions() -> dict[str, Topic]:
    """The kinds of additions that a workspace can take."""
    from civgen.guide.registry import all_topics

    return {name: topic for name, topic in all_topics().items() if topic.in_workspace}


def page(topic: str, workspace: Workspace) -> str:
    """A page as Markdown.

    Raises:
        NotFound: with the closest topic as a hint.
    """
    from civgen.guide.page import page as written

    if topic not in topics():
        raise not_found("topic", topic, topics())
    in_tools = _in_tools().get(topic, "")
    if topic not in additions():
        return in_tools
    now = workspace.now
    text = written(topic, additions()[topic], now.catalog, now.engines)
    return f"{text}\n## With tools\n\n{_TOOLS}\n\n{in_tools}"


def journey(topic: str, workspace: Workspace) -> str:
    """A page, and the one that it goes on with."""
    return f"{page(topic, workspace)}\n#{page(LAST, workspace)}"


@cache
def _in_tools() -> dict[str, str]:
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted(PAGES.glob("*.md"))}
