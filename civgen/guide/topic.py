"""What a topic of the guide is: plain values, told by `page` and checked by `state`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

#: What `--state NAME` names, for each kind of addition.
Subject = Literal["base model", "version", "ecosystem", "engine", "licence", "lint rule"]


@dataclass(frozen=True, slots=True)
class Question:
    """Something to find out before anything is written.

    Attributes:
        asks: the question.
        answer: where the answer is found, and what it decides.
        flag: the option or argument that takes it; None where nothing is to be passed.
        known: what of the catalogue the answer is one of: `licenses`, `engines`, `workflows`, …
    """

    asks: str
    answer: str
    flag: str | None = None
    known: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way, with commands of the topic's example.

    Attributes:
        commands: to be run in this order in a workspace; each is run as it stands by the tests.
        look: what to look at in their answers.
        done: names of checks (`civgen.guide.state`) that must all hold; none where only a person can tell.
    """

    title: str
    commands: tuple[str, ...]
    look: str
    done: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """How one kind of addition is made.

    Attributes:
        subject: what is added.
        title: as a heading.
        when: in which case this is the topic to follow.
        example: what the example adds, in a sentence.
        questions: what to find out first.
        files: which files it touches, each with what is said there.
        rows: which tables of the database it concerns, each with what they say.
        steps: the way.
        wrong: codes of the lint rules that find what commonly goes wrong.
        ends: where the way ends.
        journey: whether it is one of the three that everybody should know.
        in_workspace: whether it is done in a workspace; else in a checkout of civgen itself.
    """

    subject: Subject
    title: str
    when: str
    example: str
    questions: tuple[Question, ...]
    files: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    wrong: tuple[str, ...]
    ends: str
    rows: tuple[tuple[str, str], ...] = ()
    journey: bool = False
    in_workspace: bool = True

    @property
    def commands(self) -> Iterator[str]:
        """Every command of the example, in order."""
        for step in self.steps:
            yield from step.commands
