"""No rule of `civgen lint` finds an error in it.

Whatever does not agree in the files comes out as a refused request, or as a model that nobody can use.
"""

from __future__ import annotations

from collections.abc import Iterator

from civgen.lint.grade import Lack, Subject

LEVEL = "bronze"


def lacks(subject: Subject) -> Iterator[Lack]:
    """What is missing for it."""
    errors = [one for one in subject.findings if one.severity == "error"]
    if errors:
        yield Lack(
            f"{len(errors)} lint errors, the first: {errors[0].code} {errors[0].message}", "civgen lint"
        )
