"""Which feature switches there are: those that anything asks for. No list of them is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from civgen.catalog.form_records import FormChanges
from civgen.catalog.records import Ecosystem
from civgen.engines.base import Engine
from civgen.errors import not_found
from civgen.jobs.platform import Platform

_NAME = "feature"


def refuse_unknown_features(names: Iterable[str], platform: Platform) -> None:
    """Refuse a switch that no engine and no file asks for, which would do nothing.

    Raises:
        NotFound: with the closest known switch.
    """
    if not (asked := set(names)):
        return
    known = known_features(platform)
    if unknown := sorted(asked - known):
        raise not_found("feature switch", unknown[0], known)


def known_features(platform: Platform) -> set[str]:
    """Every feature switch that a condition asks for: of engines, ecosystems, versions and tools."""
    catalog = platform.catalog
    said = [one for engine in platform.engines.values() for one in _of_engine(engine)]
    said += [one for record in catalog.ecosystems.records for one in _of_ecosystem(record)]
    said += [one for record in catalog.workflows.records for one in _of_form(record.form)]
    return {name for tests in said for name in _listed(tests.get(_NAME))}


def _of_engine(engine: Engine) -> Iterator[Mapping[str, object]]:
    for field in engine.form.fields:
        for condition in field.conditions:
            yield from condition.written.values()


def _of_ecosystem(record: Ecosystem) -> Iterator[Mapping[str, object]]:
    for rule in record.engine_options_when:
        yield from (rule.match, rule.unless)
    yield from _of_form(record.form)
    for version in record.versions:
        yield from _of_form(version.form)


def _of_form(form: FormChanges) -> Iterator[Mapping[str, object]]:
    for words in form.values():
        for rule in words.when:
            yield from (rule.match, rule.unless)
        yield from (one["match"] for one in words.options or () if isinstance(one, dict) and "match" in one)


def _listed(wanted: object) -> list[str]:
    names = wanted if isinstance(wanted, list | tuple) else [wanted]
    return [name for name in names if isinstance(name, str)]
