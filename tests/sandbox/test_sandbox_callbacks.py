"""Callbacks: what is told of a workflow to this machine, in order, and again when it was not taken."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from asking import IMAGES, WORKFLOWS, body, saying
from serving import Server, served


class Listener:
    """Takes deliveries; the first `refusals` of them not."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.refusals = 0
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                document = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                refuse = listener.refusals > 0
                listener.refusals -= refuse
                if not refuse:
                    listener.told.append(document)
                self.send_response(500 if refuse else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/told"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def until(self, done: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        """What was told, once it is enough."""
        end = time.monotonic() + 20
        while not done(self.told):
            assert time.monotonic() < end, self.told
            time.sleep(0.02)
        return self.told


@pytest.fixture
def listener() -> Iterator[Listener]:
    one = Listener()
    yield one
    one.server.shutdown()
    one.server.server_close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("callbacks"), "--speed", "10") as running:
        yield running


def to(listener: Listener, *types: str, **own: Any) -> list[dict[str, Any]]:
    return [{"url": listener.url, "type": list(types), **own}]


def ended(told: list[dict[str, Any]]) -> bool:
    return any(one["$type"] == "workflow" and one["status"] in ("succeeded", "canceled") for one in told)


def test_every_status_is_told_in_order(server: Server, listener: Listener) -> None:
    workflow_id = server.submit(IMAGES, callbacks=to(listener, "workflow:*", "step:*", "job:*"))["id"]
    told = listener.until(ended)
    statuses = ["unassigned", "preparing", "scheduled", "processing", "succeeded"]
    for level in ("workflow", "step", "job"):
        assert [one["status"] for one in told if one["$type"] == level] == statuses
    assert {one["workflowId"] for one in told} == {workflow_id}
    assert {one["name"] for one in told if one["$type"] == "step"} == {"$0"}


def test_only_what_was_asked_for_is_told(server: Server, listener: Listener) -> None:
    server.submit(IMAGES, callbacks=to(listener, "workflow:succeeded", "step:processing"))
    told = listener.until(ended)
    assert [(one["$type"], one["status"]) for one in told] == [
        ("step", "processing"),
        ("workflow", "succeeded"),
    ]
    assert "details" not in told[1] and "timestamp" in told[1]


def test_details_have_the_output_where_they_are_asked_for(server: Server, listener: Listener) -> None:
    server.submit(
        saying("[sandbox:r]", IMAGES),
        callbacks=to(listener, "workflow:succeeded", "step:succeeded", "job:succeeded", detailed=True),
    )
    job, step, workflow = listener.until(ended)
    assert job["matureContent"] is True
    assert step["details"]["output"] == workflow["details"]["steps"][0]["output"]
    url = step["details"]["output"]["images"][0]["url"]
    assert url.startswith(server.url) and server.ask("GET", url).status_code == 308


def test_what_is_not_taken_is_told_again_in_the_same_order(server: Server, listener: Listener) -> None:
    listener.refusals = 2
    server.submit(IMAGES, callbacks=to(listener, "workflow:*"))
    told = listener.until(ended)
    assert told[0]["status"] == "unassigned" and len(told) == 5


def test_cancelling_is_told_at_once(listener: Listener, tmp_path: Path) -> None:
    with served(tmp_path, "--speed", "0.02") as slow:
        workflow_id = slow.submit(IMAGES, callbacks=to(listener, "workflow:*"))["id"]
        listener.until(lambda told: len(told) > 0)
        slow.ask("PUT", f"{WORKFLOWS}/{workflow_id}", json={"status": "canceled"})
        assert [one["status"] for one in listener.until(ended)] == ["unassigned", "canceled"]


def test_a_restart_goes_on_with_what_was_not_told(workspace: Path, listener: Listener) -> None:
    with served(workspace, "--speed", "0.5") as first:
        first.submit(IMAGES, callbacks=to(listener, "workflow:*"))
        listener.until(lambda told: len(told) > 0)
        first.process.kill()
    with served(workspace):
        told = [one["status"] for one in listener.until(ended)]
    assert list(dict.fromkeys(told)) == ["unassigned", "preparing", "scheduled", "processing", "succeeded"]


def test_an_ephemeral_workflow_needs_a_callback_or_to_be_waited_for(
    server: Server, listener: Listener
) -> None:
    given = body(IMAGES, ephemeral=True, callbacks=to(listener, "workflow:succeeded"))
    workflow_id = server.ask("POST", WORKFLOWS, json=given).json()["id"]
    listener.until(ended)
    assert server.ask("GET", f"{WORKFLOWS}/{workflow_id}").status_code == 404


def test_callbacks_are_https_or_on_this_machine(server: Server) -> None:
    urls = {"http://example.org/told": True, "http://[told": True, "https://example.org/told": False}
    for url, wrong in urls.items():
        given = body(IMAGES, callbacks=[{"url": url, "type": ["workflow:*"]}])
        answer = server.ask("POST", WORKFLOWS, json=given)
        assert set(answer.json().get("errors", ())) == ({"callbacks[0].url"} if wrong else set())
