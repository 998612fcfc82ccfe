"""JSON Patch, steps, and what the sandbox is told to do to prices, models and the pace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asking import IMAGES, VIDEO, WORKFLOWS, body
from serving import Server, served

MODEL = "urn:air:sdxl:checkpoint:civitai:101055@128078"
DRAFT = {"$type": "textToImage", "input": {"model": MODEL, "prompt": "a fox", "seed": 1, "cfgScale": 7}}
SUBSTITUTED = MODEL.replace("@128078", "@128079")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("changes"), "--speed", "0.001") as running:
        yield running


def patched(server: Server, path: str, *operations: dict[str, Any]) -> int:
    headers = {"Content-Type": "application/json-patch+json"}
    answer = server.ask("PATCH", path, json=list(operations), headers=headers)
    assert answer.status_code == 204 or answer.json()["errors"] or answer.status_code == 404
    return answer.status_code


def test_a_patch_changes_tags_and_metadata_and_cancels(server: Server) -> None:
    workflow_id = server.submit(tags=["a"], metadata={"x": {"y": 1}})["id"]
    path = f"{WORKFLOWS}/{workflow_id}"
    assert (
        patched(
            server,
            path,
            {"op": "test", "path": "/metadata/x/y", "value": 1},
            {"op": "replace", "path": "/metadata/x/y", "value": 2},
            {"op": "add", "path": "/metadata/z~1a", "value": [1]},
            {"op": "add", "path": "/tags/-", "value": "b"},
            {"op": "move", "from": "/tags/0", "path": "/tags/1"},
        )
        == 204
    )
    changed = server.get(workflow_id)
    assert changed["metadata"] == {"x": {"y": 2}, "z/a": [1]} and changed["tags"] == ["b", "a"]
    assert server.listed(tags=["b"]) == [workflow_id]
    assert patched(server, path, {"op": "replace", "path": "/status", "value": "canceled"}) == 204
    assert server.get(workflow_id)["status"] == "canceled"


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "/status", "value": "succeeded"},
        {"op": "replace", "path": "/cost", "value": 1},
        {"op": "add", "path": "/cost", "value": 1},
        {"op": "remove", "path": "/tags"},
        {"op": "test", "path": "/metadata/x", "value": 9},
        {"op": "add", "path": "/metadata/a/b", "value": 1},
        {"op": "add", "path": "/tags/-", "value": 1},
        {"op": "paint", "path": "/tags"},
        {"path": "/tags"},
        {"op": "add", "path": "tags", "value": []},
        {"op": "add", "path": "", "value": []},
    ],
)
def test_a_patch_that_cannot_be_done_changes_nothing(server: Server, operation: dict[str, Any]) -> None:
    workflow_id = server.submit(tags=["a"], metadata={"x": 1})["id"]
    good = {"op": "add", "path": "/tags/-", "value": "b"}
    assert patched(server, f"{WORKFLOWS}/{workflow_id}", good, operation) == 400
    assert server.get(workflow_id)["tags"] == ["a"]


def test_a_patch_is_known_by_its_media_type(server: Server) -> None:
    workflow_id = server.submit()["id"]
    assert server.ask("PATCH", f"{WORKFLOWS}/{workflow_id}", json=[]).status_code == 415


def test_a_step_is_read_and_its_metadata_changed(server: Server) -> None:
    workflow_id = server.submit({**VIDEO, "name": "clip"}, IMAGES)["id"]
    path = f"{WORKFLOWS}/{workflow_id}/steps"
    assert server.ask("GET", f"{path}/clip").json()["$type"] == "videoGen"
    assert server.ask("GET", f"{path}/$1").json()["$type"] == "imageGen"
    assert server.ask("PUT", f"{path}/$1", json={"metadata": {"output": {}}}).status_code == 204
    hide = {"op": "add", "path": "/metadata/output/x", "value": {"hidden": True}}
    assert patched(server, f"{path}/$1", hide) == 204
    metadata = [step["metadata"] for step in server.get(workflow_id)["steps"]]
    assert metadata == [{}, {"output": {"x": {"hidden": True}}}]
    assert server.ask("PUT", f"{path}/$1", json={}).status_code == 400
    for method in ("GET", "PUT"):
        assert server.ask(method, f"{path}/none", json={"metadata": {}}).status_code == 404


def test_the_model_that_ran_is_told(server: Server) -> None:
    plain = server.submit(DRAFT)
    assert plain["steps"][0]["input"]["model"] == MODEL and plain["metadata"] == {}
    for fault, noted in (("substitute", True), ("substitute-silently", False)):
        for whatif in (True, False):
            asked = {"json": body(DRAFT), "params": {"whatif": whatif}}
            answer = server.ask("POST", WORKFLOWS, fault=fault, **asked).json()
            assert answer["steps"][0]["input"]["model"] == SUBSTITUTED
            substitution = {"requested": 128078, "applied": 128079, "reason": "unrecognized"}
            assert answer["metadata"] == ({"modelSubstitutions": [substitution]} if noted else {})


def test_another_model_runs_for_part_of_the_models_and_always_the_same(tmp_path: Path) -> None:
    def ran(server: Server, version: int) -> str:
        model = MODEL.replace("128078", str(version))
        step = {**DRAFT, "input": {**DRAFT["input"], "model": model}}
        answers = [server.whatif(step), server.submit(step)]
        models = {str(one["steps"][0]["input"]["model"] != model) for one in answers}
        assert len(models) == 1
        return models.pop()

    with served(tmp_path, "--substitute", "0.5", "--seed", "1") as server:
        assert {ran(server, version) for version in range(1, 30)} == {"True", "False"}


def test_a_charge_may_drift_from_the_price_that_was_told(tmp_path: Path) -> None:
    with served(tmp_path, "--price-drift", "10") as server:
        priced, charged = server.whatif(tips={"civitai": 0.5, "creators": 0}), None
        charged = server.submit(tips={"civitai": 0.5, "creators": 0})
        price = priced["cost"]["total"] - priced["cost"]["tips"]["civitai"]
        assert charged["cost"]["fixed"]["drift"] == round(price * 0.1) > 0
        assert charged["cost"]["total"] == priced["cost"]["total"] + round(price * 0.1)
        assert charged["transactions"]["list"][0]["amount"] == charged["cost"]["total"]


def test_who_submits_too_fast_is_told_when_to_come_back(tmp_path: Path) -> None:
    with served(tmp_path, "--rate-limit", "0.01", "--speed", "0.001") as server:
        taken, refused = (server.ask("POST", WORKFLOWS, json=body()) for _ in range(2))
        assert (taken.status_code, refused.status_code) == (202, 429)
        assert 1 <= int(refused.headers["retry-after"]) <= 100
        assert refused.headers["content-type"] == "application/problem+json"
        assert len(server.listed()) == 1
        assert all(server.whatif()["id"] is None for _ in range(3))


def test_what_the_sandbox_has_not_is_said(server: Server) -> None:
    answer = server.ask("POST", "/v2/consumer/recipes/textToImage", json=DRAFT["input"])
    assert answer.status_code == 501 and "/v2/consumer/workflows" in answer.json()["detail"]


def test_every_resource_is_there_and_public(server: Server) -> None:
    known = server.ask("GET", f"/v2/resources/{MODEL}").json()
    assert known["air"] == MODEL and known["canGenerate"] is True
    assert server.ask("GET", "/v2/resources/urn:air:sdxl:checkpoint:civitai:1@0").status_code == 404
    assert server.ask("GET", "/v2/resources/nonsense").status_code == 400
