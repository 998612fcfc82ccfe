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
from collections.abc import Iterable, Iterator, Sequence, Set
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
from civgen.lint.sources import ENGINES, ENGINES_HOME
from civgen.lint.tracking import ENGINES_ASKED, Question, digest

if TYPE_CHECKING:
    from civgen.lint.rule import Rule

_HOME = Path(civgen.__file__).parent
#: What findings depend on besides civgen itself.
_LIBRARIES = ("pydantic", "jsonschema-rs")
_FILE = "lint.json"


class Kept:
    """The findings of earlier runs, and of this one.

    Args:
        path: the file that holds them; None keeps nothing.
    """

    def __init__(self, house: House, path: Path | None) -> None:
        self._house, self._path = house, path
        # What the engines may read is marked before any of them is loaded: what changes later is not hidden.
        self._engines = self._engines_mark() if path else ""
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
        if self._path is None:
            return [finding for rule in rules for finding in rule.check_maker(self._house, maker)]
        unit = f"{maker.subject} {maker.engine.key}"
        asked = (
            maker.asked if maker.source.path.is_relative_to(ENGINES_HOME) else maker.asked | {ENGINES_ASKED}
        )
        before = self._before.get(unit)
        known = dict(before["found"]) if before and self._still_so(before["asked"]) else {}
        found: list[Finding] = []
        for rule in rules:
            if rule.code not in known or not self._still_so(known[rule.code]["asked"]):
                known[rule.code] = self._looked_at(rule, maker, asked)
            found += map(_unpacked, known[rule.code]["findings"])
        kept = {code: one for code, one in known.items() if self._is_told({*asked, *_questions(one)})}
        self._now[unit] = {"asked": self._answered(asked), "found": kept}
        return found

    def _looked_at(self, rule: Rule, maker: Maker, asked: Set[Question]) -> dict[str, Any]:
        """What a rule finds now, with what it asked that was not asked for the form."""
        with self._house.catalog.recorder.recording() as noted:
            found = [finding.as_json() for finding in rule.check_maker(self._house, maker)]
        return {"asked": self._answered(noted - asked), "findings": found}

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

    def _still_so(self, asked: Any) -> bool:
        """Whether every question has the answer that it had."""
        return all(self._answer(tuple(question)) == answer for question, answer in asked)

    def _answered(self, asked: Iterable[Question]) -> list[Any]:
        return [[list(question), self._answer(question)] for question in sorted(asked)]

    def _answer(self, question: Question) -> str:
        if question not in self._answers:
            answer = self._engines if question == ENGINES_ASKED else self._house.catalog.answer(question)
            self._answers[question] = answer
        return self._answers[question]

    def _is_told(self, asked: Set[Question]) -> bool:
        """Whether all is told that an answer depends on; engines that import more may hide some."""
        return ENGINES_ASKED not in asked or self._engines_are_harmless

    @cached_property
    def _engines_are_harmless(self) -> bool:
        sources = [module.source for module in self._house.modules.values()]
        own = [source for source in sources if not source.path.is_relative_to(ENGINES_HOME)]
        return all(source.imports <= _harmless() for source in own)

    def _engines_mark(self) -> str:
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


def _questions(found: dict[str, Any]) -> Iterator[Question]:
    return (tuple(question) for question, _ in found["asked"])


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
            for asked in (unit["asked"], *(found["asked"] for found in unit["found"].values())):
                for question, answer in asked:
                    str.join("", (*question, answer))
            for found in unit["found"].values():
                list(map(_unpacked, found["findings"]))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}
    return units
