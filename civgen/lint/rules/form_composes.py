"""CIV201."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from civgen.catalog import Entry
from civgen.catalog.records import Ecosystem
from civgen.errors import Problem, display_path
from civgen.forms.field import COMMON
from civgen.forms.form import Form
from civgen.lint.edits import Edit, Fix, keys_by_field, only_near
from civgen.lint.finding import Finding
from civgen.lint.house import House
from civgen.lint.makers import subject_of
from civgen.lint.rule import Rule
from civgen.tomlfile import Key, TomlFile


class FormComposes(Rule):
    """What a file says of the form concerns a field that the engine has, and a property that the field has.

    Why: the words of an ecosystem and its versions are laid over the engine's form by name. A name that
    the engine does not have would change nothing.

    Bad:

        # ecosystems/Veo3.toml
        override = true
        [form.generateSound]
        hidden = true
        [form.duration]
        min = 4

    Good:

        # ecosystems/Veo3.toml
        override = true
        [form.generateAudio]
        hidden = true
        [form.duration]
        default = 4
    """

    code, name = "CIV201", "form-composes"
    needs = "engines"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        for entry, error in house.form_errors:
            subject = subject_of(entry)
            whole = Problem("", error.message, hint=error.hint, where=error.where)
            for problem in error.details or [whole]:
                if not problem.field.endswith((".sizes", ".versions")):  # what does not exist is CIV103's
                    words = problem.message if problem is whole else f"{problem.field} {problem.message}"
                    where = problem.where or entry.where("engine")
                    fix = _fix(house, entry, problem)
                    yield self.finding(words.rstrip("."), where, right=problem.hint, subject=subject, fix=fix)


def _fix(house: House, entry: Entry[Any], problem: Problem) -> Fix | None:
    """The name of a field, or of a property, that is near the one that there is not."""
    file = next((one for one in entry.files if problem.where == one.where(_key(one, problem))), None)
    key = _key(file, problem) if file else ()
    if file is None or "form" not in key:
        return None
    fields = {field.key: field for form in _forms(house, entry.record) for field in form.fields}
    rest = key[key.index("form") + 1 :]
    known: Iterable[str] = fields
    if len(rest) > 1:
        known = COMMON | fields[str(rest[0])].PROPERTIES if rest[0] in fields else ()
    name = only_near(str(key[-1]), known)
    edit = Edit(display_path(file.path), key, "rename", name)
    return Fix(f"call it {name}", (edit,)) if name else None


def _key(file: TomlFile, problem: Problem) -> Key:
    return keys_by_field(file.data).get(problem.where.field or "" if problem.where else "") or ()


def _forms(house: House, record: Any) -> list[Form]:
    """The forms of an ecosystem's engines, or of a tool's."""
    keys = house.catalog.engines_of(record) if isinstance(record, Ecosystem) else [record.engine]
    modules = [house.module(key) for key in keys]
    return [module.usable.form for module in modules if module and module.usable]
