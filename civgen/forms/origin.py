"""Who says a thing of a field, and where that stands."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from civgen.errors import Where

#: Finds the place of a property; None stands for the field as a whole.
Place = Callable[[str | None], Where]

_FUNCTION = 0x1  # CO_OPTIMIZED: set for functions, not for the bodies of modules and classes.


@dataclass(frozen=True, slots=True)
class Origin:
    """The owner of a layer of a form, for a reader: an engine, an ecosystem, a version.

    Attributes:
        place: finds a property's place when somebody asks; positions cost a scan of the file.
    """

    owner: str = "the form"
    place: Place | None = None

    def where(self, name: str | None = None) -> Where | None:
        """The place of a property of the field."""
        return self.place(name) if self.place else None


def declared_at() -> tuple[str, int]:
    """File and line of the class or module that a field is being declared in.

    Functions on the way, which make fields that engines share, are not where an engine says it.
    """
    frame = sys._getframe(1)
    nearest = frame
    while frame.f_code.co_flags & _FUNCTION and frame.f_back:
        frame = frame.f_back
    found = nearest if frame.f_code.co_flags & _FUNCTION else frame
    return found.f_code.co_filename, found.f_lineno
