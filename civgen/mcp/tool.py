"""What a tool is: found by listing, imported when it is first listed or called."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from civgen.errors import not_found
from civgen.mcp import tools

if TYPE_CHECKING:
    from types import ModuleType

    from civgen.api import Workspace

#: Seconds that a call waits at most; clients cut off calls that take much longer.
LONGEST_WAIT = 25


@dataclass(frozen=True, slots=True)
class Hints:
    """What a tool does to the world, as the protocol says it.

    Attributes:
        destroys: whether something that was there may be changed or gone.
        repeatable: whether doing the same again changes nothing more.
        outside: whether it talks to a server.
    """

    reads_only: bool = True
    destroys: bool = False
    repeatable: bool = True
    outside: bool = False


#: Reads files of the workspace, or its database.
READS = Hints()
#: Asks the orchestrator, and changes nothing.
ASKS = Hints(outside=True)


class Asked(BaseModel):
    """Root of what tools take: nothing unknown."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Link:
    """A medium that an answer points to."""

    uri: str
    name: str
    type: str | None = None
    size: int | None = None


@dataclass
class Call:
    """One call of a tool.

    Attributes:
        told: sends the client how far it is, in words; a part from 0 to 1 where that is known.
        links: media that the answer points to.
    """

    told: Callable[[str, float | None], None] = lambda *_: None
    links: list[Link] = field(default_factory=list)


@dataclass(frozen=True)
class Tool:
    """A tool and its module."""

    name: str
    module: ModuleType

    @property
    def description(self) -> str:
        """What it is for."""
        return inspect.cleandoc(self.module.__doc__ or "")

    @property
    def hints(self) -> Hints:
        """What it does to the world."""
        found = self.module.HINTS
        assert isinstance(found, Hints)
        return found

    @property
    def source(self) -> str | None:
        """Whose texts its answers repeat: they are data, whatever they say."""
        return getattr(self.module, "SOURCE", None)

    @property
    def next(self) -> str:
        """What to do when it refused."""
        return str(self.module.NEXT)

    def run(self, workspace: Workspace, asked: Asked, call: Call) -> Any:
        """What it answers.

        Raises:
            CivgenError: it refused.
        """
        return self.module.run(workspace, asked, call)


def names() -> list[str]:
    """The tools that there are."""
    return sorted(one.name for one in pkgutil.iter_modules(tools.__path__) if not one.name.startswith("_"))


@cache
def tool(name: str) -> Tool:
    """A tool by its name.

    Raises:
        NotFound: with the closest name as a hint.
    """
    if name not in names():
        raise not_found("tool", name, names())
    return Tool(name, importlib.import_module(f"{tools.__name__}.{name}"))
