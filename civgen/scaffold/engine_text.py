"""A sketched engine as Python: what the template of its module asks for."""

from __future__ import annotations

import re
import textwrap
from collections import defaultdict
from typing import Any

from civgen.engines.registry import module_name
from civgen.forms.kinds.choice import AspectRatio, Choice, Toggle
from civgen.forms.kinds.number import Number, Seed
from civgen.forms.kinds.text import Text
from civgen.scaffold.answers import EngineAnswers
from civgen.scaffold.leaves import ENGINE
from civgen.scaffold.pythontext import WIDTH, Raw, code
from civgen.scaffold.sketch import Sketch

_KINDS = (AspectRatio, Choice, Number, Seed, Text, Toggle)
#: How deep the docstring, fields and statements, and the entries of a step stand.
_DOC, _BODY, _ENTRY = 4, 8, 20


def module_answers(answers: EngineAnswers, sketch: Sketch) -> dict[str, Any]:
    """What the template `engine` asks."""
    wire = sketch.leaf.discriminators[ENGINE]
    before = [part.before for part in sketch.parts if part.before]
    return {
        "key": answers.key,
        "media": answers.media,
        "module": module_name(answers.key),
        "class_name": _class_name(answers.key),
        "step_type": sketch.leaf.step_type,
        "wire": _in_words(sketch),
        "wire_engine": "" if wire == answers.key else wire,
        "workflows": ", ".join(f"`{key}`" for key in sketch.workflows),
        "left_out": _left_out(sketch),
        "imports": _imports(sketch),
        "fields": [code(part.shown, _BODY) for part in sketch.parts if part.shown],
        "before": [textwrap.indent(one, " " * _BODY).lstrip() for one in before],
        "entries": _entries(answers, sketch),
    }


def _class_name(key: str) -> str:
    """A class's name from a key.

    >>> _class_name("ltx2.3")
    'Ltx23'
    """
    name = "".join(part.capitalize() for part in re.split(r"[^a-z0-9]+", key))
    return name if name[0].isalpha() else f"Engine{name}"


def _in_words(sketch: Sketch) -> str:
    wire, *others = sketch.leaf.discriminators.values()
    return f"{wire} ({', '.join(others)})" if others else wire


def _entries(answers: EngineAnswers, sketch: Sketch) -> list[str]:
    own = Raw("self.key" if sketch.constants[ENGINE] == answers.key else "self.wire_engine")
    values: dict[str, Any] = {**sketch.constants, ENGINE: own}
    for part in sketch.parts:
        values |= part.entries
    return [
        f"{code(name)}: {code(value, _ENTRY, _ENTRY + len(code(name)) + 2)}" for name, value in values.items()
    ]


def _imports(sketch: Sketch) -> list[str]:
    """The imports that depend on the form, as they are sorted."""
    used = {part.shown.name for part in sketch.parts if part.shown}
    modules: defaultdict[str, list[str]] = defaultdict(list)
    for kind in _KINDS:
        if kind.__name__ in used:
            modules[kind.__module__].append(kind.__name__)
    return [f"from {module} import {', '.join(names)}" for module, names in sorted(modules.items())]


def _left_out(sketch: Sketch) -> list[str]:
    names = ", ".join(f"`{name}`" for name in sketch.left_out)
    return textwrap.wrap(f"Not in the form: {names}.", WIDTH - _DOC) if names else []
