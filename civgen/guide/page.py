"""A topic as Markdown: for the terminal, the website and the skill of an agent."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from civgen.catalog import Catalog
from civgen.engines.registry import Engines
from civgen.guide.registry import all_topics
from civgen.guide.state import Item
from civgen.guide.topic import Question, Step, Topic
from civgen.lint.registry import all_rules

#: How many names of the catalogue a page shows.
_SHOWN = 12
_PLACE = {True: "In a workspace (`civgen init DIR`).", False: "In a checkout of civgen itself."}
#: Words of a command; an option keeps its value.
_WORDS = re.compile(r"""(?:--?[\w-]+ )?(?:[^\s"]|"[^"]*")+""")
_WIDTH = 74
_MARKS = {True: "[x]", False: "[ ]", None: "[?]"}


def overview() -> str:
    """Every topic in a line."""
    return "\n".join(
        (
            "# Guide",
            "",
            "From the first question to a priced job, for each kind of addition.",
            "",
            "| when | follow |",
            "|---|---|",
            *(f"| {topic.when} | `civgen guide {name}` |" for name, topic in all_topics().items()),
            "",
            "`civgen guide TOPIC --state NAME` looks how far NAME has come, and names the next command.",
            "",
        )
    )


def page(name: str, topic: Topic, catalog: Catalog, engines: Engines) -> str:
    """A topic from its first question to its end."""
    parts = (
        f"# {topic.title}\n\n{topic.when} {topic.example}\n\n{_PLACE[topic.in_workspace]}",
        "## Find out first\n\n" + "\n".join(_question(one, catalog, engines) for one in topic.questions),
        "## What it touches\n\n" + "\n".join(_touched(topic)),
        "## The way\n\n" + "\n\n".join(_step(n, one) for n, one in enumerate(topic.steps, 1)),
        "## What commonly goes wrong\n\n" + "\n".join(map(_wrong, topic.wrong)),
        f"## Where it ends\n\n{topic.ends}",
        f"How far something has come: `civgen guide {name} --state NAME`.",
    )
    return "\n\n".join(parts) + "\n"


def checked_page(name: str, topic: Topic, about: str, items: Sequence[Item]) -> str:
    """The steps of a topic as a checklist for something."""
    lines = [
        f"# {topic.title}: {about}",
        "",
        *(line for item in items for line in _checked(item)),
        "",
        *([] if next_command(items) else ["Everything that can be checked is done.", ""]),
        f"`[?]` only a person can tell. The whole way: `civgen guide {name}`.",
    ]
    return "\n".join(lines) + "\n"


def next_command(items: Iterable[Item]) -> str | None:
    """What to do next: what mends the first thing that is missing."""
    return next((one.mend for item in items for one in item.lacks if not one.can_stay), None)


def journey(topic: Topic) -> str:
    """The commands of a topic's example, each step's after a comment with its title, dry runs left out."""
    lines = []
    for step in topic.steps:
        done = [command for command in step.commands if not command.endswith(" --dry-run")]
        lines += [f"# {step.title}", *map(_wrapped, done)]
    return "```sh\n" + "\n".join(lines) + "\n```"


def _wrapped(command: str) -> str:
    """A command in lines that a narrow terminal can show, each but the last ending in a backslash."""
    lines = [""]
    for word in _WORDS.findall(command):
        if len(lines[-1]) + len(word) > _WIDTH:
            lines.append("   ")
        lines[-1] += f" {word}"
    return " \\\n".join(lines).strip()


def _question(one: Question, catalog: Catalog, engines: Engines) -> str:
    flag = f" (`{one.flag}`)" if one.flag else ""
    known = f" {_known(one.known, catalog, engines)}" if one.known else ""
    return f"- **{one.asks}**{flag} {one.answer}{known}"


def _known(folder: str, catalog: Catalog, engines: Engines) -> str:
    """What the catalogue has of a kind, in a sentence."""
    shelf = engines if folder == "engines" else catalog.shelves[folder]
    names = sorted(shelf, key=str.lower)
    shown = ", ".join(islice(names, _SHOWN))
    if len(names) <= _SHOWN:
        return f"There are: {shown}."
    return f"There are {len(names)}, such as {shown}: `civgen list {folder}`."


def _touched(topic: Topic) -> Iterator[str]:
    yield from (f"- `{path}`: {says}" for path, says in topic.files)
    yield from (f"- row in `{table}`: {says}" for table, says in topic.rows)


def _step(number: int, step: Step) -> str:
    commands = "\n".join(map(_wrapped, step.commands))
    return f"### {number}. {step.title}\n\n```sh\n{commands}\n```\n\n{step.look}"


def _wrong(code: str) -> str:
    """A rule in the words of its docstring."""
    rule = all_rules()[code]
    why = " ".join(rule.explanation().split("\n\n")[1].removeprefix("Why: ").split())
    first, dot, _ = why.partition(". ")
    return f"- **{code}** {rule.name}: {rule.summary()} {first[0].upper()}{first[1:]}{dot.strip()}"


def _checked(item: Item) -> Iterator[str]:
    yield f"- {_MARKS[item.done]} {item.step.title}"
    for lack in item.lacks:
        yield textwrap.indent(f"- {lack.what}: `{lack.mend}`", "    ")
