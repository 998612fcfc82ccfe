"""What `civgen guide` answers."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict


class TopicLine(TypedDict):
    """A topic of the guide.

    Attributes:
        topic: Its name, as `civgen guide` takes it.
        title: As a heading.
        when: In which case it is the one to follow.
        next: The command that tells it.
    """

    topic: str
    title: str
    when: str
    next: list[str]


class Topics(TypedDict):
    """Every topic of the guide.

    Attributes:
        topics: All of them, the three journeys first.
        markdown: The same, for a person.
    """

    topics: list[TopicLine]
    markdown: str


class GuideQuestion(TypedDict):
    """Something to find out first.

    Attributes:
        asks: The question.
        answer: Where the answer is found, and what it decides.
        flag: The option or argument that takes it; null where nothing is to be passed.
    """

    asks: str
    answer: str
    flag: str | None


class TouchedFile(TypedDict):
    """A file that the addition touches.

    Attributes:
        path: Below the workspace, in the topic's example.
        says: What is said there.
    """

    path: str
    says: str


class TouchedRow(TypedDict):
    """Rows of the database that the addition concerns.

    Attributes:
        table: Where they lie.
        says: What they say.
    """

    table: str
    says: str


class StepLack(TypedDict):
    """Something that a step lacks.

    Attributes:
        what: What is missing.
        mend: The command that shows or mends it.
    """

    what: str
    mend: str


class GuideStep(TypedDict):
    """One step of the way.

    Attributes:
        title: What is done.
        commands: Those of the topic's example.
        done: Under `--state`, whether it is; null where only a person can tell.
        lacks: Under `--state`, what is missing; of a step that is done, what may stay so.
    """

    title: str
    commands: list[str]
    done: NotRequired[bool | None]
    lacks: NotRequired[list[StepLack]]


class GuideState(TypedDict):
    """How far something has come.

    Attributes:
        name: What was asked about.
        done: Whether everything that can be checked is done.
    """

    name: str
    done: bool


class TopicPage(TypedDict):
    """One topic of the guide.

    Attributes:
        topic: Its name.
        title: As a heading.
        when: In which case it is the one to follow.
        questions: What to find out first.
        files: Files that the addition touches.
        rows: Rows that it concerns.
        steps: The way.
        wrong: Codes of the lint rules that find what commonly goes wrong.
        ends: Where the way ends.
        state: Under `--state`, how far something has come.
        markdown: The page, for a person.
        next: The command to begin with, or under `--state` to go on with.
    """

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
