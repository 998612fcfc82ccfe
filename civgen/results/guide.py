"""What `civgen guide` answers."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict


class TopicLine(TypedDict):
    """A topic of the guide.

    Attributes:
        topic: As `civgen guide` takes it.
        title: In words.
        when: To follow it.
        next: The command that shows it.
    """

    topic: str
    title: str
    when: str
    next: list[str]


class Topics(TypedDict):
    """Every topic.

    Attributes:
        topics: One after the other.
        markdown: What a person reads.
    """

    topics: list[TopicLine]
    markdown: str


class GuideQuestion(TypedDict):
    """What to find out first.

    Attributes:
        asks: The question.
        answer: Where the answer is found.
        flag: The option that takes it.
    """

    asks: str
    answer: str
    flag: str | None


class TouchedFile(TypedDict):
    """A file that the addition touches.

    Attributes:
        path: In the workspace.
        says: What it says of the addition.
    """

    path: str
    says: str


class TouchedRow(TypedDict):
    """A table of the database that the addition concerns.

    Attributes:
        table: The platform's name of it.
        says: What its rows say of the addition.
    """

    table: str
    says: str


class StepLack(TypedDict):
    """What a step lacks.

    Attributes:
        what: In words.
        mend: The command that shows or mends it.
    """

    what: str
    mend: str


class GuideStep(TypedDict):
    """A step.

    Attributes:
        title: In words.
        commands: Those of the example.
        done: Whether it is; null where only a person can tell.
        lacks: What it lacks.
    """

    title: str
    commands: list[str]
    done: NotRequired[bool | None]
    lacks: NotRequired[list[StepLack]]


class GuideState(TypedDict):
    """How far something has come.

    Attributes:
        name: Of what was looked at.
        done: Whether everything is that can be checked.
    """

    name: str
    done: bool


class TopicPage(TypedDict):
    """One topic.

    Attributes:
        topic: As `civgen guide` takes it.
        title: In words.
        when: To follow it.
        questions: What to find out first.
        files: That the addition touches.
        rows: Tables that it concerns.
        steps: In their order.
        wrong: Codes of the lint rules that say what commonly goes wrong.
        ends: Where the way ends.
        state: How far something has come, under --state.
        markdown: What a person reads.
        next: The first command of what is not done, or that leads on.
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
