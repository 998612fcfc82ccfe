"""Who says what of a form: the place of a property, in the file that has the last word on it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from civgen.catalog import Entry
from civgen.catalog.form_records import FieldChange, FieldChanges
from civgen.errors import Where, display_path
from civgen.forms.conditions import Facts, condition, plain
from civgen.forms.field import Field
from civgen.forms.kinds.resources import ModelVersion
from civgen.lint.house import place, walk
from civgen.lint.makers import Maker
from civgen.tomlfile import Key

#: Properties that a file may say in another way.
_SPELLINGS = {"options": ("ratios", "sizes", "versions", "options")}


def owner(maker: Maker, field: str, said: Sequence[str], facts: Facts) -> Where:
    """The place of a field's property under `facts`: in a version, in an ecosystem, else in the engine.

    Args:
        said: properties, of which the newest word on any is wanted; none means whatever is said of the field.
    """
    return next(_said_in_files(maker, field, said, facts), None) or maker.source.field(field)


def options_owner(maker: Maker, field: Field, values: Collection[Any], facts: Facts) -> Where:
    """The place of some of a field's options: of a form's versions the newest among them, else as `owner`."""
    said_by_file = next(_said_in_files(maker, field.key, ("options",), facts), None)
    if field.kind != ModelVersion.kind or said_by_file:
        return said_by_file or maker.source.field(field.key)
    indexes = [index for index, version in enumerate(maker.versions) if version.id in values]
    places = [place(maker.entry, "versions", index, "label") for index in indexes]
    uppermost = display_path(maker.entry.files[-1].path)
    found = [where for where in places if where.file == uppermost] or places
    return found[-1] if found else maker.source.field(field.key)


def option_place(maker: Maker, facts: Facts, value: Any) -> Where | None:
    """The place of what the version or an ecosystem says to the engine, if that is where `value` is from."""
    if not isinstance(value, str):
        return None
    for index, version in enumerate(maker.versions):
        if version.id == plain(facts.get("model")) and (key := _key_of(value, version.engine)):
            return place(maker.entry, "versions", index, "engine", *key)
    for entry in reversed(maker.line if maker.ecosystem else ()):
        said = entry.record.model_dump(include={"engine_options", "engine_options_when"})
        if key := _key_of(value, said):
            return place(entry, *key)
    return None


def _said_in_files(maker: Maker, field: str, said: Sequence[str], facts: Facts) -> Iterator[Where]:
    """The places of a field's property in files, the newest word first."""
    for entry, key, words in _layers(maker, field, facts):
        for index, rule in reversed(list(enumerate(words.when))):
            names = _spelled(said, rule)
            if names and condition(rule.match, rule.unless)(facts):
                yield _newest(entry, (*key, "when", index), names)
        if names := _spelled(said, words):
            yield _newest(entry, key, names)


def _layers(maker: Maker, field: str, facts: Facts) -> Iterator[tuple[Entry[Any], Key, FieldChanges]]:
    """What files say of a field, the newest word first."""
    for index, version in enumerate(maker.versions):
        if version.id == plain(facts.get("model")) and field in version.form:
            yield maker.entry, ("versions", index, "form", field), version.form[field]
    for entry in reversed(maker.line):
        if field in entry.record.form:
            yield entry, ("form", field), entry.record.form[field]


def _spelled(said: Sequence[str], words: FieldChange) -> list[str]:
    """The names under which the words say any of the properties, in the order of these."""
    names = words.properties()
    wanted = [spelling for name in said for spelling in _SPELLINGS.get(name, (name,))] or names
    return [name for name in wanted if name in names]


def _newest(entry: Entry[Any], key: Key, names: Sequence[str]) -> Where:
    """The first of the names that the uppermost file says, else the first."""
    places = [place(entry, *key, name) for name in names]
    uppermost = display_path(entry.files[-1].path)
    return next((where for where in places if where.file == uppermost), places[0])


def _key_of(value: str, data: Any) -> Key | None:
    return next((key for key, one in walk(data) if one == value), None)
