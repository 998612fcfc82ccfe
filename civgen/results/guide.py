"""What `civgen guide` answers."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict


class TopicLine(TypedDict):
    """A topic of the guide, and when to follow it."""

    topic: str
    title: str
    when: str
    next: list[str]


class Topics(TypedDict):
    """Every topic; `markdown` is what a person reads."""

    topics: list[TopicLine]
    markdown: str


class GuideQuestion(TypedDict):
    """What to find out first, where the answer is found, and the option that takes it."""

    asks: str
    answer: str
    flag: str | None


class TouchedFile(TypedDict):
    """A file that the addition touches."""

    path: str
    says: str


class TouchedRow(TypedDict):
    """A table of the database that the addition concerns."""

    table: str
    says: str


class StepLack(TypedDict):
    """What a step lacks, and the command that shows or mends it."""

    what: str
    mend: str


class GuideStep(TypedDict):
    """A step with the commands of the example; `done` is null where only a person can tell."""

    title: str
    commands: list[str]
    done: NotRequired[bool | None]
    lacks: NotRequired[list[StepLack]]


class GuideState(TypedDict):
    """How far something has come: whether everything that can be checked is done."""

    name: str
    done: bool


class TopicPage(TypedDict):
    """One topic; `wrong` has the codes of lint rules, `state` is there under `--state`."""

    topic: str
    title: str
    when: str
    questions: list[GuideQuestion]
    files: list[TouchedFile]
    rows: list[TouchedRow]
    steps: list[GuideStep]
    wrong: list[str]
    ends: str
    state: NotRequired[GuideState]
    markdown: str
    next: list[str]


Guide = Topics | TopicPage
