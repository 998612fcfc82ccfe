"""How far an addition has come: every step of its topic, held against what is really there.

A check is a criterion of `civgen grade`, or one of those below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from civgen.catalog.records import Ecosystem
from civgen.errors import CivgenError, NotFound
from civgen.guide.registry import topic_about
from civgen.guide.subject import Found, find
from civgen.guide.topic import Step, Topic
from civgen.lint.finding import Finding
from civgen.lint.grade import Lack, Subject, criteria
from civgen.lint.house import House
from civgen.lint.live import covered_in, indexed_in
from civgen.lint.runner import Options, lint
from civgen.lint.sources import Sources

if TYPE_CHECKING:
    from civgen.jobs.preview import Preview
    from civgen.settings import Environment
    from civgen.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Item:
    """One step, and what it lacks.

    Attributes:
        done: None where only a person can tell.
        lacks: of a step that is done, what may stay so.
    """

    step: Step
    done: bool | None
    lacks: tuple[Lack, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """`{"title", "done", "lacks": [{"what", "mend"}], "commands"}`."""
        lacks = [{"what": one.what, "mend": one.mend} for one in self.lacks]
        return {
            "title": self.step.title,
            "done": self.done,
            "lacks": lacks,
            "commands": list(self.step.commands),
        }


@dataclass(frozen=True)
class _OneVersion(Subject):
    """An ecosystem of which only one version is looked at."""

    version: int = 0

    @cached_property
    def ecosystem(self) -> Ecosystem:
        """It, with that version alone."""
        whole = self.house.catalog.ecosystem(self.key)
        versions = [one for one in whole.versions if one.id == self.version]
        return whole.model_copy(update={"versions": versions})


@dataclass(frozen=True)
class Asked:
    """What is looked at, with what checks may ask."""

    found: Found
    house: House
    findings: Sequence[Finding]
    subjects: list[Subject]


def checklist(topic: Topic, name: str, workspace: Workspace, environment: Environment) -> list[Item]:
    """Every step of a topic, and whether it is done for something.

    Args:
        name: of what is being added: a name, a key or a number, as the topic's subject has.
    """
    house = House(Sources(workspace))
    try:
        found = find(topic.subject, name, house.catalog, house.platform.engines)
    except NotFound as error:
        return list(_nothing_yet(topic, error))
    findings = lint(workspace, Options(keep=workspace.root is not None)).findings
    asked = Asked(found, house, findings, list(_subjects(found, house, findings, workspace, environment)))
    return [_item(step, asked) for step in topic.steps]


def _nothing_yet(topic: Topic, error: CivgenError) -> Iterator[Item]:
    for step in topic.steps:
        said = " ".join(filter(None, (error.message, error.hint)))
        lacks = (Lack(said, f"civgen guide {topic_about(topic.subject)[0]}"),) if "known" in step.done else ()
        yield Item(step, False if step.done else None, lacks)


def _subjects(
    found: Found, house: House, findings: Sequence[Finding], workspace: Workspace, environment: Environment
) -> Iterator[Subject]:
    covered, indexed = covered_in(workspace, environment), indexed_in(workspace, environment)
    for key in found.ecosystems:
        about = [one for one in findings if f"ecosystem {key}" in one.subject.split(", ")]
        common = (key, house, about, covered, indexed)
        yield _OneVersion(*common, found.version) if found.version else Subject(*common)


def _item(step: Step, asked: Asked) -> Item:
    if not step.done:
        return Item(step, None)
    lacks = tuple(lack for name in step.done for lack in _lacks(name, asked))
    return Item(step, all(one.can_stay for one in lacks), lacks)


def _lacks(name: str, asked: Asked) -> Iterator[Lack]:
    if name in CHECKS:
        yield from CHECKS[name](asked)
        return
    if not asked.subjects:
        yield Lack("no ecosystem uses it", f"civgen show {asked.found.name}")
    for subject in asked.subjects:
        for lack in criteria()[name].lacks(subject):
            yield lack if len(asked.subjects) == 1 else replace(lack, what=f"{subject.key}: {lack.what}")


def known(_: Asked) -> Iterator[Lack]:
    """It is there; whatever is not there is not asked about."""
    return iter(())


def decided(asked: Asked) -> Iterator[Lack]:
    """The module of the engine has no TODO left."""
    path = asked.house.platform.engines.file(asked.found.name)
    left = path.read_text(encoding="utf-8").count("TODO")
    if left:
        yield Lack(f"{left} TODO in {path.name}", f"civgen show {asked.found.name}")


def priced(asked: Asked) -> Iterator[Lack]:
    """There is a plain request for it, whose price can be asked for; one that is not published is unknown."""
    for subject in asked.subjects:
        found = [one for _, one in subject.requests if one and _is_for(one, asked.found.version)]
        if not found:
            yield Lack("no plain request goes through", f"civgen form show --ecosystem {subject.key}")
        elif all(subject.price(one) is None for one in found):
            what = "no price is published, so it is unknown"
            yield Lack(what, f"civgen price --ecosystem {subject.key}", can_stay=True)


def _is_for(found: Preview, version: int | None) -> bool:
    """Whether a request is for a version; for none means for any."""
    checkpoint = found.resolution.resources.checkpoint
    return version is None or (checkpoint is not None and checkpoint.id == version)


def used(asked: Asked) -> Iterator[Lack]:
    """A base model is under the licence."""
    name = asked.found.name
    ecosystems = asked.house.catalog.all_ecosystems()
    if not any(base.license == name for one in ecosystems for base in one.base_models):
        yield Lack("no base model names it", "civgen guide add-base-model")


def quiet(asked: Asked) -> Iterator[Lack]:
    """The rule finds nothing in what is there."""
    mine = [one for one in asked.findings if one.code == asked.found.name]
    if mine:
        yield Lack(f"{len(mine)} findings", f"civgen lint --select {asked.found.name}")


CHECKS: Mapping[str, Callable[[Asked], Iterator[Lack]]] = {
    check.__name__: check for check in (known, decided, priced, used, quiet)
}
