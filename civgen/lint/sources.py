"""What is linted: the built-in files, a workspace, and files that belong to neither.

A file that lies in no workspace, or comes from stdin, is read as if it lay in the workspace, in the folder
of its kind: that of its own folder's name, else the one whose records have the keys that it has.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import civgen.engines
from civgen.catalog import Catalog
from civgen.catalog.files import BUILT_IN
from civgen.errors import InvalidInput, NotFound, Problem, display_path
from civgen.workspace import FILE, Workspace

ENGINES = "engines"
#: Where civgen's own engines lie.
ENGINES_HOME = Path(civgen.engines.__file__).parent
_ENDINGS = (".toml", ".py")
#: Folders that are walked past.
_NOT_OURS = frozenset({".git", ".civgen", ".venv", "node_modules", "__pycache__"})


@dataclass(frozen=True, slots=True)
class Stdin:
    """What came in on stdin, and the file that it stands for, if that was said."""

    content: bytes
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """What is linted, and of which files findings are wanted.

    Attributes:
        wanted: files and folders, resolved; empty means all.
        loose: files to read besides, by the folder of their kind.
        instead: files that are read in place of others: what stands for what is read.
        shown: what a file is called in findings, where that is not its own name.
    """

    workspace: Workspace
    wanted: tuple[Path, ...] = ()
    loose: Mapping[str, Sequence[Path]] = field(default_factory=dict)
    instead: Mapping[Path, Path] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)

    def wants(self, file: str | None) -> bool:
        """Whether findings of a file are wanted."""
        path = real(Path(file or ""))
        return not self.wanted or any(path.is_relative_to(one) for one in self.wanted)


def real(path: Path) -> Path:
    """The path without symlinks, even if they go round in a circle."""
    import os

    return Path(os.path.realpath(path))


def sources_of(workspace: Workspace, paths: Sequence[Path], stdin: Stdin | None, folder: Path) -> Sources:
    """Sort out what is to be linted.

    Args:
        paths: files and folders whose findings are wanted.
        folder: an empty one, where what came in on stdin is put.

    Raises:
        NotFound: paths that do not exist; names them all.
        InvalidInput: there is nothing to lint in a path, or it belongs to another workspace.
    """
    _refuse_missing(paths)
    workspace = _adopted(workspace, paths)
    loose: dict[str, list[Path]] = {}
    for path in paths:
        for file in _loose(path, workspace):
            loose.setdefault(kind_of(file, file), []).append(file)
    wanted = tuple(map(real, paths))
    if stdin is None:
        return Sources(workspace, wanted, loose)
    return _with_stdin(Sources(workspace, wanted, loose), stdin, folder)


def kind_of(name: Path, file: Path) -> str:
    """The folder that a file belongs to: by the folders it lies in, else by the keys that it has."""
    folders = Catalog().shelves
    if name.suffix == ".py":
        return ENGINES
    if named := next((part for part in reversed(name.parts[:-1]) if part in folders), None):
        return named
    try:
        keys = set(tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError):
        return "ecosystems"
    fits = {folder: _fit(keys, set(shelf.model.model_fields)) for folder, shelf in folders.items()}
    return max(fits, key=lambda folder: fits[folder])


def _fit(keys: set[str], known: set[str]) -> tuple[int, int]:
    """More keys that are known are better, then fewer that could be said and are not."""
    return (2 * len(keys & known) - len(keys), -len(known))


def _refuse_missing(paths: Sequence[Path]) -> None:
    missing = [path for path in paths if not path.exists() and not path.is_symlink()]
    if missing:
        names = ", ".join(map(display_path, missing))
        problems = [Problem("PATH", "does not exist", given=str(path)) for path in missing]
        word = "does" if len(missing) == 1 else "do"
        raise NotFound(
            f"{names} {word} not exist.", hint="Name files or folders of the workspace.", details=problems
        )


def _adopted(workspace: Workspace, paths: Sequence[Path]) -> Workspace:
    """The workspace, or without one that in which the paths lie.

    Raises:
        InvalidInput: they lie in several.
    """
    roots = dict.fromkeys(root for path in paths if (root := _root_above(path)))
    if workspace.root is not None or not roots:
        return workspace
    if len(roots) > 1:
        names = " and ".join(map(display_path, roots))
        raise InvalidInput(f"The paths lie in several workspaces: {names}.", hint="Lint one after another.")
    return Workspace(next(iter(roots)))


def _root_above(path: Path) -> Path | None:
    here = real(path)
    if here.is_relative_to(BUILT_IN.parent):
        return None
    return next((folder for folder in (here, *here.parents) if (folder / FILE).is_file()), None)


def _loose(path: Path, workspace: Workspace) -> Iterator[Path]:
    """The files of a path that are neither built in nor the workspace's."""
    homes = [one.resolve() for one in (BUILT_IN.parent, workspace.root) if one]
    if any(real(path).is_relative_to(home) or real(path.parent).is_relative_to(home) for home in homes):
        return
    files = sorted(_files_below(path)) if path.is_dir() else [path]
    outside = [file for file in files if not any(real(file).is_relative_to(home) for home in homes)]
    if not [file for file in files if file.suffix in _ENDINGS]:
        message = f"There is nothing to lint in {display_path(path)}."
        raise InvalidInput(
            message, hint="TOML files of a catalogue, and Python modules of engines, are linted."
        )
    yield from (file for file in outside if file.suffix in _ENDINGS and file.name != FILE)


def _files_below(folder: Path) -> Iterator[Path]:
    import os

    for name, folders, files in os.walk(folder):
        folders[:] = sorted(one for one in folders if one not in _NOT_OURS)
        yield from (Path(name, file) for file in files if not file.startswith(("_", "test_")))


def _with_stdin(sources: Sources, stdin: Stdin, folder: Path) -> Sources:
    """Put what came in on stdin beside, or in the place of the file that it stands for."""
    name = Path(stdin.name or "stdin.toml")
    if name.suffix not in _ENDINGS:
        raise InvalidInput(
            f"--stdin-name {name} is nothing that lint reads.",
            hint="Give the name of a .toml or .py file.",
            details=[Problem("--stdin-name", "must end in .toml or .py", given=str(name))],
        )
    if not name.name.strip(".") or "\0" in str(name):
        raise InvalidInput("--stdin-name is no name of a file.")
    put = folder / (name.name if stdin.name else _named_after_key(stdin.content))
    put.write_bytes(stdin.content)
    stood_for = real(name)
    kind = kind_of(name, put) if stdin.name else kind_of(put, put)
    loose = {one: list(files) for one, files in sources.loose.items()}
    loose.setdefault(kind, []).append(put)
    return Sources(
        sources.workspace,
        (*sources.wanted, real(put)),
        loose,
        {stood_for: put} if stdin.name else {},
        {display_path(put): stdin.name or "stdin"},
    )


def _named_after_key(content: bytes) -> str:
    """The name that the file would have, so that nothing is said of its name."""
    from civgen.lint.readable import file_stem

    try:
        data = tomllib.loads(content.decode())
    except (ValueError, RecursionError):
        return "stdin.toml"
    key = data.get("key")
    stem = file_stem(str(key)) if key else file_stem(str(data.get("name", "stdin"))).lower()
    return f"{stem[:100] or 'stdin'}.toml"
