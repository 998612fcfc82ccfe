"""From modules to files: everything that is generated, by its path from the root of the project."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

from tools.docs import indexes, pages

ROOT = Path(__file__).parents[2]
#: First line of every page that is generated; a page that has it and is made by nothing is taken away.
MARK = "<!-- Made by `make docs`; changes are overwritten. -->"


def built() -> dict[str, str]:
    """Every generated file: its text by its path."""
    made: dict[str, str] = {}
    for module in _modules(pages):
        for path, text in module.pages().items():
            made[path] = f"{MARK}\n\n{text}" if path.endswith(".md") else text
    whole = {path: text for path, text in sorted((written() | made).items()) if path.endswith(".md")}
    for module in _modules(indexes):
        made |= module.pages(whole)
    return made


def written() -> dict[str, str]:
    """The pages that people write, by path."""
    found = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in _on_disk()}
    return {path: text for path, text in found.items() if not text.startswith(MARK)}


def left_over(made: Mapping[str, str]) -> list[Path]:
    """Pages that were generated once, and are made by nothing any more."""
    return [
        path
        for path in _on_disk()
        if path.relative_to(ROOT).as_posix() not in made and path.read_text("utf-8").startswith(MARK)
    ]


def stale(made: Mapping[str, str]) -> list[str]:
    """What differs on disk from what would be written."""
    differing = [path for path, text in made.items() if _text(ROOT / path) != text]
    return sorted([*differing, *(path.relative_to(ROOT).as_posix() for path in left_over(made))])


def write(made: Mapping[str, str]) -> list[str]:
    """Write what differs, take away what is left over; gives their paths."""
    changed = stale(made)
    for path in left_over(made):
        path.unlink()
    for name in changed:
        if name in made:
            (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / name).write_text(made[name], encoding="utf-8")
    return changed


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for module in pkgutil.iter_modules(package.__path__):
        yield importlib.import_module(f"{package.__name__}.{module.name}")


def _on_disk() -> list[Path]:
    return sorted((ROOT / "docs").rglob("*.md"))


def _text(path: Path) -> str | None:
    return path.read_text("utf-8") if path.is_file() else None
