"""The guide: a page a topic, as `civgen guide` prints it."""

from __future__ import annotations

from civgen.catalog import Catalog
from civgen.engines.registry import Engines
from civgen.guide.page import overview, page
from civgen.guide.registry import all_topics


def pages() -> dict[str, str]:
    """`docs/guide/`."""
    catalog, engines = Catalog(), Engines()
    made = {
        f"docs/guide/{name}.md": page(name, topic, catalog, engines) for name, topic in all_topics().items()
    }
    links = "\n".join(f"- [{topic.title}]({name}.md): {topic.when}" for name, topic in all_topics().items())
    return made | {"docs/guide/index.md": f"{overview()}\n{links}\n"}
