"""A workspace that may not be written to, or on a full disk: said as such, and nothing is half written."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

#: Root may write anywhere; without these rights it is like anybody else.
_LIKE_OTHERS = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all", "--")
REQUEST = ("--ecosystem", "SDXL", "--prompt", "a red fox")
ADDED = ("--license", "Apache 2.0", "--checkpoint", "9000101", "--model-id", "9000100")
COMMANDS = {
    ("submit", *REQUEST): ".civgen/sandbox.sqlite",
    ("submit", "--dry-run", *REQUEST): ".civgen/sandbox.sqlite",
    ("jobs", "list"): ".civgen/sandbox.sqlite",
    ("batch", "list"): ".civgen/journal.sqlite",
    ("sandbox", "serve", "--port", "0"): ".civgen/sandbox.sqlite",
    ("db", "plan"): ".civgen/local.db",
    ("search", "sync"): ".civgen/local.db",
    ("status",): ".civgen/local.db",
    ("preset", "save", "foxes", *REQUEST): ".civgen/presets.lock",
    ("add-ecosystem", "Nova", "--like", "SDXL", *ADDED): "ecosystems/Nova.toml",
    ("add-license", "Nova"): "licenses/nova.toml",
}


@pytest.fixture
def closed(workspace: Path) -> Iterator[Path]:
    """The workspace, all of it closed to writing."""
    (workspace / ".civgen").mkdir()
    folders = [workspace, workspace / ".civgen", workspace / "ecosystems"]
    for folder in folders:
        folder.chmod(0o555)
    yield workspace
    for folder in folders:
        folder.chmod(0o755)


def _without_rights(*words: str) -> subprocess.CompletedProcess[str]:
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if os.name != "posix" or (root and shutil.which(_LIKE_OTHERS[0]) is None):
        pytest.skip("nobody here may be kept from writing")
    before = _LIKE_OTHERS if root else ()
    command = [*before, sys.executable, "-m", "civgen", *words, "--json"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[:2]))
def test_a_closed_workspace_is_said_to_be_one(closed: Path, words: tuple[str, ...]) -> None:
    answer = _without_rights(*words)
    error = json.loads(answer.stdout)["error"]
    assert (answer.returncode, error["code"]) == (2, "invalid-input")
    assert COMMANDS[words] in error["message"] and "may not be written to" in error["message"]
    assert error["where"]["file"] == COMMANDS[words]
    assert error["next"] == ["civgen doctor"]
    assert "Traceback" not in answer.stderr
    assert list((closed / "ecosystems").iterdir()) == list((closed / ".civgen").iterdir()) == []


def test_what_is_only_tried_out_needs_no_right_to_write(closed: Path) -> None:
    answer = _without_rights("add-ecosystem", "Nova", "--like", "SDXL", *ADDED, "--dry-run")
    assert answer.returncode == 0, answer.stderr


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite files that have no room for more than a page."""

    def connected(*args: Any, connect: Callable[..., Any] = sqlite3.connect, **extra: Any) -> Any:
        db = connect(*args, **extra)
        db.execute("PRAGMA max_page_count = 1")
        return db

    for module in (sqlite3, sqlite3.dbapi2):
        monkeypatch.setattr(module, "connect", connected)


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize(
    ("words", "file"),
    [
        (("jobs", "list"), "sandbox.sqlite"),
        (("submit", *REQUEST), "sandbox.sqlite"),
        (("batch", "list"), "journal.sqlite"),
        (("db", "plan"), "local.db"),
    ],
)
def test_a_full_disk_is_said_to_be_one(
    workspace: Path, run: Callable[..., Any], words: tuple[str, ...], file: str
) -> None:
    answer = run(*words, "--json")
    error = answer.json["error"]
    assert (answer.code, error["code"]) == (2, "invalid-input")
    assert error["message"] == f".civgen/{file} cannot be used: database or disk is full."
    assert "Make room" in error["hint"]
