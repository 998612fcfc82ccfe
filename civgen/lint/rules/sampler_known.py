"""CIV104."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from civgen.engines.base import Engine
from civgen.errors import Where, did_you_mean
from civgen.lint.edits import only_near, replaced
from civgen.lint.finding import Finding
from civgen.lint.house import House, place, walk
from civgen.lint.rule import Rule
from civgen.tomlfile import Key

if TYPE_CHECKING:
    from civgen.orchestrator.contract import Contract

FIELD = "sampler"
#: Properties of the contract that list samplers.
ENUMERATED = ("sampler", "sampleMethod")


class SamplerKnown(Rule):
    """Every sampler that a form offers, or an engine is told to use, is one of the catalogue or the contract.

    Why: the catalogue says what the orchestrator and Comfy call a sampler. Without an entry the request
    fails only when somebody picks it. Some engines offer the names of the orchestrator's own enumerations,
    `sampler` and `sampleMethod`; these need no entry.

    Bad:

        # ecosystems/SD1.toml
        override = true
        [form.sampler]
        options = ["Euler a", "DPM++ 2M Karas"]

    Good:

        # ecosystems/SD1.toml
        override = true
        [form.sampler]
        options = ["Euler a", "DPM++ 2M Karras"]
    """

    code, name = "CIV104", "sampler-known"
    needs = "engines"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        for entry, ecosystem in house.ecosystems.values():
            modules = [house.module(key) for key in house.catalog.engines_of(ecosystem)]
            if any(module and not house.runs(module.source.path) for module in modules):
                continue  # its step type may have samplers of its own
            engines = [module.usable for module in modules if module and module.usable]
            subject = f"ecosystem {entry.record.key}"
            for key, word in _in_file(entry.record.model_dump(exclude_unset=True)):
                for finding in self._known(house, word, engines, place(entry, *key), subject):
                    near = only_near(word, [*house.shelves["samplers"], *_of_engines(house, engines)])
                    yield replace(finding, fix=replaced(entry, key, near) if near else None)
        for module in house.modules.values():
            if (engine := module.usable) and FIELD in engine.form:
                where, subject = module.source.field(FIELD), f"engine {engine.key}"
                field = engine.form[FIELD]
                for layer in (field.properties, *(change.properties for change in field.changes)):
                    for _, word in _in_words(layer, ()):
                        yield from self._known(house, word, [engine], where, subject)

    def _known(
        self, house: House, word: str, engines: Sequence[Engine], where: Where, subject: str
    ) -> Iterator[Finding]:
        samplers = house.shelves["samplers"]
        if not (samplers.knows(word) or word in _of_engines(house, engines)):
            hint = did_you_mean(word, samplers, "Add it as a file of samplers/.")
            message = f"no sampler is called {word}"
            yield self.finding(message, where, right=hint, subject=subject)


def _of_engines(house: House, engines: Sequence[Engine]) -> set[str]:
    """The samplers that the contract names for the step types of engines."""
    steps = {getattr(engine, "step_type", "") for engine in engines}
    return {word for step in steps for word in _enumerated(house.platform.contract, step)}


@cache
def _enumerated(contract: Contract, step_type: str) -> frozenset[str]:
    """The samplers that the contract itself names in the leaves of a step type."""
    leaves = contract.leaves(step_type)
    said = [leaf.schema.get("properties", {}).get(name, {}) for leaf in leaves for name in ENUMERATED]
    return frozenset(word for schema in said for word in schema.get("enum", ()))


def _in_file(record: Mapping[str, Any]) -> Iterator[tuple[Key, str]]:
    """Samplers that an ecosystem's form and engine options name."""
    for key, value in walk(record):
        if key[-1:] != (FIELD,):
            continue
        if isinstance(value, str):
            yield key, value
        elif isinstance(value, Mapping):
            for words, at in (
                (value, key),
                *((rule, (*key, "when", n)) for n, rule in enumerate(value.get("when", ()))),
            ):
                yield from _in_words(words, at)


def _in_words(words: Mapping[str, Any], at: Key) -> Iterator[tuple[Key, str]]:
    """Samplers that a field's properties name."""
    for name in ("options", "presets"):
        for index, entry in enumerate(words.get(name) or ()):
            word = entry.get("value") if isinstance(entry, Mapping) else entry
            if isinstance(word, str):
                yield (*at, name, index), word
    for name in ("default", "fixed"):
        if isinstance(words.get(name), str):
            yield (*at, name), words[name]
