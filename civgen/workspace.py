"""A workspace: the folder that a team keeps in git.

It is found upward from the current folder by its `civgen.toml`. Reading commands work without one,
on the built-in catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from civgen.errors import InvalidInput, display_path
from civgen.settings import Environment, Settings, read_settings
from civgen.tomlfile import read_toml

FILE = "civgen.toml"


@dataclass(frozen=True)
class Workspace:
    """A workspace on disk, or the lack of one (`root` is None)."""

    root: Path | None

    @cached_property
    def settings(self) -> Settings:
        """What its `civgen.toml` says; the defaults without one."""
        return read_settings(read_toml(self.root / FILE)) if self.root else Settings()

    def environment(self, name: str | None = None) -> Environment:
        """An environment by name, else the default one."""
        return self.settings.environment(name)

    @property
    def engines(self) -> Path | None:
        """Folder of its own engines."""
        return self.root / "engines" if self.root else None

    @property
    def state(self) -> Path:
        """Folder for local state, which git ignores.

        Raises:
            InvalidInput: there is no workspace to keep state in.
        """
        return self.required / ".civgen"

    @property
    def required(self) -> Path:
        """Its root.

        Raises:
            InvalidInput: there is no workspace.
        """
        if self.root is None:
            raise InvalidInput(
                "This needs a workspace, and there is no civgen.toml here or above.",
                hint="Make one here with `civgen init .`, or name one with --workspace DIR.",
            )
        return self.root


def open_workspace(path: Path | None = None) -> Workspace:
    """The workspace at `path`, else the one found upward from the current folder, else none.

    Raises:
        InvalidInput: `path` is no workspace.
    """
    if path is None:
        here = Path.cwd()
        return Workspace(
            next((folder for folder in (here, *here.parents) if (folder / FILE).is_file()), None)
        )
    if not (path / FILE).is_file():
        raise InvalidInput(
            f"{display_path(path)} is no workspace: it has no {FILE}.",
            hint=f"Make one with `civgen init {path}`.",
        )
    return Workspace(path.resolve())
