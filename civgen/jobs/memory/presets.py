"""Named requests, or parts of them: one TOML file each, to be kept in git."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from civgen.errors import InvalidFile, InvalidInput, NotFound, Problem, Refused, display_path, not_found
from civgen.jobs.memory.files import alone, write_whole
from civgen.jobs.memory.scopes import secrets_in
from civgen.tomlfile import TomlFile, read_toml

LONGEST = 64
_ALLOWED = re.compile(r"[A-Za-z0-9._-]*", re.ASCII)
#: Names that Windows gives to devices, with any ending.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Preset:
    """A preset as it was read."""

    name: str
    file: TomlFile

    @property
    def request(self) -> dict[str, Any]:
        """The part of a request that it says."""
        return self.file.data


class Presets:
    """The presets of a workspace.

    Args:
        folder: where their files lie.
        lock: a file of the workspace's local state.
    """

    def __init__(self, folder: Path, lock: Path) -> None:
        self._folder, self._lock = folder, lock

    def names(self) -> list[str]:
        """All of them, in order."""
        found = (path.stem for path in self._folder.glob("*.toml"))
        return sorted(name for name in found if not list(name_problems(name)))

    def read(self, name: str) -> Preset:
        """A preset by its name.

        Raises:
            InvalidInput: it cannot be one's name.
            NotFound: there is none.
            InvalidFile: it is no TOML, or a link to a file elsewhere.
        """
        path = self._path(name)
        if not path.is_file():
            raise _unknown(name, self.names())
        return Preset(name, read_toml(path))

    def save(self, name: str, request: Mapping[str, Any], *, replace: bool = False) -> Path:
        """Write a preset; nothing of it is kept that is null.

        Raises:
            InvalidInput: it cannot be called so, or there is something in it that is not to be kept.
            Refused: there is one of that name, and `replace` is false.
        """
        problems = [*name_problems(name), *_unkept(request)]
        if not request:
            problems.append(Problem("request", "is empty", hint="For instance: -e SDXL --set steps=30"))
        if problems:
            raise _invalid(problems)
        path = self._path(name)
        with alone(self._lock):
            if path.exists() and not replace:
                hint = "Pass --replace, or choose another name."
                raise Refused(f"There is a preset {name} already: {display_path(path)}.", hint=hint)
            write_whole(path, text_of(request))
        return path

    def delete(self, name: str) -> Path:
        """Remove a preset.

        Raises:
            InvalidInput, NotFound: as `read`.
        """
        path = self._path(name)
        with alone(self._lock):
            try:
                path.unlink()
            except FileNotFoundError:
                raise _unknown(name, self.names()) from None
        return path

    def _path(self, name: str) -> Path:
        if problems := list(name_problems(name)):
            raise _invalid(problems)
        path = self._folder / f"{name}.toml"
        if path.resolve().parent != self._folder.resolve():
            message = f"{display_path(path)} leads out of {display_path(self._folder)}."
            raise InvalidFile(message, hint="Put the file itself there, not a link to it.")
        return path


def name_problems(name: str) -> Iterator[Problem]:
    """Everything that keeps `name` from being a preset's: it becomes a file's name, on any system."""
    hint = "For instance portrait-sdxl."
    if not name:
        yield Problem("name", "is empty", given=name, hint=hint)
    if stray := sorted(set(_ALLOWED.sub("", name))):
        shown = " ".join(map(repr, stray))
        allowed = "letters, digits, - _ and . only"
        yield Problem("name", f"has {shown}", given=name, allowed=allowed, hint=hint)
    if name[:1] in (".", "-"):
        yield Problem("name", f"begins with {name[0]!r}", given=name, hint=hint)
    if name.endswith("."):
        yield Problem("name", "ends with '.'", given=name, hint=hint)
    if len(name) > LONGEST:
        yield Problem("name", f"has {len(name)} characters", given=name, allowed={"max": LONGEST}, hint=hint)
    if _DEVICES.fullmatch(name):
        yield Problem("name", "is what Windows calls a device", given=name, hint=hint)


def text_of(request: Mapping[str, Any]) -> str:
    """A request as TOML."""
    import tomlkit

    return tomlkit.dumps(_without_nulls(dict(request)))


def _unkept(request: Mapping[str, Any]) -> Iterator[Problem]:
    if request.get("externalId") is not None:
        yield Problem("externalId", "is not kept: it stands for one submission", hint="Leave it out.")
    for name, value in request.items():
        for why in dict.fromkeys(secrets_in(value)):
            yield Problem(name, f"is not kept: it {why}", hint="Give it with each request.")


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(part) for name, part in value.items() if part is not None}
    if isinstance(value, list):
        return [_without_nulls(part) for part in value if part is not None]
    return value


def _unknown(name: str, known: list[str]) -> NotFound:
    if not known:
        hint = "`civgen preset save NAME …` makes one."
        return NotFound(f"No preset is called {name!r}: there are none yet.", hint=hint)
    return not_found("preset", name, known)


def _invalid(problems: list[Problem]) -> InvalidInput:
    one = problems[0]
    message = f"{one.field} {one.message}." if len(problems) == 1 else f"{len(problems)} problems."
    return InvalidInput(message, hint=one.hint if len(problems) == 1 else None, details=problems)
