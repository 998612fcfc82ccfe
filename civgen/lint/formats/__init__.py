"""How a report is shown: one module a format, with `render(report) -> str`; the listing is their registry.

Every format carries every finding, with file, line, column, code and severity, and what was left unchecked.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, cast

from civgen.errors import InvalidInput, Problem, did_you_mean

if TYPE_CHECKING:
    from civgen.lint.report import Report


def names() -> list[str]:
    """Every format."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def render(name: str, report: Report) -> str:
    """A report in a format; what it ends with is up to the format.

    Raises:
        InvalidInput: there is no such format.
    """
    module = importlib.import_module(f"{__name__}.{known(name)}")
    return cast(str, module.render(report))


def known(name: str) -> str:
    """The name of a format, if it is one.

    Raises:
        InvalidInput: it is none.
    """
    if name not in names():
        hint = did_you_mean(name, names(), f"One of {', '.join(names())}.")
        problem = Problem("--format", "names no format", name, names(), hint)
        raise InvalidInput(f"No format is called {name!r}.", hint=hint, details=[problem])
    return name
