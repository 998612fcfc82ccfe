"""`civgen sandbox serve`: a real server, asked by the real client and by another."""

from __future__ import annotations

import asyncio
import json
import signal
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from asking import BLOBS, VIDEO, WORKFLOWS, body, saying
from pydantic import SecretStr
from serving import served

from civgen.errors import NotAuthorised
from civgen.orchestrator.client import Orchestrator


def test_a_request_goes_its_whole_way_over_a_real_connection(workspace: Path) -> None:
    async def whole_way(orchestrator: Orchestrator) -> None:
        async with orchestrator:
            priced = await orchestrator.whatif(body())
            submitted = await orchestrator.submit(body(tags=["gen"]))
            assert submitted.id and not submitted.is_terminal and submitted.cost == priced.cost
            ended = await orchestrator.get(submitted.id, wait=20)
            assert ended.status == "succeeded"
            (video,) = ended.blobs
            assert video.url is not None
            size = await orchestrator.download(video.url, workspace / "fox.mp4")
            assert size == (workspace / "fox.mp4").stat().st_size
            stopped = await orchestrator.submit(body())
            await orchestrator.cancel(str(stopped.id))
            assert (await orchestrator.get(str(stopped.id))).status == "canceled"
            assert [one.id async for one in orchestrator.query(tags=["gen"], take=1)] == [submitted.id]
            blob = await orchestrator.upload(b"\x89PNG fox", "image/png")
            assert blob.url is not None and await orchestrator.download(blob.url, workspace / "fox.png") == 8

    with served(workspace) as server:
        assert "keeps its state in .civgen/sandbox.sqlite" in server.said
        asyncio.run(whole_way(Orchestrator(server.url)))
        assert server.stop() == (0, "")
    assert (workspace / ".civgen" / "sandbox.sqlite").is_file()


def test_a_cancelled_workflow_ends_the_waiting_of_others(workspace: Path) -> None:
    async def race(url: str) -> None:
        async with Orchestrator(url) as orchestrator:
            workflow_id = str((await orchestrator.submit(body(VIDEO))).id)
            waiting = asyncio.create_task(orchestrator.get(workflow_id, wait=60))
            await asyncio.sleep(0.1)
            await orchestrator.cancel(workflow_id)
            assert (await asyncio.wait_for(waiting, 0.8)).status == "canceled"

    with served(workspace) as server:
        asyncio.run(race(server.url))


def test_forty_at_once_are_all_kept(workspace: Path) -> None:
    async def many(url: str) -> None:
        async with Orchestrator(url) as orchestrator:
            each = [orchestrator.submit(body(saying(f"fox {n}"), externalId=f"x{n % 20}")) for n in range(40)]
            ids = {one.id for one in await asyncio.gather(*each)}
            assert len(ids) == 20
            assert {one.id async for one in orchestrator.query(take=7)} == ids

    with served(workspace) as server:
        asyncio.run(many(server.url))


def test_a_token_is_taken_from_the_environment(tmp_path: Path) -> None:
    async def ask(url: str, token: str | None) -> None:
        async with Orchestrator(url, SecretStr(token) if token else None) as orchestrator:
            await orchestrator.whatif(body())

    with served(tmp_path, "--token-env", "SANDBOX_TOKEN", SANDBOX_TOKEN="right-one") as server:
        assert "forgets all when it stops" in server.said and "right-one" not in server.said
        asyncio.run(ask(server.url, "right-one"))
        for token in ("wrong-one", None):
            with pytest.raises(NotAuthorised):
                asyncio.run(ask(server.url, token))


def test_any_client_can_ask(tmp_path: Path) -> None:
    with served(tmp_path, "--json") as server:
        request = urllib.request.Request(server.url + WORKFLOWS + "?wait=10", json.dumps(body()).encode())
        with urllib.request.urlopen(request) as answer:
            workflow: dict[str, Any] = json.load(answer)
        head = urllib.request.Request(workflow["steps"][0]["output"]["video"]["url"], method="HEAD")
        with urllib.request.urlopen(head) as answer:
            assert answer.status == 204
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(server.url + BLOBS + "/none")
        with refused.value as document:
            assert json.load(document)["status"] == 404
        code, stdout = server.stop()
        assert (code, json.loads(stdout)) == (0, {"url": server.url})


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_in_good_order(workspace: Path, how: signal.Signals) -> None:
    with served(workspace) as server:
        submitted = server.submit()["id"]
        assert server.stop(how) == (0, "")
    assert not (workspace / ".civgen" / "sandbox.sqlite-wal").exists()
    with served(workspace) as server:
        assert server.listed() == [submitted]


def test_killing_it_loses_nothing_that_was_acknowledged(workspace: Path) -> None:
    ids: list[str] = []
    with served(workspace) as server:
        for n in range(40):
            ids.append(server.submit(tags=["gen"], externalId=f"x{n}")["id"])
        server.process.kill()
    with served(workspace) as server:
        assert server.listed(tags=["gen"]) == ids[::-1]
        assert server.submit(externalId="x7")["id"] == ids[7]


def test_what_is_kept_is_shown_and_can_be_forgotten(workspace: Path, run: Callable[..., Any]) -> None:
    assert run("--workspace", workspace, "sandbox", "status", "--json").code == 4
    data = workspace / "elsewhere"
    with served(workspace, "--data", str(data), "--speed", "1000") as server:
        server.submit(wait=5)
        server.submit(saying("[sandbox:fail]"), wait=5)
        shown = run("sandbox", "status", "--data", data, "--json").json
        assert (shown["workflows"], shown["uploads"]) == ({"failed": 1, "succeeded": 1}, 0)
        assert run("sandbox", "reset", "--data", data, "--json").code == 8
        assert len(server.listed()) == 2
        assert run("sandbox", "reset", "--data", data, "--yes", "--json").code == 0
        assert server.listed() == []


def test_it_serves_this_machine_only(run: Callable[..., Any]) -> None:
    refused = run("sandbox", "serve", "--host", "0.0.0.0", "--json")
    assert refused.code == 2
    assert refused.json["error"]["details"][0]["field"] == "host"


def test_a_taken_port_is_said_with_what_to_do(tmp_path: Path, run: Callable[..., Any]) -> None:
    with served(tmp_path) as server:
        refused = run("sandbox", "serve", "--port", server.url.rpartition(":")[2], "--json")
    assert refused.code == 5
    assert "--port" in refused.json["error"]["hint"]


def test_a_token_variable_that_is_not_set_is_refused(run: Callable[..., Any]) -> None:
    refused = run("sandbox", "serve", "--token-env", "NOT_SET", "--json")
    assert (refused.code, refused.json["error"]["details"][0]["given"]) == (2, "NOT_SET")
