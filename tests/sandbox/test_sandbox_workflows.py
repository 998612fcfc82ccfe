"""The sandbox answers as the orchestrator's API does."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asking import IMAGES, VIDEO, WORKFLOWS, Asking, body, saying


def test_a_workflow_goes_through_every_status(sandbox: Asking) -> None:
    submitted = sandbox.submit()
    seen = [submitted["status"]]
    for _ in range(10):
        sandbox.clock.now += 0.11
        seen.append(sandbox.get(submitted["id"])["status"])
    assert list(dict.fromkeys(seen)) == ["unassigned", "preparing", "scheduled", "processing", "succeeded"]


def test_the_status_code_tells_whether_it_is_over(sandbox: Asking) -> None:
    answer = sandbox.ask("POST", WORKFLOWS, json=body())
    path = f"{WORKFLOWS}/{answer.json()['id']}"
    assert answer.status_code == sandbox.ask("GET", path).status_code == 202
    sandbox.clock.now += 2
    assert sandbox.ask("GET", path).status_code == 200


def test_jobs_move_up_in_the_queue_and_then_progress(sandbox: Asking) -> None:
    workflow_id = sandbox.submit()["id"]
    places, rates = [], []
    for _ in range(9):
        job = sandbox.get(workflow_id)["steps"][0]["jobs"][0]
        if "queuePosition" in job:
            places.append(job["queuePosition"]["precedingJobs"])
        rates.append(job.get("estimatedProgressRate"))
        sandbox.clock.now += 0.1
    assert places == sorted(places, reverse=True) and places[0] > places[-1] > 0
    known = [rate for rate in rates if rate is not None]
    assert known == sorted(known) and 0 <= known[0] < known[-1] < 1


def test_a_step_waits_for_the_one_it_refers_to(sandbox: Asking) -> None:
    video = {"$ref": "$0", "path": "output.video.url"}
    workflow_id = sandbox.submit(VIDEO, {"$type": "videoUpscaler", "input": {"video": video}})["id"]
    sandbox.clock.now += 0.4
    half = sandbox.get(workflow_id)
    assert [step["status"] for step in half["steps"]] == ["processing", "unassigned"]
    assert half["status"] == "processing"
    sandbox.clock.now += 0.15
    assert [step["status"] for step in sandbox.get(workflow_id)["steps"]] == ["succeeded", "preparing"]
    sandbox.clock.now += 0.5
    assert sandbox.get(workflow_id)["status"] == "succeeded"


@pytest.mark.parametrize(("word", "status"), [("fail", "failed"), ("expire", "expired")])
def test_a_marked_prompt_does_not_succeed_and_is_refunded(sandbox: Asking, word: str, status: str) -> None:
    after = {"$type": "videoUpscaler", "input": {"video": {"$ref": "$0", "path": "output.video.url"}}}
    ended = sandbox.finish(saying(f"a fox [sandbox:{word}]"), after)
    assert ended["status"] == status
    assert [step["status"] for step in ended["steps"]] == [status, "canceled"]
    assert all("output" not in step for step in ended["steps"])
    lone = sandbox.finish(saying(f"a fox [sandbox:{word}]"))
    assert [(one["type"], one["amount"]) for one in lone["transactions"]["list"]] == [
        ("debit", lone["cost"]["total"]),
        ("credit", lone["cost"]["total"]),
    ]


@pytest.mark.parametrize("name", ["$1", "$0", "nobody"])
def test_a_reference_to_no_earlier_step_fails(sandbox: Asking, name: str) -> None:
    ended = sandbox.finish({"$type": "videoUpscaler", "input": {"video": {"$ref": name, "path": "x"}}}, VIDEO)
    assert [step["status"] for step in ended["steps"]] == ["failed", "succeeded"]


def test_waiting_ends_when_the_workflow_does(make_sandbox: Callable[..., Asking]) -> None:
    sandbox = make_sandbox(clock=time.time, speed=4)
    began = time.perf_counter()
    answer = sandbox.ask("POST", WORKFLOWS, json=body(), params={"wait": 30})
    assert (answer.status_code, answer.json()["status"]) == (200, "succeeded")
    assert 0.2 < time.perf_counter() - began < 2


def test_waiting_ends_in_time_with_what_there_is(make_sandbox: Callable[..., Asking]) -> None:
    sandbox = make_sandbox(clock=time.time, speed=0.1)
    workflow_id = sandbox.submit()["id"]
    began = time.perf_counter()
    answer = sandbox.ask("GET", f"{WORKFLOWS}/{workflow_id}", params={"wait": 1})
    assert answer.status_code == 202
    assert 0.9 < time.perf_counter() - began < 3


def test_a_whatif_costs_the_same_and_leaves_nothing(sandbox: Asking) -> None:
    priced = sandbox.whatif(tags=["civgen"])
    assert priced["id"] is None and priced["status"] == "unassigned"
    assert priced["transactions"]["insufficientBuzz"] is False
    assert [job["queuePosition"]["support"] for job in priced["steps"][0]["jobs"]] == ["available"]
    assert sandbox.listed() == []
    assert sandbox.submit()["cost"] == priced["cost"]


def test_an_external_id_gives_the_earlier_workflow(sandbox: Asking) -> None:
    first = sandbox.submit(externalId="order-1")
    again = sandbox.submit(saying("something else"), externalId="order-1")
    assert again["id"] == first["id"] and again["steps"][0]["input"]["prompt"] == "a red fox"
    assert sandbox.submit(externalId="order-2")["id"] != first["id"]
    assert len(sandbox.listed()) == 2


def test_an_external_id_is_used_up_by_a_whatif(sandbox: Asking) -> None:
    sandbox.whatif(externalId="order-1")
    trapped = sandbox.submit(externalId="order-1")
    assert trapped["id"] is None and trapped["status"] == "unassigned"
    assert sandbox.listed() == []


def test_cancelling_stops_and_refunds(sandbox: Asking) -> None:
    workflow_id = sandbox.submit()["id"]
    sandbox.clock.now += 0.5
    assert sandbox.ask("PUT", f"{WORKFLOWS}/{workflow_id}", json={"status": "canceled"}).status_code == 204
    sandbox.clock.now += 5
    stopped = sandbox.get(workflow_id)
    assert stopped["status"] == stopped["steps"][0]["status"] == "canceled"
    assert stopped["transactions"]["list"][-1]["type"] == "credit"
    assert "output" not in stopped["steps"][0]


def test_cancelling_what_has_ended_changes_nothing(sandbox: Asking) -> None:
    ended = sandbox.finish()
    assert sandbox.ask("PUT", f"{WORKFLOWS}/{ended['id']}", json={"status": "canceled"}).status_code == 204
    assert sandbox.get(ended["id"]) == ended


def test_metadata_tags_and_maturity_can_be_changed(sandbox: Asking) -> None:
    workflow_id = sandbox.submit(tags=["a"], metadata={"x": 1}, allowMatureContent=False)["id"]
    change = {"metadata": {"y": 2}, "tags": ["b", "c"], "allowMatureContent": True}
    assert sandbox.ask("PUT", f"{WORKFLOWS}/{workflow_id}", json=change).status_code == 204
    changed = sandbox.get(workflow_id)
    assert {name: changed[name] for name in change} == change
    assert sandbox.listed(tags=["c"]) == [workflow_id] and sandbox.listed(tags=["a"]) == []


def test_an_update_is_refused_with_every_problem(sandbox: Asking) -> None:
    workflow_id = sandbox.submit()["id"]
    answer = sandbox.ask(
        "PUT", f"{WORKFLOWS}/{workflow_id}", json={"status": "succeeded", "tags": ["x" * 201], "nope": 1}
    )
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"status", "tags.0", "nope"}


def test_tags_are_added_and_removed_one_by_one(sandbox: Asking) -> None:
    workflow_id = sandbox.submit(tags=["b", "a"])["id"]
    path = f"{WORKFLOWS}/{workflow_id}/tags"
    for tag in ("img2vid:ref2vid", "a"):
        assert sandbox.ask("POST", path, json=tag).status_code == 204
    assert sandbox.get(workflow_id)["tags"] == ["b", "a", "img2vid:ref2vid"]
    assert sandbox.ask("DELETE", path + "/img2vid:ref2vid").status_code == 204
    assert sandbox.get(workflow_id)["tags"] == ["b", "a"]
    assert sandbox.ask("DELETE", path).status_code == 204
    assert sandbox.get(workflow_id)["tags"] == []
    assert sandbox.ask("POST", path, json={"tag": "x"}).status_code == 400


def test_there_is_room_for_ten_tags(sandbox: Asking) -> None:
    workflow_id = sandbox.submit(tags=[str(n) for n in range(10)])["id"]
    answer = sandbox.ask("POST", f"{WORKFLOWS}/{workflow_id}/tags", json="eleventh")
    assert answer.status_code == 400 and "tags" in answer.json()["errors"]
    assert len(sandbox.get(workflow_id)["tags"]) == 10


def test_a_deleted_workflow_is_gone(sandbox: Asking) -> None:
    ended = sandbox.finish(IMAGES, tags=["a"])
    assert sandbox.ask("DELETE", f"{WORKFLOWS}/{ended['id']}").status_code == 204
    for method in ("GET", "PUT", "DELETE"):
        answer = sandbox.ask(method, f"{WORKFLOWS}/{ended['id']}", json={})
        assert answer.status_code == 404
    assert sandbox.listed(tags=["a"]) == []
    assert sandbox.ask("GET", ended["steps"][0]["output"]["images"][0]["url"]).status_code == 404


def test_the_list_is_paged_newest_first(sandbox: Asking) -> None:
    ids = [sandbox.submit()["id"] for _ in range(5)]
    pages, cursor = [], None
    while cursor != "":
        params = {"take": 2} | ({"cursor": cursor} if cursor else {})
        page = sandbox.ask("GET", WORKFLOWS, params=params).json()
        pages.append([one["id"] for one in page["items"]])
        cursor = page["next"]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [one for page in pages for one in page] == ids[::-1]
    assert sandbox.listed(ascending="true", take=3) == ids[:3]


def test_the_list_is_filtered(sandbox: Asking) -> None:
    old = sandbox.submit(tags=["gen", "vid"], metadata={"note": "größer"})["id"]
    failed = sandbox.submit(saying("[sandbox:fail]"), tags=["gen", "img"])["id"]
    sandbox.clock.now += 3600
    new = sandbox.submit(tags=["gen"])["id"]
    hour_ago = datetime.fromtimestamp(sandbox.clock.now - 60, UTC).isoformat()
    assert sandbox.listed(tags=["gen"]) == [new, failed, old]
    assert sandbox.listed(tags=["gen", "vid"]) == [old]
    assert sandbox.listed(query="größer") == [old]
    assert sandbox.listed(fromDate=hour_ago) == [new]
    assert sandbox.listed(toDate=hour_ago) == [failed, old]
    assert sandbox.listed(excludeFailed="true") == [new, old]


def test_a_wrong_query_is_refused_with_every_problem(sandbox: Asking) -> None:
    answer = sandbox.ask("GET", WORKFLOWS, params={"take": 0, "cursor": "x", "fromDate": "soon"})
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"take", "cursor", "fromDate"}
    assert sandbox.ask("POST", WORKFLOWS, json=body(), params={"wait": "long"}).status_code == 400
    assert sandbox.ask("GET", WORKFLOWS, params={"cursor": 2**63}).status_code == 400


def test_mature_outputs_are_hidden_where_the_api_hides_them(sandbox: Asking) -> None:
    ended = sandbox.finish(saying("[sandbox:x] a fox"))
    shown = ended["steps"][0]["output"]["video"]
    assert shown["nsfwLevel"] == "x" and shown["available"] and "url" in shown
    for answer in (
        sandbox.get(ended["id"], hideMatureContent="true"),
        sandbox.ask("GET", WORKFLOWS).json()["items"][0],
    ):
        hidden = answer["steps"][0]["output"]["video"]
        assert hidden["available"] is False and "url" not in hidden
    open_list = sandbox.ask("GET", WORKFLOWS, params={"hideMatureContent": "false"}).json()["items"]
    assert "url" in open_list[0]["steps"][0]["output"]["video"]


def test_an_ephemeral_workflow_is_only_answered_to_who_waits(make_sandbox: Callable[..., Asking]) -> None:
    sandbox = make_sandbox(clock=time.time, speed=20)
    asked = body(ephemeral=True)
    assert set(sandbox.ask("POST", WORKFLOWS, json=asked).json()["errors"]) == {"ephemeral"}
    ended = sandbox.ask("POST", WORKFLOWS, json=asked, params={"wait": 5}).json()
    assert ended["status"] == "succeeded"
    assert sandbox.ask("GET", f"{WORKFLOWS}/{ended['id']}").status_code == 404
    assert sandbox.listed() == []
    assert sandbox.ask("GET", ended["steps"][0]["output"]["video"]["url"]).status_code == 308


def test_everything_is_there_again_after_a_restart(
    make_sandbox: Callable[..., Asking], tmp_path: Path
) -> None:
    file = tmp_path / ".civgen" / "sandbox.sqlite"
    first = make_sandbox(file)
    ended = first.finish(IMAGES, tags=["a"], externalId="order-1")
    first.store.close()
    second = make_sandbox(file)
    assert second.get(ended["id"]) == ended
    assert second.submit(externalId="order-1")["id"] == ended["id"]
    assert second.ask("GET", ended["steps"][0]["output"]["images"][0]["url"]).status_code == 308


def test_a_file_that_is_no_state_is_named(make_sandbox: Callable[..., Asking], tmp_path: Path) -> None:
    (tmp_path / "other.sqlite").write_text("not a database, but long enough to be looked at as one " * 20)
    answer = make_sandbox(tmp_path / "other.sqlite").ask("GET", WORKFLOWS)
    assert answer.status_code == 400 and "other.sqlite" in answer.json()["detail"]


def test_a_token_is_required_once_there_is_one(make_sandbox: Callable[..., Asking]) -> None:
    sandbox = make_sandbox(token="right")
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer rïght".encode()}):
        for method, path in (("GET", ""), ("POST", ""), ("GET", "/x"), ("PUT", "/x"), ("DELETE", "/x/tags")):
            answer = sandbox.ask(method, WORKFLOWS + path, headers=headers)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == "Bearer" and answer.json()["status"] == 401
    assert sandbox.ask("GET", WORKFLOWS, headers={"Authorization": "Bearer right"}).status_code == 200


def test_problems_are_documents_of_rfc_7807(sandbox: Asking) -> None:
    for method, path, status in (
        ("GET", "/nowhere", 404),
        ("PATCH", WORKFLOWS, 405),
        ("POST", WORKFLOWS, 400),
    ):
        answer = sandbox.ask(method, path, content=b"{")
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
        assert {"type", "title", "status", "detail", "instance"} <= answer.json().keys()


@pytest.mark.parametrize("text", [b"", b"{", b"NaN", b"\xff", b'"\\ud800"', b"[" * 5000, b"1" * 5000])
def test_what_is_no_json_is_refused(sandbox: Asking, text: bytes) -> None:
    assert sandbox.ask("POST", WORKFLOWS, content=text).status_code == 400


def test_a_number_that_is_too_large_for_json_is_refused(sandbox: Asking) -> None:
    assert sandbox.ask("POST", WORKFLOWS, content=b'{"metadata": {"n": 1e999}}').status_code == 400
