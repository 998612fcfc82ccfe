"""CIV103."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from civgen.catalog import Entry
from civgen.catalog.form_records import ConditionalChange, FieldChange, FormChanges
from civgen.catalog.records import ConditionalOptions, Ecosystem, Version, Workflow
from civgen.errors import InvalidFile, did_you_mean
from civgen.forms.form import Form
from civgen.lint.edits import corrected
from civgen.lint.finding import Finding
from civgen.lint.house import House, place
from civgen.lint.makers import subject_of
from civgen.lint.rule import Rule
from civgen.tomlfile import Key

#: The field whose options are preprocessors.
CONTROL_NETS = "controlNets"
#: A place, the folder whose records it names, and the name.
Reference = tuple[Key, str, str]


class ReferenceResolves(Rule):
    """What a file names exists, in that spelling: an engine, a workflow key, a licence, another ecosystem.

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
    needs = "engines"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        for entry in house.entries:
            for reference in _of_ecosystem(entry.record):
                yield from self._resolved(house, entry, *reference)
            yield from self._own(house, entry)
            yield from self._circle(house, entry)
        for tool in house.shelves["workflows"].values():
            for reference in _of_workflow(tool.record):
                yield from self._resolved(house, tool, *reference)
        yield from self._of_groups(house)
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
        known = [found.key for found in house.modules.values()]
        if module is None or (module.error is None and module.key != word):
            yield self._missing(entry, key, f"no engine is called {word}", word, known)

    def _of_groups(self, house: House) -> Iterator[Finding]:
        for entry in house.shelves["groups"].values():
            members, first = entry.record.ecosystems, entry.record.default
            for index, word in enumerate(members):
                yield from self._resolved(house, entry, ("ecosystems", index), "ecosystems", word)
            if first not in members:
                message = f"the group {entry.record.key} does not hold {first}"
                slip = first not in house.shelves["ecosystems"]
                yield self._missing(entry, ("default",), message, first, members, slip=slip)

    def _of_engines(self, house: House) -> Iterator[Finding]:
        """The preprocessors that engines offer for control nets."""
        known = house.shelves["preprocessors"]
        for module in house.modules.values():
            form = module.usable.form if module.usable else Form()
            said = form[CONTROL_NETS].properties.get("options") if CONTROL_NETS in form else ()
            for word in _values(said or ()):
                if not known.knows(word):
                    where, subject = module.source.field(CONTROL_NETS), f"engine {module.source.path.stem}"
                    message = f"no preprocessor is called {word}"
                    yield self.finding(message, where, right=did_you_mean(word, known), subject=subject)

    def _own(self, house: House, entry: Entry[Ecosystem]) -> Iterator[Finding]:
        """What an ecosystem names of itself, base models and workflow keys, and of those of its siblings."""
        if entry.record.key not in house.ecosystems:
            return
        ecosystem = house.ecosystems[entry.record.key][1]
        names = [base.name for base in ecosystem.base_models]
        for index, version in enumerate(ecosystem.versions):
            word = version.base_model
            if word and word not in names:
                message = f"{ecosystem.key} has no base model called {word}"
                at, slip = ("versions", index, "base_model"), house.catalog.ecosystem_of(word) is None
                yield self._missing(entry, at, message, word, names, slip=slip)
        for key, word in _own_workflows(entry.record):
            if word not in ecosystem.workflows:
                message, slip = (
                    f"{ecosystem.key} does not offer {word}",
                    word not in house.shelves["workflows"],
                )
                yield self._missing(entry, key, message, word, ecosystem.workflows, slip=slip)
        for workflow, word in entry.record.moves.items():
            if word not in ecosystem.workflows:
                yield from self._sibling(house, entry, workflow, word)

    def _sibling(self, house: House, entry: Entry[Ecosystem], workflow: str, word: str) -> Iterator[Finding]:
        """The ecosystem that a request for a workflow key goes over to must offer it."""
        key = ("moves", workflow)
        if word not in house.ecosystems:
            yield from self._resolved(house, entry, key, "ecosystems", word)
        elif workflow not in (offered := house.ecosystems[word][1].workflows):
            slip = workflow not in house.shelves["workflows"]
            yield self._missing(entry, key, f"{word} does not offer {workflow}", workflow, offered, slip=slip)

    def _circle(self, house: House, entry: Entry[Ecosystem]) -> Iterator[Finding]:
        try:
            house.catalog.lineage(entry.record.key)
        except InvalidFile as error:
            parent = error.details[0].given
            if parent is None and error.where:  # a parent that is missing is reported above, once
                yield self.finding(error.message.rstrip("."), error.where, subject=subject_of(entry))

    def _missing(
        self, entry: Entry[Any], key: Key, message: str, word: str, known: Any, *, slip: bool = True
    ) -> Finding:
        names = list(known)
        listing = f"Known: {', '.join(names[:12])}{' …' if len(names) > 12 else ''}"
        hint = did_you_mean(word, names, listing)
        # A word that exists may be right, and what should offer it wrong.
        fix = corrected(entry, key, word, names) if slip else None
        return self.finding(message, place(entry, *key), right=hint, subject=subject_of(entry), fix=fix)


def _of_ecosystem(record: Ecosystem) -> Iterator[Reference]:
    for name, folder in (("family", "families"), ("parent", "ecosystems"), ("engine", "engines")):
        if word := getattr(record, name):
            yield (name,), folder, word
    for index, word in enumerate(record.workflows):
        yield ("workflows", index), "workflows", word
    for workflow, word in record.engines.items():
        yield ("engines", workflow), "engines", word
    for workflow in record.moves:
        yield ("moves", workflow), "workflows", workflow
    for index, base in enumerate(record.base_models):
        if base.license:
            yield ("base_models", index, "license"), "licenses", base.license
    yield from _of_others(record)
    for index, options in enumerate(record.engine_options_when):
        yield from _of_condition(options, ("engine_options_when", index))
    yield from _of_form(record.form, ("form",))
    for index, version in enumerate(record.versions):
        yield from _of_version(version, ("versions", index))


def _of_others(record: Ecosystem) -> Iterator[Reference]:
    """The other ecosystems that one names."""
    for index, rule in enumerate(record.accepts):
        yield ("accepts", index, "ecosystem"), "ecosystems", rule.ecosystem
    for field, siblings in record.follows.items():
        for value, word in siblings.items():
            yield ("follows", field, value), "ecosystems", word


def _of_version(version: Version, at: Key) -> Iterator[Reference]:
    if version.uses:
        yield (*at, "uses"), "engines", version.uses
    for workflow in version.instead:
        yield (*at, "instead", workflow), "workflows", workflow
    yield from _of_form(version.form, (*at, "form"))


def _own_workflows(record: Ecosystem) -> Iterator[tuple[Key, str]]:
    """Where an ecosystem names a workflow key that it must offer itself."""
    for workflow in record.engines:
        yield ("engines", workflow), workflow
    for index, version in enumerate(record.versions):
        at = ("versions", index)
        for number, word in enumerate(version.workflows):
            yield (*at, "workflows", number), word
        for number, word in enumerate(version.default if isinstance(version.default, list) else ()):
            yield (*at, "default", number), word
        for workflow, word in version.instead.items():
            yield (*at, "instead", workflow), word


def _of_workflow(record: Workflow) -> Iterator[Reference]:
    for name in ("without_source", "with_images", "becomes"):
        if word := getattr(record, name):
            yield (name,), "workflows", word
    if record.engine:
        yield ("engine",), "engines", record.engine
    yield from _of_form(record.form, ("form",))


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
    for index, word in enumerate(_values(words.options or ()) if CONTROL_NETS in at else ()):
        yield (*at, "options", index), "preprocessors", word


def _values(options: Iterable[Any]) -> list[str]:
    """What options stand for; those that do not say it are `form-composes`'s."""
    values = [option.get("value") if isinstance(option, Mapping) else option for option in options]
    return [str(value) for value in values if value is not None]


def _of_condition(rule: ConditionalChange | ConditionalOptions, at: Key) -> Iterator[Reference]:
    for name in ("match", "unless"):
        for word in _workflows(getattr(rule, name)):
            yield (*at, name, "workflow"), "workflows", word


def _workflows(test: Mapping[str, Any]) -> list[str]:
    wanted = test.get("workflow", [])
    return [one for one in (wanted if isinstance(wanted, list) else [wanted]) if isinstance(one, str)]
