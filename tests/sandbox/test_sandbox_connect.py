"""From an environment to a client."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from asking import IMAGES, body

from civgen.errors import InvalidInput, NotAuthorised
from civgen.orchestrator.client import Orchestrator
from civgen.sandbox.connect import connect
from civgen.settings import Environment
from civgen.workspace import Workspace, open_workspace


def real(url: str = "https://orchestration.example.org") -> Environment:
    return Environment(name="prod", orchestrator=url)


@pytest.fixture
def here(workspace: Path) -> Workspace:
    return open_workspace(workspace)


@pytest.fixture
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keyring.get_password", lambda *_: None)


def test_the_sandbox_needs_no_server_and_keeps_its_state(here: Workspace, tmp_path: Path) -> None:
    async def first() -> str:
        async with connect(Environment(), here) as orchestrator:
            submitted = await orchestrator.submit(body(IMAGES), wait=10)
            assert submitted.status == "succeeded" and len(submitted.blobs) == 3
            url = submitted.blobs[0].url
            assert url is not None
            size = await orchestrator.download(url, tmp_path / "fox.jpeg")
            assert (tmp_path / "fox.jpeg").stat().st_size == size > 100
            return str(submitted.id)

    async def later(workflow_id: str) -> None:
        async with connect(Environment(), here) as orchestrator:
            assert [one.id async for one in orchestrator.query()] == [workflow_id]

    asyncio.run(later(asyncio.run(first())))
    assert (here.state / "sandbox.sqlite").is_file()


def test_the_sandbox_needs_a_workspace() -> None:
    with pytest.raises(InvalidInput, match="needs a workspace"):
        connect(Environment(), Workspace(None))


def test_another_machine_is_asked_over_https_only(here: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVGEN_TOKEN_PROD", "t")
    assert isinstance(connect(real(), here), Orchestrator)
    for url in (
        "http://orchestration.example.org",
        "ftp://example.org",
        "example.org",
        "http://0.0.0.0:8788",
    ):
        with pytest.raises(InvalidInput, match="neither https nor on this machine"):
            connect(real(url), here)


@pytest.mark.usefixtures("no_keyring")
def test_another_machine_needs_a_token_and_this_one_does_not(here: Workspace) -> None:
    with pytest.raises(NotAuthorised, match="no token for the environment prod"):
        connect(real(), here)
    assert isinstance(connect(real("http://127.0.0.1:8788"), here), Orchestrator)


def test_nothing_heavy_is_loaded_before_it_is_used() -> None:
    names = [
        "orchestrator.client",
        "orchestrator.answers",
        "sandbox.connect",
        "sandbox.serve",
        "sandbox.sandbox",
    ]
    imports = "".join(f"import civgen.{name}\n" for name in [*names, "cli.commands.sandbox"])
    heavy = "['httpx', 'starlette', 'uvicorn', 'jsonschema_rs', 'stamina']"
    probe = f"{imports}import sys\nprint([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
