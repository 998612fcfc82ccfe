"""Many connections over a real wire: what is lost never passes for what was not sent."""

from __future__ import annotations

import asyncio
import json
import socket
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from civgen.errors import CivgenError, InvalidInput, RateLimited, Unavailable
from civgen.jobs.sending import Patience, Sender
from civgen.orchestrator.client import Orchestrator

TOKEN = "canary-0123456789abcdef"
ECHO = {"steps": [{"$type": "echo", "input": {"message": "hello"}}], "currencies": ["yellow"], "tags": ["x"]}
CONNECTIONS = [1, 8]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A served sandbox."""
    import re
    import subprocess
    import sys

    folder = tmp_path_factory.mktemp("server")
    words = [sys.executable, "-m", "civgen", "sandbox", "serve", "--port", "0", "--speed", "1000"]
    server = subprocess.Popen(words, cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert server.stderr is not None
    found = re.search(r"http://[\d.:]+\d", server.stderr.readline())
    assert found is not None
    yield found[0]
    server.terminate()
    server.communicate(timeout=10)


def plan(url: str, fault: str, times: int = 1) -> None:
    """Let the next requests meet a fault."""
    planned = json.dumps({"fault": fault, "times": times}).encode()
    asked = urllib.request.Request(f"{url}/sandbox/faults", planned, {"Content-Type": "application/json"})
    urllib.request.urlopen(asked).close()


def use(url: str, connections: int, work: Any, **more: Any) -> Any:
    async def main() -> Any:
        async with Orchestrator(url, SecretStr(TOKEN), connections=connections, **more) as client:
            return await work(client)

    return asyncio.run(main())


async def listed(client: Orchestrator) -> list[str | None]:
    return [one.external_id async for one in client.query(["x"])]


@pytest.mark.parametrize("connections", CONNECTIONS)
@pytest.mark.parametrize(
    ("fault", "accepted", "kind"),
    [
        ("reset-before", False, Unavailable),
        ("reset-after", True, Unavailable),
        ("cut", True, Unavailable),
        ("truncated", True, Unavailable),
        ("lost=0.1", True, Unavailable),
        ("stall=0.1", False, Unavailable),
        ("502-after", True, Unavailable),
        ("html", False, Unavailable),
        ("429=3", False, RateLimited),
    ],
)
def test_a_lost_answer_leaves_it_open_and_the_same_id_finds_it(
    url: str, fault: str, accepted: bool, kind: type[CivgenError], connections: int
) -> None:
    external_id = f"{fault.replace('=', '_').replace('.', '_')}-{connections}"
    body = ECHO | {"externalId": external_id}

    async def work(client: Orchestrator) -> None:
        plan(url, fault)
        with pytest.raises(CivgenError) as caught:
            await client.submit(body)
        assert type(caught.value) is kind and TOKEN not in repr(caught.value.as_json())
        assert (caught.value.hint != "Nothing was sent.") or not accepted
        if kind is Unavailable:
            assert "may have been accepted" in str(caught.value.hint)
        else:
            assert caught.value.data == {"retryAfter": 3.0}
        assert (external_id in await listed(client)) is accepted
        plan(url, fault)
        patience = Patience(first=0.001, longest=0.001, asked=0.001)
        done = await Sender(client, patience=patience).send(body)
        assert done.id and (await listed(client)).count(external_id) == 1

    use(url, connections, work)


@pytest.mark.parametrize("connections", CONNECTIONS)
def test_what_never_found_a_server_was_not_sent(connections: int) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(Unavailable) as caught:
            use(nobody, connections, lambda client: client.submit(ECHO))
    assert caught.value.hint == "Nothing was sent."


@pytest.mark.parametrize("connections", CONNECTIONS)
def test_silence_ends_after_the_timeout_and_leaves_it_open(url: str, connections: int) -> None:
    plan(url, "stall=5")
    with pytest.raises(Unavailable, match="no answer in time") as caught:
        use(url, connections, lambda client: client.submit(ECHO), timeout=0.5)
    assert "may have been accepted" in str(caught.value.hint)


def test_many_at_once_are_all_answered(url: str) -> None:
    async def work(client: Orchestrator) -> list[str | None]:
        done = await asyncio.gather(*(client.submit(ECHO | {"externalId": f"m{n}"}) for n in range(200)))
        return [one.external_id for one in done]

    assert use(url, 32, work) == [f"m{n}" for n in range(200)]


def test_what_is_refused_lists_every_problem_over_the_pool_too(url: str) -> None:
    wrong = ECHO | {"steps": [{"$type": "echo", "input": {"message": 1}}], "tags": ["y" * 201]}
    with pytest.raises(InvalidInput) as caught:
        use(url, 8, lambda client: client.submit(wrong))
    assert len(caught.value.details) == 2


def test_the_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        port = proxy.getsockname()[1]
        proxy.settimeout(5)
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)

        async def work(client: Orchestrator) -> bytes:
            asked = asyncio.create_task(client.submit(ECHO))
            connection, _ = await asyncio.to_thread(proxy.accept)
            with connection:
                said = await asyncio.to_thread(connection.recv, 1000)
            with pytest.raises(Unavailable):
                await asked
            return said

        said = use("https://orchestrator.invalid", 8, work)
    assert said.startswith(b"CONNECT orchestrator.invalid:443") and TOKEN.encode() not in said


@pytest.mark.parametrize("connections", CONNECTIONS)
def test_where_nobody_listens_a_read_gives_up_soon_and_says_so(connections: int) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
        begun = time.monotonic()
        with pytest.raises(Unavailable, match="the connection was refused") as caught:
            use(nobody, connections, lambda client: client.get("some-job"))
    assert time.monotonic() - begun < 4
    assert caught.value.hint == "Is it running, and is its URL right?"
