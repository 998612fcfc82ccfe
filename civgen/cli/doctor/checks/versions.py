"""Versions that must fit each other: what civgen needs, its contract, and the civgen that CI installs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from civgen import __version__
from civgen.cli.doctor.finding import Finding, broken, note, ok
from civgen.cli.doctor.scene import Scene
from civgen.errors import display_path

ORDER = 80
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_EXTRA = re.compile(r"extra == ['\"]([^'\"]+)['\"]")
_PINNED = re.compile(r"\bcivgen(?:\[[^\]\s]*\])?==([\w.!+-]+)")


def check(scene: Scene) -> Iterator[Finding]:
    """Packages, contract and pins."""
    yield from _packages()
    yield _contract()
    if scene.root is not None:
        yield from _pins(scene.root)


def _packages() -> Iterator[Finding]:
    """What civgen needs and is not there, and which of its extras are not installed."""
    missing: dict[str | None, list[str]] = {}
    extras: set[str] = set()
    for line in _required():
        name, extra = _NAME.match(line), _EXTRA.search(line)
        extras |= {extra.group(1)} if extra else set()
        if name and not _is_there(name.group()):
            missing.setdefault(extra.group(1) if extra else None, []).append(name.group())
    if lost := missing.pop(None, None):
        yield broken(f"not installed: {', '.join(lost)}", f"pip install --upgrade civgen=={__version__}")
    there = ", ".join(sorted(extras - missing.keys())) or "none"
    if not lost:
        yield ok(f"everything that civgen needs is installed; extras: {there}")
    if missing:
        names = ",".join(sorted(str(one) for one in missing))
        yield note(
            f"extras not installed: {names}; only what they are for lacks", f"pip install 'civgen[{names}]'"
        )


def _required() -> list[str]:
    try:
        return requires("civgen") or []
    except PackageNotFoundError:  # run from its sources
        return []


def _is_there(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _contract() -> Finding:
    from civgen.orchestrator.contract import load_contract

    contract = load_contract()
    return ok(f"contract {contract.version} of {contract.date or 'unknown date'} ({contract.sha256[:12]})")


def _pins(root: Path) -> Iterator[Finding]:
    """The civgen that the workspace's CI installs, at first the one that made its files."""
    for path in sorted((root / ".github" / "workflows").glob("*.y*ml")):
        found = _PINNED.search(path.read_text(encoding="utf-8", errors="replace"))
        if found is None:
            continue
        if found.group(1) == __version__:
            yield ok(f"{display_path(path)} installs civgen {__version__}, too")
        else:
            yield note(
                f"{display_path(path)} installs civgen {found.group(1)}, and this is {__version__}",
                hint=f"Write civgen=={__version__} there, or install civgen {found.group(1)} here.",
            )
