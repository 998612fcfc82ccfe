"""`civgen guide`: the way from the first question to a priced job."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from civgen.cli.answers import answers
from civgen.cli.following import suggest
from civgen.cli.output import console, emit
from civgen.cli.state import state
from civgen.errors import not_found
from civgen.results.guide import Guide

if TYPE_CHECKING:
    from civgen.guide.topic import Topic

app = typer.Typer(add_completion=False)


@app.command()
@answers(Guide)
def guide(
    topic: Annotated[
        str | None,
        typer.Argument(
            help="What is to be added, for instance add-engine; all, if left out.", show_default=False
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            "--state",
            metavar="NAME",
            help="Look how far this has come: a key, a name, or a version's number.",
        ),
    ] = None,
    raw: Annotated[bool, typer.Option("--raw", help="Print Markdown as it is, also to a terminal.")] = False,
) -> None:
    """Lead from the first question to a priced dry run: what to find out, each command, what goes wrong.

    With --state, the steps are a checklist, ticked by looking at the files, the rows and the index.
    """
    if name is not None:
        _checklist(topic, name, raw)
    elif topic is None:
        _overview(raw)
    else:
        _page(topic, raw)


def _overview(raw: bool) -> None:
    from civgen.guide.page import overview
    from civgen.guide.registry import all_topics

    topics = [
        {"topic": key, "title": one.title, "when": one.when, "next": [f"civgen guide {key}"]}
        for key, one in all_topics().items()
    ]
    text = overview()
    emit({"topics": topics, "markdown": text}, lambda: _show(text, raw))


def _page(word: str, raw: bool) -> None:
    from civgen.guide.page import page
    from civgen.guide.registry import find_topic

    key, topic = find_topic(word)
    text = page(key, topic, state().catalog, state().platform().engines)
    emit(_told(key, topic) | {"markdown": text}, lambda: _show(text, raw))


def _checklist(word: str | None, name: str, raw: bool) -> None:
    from civgen.guide.page import checked_page, next_command
    from civgen.guide.state import checklist

    key, topic = _topic(word, name)
    items = checklist(topic, name, state().workspace, state().environment)
    text, undone = checked_page(key, topic, name, items), next_command(items)
    told = _told(key, topic) | {
        "steps": [one.as_json() for one in items],
        "state": {"name": name, "done": undone is None},
        "markdown": text,
    }
    suggest(*([undone] if undone else []))
    emit(told, lambda: _show(text, raw))


def _topic(word: str | None, name: str) -> tuple[str, Topic]:
    """The topic by its name, else the one that adds what is called so.

    Raises:
        NotFound: no topic is called so, or nothing.
    """
    from civgen.catalog.names import names
    from civgen.guide.registry import find_topic, topic_about
    from civgen.guide.subject import subjects_of

    if word is not None:
        return find_topic(word)
    catalog = state().catalog
    for subject in subjects_of(name, catalog, state().platform().engines):
        return topic_about(subject)
    raise not_found("base model, version, ecosystem, engine, licence or lint rule", name, names(catalog))


def _told(key: str, topic: Topic) -> dict[str, Any]:
    """What a program reads of a topic."""
    return {
        "topic": key,
        "title": topic.title,
        "when": topic.when,
        "questions": [{"asks": one.asks, "answer": one.answer, "flag": one.flag} for one in topic.questions],
        "files": [{"path": path, "says": says} for path, says in topic.files],
        "rows": [{"table": table, "says": says} for table, says in topic.rows],
        "steps": [{"title": one.title, "commands": list(one.commands)} for one in topic.steps],
        "wrong": list(topic.wrong),
        "ends": topic.ends,
    }


def _show(text: str, raw: bool) -> None:
    """Markdown, drawn for a terminal, as it is for everybody else."""
    if raw or not sys.stdout.isatty():
        sys.stdout.write(text)
        return
    from rich.markdown import Markdown

    console().print(Markdown(text, code_theme="ansi_dark"))
