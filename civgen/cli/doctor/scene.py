"""What the doctor looks at: a workspace and an environment, or why there is none."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

from civgen.errors import CivgenError, Unavailable, Where

if TYPE_CHECKING:
    from civgen.cli.state import State
    from civgen.settings import Environment

#: Seconds to wait for a service: a doctor tells what is slow, too.
PATIENCE = 5.0
#: What to look at when something does not answer.
SILENT = "Is the server running, and is its address right? Does something on the way drop connections?"

T = TypeVar("T")


@dataclass(frozen=True)
class Scene:
    """What is looked at.

    Attributes:
        root: folder of the workspace; None without one.
        environment: the one that was asked for; None where it cannot be told.
        trouble: why workspace or environment cannot be told.
    """

    root: Path | None = None
    environment: Environment | None = None
    trouble: Exception | None = None

    def setting(self, name: str) -> Where | None:
        """Where `civgen.toml` says something of the environment."""
        from civgen.tomlfile import read_toml
        from civgen.workspace import FILE

        if self.root is None or self.environment is None:
            return None
        try:
            return read_toml(self.root / FILE).where(("environments", self.environment.name, name))
        except CivgenError:
            return None


def scene_of(state: State) -> Scene:
    """Open what a run was told to use; what cannot be opened is a finding, and no error."""
    root: Path | None = None
    try:
        root = state.workspace.root
        return Scene(root, state.environment)
    except Exception as error:
        return Scene(root, None, error)


def in_time(place: str, work: Callable[[], T]) -> T:
    """What `work` gives, if it does within `PATIENCE`.

    Raises:
        Unavailable: it does not; it may still be waiting, in a thread that ends with the process.
    """
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    try:
        return future.result(PATIENCE)
    except TimeoutError:
        if future.done():
            raise
        raise Unavailable(f"{place} does not answer within {PATIENCE:g} s.", hint=SILENT) from None
