"""Findings about engines at work, kept from run to run until something changes that they depend on.

What was asked of the catalogue while a form was composed and walked is noted with what the answers were
(see `civgen.lint.tracking`); the rest goes into one digest: civgen's own files, the contract among them,
the Python and the libraries, the folder that the workspace's engines lie in, and the current folder,
because places are told relative to it. The file is JSON, replaced in one go: of two runs at a time, the
later one's is kept.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import civgen
from civgen.errors import Where
from civgen.lint.edits import Edit, Fix
from civgen.lint.finding import Finding
from civgen.lint.fixes import replace_file
from civgen.lint.house import House
from civgen.lint.makers import Maker
from civgen.lint.source import EngineSource
from civgen.lint.sources import ENGINES, ENGINES_HOME
from civgen.lint.tracking import Question, digest

if TYPE_CHECKING:
    from civgen.lint.rule import Rule

_HOME = Path(civgen.__file__).parent
#: What findings depend on besides civgen itself.
_LIBRARIES = ("pydantic", "jsonschema-rs")
#: The question for all that engines of the workspace may read.
_ENGINES: Question = ("engines",)
_FILE = "lint.json"


class Kept:
    """The findings of earlier runs, and of this one.

    Args:
        path: the file that holds them; None keeps nothing.
    """

    def __init__(self, house: House, path: Path | None) -> None:
        self._house, self._path = house, path
        self._before: dict[str, Any] = _read(path, self._mark) if path else {}
        self._now: dict[str, Any] = {}
        self._answers: dict[Question, str] = {}

    @classmethod
    @contextmanager
    def open(cls, house: House, *, keep: bool) -> Iterator[Kept]:
        """What is kept for a workspace, or without one for its user; written at the end."""
        kept = cls(house, cache_folder(house.workspace.root) / _FILE if keep else None)
        yield kept
        kept.write()

    def findings(self, maker: Maker, rules: Sequence[Rule]) -> list[Finding]:
        """What rules find in an engine at work."""
        own = _own_engines(self._house, maker)
        if self._path is None or not all(source.imports <= _harmless() for source in own):
            # An engine that imports what is not civgen's or its folder's may depend on anything.
            return [finding for rule in rules for finding in rule.check_maker(self._house, maker)]
        unit = f"{maker.subject} {maker.engine.key}"
        known = self._still_good(self._before.get(unit))
        asked = {tuple(question) for question, _ in known["asked"]} | maker.asked
        asked |= {_ENGINES} if own else set()
        for rule in rules:
            if rule.code not in known["found"]:
                with self._house.catalog.recorder.recording() as noted:
                    found = list(rule.check_maker(self._house, maker))
                known["found"][rule.code] = [_packed(finding) for finding in found]
                asked |= noted
        self._now[unit] = known | {"asked": [[list(one), self._answer(one)] for one in sorted(asked)]}
        return [_unpacked(one) for rule in rules for one in known["found"][rule.code]]

    def write(self) -> None:
        """Keep what was found, if anything is new; where that cannot be written, the next run is slower."""
        if self._path is None or self._now == self._before:
            return
        text = json.dumps({"mark": self._mark, "units": self._now}, separators=(",", ":"))
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(self._path, text)
        except OSError:
            return

    def _still_good(self, unit: Any) -> dict[str, Any]:
        """What is kept of a unit, if every question has the answer that it had."""
        fresh: dict[str, Any] = {"asked": [], "found": {}}
        if unit is None or any(self._answer(tuple(one)) != answer for one, answer in unit["asked"]):
            return fresh
        return {"asked": unit["asked"], "found": dict(unit["found"])}

    def _answer(self, question: Question) -> str:
        if question not in self._answers:
            answer = self._engines if question == _ENGINES else self._house.catalog.answer(question)
            self._answers[question] = answer
        return self._answers[question]

    @property
    def _engines(self) -> str:
        sources = self._house.sources
        return _files_mark([sources.workspace.engines, *sources.loose.get(ENGINES, ())])

    @cached_property
    def _mark(self) -> str:
        """What stands for all that is not asked of the catalogue."""
        house = self._house
        tiers = house.shelves["tiers"].whole_answer
        return digest([_own_mark(), str(Path.cwd()), str(house.workspace.root), tiers])


def cache_folder(root: Path | None) -> Path:
    """Where what can be made again is kept: in the workspace, or without one in the user's own folder."""
    if root is not None:
        return root / ".civgen" / "cache"
    from platformdirs import user_cache_path

    return user_cache_path("civgen")


def _own_engines(house: House, maker: Maker) -> list[EngineSource]:
    """Those engines of an ecosystem, or a tool, that are not civgen's."""
    keys = house.catalog.engines_of(maker.ecosystem) if maker.ecosystem else [maker.engine.key]
    sources = [module.source for key in keys if (module := house.module(key))]
    return [source for source in sources if not source.path.is_relative_to(ENGINES_HOME)]


@cache
def _harmless() -> frozenset[str]:
    return frozenset({"civgen", ""} | sys.stdlib_module_names)


@cache
def _own_mark() -> str:
    libraries = [f"{name} {version(name)}" for name in _LIBRARIES]
    return digest([civgen.__version__, sys.version, *libraries, _files_mark([_HOME], told=".toml")])


def _files_mark(places: Sequence[Path | None], told: str = "") -> str:
    """What stands for the content of files, and of all files below folders.

    Args:
        told: ending of the catalogue's files, which are asked for one by one.
    """
    parts: list[str] = []
    catalog = str(_HOME / "catalog")
    for place in places:
        for name, folders, files in os.walk(place) if place and place.is_dir() else ():
            folders[:] = sorted(one for one in folders if one != "__pycache__")
            wanted = [
                one for one in sorted(files) if not (told and one.endswith(told) and name.startswith(catalog))
            ]
            parts += [part for file in wanted for part in _content(Path(name, file))]
        if place and place.is_file():
            parts += _content(place)
    return digest(parts)


def _content(path: Path) -> tuple[str, str]:
    try:
        return str(path), path.read_bytes().decode("latin-1") if path.is_file() else ""
    except OSError as error:
        return str(path), str(error)


def _packed(finding: Finding) -> dict[str, Any]:
    return finding.as_json()


def _unpacked(data: dict[str, Any]) -> Finding:
    fix = data["fix"]
    edits = fix and tuple(Edit(**{**edit, "path": tuple(edit["path"])}) for edit in fix["edits"])
    return Finding(
        data["code"],
        data["name"],
        data["severity"],
        data["message"],
        Where(**data["where"]),
        data["right"],
        data["subject"],
        data["sure"],
        Fix(fix["what"], edits) if fix else None,
    )


def _read(path: Path, mark: str) -> dict[str, Any]:
    """The units of a file; none if it is not there, is of another state, or is not whole."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        units: dict[str, Any] = data["units"] if data["mark"] == mark else {}
        for unit in units.values():
            for question, answer in unit["asked"]:
                str.join("", (*question, answer))
            for found in unit["found"].values():
                list(map(_unpacked, found))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}
    return units
