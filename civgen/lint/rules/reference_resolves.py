"""CIV103."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from civgen.catalog import Entry
from civgen.catalog.records import (
    ConditionalChange,
    ConditionalOptions,
    Ecosystem,
    FieldChange,
    FormChanges,
    Group,
    Version,
    Workflow,
)
from civgen.errors import InvalidFile, did_you_mean
from civgen.forms.form import Form
from civgen.forms.kinds.choice import as_option
from civgen.lint.finding import Finding
from civgen.lint.house import House, place
from civgen.lint.rule import Rule
from civgen.tomlfile import Key

#: The field whose options are preprocessors.
CONTROL_NETS = "controlNets"
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
            yield from self._own(house, entry)
            yield from self._circle(house, entry)
        for folder, references in (("workflows", _of_workflow), ("groups", _of_group)):
            for entry in house.shelves[folder].values():
                for reference in references(entry.record):
                    yield from self._resolved(house, entry, *reference)
        yield from self._of_engines(house)

    def _resolved(
        self, house: House, entry: Entry[Any], key: Key, folder: str, word: str
    ) -> Iterator[Finding]:
        if folder == "engines":
            yield from self._engine(house, entry, key, word)
        elif not (shelf := house.shelves[folder]).knows(word):
            yield self._missing(entry, key, f"no {shelf.what} is called {word}", word, shelf)

    def _engine(self, house: House, entry: Entry[Any], key: Key, word: str) -> Iterator[Finding]:
        module = house.module(word)
        known = [found.engine.key if found.engine else stem for stem, found in house.modules.items()]
        if module is None or (module.engine and module.engine.key != word):
            yield self._missing(entry, key, f"no engine is called {word}", word, known)

    def _of_engines(self, house: House) -> Iterator[Finding]:
        """The preprocessors that engines offer for control nets."""
        known = house.shelves["preprocessors"]
        for module in house.modules.values():
            form = module.usable.form if module.usable else Form()
            for option in form[CONTROL_NETS].properties["options"] if CONTROL_NETS in form else ():
                if not known.knows(word := str(as_option(option)["value"])):
                    where, subject = module.source.field(CONTROL_NETS), f"engine {module.source.path.stem}"
                    message = f"no preprocessor is called {word}"
                    yield self.finding(message, where, hint=did_you_mean(word, known), subject=subject)

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
            for key, word in _workflows_of(version):
                if word not in ecosystem.workflows:
                    message = f"{ecosystem.key} does not offer {word}"
                    yield self._missing(entry, ("versions", index, *key), message, word, ecosystem.workflows)
        for word in ecosystem.engines:
            if "engines" in entry.record.model_fields_set and word not in ecosystem.workflows:
                message = f"{ecosystem.key} does not offer {word}"
                yield self._missing(entry, ("engines", word), message, word, ecosystem.workflows)

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
        kinds = {Ecosystem: "ecosystem", Workflow: "workflow key", Group: "group"}
        subject = f"{kinds[type(entry.record)]} {entry.record.key}"
        return self.finding(
            message, place(entry, *key), hint=did_you_mean(word, names, listing), subject=subject
        )


def _of_ecosystem(record: Ecosystem) -> Iterator[Reference]:
    for name, folder in (("family", "families"), ("parent", "ecosystems"), ("engine", "engines")):
        if word := getattr(record, name):
            yield (name,), folder, word
    for index, word in enumerate(record.workflows):
        yield ("workflows", index), "workflows", word
    for workflow, word in record.engines.items():
        yield ("engines", workflow), "engines", word
    for workflow, word in record.moves.items():
        yield ("moves", workflow), "workflows", workflow
        yield ("moves", workflow), "workflows" if word in record.workflows else "ecosystems", word
    for field, siblings in record.follows.items():
        for value, word in siblings.items():
            yield ("follows", field, value), "ecosystems", word
    for index, base in enumerate(record.base_models):
        if base.license:
            yield ("base_models", index, "license"), "licenses", base.license
    for index, rule in enumerate(record.accepts):
        yield ("accepts", index, "ecosystem"), "ecosystems", rule.ecosystem
    for index, options in enumerate(record.engine_options_when):
        yield from _of_condition(options, ("engine_options_when", index))
    yield from _of_form(record.form, ("form",))
    for index, version in enumerate(record.versions):
        yield from _of_version(version, ("versions", index))


def _of_version(version: Version, at: Key) -> Iterator[Reference]:
    if version.uses:
        yield (*at, "uses"), "engines", version.uses
    for workflow in version.instead:
        yield (*at, "instead", workflow), "workflows", workflow
    yield from _of_form(version.form, (*at, "form"))


def _workflows_of(version: Version) -> Iterator[tuple[Key, str]]:
    """What a version names of its ecosystem's workflow keys."""
    for number, word in enumerate(version.workflows):
        yield ("workflows", number), word
    for number, word in enumerate(version.default if isinstance(version.default, list) else ()):
        yield ("default", number), word
    for workflow, word in version.instead.items():
        yield ("instead", workflow), word


def _of_workflow(record: Workflow) -> Iterator[Reference]:
    for name in ("without_source", "with_images", "becomes"):
        if word := getattr(record, name):
            yield (name,), "workflows", word
    if record.engine:
        yield ("engine",), "engines", record.engine
    yield from _of_form(record.form, ("form",))


def _of_group(record: Group) -> Iterator[Reference]:
    yield ("default",), "ecosystems", record.default
    for index, word in enumerate(record.ecosystems):
        yield ("ecosystems", index), "ecosystems", word


def _of_form(form: FormChanges, at: Key) -> Iterator[Reference]:
    for field, words in form.items():
        yield from _of_words(words, (*at, field))
        for index, rule in enumerate(words.when):
            key = (*at, field, "when", index)
            yield from _of_words(rule, key)
            yield from _of_condition(rule, key)


def _of_words(words: FieldChange, at: Key) -> Iterator[Reference]:
    if words.sizes:
        yield (*at, "sizes"), "sizes", words.sizes
    if words.versions:
        yield (*at, "versions"), "ecosystems", words.versions
    for index, option in enumerate(words.options or () if CONTROL_NETS in at else ()):
        yield (*at, "options", index), "preprocessors", str(as_option(option)["value"])


def _of_condition(rule: ConditionalChange | ConditionalOptions, at: Key) -> Iterator[Reference]:
    for name in ("match", "unless"):
        for word in _workflows(getattr(rule, name)):
            yield (*at, name, "workflow"), "workflows", word


def _workflows(test: Mapping[str, Any]) -> list[str]:
    wanted = test.get("workflow", [])
    return [one for one in (wanted if isinstance(wanted, list) else [wanted]) if isinstance(one, str)]
