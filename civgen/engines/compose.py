"""The form that an ecosystem shows: its engine's, with its own and its versions' words laid over it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from civgen.catalog import Catalog, Entry
from civgen.catalog.form_records import FieldChanges
from civgen.catalog.records import Ecosystem, Version
from civgen.engines.base import Engine
from civgen.engines.places import engine_origin
from civgen.errors import InvalidFile, NotFound, Problem, Where, did_you_mean
from civgen.forms.conditions import condition
from civgen.forms.field import COMMON, Change, Field
from civgen.forms.form import Form
from civgen.forms.origin import Origin
from civgen.tomlfile import Key

Option = dict[str, Any]
Layer = dict[str, tuple[dict[str, Any], list[Change], Origin]]


def form_of(catalog: Catalog, ecosystem: str, engine: Engine, others: Iterable[Engine] = ()) -> Form:
    """Compose the form of an ecosystem.

    The newest word wins: engine, root ecosystem, child, version.

    Args:
        others: the ecosystem's other engines: what it says of their fields does not concern this one.

    Raises:
        InvalidFile: a file speaks of a field or a property that the engine's form does not have,
            or of a size set that does not exist; with every such place.
    """
    elsewhere = {key for other in others for key in other.form.keys} - set(engine.form.keys)
    builder = _Builder(catalog, engine, elsewhere)
    models = _models(catalog.ecosystem(ecosystem), catalog.ecosystems[ecosystem])
    form = builder.engine_form().with_changes(models)
    for entry in catalog.lineage(ecosystem):
        form = form.with_changes(builder.layer(entry))
    form = form.with_changes(builder.version_layer(catalog.ecosystems[ecosystem]))
    builder.raise_problems()
    return form


def tool_form(catalog: Catalog, workflow: str, engine: Engine) -> Form:
    """Compose the form of a tool: its engine's, with the workflow key's own words laid over it.

    Raises:
        InvalidFile: as `form_of`.
    """
    builder = _Builder(catalog, engine, set())
    form = builder.engine_form().with_changes(builder.layer(catalog.workflows[workflow], "workflow key"))
    builder.raise_problems()
    return form


class _Builder:
    """Turns records into layers, collecting what is wrong with them."""

    def __init__(self, catalog: Catalog, engine: Engine, elsewhere: set[str]) -> None:
        self._catalog = catalog
        self._owner = f"engine {engine.key}"
        self._form = engine.form
        self._elsewhere = elsewhere
        self._problems: list[Problem] = []

    def engine_form(self) -> Form:
        """The engine's form under its name, with size sets put in for theirs."""
        return Form(*(self._sized(self._owned(field)) for field in self._form.fields))

    def layer(self, entry: Entry[Any], what: str = "ecosystem") -> Layer:
        """What an ecosystem, or the workflow key of a tool, says of the form."""
        owner = f"{what} {entry.record.key}"
        return {
            key: self._words(entry, ("form", key), words, owner)
            for key, words in entry.record.form.items()
            if self._knows(entry, ("form", key), key, words)
        }

    def version_layer(self, entry: Entry[Ecosystem]) -> Layer:
        """What its versions say of the form, each under the condition that it is the one chosen."""
        layer: Layer = {}
        for index, version in enumerate(entry.record.versions):
            for key, words in version.form.items():
                place: Key = ("versions", index, "form", key)
                if self._knows(entry, place, key, words):
                    changes = layer.setdefault(key, ({}, [], Origin()))[1]
                    changes.extend(self._of_version(entry, place, version, words))
        return layer

    def raise_problems(self) -> None:
        """Raise what was found, if anything was."""
        if self._problems:
            self._problems.sort(
                key=lambda one: (one.where.file or "", one.where.line or 0) if one.where else ("", 0)
            )
            first = self._problems[0]
            message = f"{first.where}: {first.field} {first.message}."
            raise InvalidFile(message, hint=first.hint, where=first.where, details=self._problems)

    def _words(
        self, entry: Entry[Any], place: Key, words: FieldChanges, owner: str
    ) -> tuple[dict[str, Any], list[Change], Origin]:
        changes = []
        for index, rule in enumerate(words.when):
            at: Key = (*place, "when", index)
            properties = self._plain(entry, at, rule.properties())
            changes.append(Change(condition(rule.match, rule.unless), properties, _origin(entry, at, owner)))
        return self._plain(entry, place, words.properties()), changes, _origin(entry, place, owner)

    def _of_version(
        self, entry: Entry[Any], place: Key, version: Version, words: FieldChanges
    ) -> Iterable[Change]:
        properties, changes, origin = self._words(entry, place, words, _owner(version))
        chosen = {"model": version.id}
        if properties:
            yield Change(condition(chosen), properties, origin)
        for rule, change in zip(words.when, changes, strict=True):
            applies = condition({**rule.match, **chosen}, rule.unless)
            yield Change(applies, change.properties, change.origin)

    def _plain(self, entry: Entry[Any], place: Key, properties: Mapping[str, Any]) -> dict[str, Any]:
        """Properties as fields know them: a size set, and the versions of an ecosystem, as options."""
        plain = dict(properties)
        for said, options in (("sizes", size_options), ("versions", version_options)):
            if name := plain.pop(said, None):
                plain["options"] = self._options(options, name, entry, (*place, said))
        return plain

    def _options(
        self, options: Callable[[Catalog, str], list[Option]], name: str, entry: Entry[Any], place: Key
    ) -> list[Option]:
        try:
            return options(self._catalog, name)
        except NotFound as error:
            self._note(entry, place, error.message, error.hint)
            return []

    def _knows(self, entry: Entry[Any], place: Key, key: str, words: FieldChanges) -> bool:
        if key in self._elsewhere:
            return False
        if key not in self._form:
            hint = did_you_mean(key, self._form.keys, f"Fields: {', '.join(self._form.keys)}")
            self._note(entry, place, "is not a field of the engine's form", hint)
            return False
        said = words.properties().keys() | {name for rule in words.when for name in rule.properties()}
        known = COMMON | self._form[key].PROPERTIES
        for name in sorted(said - known):
            self._note(
                entry,
                (*place, name),
                f"is not a property of a {self._form[key].kind} field",
                did_you_mean(name, known),
            )
        return said <= known

    def _note(self, entry: Entry[Any], place: Key, message: str, hint: str | None) -> None:
        where = entry.where(*place)
        self._problems.append(Problem(where.field or "", message, hint=hint, where=where))

    def _owned(self, field: Field) -> Field:
        return field.owned_by(lambda layer: engine_origin(self._owner, field, layer))

    def _sized(self, field: Field) -> Field:
        if name := field.properties.get("sizes"):
            sizes = self._catalog.sizes[name]
            origin = Origin(f"size set {name}", lambda _: sizes.where("sizes"))
            return field.with_changes({"options": size_options(self._catalog, name)}, (), origin)
        return field


def version_options(catalog: Catalog, ecosystem: str) -> list[Option]:
    """The versions of an ecosystem as options of a form field."""
    return [_model_option(version) for version in catalog.ecosystem(ecosystem).versions]


def size_options(catalog: Catalog, name: str) -> list[Option]:
    """The sizes of a set as options of a form field."""
    sizes = catalog.sizes[name].record.sizes
    return [size.model_dump(exclude_none=True) for size in sizes]


def _models(ecosystem: Ecosystem, entry: Entry[Ecosystem]) -> Layer:
    """The versions as options of the form's model field."""
    options = [_model_option(version) for version in ecosystem.versions]
    starts = [
        Change(
            condition({"workflow": version.default}),
            {"default": version.id},
            _origin(entry, ("versions", index), _owner(version)),
        )
        for index, version in enumerate(ecosystem.versions)
        if isinstance(version.default, list)
    ]
    owner = f"ecosystem {ecosystem.key}"
    listed: Key = ("versions", 0) if options else ()
    origin = Origin(owner, lambda name: entry.where(*(("model_locked",) if name == "locked" else listed)))
    locked = {"locked": True} if ecosystem.model_locked else {}
    return {"model": ({"options": options, **locked}, starts, origin)}


def _owner(version: Version) -> str:
    return f"version {version.id} ({version.label})"


def _origin(entry: Entry[Any], place: Key, owner: str) -> Origin:
    """An origin in a catalogue file. `sizes` and `versions` there stand for options of the form."""

    def where(name: str | None) -> Where:
        if name is None:
            return entry.where(*place)
        spellings = ("options", "sizes", "versions", "ratios") if name == "options" else (name,)
        found = (entry.where(*place, one) for one in spellings)
        return next((one for one in found if one.field), entry.where(*place))

    return Origin(owner, where)


def _model_option(version: Version) -> Option:
    option: Option = {"value": version.id, "label": version.label}
    if version.default is True:
        option["default"] = True
    return option | ({"match": {"workflow": version.workflows}} if version.workflows else {})
