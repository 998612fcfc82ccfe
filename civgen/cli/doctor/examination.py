"""Look at everything, one check after the other."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

from civgen.cli.doctor import checks
from civgen.cli.doctor.finding import Finding, from_error
from civgen.cli.doctor.scene import Scene
from civgen.results.doctor import DoctorFinding, Health

#: From well to ill.
_STATES: tuple[Health, ...] = ("ok", "note", "broken")


def examine(scene: Scene) -> Iterator[DoctorFinding]:
    """What every check finds, in their order, as it is found."""
    for module in _checks():
        for finding in _found(module, scene):
            yield finding.as_json(module.__name__.rpartition(".")[2])


def worst(findings: list[DoctorFinding]) -> Health:
    """The worst state there is."""
    return max((one["state"] for one in findings), key=_STATES.index, default="ok")


def _checks() -> list[ModuleType]:
    names = (f"{checks.__name__}.{one.name}" for one in pkgutil.iter_modules(checks.__path__))
    return sorted(map(importlib.import_module, names), key=lambda one: int(one.ORDER))


def _found(module: ModuleType, scene: Scene) -> Iterator[Finding]:
    """What a check finds; what it stumbles over is a finding, too."""
    try:
        yield from module.check(scene)
    except Exception as error:
        yield from from_error(error)
