"""Every base model names its licence.

People must know what they may do with the result, and lint holds the licence's limits against requests.
"""

from __future__ import annotations

from collections.abc import Iterator

from civgen.lint.grade import Lack, Subject

LEVEL = "bronze"


def lacks(subject: Subject) -> Iterator[Lack]:
    """What is missing for it."""
    for base_model in subject.ecosystem.base_models:
        if base_model.license is None:
            yield Lack(f"{base_model.name} names no licence", "civgen list licenses")
