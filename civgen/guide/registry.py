"""Which topics there are: the modules of `topics/`, each with a `TOPIC`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from civgen.errors import not_found
from civgen.guide import topics
from civgen.guide.topic import Topic


@cache
def all_topics() -> dict[str, Topic]:
    """Every topic by its name: that of its module, with `-`. The journeys come first."""
    found = {
        module.name.replace("_", "-"): importlib.import_module(f"{topics.__name__}.{module.name}").TOPIC
        for module in pkgutil.iter_modules(topics.__path__)
    }
    return dict(sorted(found.items(), key=lambda one: (not one[1].journey, one[0])))


def find_topic(name: str) -> tuple[str, Topic]:
    """A topic by its name, with or without `add-`, or by what it adds: `licence`.

    Raises:
        NotFound: with the closest name as a hint.
    """
    known = all_topics()
    wanted = name.lower().replace("_", "-").replace(" ", "-")
    for key, topic in known.items():
        if wanted in (key, key.removeprefix("add-"), topic.subject.replace(" ", "-")):
            return key, topic
    raise not_found("topic", name, known)


def topic_about(subject: str) -> tuple[str, Topic]:
    """The topic that adds a kind of thing."""
    return next((key, topic) for key, topic in all_topics().items() if topic.subject == subject)
