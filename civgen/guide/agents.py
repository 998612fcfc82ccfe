"""What an agent reads in a workspace: its `AGENTS.md` and its skill, made from the guide."""

from __future__ import annotations

from pathlib import Path

from civgen.catalog import Catalog
from civgen.engines.registry import Engines
from civgen.guide.page import journey, page
from civgen.guide.registry import all_topics

SKILL = "skills/civgen"


def skill_files() -> dict[str, str]:
    """The skill by path: `SKILL.md`, and a page for each topic that a workspace can follow.

    It is made from what is built in, so that it says the same in every workspace.
    """
    catalog, engines = Catalog(), Engines()
    topics = {name: topic for name, topic in all_topics().items() if topic.in_workspace}
    rows = "".join(f"| {topic.when} | [{name}.md]({name}.md) |\n" for name, topic in topics.items())
    text = Path(__file__).with_name("SKILL.md").read_text(encoding="utf-8")
    pages = {f"{SKILL}/{name}.md": page(name, topic, catalog, engines) for name, topic in topics.items()}
    return {f"{SKILL}/SKILL.md": text.replace("{pages}", rows)} | pages


def journeys() -> str:
    """The journeys that everybody should know, as commands."""
    return "\n\n".join(
        f"### {topic.title}\n\n{topic.example} First find out what `civgen guide {name}` asks.\n\n"
        f"{journey(topic)}"
        for name, topic in all_topics().items()
        if topic.journey
    )
