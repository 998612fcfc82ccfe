"""What a name is about: which kind of addition, and which ecosystems it concerns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from civgen.catalog import Catalog
from civgen.catalog.names import ecosystem_named
from civgen.engines.registry import Engines
from civgen.errors import NotFound, not_found
from civgen.guide.topic import Subject
from civgen.lint.registry import all_rules


@dataclass(frozen=True, slots=True)
class Found:
    """Something that is there.

    Attributes:
        name: as it calls itself.
        ecosystems: keys of the ecosystems that it concerns.
        version: the model version, where it is one.
    """

    name: str
    ecosystems: list[str] = field(default_factory=list)
    version: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What it is called, to the letter."""
        return (self.name, str(self.version))


Finder = Callable[[str, Catalog, Engines], Found]


def find(subject: Subject, name: str, catalog: Catalog, engines: Engines) -> Found:
    """Something by its name.

    Raises:
        NotFound: with the closest name as a hint.
    """
    return FINDERS[subject](name, catalog, engines)


def subjects_of(name: str, catalog: Catalog, engines: Engines) -> Iterator[Subject]:
    """The kinds of things that are called so, first those whose name is this to the letter."""
    loosely: list[Subject] = []
    for subject in FINDERS:
        with suppress(NotFound):
            if name in find(subject, name, catalog, engines).names:
                yield subject
            else:
                loosely.append(subject)
    yield from loosely


def _version(name: str, catalog: Catalog, _: Engines) -> Found:
    known = catalog.version(int(name)) if name.isdecimal() else None
    if known is None:
        raise NotFound(f"No version has the number {name}.", hint="`civgen list versions` shows all.")
    return Found(f"{known[1].key} {known[0].label}", [known[1].key], known[0].id)


def _base_model(name: str, catalog: Catalog, _: Engines) -> Found:
    base, home = catalog.base_model(name)
    return Found(base.name, [home.key])


def _ecosystem(name: str, catalog: Catalog, engines: Engines) -> Found:
    """By its own names, or as the only one that uses an engine of this key."""
    try:
        key = ecosystem_named(catalog, name).key
    except NotFound:
        using = _using(name, catalog) if name in engines else []
        if len(using) != 1:
            raise
        key = using[0]
    return Found(key, [key])


def _engine(name: str, catalog: Catalog, engines: Engines) -> Found:
    """By its key, or as the engine of the ecosystem that is called so."""
    if name in engines:
        key = engines[name].key
        return Found(key, _using(key, catalog))
    with suppress(NotFound):
        home = ecosystem_named(catalog, name)
        if home.engine:
            return Found(home.engine, [home.key])
    raise not_found("engine", name, engines)


def _using(engine: str, catalog: Catalog) -> list[str]:
    """The ecosystems that an engine carries something out for."""
    return [one.key for one in catalog.all_ecosystems() if engine in catalog.engines_of(one)]


def _licence(name: str, catalog: Catalog, _: Engines) -> Found:
    return Found(catalog.licenses[name].record.name)


def _rule(name: str, _: Catalog, __: Engines) -> Found:
    for rule in all_rules().values():
        if name.lower() in (rule.code.lower(), rule.name):
            return Found(rule.code)
    raise not_found("lint rule", name, all_rules())


FINDERS: Mapping[Subject, Finder] = {
    "version": _version,
    "base model": _base_model,
    "ecosystem": _ecosystem,
    "engine": _engine,
    "licence": _licence,
    "lint rule": _rule,
}
