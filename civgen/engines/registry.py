"""Which engines there are: the files of `image/` and `video/`, and those of a workspace.

A module is imported when its engine is asked for. It is found by its file name, which is the
engine's key with `_` in place of anything that is no letter or digit.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import re
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType

from civgen.engines.base import Engine
from civgen.engines.calls import declared
from civgen.errors import InvalidFile, Problem, Where, display_path, not_found

_HERE = Path(__file__).parent


class Engines(Mapping[str, Engine]):
    """Engines by key.

    Args:
        workspace: folder with the workspace's own engines, searched at any depth.
        files: their modules, in place of those that lie in the folders.
    """

    def __init__(self, workspace: Path | None = None, files: Iterable[Path] | None = None) -> None:
        self._loaded: dict[Path, Engine] = {}
        self._files: dict[str, Path] = {}
        for path in _engine_files(workspace) if files is None else files:
            if path.stem in self._files:
                raise _two_owners(self._files[path.stem], path)
            self._files[path.stem] = path

    def __getitem__(self, key: str) -> Engine:
        path = self._files.get(module_name(key))
        if path is None:
            raise not_found("engine", key, self)
        return self._load(path)

    def __iter__(self) -> Iterator[str]:
        return (self._load(path).key for path in self._files.values())

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and module_name(key) in self._files

    def file(self, key: str) -> Path:
        """The module of an engine."""
        return self._files[module_name(key)]

    def rename_hint(self, key: str) -> str:
        """What to do about a module that has another name than the key it says."""
        taken = self._files.get(module_name(key))
        if taken is not None:
            return f"Change `key`: {key} is the engine in {display_path(taken)}."
        return f"Name the file {module_name(key)}.py, or change `key`."

    def _load(self, path: Path) -> Engine:
        if path not in self._loaded:
            engine = declared(_engine_in(_module(path), path), path)
            if module_name(engine.key) != path.stem:
                message = f"The engine in {display_path(path)} calls itself {engine.key}."
                hint = self.rename_hint(engine.key)
                raise InvalidFile(message, hint=hint, where=Where(display_path(path), field="key"))
            self._loaded[path] = engine
        return self._loaded[path]


def module_name(key: str) -> str:
    """The file name of an engine, without its ending.

    >>> module_name("ltx2.3")
    'ltx2_3'
    """
    return re.sub(r"[^a-z0-9]+", "_", key.lower())


def _engine_files(workspace: Path | None) -> Iterator[Path]:
    for medium in ("image", "video"):
        yield from _modules_below(_HERE / medium)
    if workspace:
        yield from _modules_below(workspace)


def _modules_below(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*.py")) if not path.name.startswith(("_", "test_")))


def _module(path: Path) -> ModuleType:
    if path.is_relative_to(_HERE):
        inside = path.relative_to(_HERE).with_suffix("").parts
        return importlib.import_module(".".join(("civgen.engines", *inside)))
    name = f"civgen_workspace_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise _broken(path, error) from error
    return module


def _engine_in(module: ModuleType, path: Path) -> Engine:
    found = [
        member
        for member in vars(module).values()
        if inspect.isclass(member) and issubclass(member, Engine) and member.__module__ == module.__name__
    ]
    concrete = [engine for engine in found if not inspect.isabstract(engine)]
    if len(concrete) != 1:
        message = f"{display_path(path)} must define one engine, and defines {len(concrete)}."
        hint = "Write one class that subclasses civgen.engines.base.Engine and has build()."
        raise InvalidFile(message, hint=hint, where=Where(display_path(path)))
    return concrete[0]()


def _broken(path: Path, error: BaseException) -> InvalidFile:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    line = error.lineno if isinstance(error, SyntaxError) else frames[-1].lineno if frames else None
    where = Where(display_path(path), line)
    message = f"{display_path(path)} cannot be loaded: {type(error).__name__}: {error}."
    return InvalidFile(message, where=where, details=[Problem("", message, where=where)])


def _two_owners(first: Path, second: Path) -> InvalidFile:
    message = (
        f"The engine {first.stem} is defined by two files: {display_path(first)} and {display_path(second)}."
    )
    return InvalidFile(
        message, hint="Give one of them another key and file name.", where=Where(display_path(second))
    )
