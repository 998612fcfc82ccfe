"""CIV103."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from civgen.catalog import Entry
from civgen.catalog.records import Ecosystem, FieldChange, FormChanges
from civgen.errors import InvalidFile, did_you_mean
from civgen.lint.finding import Finding
from civgen.lint.house import House, place
from civgen.lint.rule import Rule
from civgen.tomlfile import Key

#: A place, the folder whose records it names, and the name.
Reference = tuple[Key, str, str]


class ReferenceResolves(Rule):
    """What a file names exists, in that spelling: a family, an engine, a workflow key, a licence, a size set.

    Why: a name that leads nowhere is noticed late, when somebody generates or a row is written, and one
    spelt differently in two places makes two things of one.

    Bad:

        # ecosystems/Seedream.toml
        override = true
        family = "bytedanse"
        workflows = ["txt2img", "img2img:edits"]

    Good:

        # ecosystems/Seedream.toml
        override = true
        family = "bytedance"
        workflows = ["txt2img", "img2img:edit"]
    """

    code, name = "CIV103", "reference-resolves"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        for entry in house.entries:
            for reference in _of_ecosystem(entry.record):
                yield from self._resolved(house, entry, *reference)
            yield from self._engine(house, entry)
            yield from self._own(house, entry)
            yield from self._circle(house, entry)
        for entry in house.shelves["workflows"].values():
            for name in ("without_source", "with_images"):
                if word := getattr(entry.record, name):
                    yield from self._resolved(house, entry, (name,), "workflows", word)

    def _resolved(
        self, house: House, entry: Entry[Any], key: Key, folder: str, word: str
    ) -> Iterator[Finding]:
        shelf = house.shelves[folder]
        if not shelf.knows(word):
            yield self._missing(entry, key, f"no {shelf.what} is called {word}", word, shelf)

    def _engine(self, house: House, entry: Entry[Ecosystem]) -> Iterator[Finding]:
        word = entry.record.engine
        module = house.module(word) if word else None
        known = [found.engine.key if found.engine else stem for stem, found in house.modules.items()]
        if word and (module is None or (module.engine and module.engine.key != word)):
            yield self._missing(entry, ("engine",), f"no engine is called {word}", word, known)

    def _own(self, house: House, entry: Entry[Ecosystem]) -> Iterator[Finding]:
        """What versions name of their own ecosystem: its base models and its workflow keys."""
        if entry.record.key not in house.ecosystems:
            return
        ecosystem = house.ecosystems[entry.record.key][1]
        names = [base.name for base in ecosystem.base_models]
        for index, version in enumerate(ecosystem.versions):
            word = version.base_model
            if word and word not in names:
                message = f"{ecosystem.key} has no base model called {word}"
                yield self._missing(entry, ("versions", index, "base_model"), message, word, names)
            for number, word in enumerate(version.workflows):
                if word not in ecosystem.workflows:
                    key = ("versions", index, "workflows", number)
                    message = f"{ecosystem.key} does not offer {word}"
                    yield self._missing(entry, key, message, word, ecosystem.workflows)

    def _circle(self, house: House, entry: Entry[Ecosystem]) -> Iterator[Finding]:
        try:
            house.catalog.lineage(entry.record.key)
        except InvalidFile as error:
            parent = error.details[0].given
            if parent is None and error.where:  # a parent that is missing is reported above, once
                yield self.finding(
                    error.message.rstrip("."), error.where, subject=f"ecosystem {entry.record.key}"
                )

    def _missing(self, entry: Entry[Any], key: Key, message: str, word: str, known: Any) -> Finding:
        names = list(known)
        listing = f"Known: {', '.join(names[:12])}{' …' if len(names) > 12 else ''}"
        subject = (
            f"{'ecosystem' if isinstance(entry.record, Ecosystem) else 'workflow key'} {entry.record.key}"
        )
        return self.finding(
            message, place(entry, *key), hint=did_you_mean(word, names, listing), subject=subject
        )


def _of_ecosystem(record: Ecosystem) -> Iterator[Reference]:
    for name, folder in (("family", "families"), ("parent", "ecosystems")):
        if word := getattr(record, name):
            yield (name,), folder, word
    for index, word in enumerate(record.workflows):
        yield ("workflows", index), "workflows", word
    for index, base in enumerate(record.base_models):
        yield ("base_models", index, "license"), "licenses", base.license
    for index, rule in enumerate(record.accepts):
        yield ("accepts", index, "ecosystem"), "ecosystems", rule.ecosystem
    yield from _of_form(record.form, ("form",))
    for index, version in enumerate(record.versions):
        yield from _of_form(version.form, ("versions", index, "form"))


def _of_form(form: FormChanges, at: Key) -> Iterator[Reference]:
    for field, words in form.items():
        yield from _of_words(words, (*at, field))
        for index, rule in enumerate(words.when):
            key = (*at, field, "when", index)
            yield from _of_words(rule, key)
            for name in ("match", "unless"):
                for word in _workflows(getattr(rule, name)):
                    yield (*key, name, "workflow"), "workflows", word


def _of_words(words: FieldChange, at: Key) -> Iterator[Reference]:
    if words.sizes:
        yield (*at, "sizes"), "sizes", words.sizes


def _workflows(test: Mapping[str, Any]) -> list[str]:
    wanted = test.get("workflow", [])
    return [one for one in (wanted if isinstance(wanted, list) else [wanted]) if isinstance(one, str)]
