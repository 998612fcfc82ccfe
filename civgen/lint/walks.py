"""Ways through a form, so that every value worth trying is tried once in every state that shows it.

A walk fills a form from its first field to its last, as a request would. Fields that conditions ask
about (how many images, which resolution) are taken through all their combinations; the others take a
value that no walk has had before, as long as there is one. So a form with a choice of eight and ten
fields of two or three values needs about eight walks and not their sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from civgen.forms.conditions import Facts
from civgen.forms.field import Field
from civgen.forms.form import Form
from civgen.jobs.platform import Platform
from civgen.lint.house import House
from civgen.lint.makers import Maker
from civgen.lint.samples import Sample, Supplies, samples, supplies

#: Fields and the values they have had.
Seen = set[tuple[str, str]]

#: Combinations of the fields that conditions ask about: beyond these, no more are tried.
MOST = 96


@dataclass(frozen=True, slots=True)
class Situation:
    """One form to fill: an engine at work, a workflow key, a model version, a tier and feature switches.

    Attributes:
        seen: what has been tried, with this version or one that makes no difference.
        held: fields that always take one value, as long as it is on offer.
    """

    maker: Maker
    platform: Platform
    workflow: str
    supplies: Supplies
    seen: Seen
    held: Mapping[str, Sample] = field(default_factory=dict)

    @property
    def facts(self) -> dict[str, Any]:
        """What conditions may ask besides the fields."""
        return self.platform.facts(_meant(self.platform, self.workflow))

    def request(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """A request with these field values."""
        ecosystem = {"ecosystem": self.maker.ecosystem.key} if self.maker.ecosystem else {}
        return {**ecosystem, "workflow": self.workflow, **given}


@dataclass(frozen=True, slots=True)
class Visit:
    """A field on the way: as it was shown, what could be tried there, and what was."""

    field: Field
    shown: Mapping[str, Any]
    samples: Sequence[Sample]
    taken: Sample | None


@dataclass(slots=True)
class Walk:
    """One way through a form.

    Attributes:
        facts: what conditions could ask at the end of it.
        combinations: how many there are of the fields that conditions ask about.
        fresh: whether it tries anything for the first time.
    """

    facts: dict[str, Any]
    visits: list[Visit] = field(default_factory=list)
    combinations: int = 1
    fresh: bool = False

    @property
    def given(self) -> dict[str, Any]:
        """The field values that a request would say."""
        return {visit.field.key: visit.taken.value for visit in self.visits if visit.taken}


class EverySwitch(frozenset[str]):
    """Feature switches that are all on, whatever they are called."""

    def __contains__(self, name: object) -> bool:
        return True


def situations(house: House, maker: Maker, *, every_tier: bool = False) -> Iterator[Situation]:
    """Every workflow key and version that an engine carries out for an ecosystem, or as a tool.

    Args:
        every_tier: also for the tier with the lowest limits; without it, for that with the highest,
            unless the form asks which tier it is.
    """
    asked = asked_by(maker.form) | _asked_for_engine(maker)
    platforms = (
        house.for_tiers(all_of_them="tier" in asked) if every_tier or "tier" in asked else [house.platform]
    )
    made_up = supplies(maker)
    special = {version.id for version in maker.versions if version.engine or version.uses}
    for platform in platforms:
        for variant in _with_features(platform, asked):
            for workflow in _distinct(platform, maker.workflows):
                shared: Seen = set()
                for checkpoint in _checkpoints(maker, variant, workflow, made_up):
                    seen = shared if "model" not in asked and checkpoint not in special else set()
                    yield Situation(maker, variant, workflow, replace(made_up, checkpoint=checkpoint), seen)


def walks(situation: Situation) -> Iterator[Walk]:
    """Walk the form of a situation until nothing new comes."""
    asked = asked_by(situation.maker.form)
    turn, idle, enough = 0, 0, 1
    while idle < enough:
        walk = _walk(situation, turn, asked, situation.seen)
        enough = max(enough, min(walk.combinations, MOST))
        turn, idle = turn + 1, 0 if walk.fresh else idle + 1
        yield walk


def states(house: House, maker: Maker, *, every_tier: bool = False) -> Iterator[tuple[Visit, Facts]]:
    """Every field in every state that it is shown in, with what conditions could ask."""
    asked = asked_by(maker.form)
    for situation in situations(house, maker, every_tier=every_tier):
        if situation.seen:  # a version that makes no difference has shown it all
            continue
        turn, enough = 0, 1
        while turn < enough:
            walk = _walk(situation, turn, asked, None)
            enough = max(enough, min(walk.combinations, MOST))
            turn += 1
            yield from ((visit, walk.facts) for visit in walk.visits)
        situation.seen.add(("", ""))


def asked_by(form: Form) -> frozenset[str]:
    """The names that any condition of a form asks about."""
    return frozenset(name for one in form.fields for name in asked_by_field(one))


def asked_by_field(one: Field) -> set[str]:
    """The names that the conditions of a field, and of its options, ask about."""
    layers = [one.properties, *(change.properties for change in one.changes)]
    entries = [
        entry for layer in layers for entry in layer.get("options") or () if isinstance(entry, Mapping)
    ]
    names = {name for change in one.changes for name in change.applies.names}
    return names | {name for entry in entries for name in entry.get("match", ())}


def _walk(situation: Situation, turn: int, asked: frozenset[str], seen: Seen | None) -> Walk:
    """One walk; without `seen`, fields that no condition asks about take their plainest value."""
    walk = Walk(situation.facts)
    for one in situation.maker.form.fields:
        shown = one.resolve(walk.facts)
        if "derived" in shown:
            walk.facts[one.key] = shown["derived"]
        if "derived" in shown or shown.get("hidden"):
            continue
        offered = [] if "fixed" in shown else samples(one, shown, situation.supplies)
        if one.key in situation.held:
            offered = [sample for sample in offered if sample == situation.held[one.key]] or offered
        taken = offered[0] if offered else None
        if offered and one.key in asked:
            taken = offered[turn // walk.combinations % len(offered)]
            walk.combinations *= len(offered)
        elif seen is not None:
            taken = next((sample for sample in offered if (one.key, repr(sample.value)) not in seen), taken)
        if taken and seen is not None:
            walk.fresh |= (mark := (one.key, repr(taken.value))) not in seen
            seen.add(mark)
        walk.visits.append(Visit(one, shown, offered, taken))
        walk.facts[one.key] = _value(one, taken, shown, walk.facts)
    return walk


def _value(one: Field, taken: Sample | None, shown: Mapping[str, Any], facts: Facts) -> Any:
    """What the form makes of a value, as conditions of later fields see it."""
    if "fixed" in shown:
        return one.read(shown["fixed"], shown, {}).value
    if taken is None or one.is_missing(taken.value):
        return one.empty(shown)
    return one.read(taken.value, shown, facts).value


def _checkpoints(maker: Maker, platform: Platform, workflow: str, made_up: Supplies) -> Iterator[int | None]:
    """The versions on offer, and a checkpoint of somebody else's where any may be named."""
    found: list[int | None] = [None]
    if "model" in maker.form:
        shown = maker.form["model"].resolve(platform.facts(workflow))
        found = [option["value"] for option in shown["options"]]
        found += [] if shown.get("locked") else [made_up.checkpoint]
    return (one for one in found if maker.serves(platform.catalog, workflow, one))


def _distinct(platform: Platform, workflows: Sequence[str]) -> Iterator[str]:
    """Workflow keys without those that are another name for one of them."""
    meant = {_meant(platform, key): key for key in reversed(workflows)}
    return (key for key in workflows if meant[_meant(platform, key)] == key)


def _meant(platform: Platform, workflow: str) -> str:
    """The workflow key as which one is carried out."""
    known = platform.catalog.workflows
    return (known[workflow].record.becomes if workflow in known else None) or workflow


def _asked_for_engine(maker: Maker) -> frozenset[str]:
    """The names that the conditions of what an ecosystem says to its engine ask about."""
    rules = maker.ecosystem.engine_options_when if maker.ecosystem else ()
    return frozenset(name for rule in rules for name in (*rule.match, *rule.unless))


def _with_features(platform: Platform, asked: frozenset[str]) -> Iterator[Platform]:
    yield platform
    if "feature" in asked:
        yield replace(platform, features=EverySwitch())
