"""Calls into an engine's own code, which may be anybody's: what it does wrong is said with its file."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from civgen.catalog.words import Media
from civgen.engines.base import BuildContext, Engine, Resources, Step, Values
from civgen.errors import CivgenError, InvalidFile, Problem, Where, display_path
from civgen.forms.form import Form

_MEDIA = get_args(Media)
#: What an engine's class must say, with the test of it and the words for what it must be.
_DECLARED: dict[str, tuple[Callable[[Any], bool], str]] = {
    "key": (lambda value: isinstance(value, str) and bool(value), "its name in ecosystems' files"),
    "media": (
        lambda value: isinstance(value, str) and value in _MEDIA,
        f"what it makes: {', '.join(_MEDIA)}",
    ),
    "step_type": (lambda value: isinstance(value, str) and bool(value), "the `$type` of its main step"),
    "form": (lambda value: isinstance(value, Form), "a Form of civgen.forms.form"),
}


def declared(engine: Engine, path: Path) -> Engine:
    """The engine, if it says all that an engine must say.

    Raises:
        InvalidFile: with every attribute that is missing or is something else.
    """
    shown = display_path(path)
    details = [
        Problem(
            name,
            f"`{name}` must be {what}.",
            given=getattr(engine, name, None),
            where=Where(shown, field=name),
        )
        for name, (is_right, what) in _DECLARED.items()
        if not is_right(getattr(engine, name, None))
    ]
    if details:
        named = ", ".join(problem.field for problem in details)
        message = f"The engine in {shown} is not declared as engines are: {named}."
        raise InvalidFile(message, hint=details[0].message, where=Where(shown), details=details)
    return engine


def steps_of(engine: Engine, values: Values, resources: Resources, context: BuildContext) -> list[Step]:
    """The steps that an engine builds.

    Raises:
        InvalidFile: its code raises, or answers something else.
    """
    try:
        steps = engine.build(values, resources, context)
    except CivgenError:
        raise
    except (Exception, SystemExit) as error:
        raise _broken(engine, f"raises {type(error).__name__}: {error}", error) from error
    if wrong := next(_no_steps(steps), None):
        raise _broken(engine, f"answers {wrong}, not a list of steps")
    return steps


def _no_steps(steps: Any) -> Iterator[str]:
    if not isinstance(steps, list):
        yield repr(steps)
        return
    for step in steps:
        sound = isinstance(step, Step) and isinstance(step.type, str) and isinstance(step.input, Mapping)
        if not sound:
            yield f"a list with {step!r}"


def _broken(engine: Engine, what: str, error: BaseException | None = None) -> InvalidFile:
    """What to say of an engine whose `build` does something wrong, with the line where that is known."""
    path = sys.modules[type(engine).__module__].__file__ or ""
    frames = traceback.extract_tb(error.__traceback__) if error else ()
    line = next((frame.lineno for frame in reversed(frames) if frame.filename == path), None)
    where = Where(display_path(Path(path)), line)
    message = f"The engine {engine.key} is broken: build() {what}."
    details = [Problem("build", what, where=where)]
    return InvalidFile(message, hint="Mend its module.", where=where, details=details)
