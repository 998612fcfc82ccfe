"""CIV501."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from civgen.catalog.words import Media
from civgen.engines.base import Engine
from civgen.engines.registry import module_name
from civgen.errors import NotFound, Where, did_you_mean
from civgen.forms.form import Form
from civgen.lint.finding import Finding
from civgen.lint.house import House
from civgen.lint.makers import Module
from civgen.lint.rule import Rule


class EngineModule(Rule):
    '''A module of an engine holds one whole class: key, medium, step type, form, build and docstring.

    Why: an engine is found by its file's name, its docstring is its page in the documentation, and what it
    lacks is otherwise noticed by whoever uses it first.

    Bad:

        # engines/image/paint.py
        from civgen.engines.base import Engine

        class Paint(Engine):
            key = "paint"
            media = "images"
            step_type = "imageGenn"

            def build(self, values, resources, context):
                return []

    Good:

        # engines/image/paint.py
        from civgen.engines import fields
        from civgen.engines.base import Engine, Step
        from civgen.forms.form import Form

        class Paint(Engine):
            """Paints what the prompt says."""

            key = "paint"
            media = "image"
            step_type = "imageGen"
            form = Form(fields.prompt(always=True))

            def build(self, values, resources, context):
                return [Step(self.step_type, {"engine": self.key, "prompt": values["prompt"]})]
    '''

    code, name = "CIV501", "engine-module"
    needs = "engines"

    def check(self, house: House) -> Iterator[Finding]:  # noqa: D102
        ambiguous = house.engines_error
        if ambiguous:
            yield self.finding(
                ambiguous.message.rstrip("."), ambiguous.where or Where(), right=ambiguous.hint
            )
        for module in house.modules.values():
            if module.engine:
                yield from self._whole(house, module, module.engine)
            elif module.error and not (ambiguous and isinstance(module.error, NotFound)):
                yield self._broken(module)
            elif not house.runs(module.source.path):
                yield from self._as_text(house, module)

    def _broken(self, module: Module) -> Finding:
        error = module.error
        assert error is not None
        where = error.where if error.where and error.where.line else None
        field = error.where.field if error.where else None
        return self.finding(
            error.message.rstrip("."),
            where or module.source.where(field),
            right=error.hint,
            subject=_subject(module),
        )

    def _as_text(self, house: House, module: Module) -> Iterator[Finding]:
        """What the module's text shows, where it may not be run."""
        source = module.source
        if source.class_name is None:
            yield self._lacks(module, "defines no class", "Write one that subclasses Engine and has build().")
            return
        if not source.docstring:
            yield self._lacks(module, f"{source.class_name} has no docstring", _DOCSTRING)
        if module_name(module.key) != source.path.stem:
            rename = house.platform.engines.rename_hint(module.key)
            yield self._lacks(module, f"calls itself {module.key}", rename, "key")
        for name, known in (("media", get_args(Media)), ("step_type", house.platform.contract.step_types)):
            value = source.literal(name)
            if isinstance(value, str) and value not in known:
                right = did_you_mean(value, known, f"One of {', '.join(known)}.")
                yield self._lacks(module, f"the {name} {value} is none that there is", right, name)

    def _whole(self, house: House, module: Module, engine: Engine) -> Iterator[Finding]:
        kind = type(engine)
        if not kind.__dict__.get("__doc__"):
            yield self._lacks(module, f"{kind.__name__} has no docstring", _DOCSTRING)
        if not isinstance(getattr(engine, "form", None), Form):
            yield self._lacks(module, f"{kind.__name__} has no form", "Add form = Form(…).", "form")
        yield from self._one_of(module, "media", get_args(Media))
        yield from self._one_of(module, "step_type", house.platform.contract.step_types)
        folder = module.source.path.parent.name
        media = getattr(engine, "media", None)
        if folder != media and folder in get_args(Media) and media in get_args(Media):
            yield self._lacks(
                module, f"makes {media}, and lies in {folder}/", f"Move it to {media}/.", "media"
            )

    def _one_of(self, module: Module, name: str, known: tuple[str, ...]) -> Iterator[Finding]:
        value = getattr(module.engine, name, None)
        if value not in known:
            message = f"the {name} {value} is none that there is" if value else f"has no {name}"
            hint = did_you_mean(str(value), known, f"One of {', '.join(known)}.")
            yield self._lacks(module, message, hint, name)

    def _lacks(self, module: Module, message: str, hint: str | None, name: str | None = None) -> Finding:
        return self.finding(message, module.source.where(name), right=hint, subject=_subject(module))


_DOCSTRING = "Say what it makes, from what, and its limits."


def _subject(module: Module) -> str:
    return f"engine {module.engine.key if module.engine else module.source.path.stem}"
