"""A workspace in which everything has happened once, and what of it a case may name."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from site_of_cases import TOKEN, Site
from typer.testing import CliRunner

from civgen.cli.app import app

HERE = Path(__file__).parent
sys.path += [str(HERE.parent / "db"), str(HERE.parent / "sandbox")]

#: What was done in the workspace before a case begins.
BEFORE = (
    ("init", "."),
    (
        *("add-base-model", "Nova XL", "--ecosystem", "Nova", "--parent", "SDXL"),
        *("--license", "CreativeML Open RAIL++-M", "--checkpoint", "9000101", "--model-id", "9000100"),
    ),
    ("db", "apply", "--yes"),
    ("search", "sync"),
    ("submit", "-e", "Nova", "-p", "a red fox", "--wait", "--out", "outputs", "--remember"),
    ("submit", "--batch", "batch.jsonl"),
    ("preset", "save", "foxes", "-e", "SDXL", "-p", "a red fox"),
)
LINES = [
    {"id": "well", "request": {"ecosystem": "Nova", "prompt": "a red fox"}},
    {"id": "ill", "request": {"ecosystem": "Nova", "steps": 9999}},
]
ENVIRONMENTS = """
[environments.away]
orchestrator = "http://127.0.0.1:9"
timeout = 1

[environments.spare]
database = "sqlite:///spare.db"
"""


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The workspace to take copies of, and the ids that were given in it."""
    root = tmp_path_factory.mktemp("prepared")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("CIVGEN_")]:
            patch.delenv(name)
        patch.setenv("NO_COLOR", "1")
        patch.chdir(root)
        (root / "batch.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in LINES))
        done = {words[0]: _done(words) for words in BEFORE}
        with (root / "civgen.toml").open("a") as file:
            file.write(ENVIRONMENTS)
        batch = json.loads(CliRunner().invoke(app, ["batch", "list", "--json"]).stdout)[0]["id"]
        jobs = json.loads(CliRunner().invoke(app, ["jobs", "list", "--json"]).stdout)["jobs"]
        job = next(one["id"] for one in jobs if list(root.glob(f"outputs/{one['id']}*")))
        shown = json.loads(CliRunner().invoke(app, ["jobs", "show", job, "--json"]).stdout)
    assert done
    return root, {"job": job, "external": shown["externalId"], "batch": batch}


def _done(words: tuple[str, ...]) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code in (0, 9), (words, done.stdout, done.stderr)
    return done.stdout


@pytest.fixture
def site(
    prepared: tuple[Path, dict[str, str]],
    tmp_path: Path,
    run: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> Site:
    """A copy of the workspace, as the current folder."""
    root = tmp_path / "site"
    shutil.copytree(prepared[0], root)
    monkeypatch.chdir(root)
    return Site(root, run, dict(prepared[1]))


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """An orchestrator in a process of its own, whose jobs take an hour, and whose user has Buzz to spend."""
    from serving import served

    folder = tmp_path_factory.mktemp("served")
    (folder / "tokens.toml").write_text(f'[tokens.{TOKEN}]\nuser = "ann"\nbalances = {{ yellow = 100000 }}\n')
    with served(folder, "--speed", "0.001", "--tokens", "tokens.toml") as server:
        yield server


@pytest.fixture
def paid_for(site: Site, served: Any, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The workspace with the environment `served`, in which money is real."""
    site.add(f'[environments.served]\norchestrator = "{served.url}"')
    monkeypatch.setenv("CIVGEN_TOKEN", TOKEN)
    agreed = ("--env", "served", "--yes", "--max-cost", "9999")
    made = site.run("submit", "-e", "Veo3", "-p", "a red fox", *agreed, "--json")
    assert made.code == 0, made.stdout
    site.ids["fresh"] = made.json["id"]
    return site


@pytest.fixture(scope="session")
def queue() -> Iterator[str]:
    """The URL of an empty database of PostgreSQL; where none can be started, the tests are skipped."""
    from server import EMPTY, running_server

    running = running_server()
    try:
        server = running.__enter__()
    except Exception as error:
        pytest.skip(f"no PostgreSQL server can be started here: {type(error).__name__}: {error}")
    yield server.url(server.new_database(EMPTY))
    running.__exit__(None, None, None)
