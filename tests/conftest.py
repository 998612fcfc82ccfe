"""What all tests share: a clean environment, a workspace on disk, and the command line in process."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from civgen.catalog import Catalog
from civgen.cli.answers import answer_of
from civgen.cli.app import app
from civgen.cli.following import command_at, path_of
from civgen.engines.registry import Engines
from civgen.jobs.platform import Platform


@dataclass
class Run:
    """One run of the command line."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """stdout as the one JSON document it must be."""
        return json.loads(self.stdout)

    @property
    def lines(self) -> list[Any]:
        """stdout as JSON Lines."""
        return [json.loads(line) for line in self.stdout.splitlines()]


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting or token of the machine reaches a test, and no test starts inside a workspace."""
    for name in [name for name in os.environ if name.startswith("CIVGEN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run() -> Callable[..., Run]:
    """Run civgen in process: `run("list", "engines", stdin="…")`."""

    def _run(*words: str, stdin: str | None = None) -> Run:
        result = CliRunner().invoke(app, [str(word) for word in words], input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        _expect_code(list(words), result.exit_code)
        return Run(result.exit_code, result.stdout, result.stderr)

    return _run


def _expect_code(words: list[str], code: int) -> None:
    """Hold an exit code against those that the command says it has."""
    command = command_at(path_of(words))
    answer = answer_of(getattr(command, "callback", None))
    assert answer is None or code in answer.exit_codes, f"{words[0]} does not say that it exits with {code}"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """An empty workspace, as the current folder."""
    (tmp_path / "civgen.toml").write_text('default = "local"\n')
    (tmp_path / "ecosystems").mkdir()
    return tmp_path


@pytest.fixture(scope="session")
def platform() -> Platform:
    """The built-in platform, for the free tier."""
    return Platform(Catalog(), Engines())
