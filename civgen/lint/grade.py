"""How far an ecosystem has come: bronze, silver or gold, by the criteria of `civgen.lint.criteria`.

A grade is reached when every criterion of it, and of those below, holds.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import ModuleType
from typing import TYPE_CHECKING, Any

from civgen.catalog.files import BUILT_IN
from civgen.catalog.records import Ecosystem
from civgen.errors import CivgenError
from civgen.jobs.preview import Preview, preview
from civgen.jobs.submit import offline_price
from civgen.lint.house import House
from civgen.lint.walks import Situation, situations, walks

if TYPE_CHECKING:
    from civgen.lint.finding import Finding
    from civgen.workspace import Workspace

LEVELS = ("bronze", "silver", "gold")
#: Below the first grade.
NONE = "none"

Numbers = Callable[[Sequence[int]], set[int] | None]


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing, and the command that shows or mends it.

    Attributes:
        can_stay: whether it need not be mended before one goes on.
    """

    what: str
    mend: str
    can_stay: bool = False


@dataclass(frozen=True)
class Subject:
    """The ecosystem that is graded, with what criteria may ask.

    Attributes:
        findings: what lint found about it.
        find_covered: which of some versions the database's rows let generate; None without a database.
        find_indexed: which of some models the search index has as generating.
    """

    key: str
    house: House
    findings: Sequence[Finding]
    find_covered: Numbers
    find_indexed: Numbers

    @property
    def workspace(self) -> Workspace:
        """The workspace, or the lack of one."""
        return self.house.workspace

    def needing_workspace(self, command: str) -> str:
        """A command that only works in a workspace, or where there is none, the one that makes one."""
        return command if self.workspace.root else "civgen init ."

    @cached_property
    def ecosystem(self) -> Ecosystem:
        """It, with what it inherits."""
        return self.house.catalog.ecosystem(self.key)

    @property
    def is_built_in(self) -> bool:
        """Whether it comes with civgen."""
        return self.house.catalog.ecosystems[self.key].files[0].path.is_relative_to(BUILT_IN)

    @cached_property
    def requests(self) -> list[tuple[Situation, Preview | None]]:
        """A plain request for each workflow key and version; None where it is refused."""
        makers = [maker for maker in self.house.makers if maker.ecosystem and maker.ecosystem.key == self.key]
        return [(one, _previewed(one)) for maker in makers for one in situations(self.house, maker)]

    def price(self, found: Preview) -> int | None:
        """Its published price in Buzz; None when there is none."""
        return offline_price(found, self.house.platform)

    def covered(self) -> set[int] | None:
        """Its versions that may generate; None without a database."""
        return self.find_covered([one.id for one in self.ecosystem.versions])

    def indexed(self) -> set[int]:
        """Its models that the index has as generating."""
        return self.find_indexed([one.model_id for one in self.ecosystem.versions if one.model_id]) or set()


@dataclass(frozen=True)
class Judgement:
    """What one criterion says."""

    criterion: str
    level: str
    asks: str
    lacks: Sequence[Lack]

    @property
    def holds(self) -> bool:
        """Whether nothing is missing."""
        return not self.lacks


@dataclass(frozen=True)
class Grade:
    """The grade of one ecosystem, and every criterion."""

    ecosystem: str
    judgements: Sequence[Judgement] = field(default_factory=tuple)

    @property
    def level(self) -> str:
        """The highest grade of which, and below which, every criterion holds; `none` below bronze."""
        reached = NONE
        for level in LEVELS:
            if any(not one.holds for one in self.judgements if one.level == level):
                return reached
            reached = level
        return reached

    def reaches(self, level: str) -> bool:
        """Whether the grade is at least `level`."""
        order = (NONE, *LEVELS)
        return order.index(self.level) >= order.index(level)

    def as_json(self) -> dict[str, Any]:
        """`{"ecosystem", "grade", "criteria": [{"criterion", "level", "asks", "holds", "lacks"}]}`."""
        criteria = [
            {
                "criterion": one.criterion,
                "level": one.level,
                "asks": one.asks,
                "holds": one.holds,
                "lacks": [{"what": lack.what, "mend": lack.mend} for lack in one.lacks],
            }
            for one in self.judgements
        ]
        return {"ecosystem": self.ecosystem, "grade": self.level, "criteria": criteria}


def grade(subject: Subject) -> Grade:
    """Hold an ecosystem against every criterion."""
    return Grade(subject.key, tuple(_judged(name, module, subject) for name, module in criteria().items()))


def criteria() -> dict[str, ModuleType]:
    """Every criterion by its name, the lowest grade's first."""
    from civgen.lint import criteria as folder

    names = [one.name for one in pkgutil.iter_modules(folder.__path__)]
    found = {name: importlib.import_module(f"{folder.__name__}.{name}") for name in names}
    return dict(sorted(found.items(), key=lambda one: LEVELS.index(one[1].LEVEL)))


def _judged(name: str, module: ModuleType, subject: Subject) -> Judgement:
    asks = (module.__doc__ or "").partition("\n")[0]
    return Judgement(name, module.LEVEL, asks, tuple(module.lacks(subject)))


def _previewed(situation: Situation) -> Preview | None:
    given = next(iter(walks(situation))).given
    try:
        return preview(situation.request(given), situation.platform, situation.supplies.records)
    except CivgenError:
        return None
