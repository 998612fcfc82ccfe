"""A sketched engine as Python: what the template of its module asks for."""

from __future__ import annotations

import re
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from civgen.engines import wire
from civgen.engines.registry import module_name
from civgen.forms.form import Form
from civgen.forms.kinds.choice import AspectRatio, Choice, Toggle
from civgen.forms.kinds.number import Number
from civgen.forms.kinds.text import Text
from civgen.orchestrator.contract import load_contract
from civgen.scaffold.answers import EngineAnswers
from civgen.scaffold.leaves import ENGINE, OPERATION
from civgen.scaffold.pythontext import WIDTH, Raw, code
from civgen.scaffold.sketch import Sketch

_KINDS = (AspectRatio, Choice, Number, Text, Toggle)
#: How deep the docstring, fields and statements, and the entries of a step stand.
_DOC, _BODY, _ENTRY = 4, 8, 20


def module_answers(answers: EngineAnswers, sketch: Sketch) -> dict[str, Any]:
    """What the template `engine` asks."""
    called = sketch.leaf.discriminators[ENGINE]
    entries, sources = _entries(answers, sketch), _sources(sketch)
    return {
        "key": answers.key,
        "media": answers.makes,
        "module": module_name(answers.key),
        "class_name": _class_name(answers.key),
        "step_type": sketch.leaf.step_type,
        "wire": _in_words(sketch),
        "wire_engine": "" if called == answers.key else called,
        "documentation": _documentation(sketch),
        "imports": _imports(sketch, entries + sources),
        "operations": _operations(sketch),
        "fields": [code(part.shown, _BODY) for part in sketch.parts if part.shown],
        "entries": entries,
        "sources": sources,
    }


def _class_name(key: str) -> str:
    """A class's name from a key.

    >>> _class_name("ltx2.3")
    'Ltx23'
    """
    name = "".join(part.capitalize() for part in re.split(r"[^a-z0-9]+", key))
    return name if name[0].isalpha() else f"Engine{name}"


def _in_words(sketch: Sketch) -> str:
    first, *others = (value for name, value in sketch.leaf.discriminators.items() if name in sketch.constants)
    return f"{first} ({', '.join(others)})" if others else first


def _documentation(sketch: Sketch) -> list[str]:
    """The lines of the class's docstring below its first."""
    date, each = load_contract().date, "each " if len(sketch.workflows) > 1 else ""
    limits = f"Limits are the contract's of {date}." if date else "Limits are the contract's."
    paragraphs = [f"Operations: {_listed(_told(sketch))}, {each}one `{sketch.leaf.step_type}` step. {limits}"]
    if sketch.left_out:
        paragraphs.append(f"Not in the form: {_quoted(sketch.left_out)}.")
    if sketch.dropped:
        paragraphs.append(f"Not built, as no field gives what it starts from: {_quoted(sketch.dropped)}.")
    return [*_wrapped(paragraphs), "", *_wrapped(f"TODO: {one}." for one in _to_decide(sketch))]


def _to_decide(sketch: Sketch) -> Iterator[str]:
    """What the contract does not say."""
    yield "labels, which fields to show, ranges narrower than the contract's"
    if sketch.sources.open_images:
        yield "how many images; the contract sets no limit, and the form takes one"
    yield "the price, in a method `price`, unless `civgen price` knows one already"


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _wrapped(paragraphs: Iterable[str]) -> list[str]:
    """Paragraphs as lines; what continues a `TODO` is indented, so that tools take it for one."""
    lines = []
    for text in paragraphs:
        further = "  " if text.startswith("TODO") else ""
        lines += textwrap.wrap(text, WIDTH - _DOC, subsequent_indent=further, break_on_hyphens=False)
    return lines


def _told(sketch: Sketch) -> list[str]:
    """The workflow keys, each with the operation that it is on the wire."""
    named = sketch.choosing.by_workflow
    return [f"`{key}` ({' or '.join(named[key])})" if named else f"`{key}`" for key in sketch.workflows]


def _listed(names: Sequence[str]) -> str:
    *some, last = names
    return f"{', '.join(some)} and {last}" if some else last


def _operations(sketch: Sketch) -> str:
    """A constant: the operation of each workflow key, or several."""
    named, start = sketch.choosing.by_workflow, "OPERATIONS = "
    known = named if sketch.choosing.by_field else {key: names[0] for key, names in named.items()}
    return f"{start}{code(known, 0, len(start) - 1)}" if known else ""


def _entries(answers: EngineAnswers, sketch: Sketch) -> list[str]:
    """The entries of a step's input: what it is first, then the form's values."""
    own = Raw("self.key" if sketch.constants[ENGINE] == answers.key else "self.wire_engine")
    order = [*sketch.leaf.discriminators, *sketch.constants]
    constants = {name: sketch.constants[name] for name in order if name in sketch.constants}
    values: dict[str, Any] = constants | {ENGINE: own}
    if len(sketch.choosing.operations) > 1:
        values[OPERATION] = Raw("OPERATIONS[context.workflow]")
    unpacked = []
    for part in sketch.parts:
        if part.spread:
            unpacked.append(f"**{part.spread.text}")
        else:
            values |= part.entries
    if sketch.sources.apart:
        unpacked.append("**_sources(values, context.workflow)")
    named = [
        f"{code(name)}: {code(value, _ENTRY, _ENTRY + len(code(name)) + 2)}" for name, value in values.items()
    ]
    return named + unpacked


def _sources(sketch: Sketch) -> list[str]:
    """The statements of a function that gives what each workflow key starts from, where one is needed."""
    statements = []
    for key, entries in sketch.sources.apart.items():
        if entries:
            statements += [
                f"if workflow == {code(key)}:",
                f"    return {code(dict(entries), _BODY, _BODY + 6)}",
            ]
    return [*statements, "return {}"] if statements else []


def _imports(sketch: Sketch, lines: Sequence[str]) -> list[str]:
    """The imports that depend on the form, as they are sorted."""
    used = {part.shown.name for part in sketch.parts if part.shown}
    modules: defaultdict[str, list[str]] = defaultdict(list)
    for kind in _KINDS:
        if kind.__name__ in used:
            modules[kind.__module__].append(kind.__name__)
    called = set(re.findall(r"\b(\w+)\(", "\n".join(lines)))
    modules[wire.__name__] = sorted(name for name in called if hasattr(wire, name))
    modules[Form.__module__].append(Form.__name__)
    return [_import(module, names) for module, names in sorted(modules.items()) if names]


def _import(module: str, names: Sequence[str]) -> str:
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= WIDTH:
        return line
    return f"from {module} import (\n" + "".join(f"    {name},\n" for name in names) + ")"
