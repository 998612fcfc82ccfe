"""Answers are understood as far as they go, and kept as they came."""

from __future__ import annotations

from typing import Any

from civgen.orchestrator.answers import TERMINAL, Cost, Workflow


def blob(blob_id: str, kind: str = "image", **own: Any) -> dict[str, Any]:
    return {"type": kind, "id": blob_id, "available": True, "url": f"https://x/{blob_id}", **own}


def workflow(*outputs: Any, **own: Any) -> Workflow:
    steps = [
        {"$type": "imageGen", "name": f"${n}", "status": "succeeded", "output": one}
        for n, one in enumerate(outputs)
    ]
    return Workflow.model_validate({"id": "w1", "status": "succeeded", "steps": steps, **own})


def test_every_file_is_found_whatever_its_step_calls_it() -> None:
    found = workflow(
        {"images": [blob("1"), blob("2")], "errors": ["one was refused"]},
        {"video": blob("3", "video"), "additionalVideos": [blob("4", "video")]},
        {"blobs": [blob("5")]},
        {"blob": blob("6"), "additionalVideos": None},
        {"image": blob("7"), "message": "hello", "usage": {"id": "no blob"}},
        None,
        {},
    )
    assert [one.id for one in found.blobs] == list("1234567")
    assert [len(step.blobs) for step in found.steps] == [2, 2, 1, 1, 1, 0, 0]


def test_a_hidden_file_is_there_without_a_url() -> None:
    (hidden,) = workflow({"video": {"type": "video", "id": "1", "available": False, "nsfwLevel": "x"}}).blobs
    assert (hidden.available, hidden.url, hidden.nsfw_level) == (False, None, "x")


def test_a_cost_that_is_not_known_is_not_nothing() -> None:
    assert Cost.model_validate({"total": None, "base": None, "estimate": True}).total is None
    assert workflow().cost.total is None
    known = Cost.model_validate({"total": 0, "base": 0, "factors": None, "fees": {"x": 1}})
    assert (known.total, known.factors, known.estimate, known.raw["fees"]) == (0, {}, False, {"x": 1})
    assert repr(Cost.model_validate({"total": 3333}).total) == "3333"


def test_what_is_new_or_missing_does_no_harm() -> None:
    document = {
        "id": None,
        "status": "paused",
        "createdAt": "2026-08-01T12:00:00.1234567Z",
        "steps": [{"$type": "new", "output": ["odd"], "jobs": None, "novelty": {}}],
        "transactions": None,
        "cost": None,
        "deletedAt": "2026-08-01T12:00:00Z",
    }
    understood = Workflow.model_validate(document)
    assert (understood.id, understood.status, understood.is_terminal) == (None, "paused", False)
    assert understood.created_at is not None and understood.created_at.microsecond == 123456
    assert (understood.blobs, understood.transactions.list, understood.steps[0].jobs) == ((), (), ())
    assert understood.raw == document


def test_a_whole_answer_is_understood() -> None:
    place = {"support": "available", "precedingJobs": 2, "startAt": "2026-08-01T12:00:00Z"}
    job = {"id": "j1", "status": "scheduled", "cost": 12.5, "queuePosition": place}
    charged = {"type": "debit", "amount": 40, "accountType": "blue"}
    understood = Workflow.model_validate(
        {
            "id": "w1",
            "status": "scheduled",
            "externalId": "order-1",
            "allowMatureContent": False,
            "steps": [{"$type": "imageGen", "name": "$0", "status": "scheduled", "jobs": [job]}],
            "cost": {"total": 42, "base": 20, "factors": {"quantity": 2}, "tips": {"civitai": 2}},
            "transactions": {"list": [charged], "insufficientBuzz": True},
        }
    )
    step = understood.steps[0]
    assert (step.type, step.jobs[0].cost) == ("imageGen", 12.5)
    assert step.jobs[0].queue_position is not None and step.jobs[0].queue_position.preceding_jobs == 2
    assert (understood.cost.total, understood.cost.factors) == (42, {"quantity": 2})
    paid = understood.transactions
    assert (paid.list[0].account_type, paid.list[0].amount, paid.insufficient_buzz) == ("blue", 40, True)
    assert (understood.external_id, understood.allow_mature_content) == ("order-1", False)


def test_the_four_ends_are_ends() -> None:
    assert {status for status in TERMINAL if workflow(status=status).is_terminal} == {
        "succeeded",
        "failed",
        "expired",
        "canceled",
    }
    assert not any(
        workflow(status=one).is_terminal for one in ("unassigned", "preparing", "scheduled", "processing")
    )
