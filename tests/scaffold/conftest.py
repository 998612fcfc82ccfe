"""A workspace made by `civgen init`, and commands that it must refuse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from trees import tree


@pytest.fixture
def house(tmp_path: Path, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh workspace, as the current folder."""
    folder = tmp_path / "house"
    assert run("init", str(folder)).code == 0
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def refused(run: Callable[..., Any], house: Path) -> Callable[..., dict[str, Any]]:
    """Run a command that must be refused without a trace: its problems by field."""

    def _refused(*words: str, code: int = 2) -> dict[str, Any]:
        before = tree(house)
        done = run(*words, "--json")
        assert done.code == code, done.stdout
        assert tree(house) == before
        return {problem["field"]: problem for problem in done.json["error"]["details"]}

    return _refused
