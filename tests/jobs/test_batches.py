"""Batches on the command line: in order, within their budget, and taken up again without paying twice."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from civgen.errors import NotAuthorised, RateLimited, Unavailable
from civgen.jobs.batches.begin import begin_batch
from civgen.jobs.batches.book import Terms, rows
from civgen.jobs.batches.book import summary as summary_of
from civgen.jobs.batches.budget import Budget, OverBudget
from civgen.jobs.batches.prepare import Prepared
from civgen.jobs.batches.run import Outcome, Run
from civgen.jobs.journal import Journal
from civgen.jobs.sending import Patience, Sender
from civgen.jobs.slots import Slots
from civgen.orchestrator.answers import Cost, Step, Workflow
from civgen.orchestrator.client import Orchestrator

VEO = {"ecosystem": "Veo3", "duration": 8, "generateAudio": True}
PRICE = 2000


def write(path: Path, *requests: Any) -> Path:
    lines = [json.dumps({"id": f"l{n}", "request": one}) for n, one in enumerate(requests)]
    path.write_text("\n".join(lines) + "\n")
    return path


def lighthouses(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{**VEO, "prompt": f"lighthouse {n}", **more} for n in range(count)]


@pytest.fixture
def batch(workspace: Path) -> Path:
    return write(workspace / "batch.jsonl", *lighthouses(6))


def only(run: Any) -> dict[str, Any]:
    """The one batch of the workspace."""
    (found,) = run("batch", "list", "--json").json
    return dict(found)


def at_orchestrator(workspace: Path) -> int:
    """How many workflows the sandbox has."""
    with sqlite3.connect(workspace / ".civgen" / "sandbox.sqlite") as db:
        count = db.execute("SELECT count(*) FROM workflows WHERE kind = 'stored'").fetchone()[0]
    db.close()
    return int(count)


def test_answers_come_in_the_order_of_the_lines_and_each_failure_says_why(run: Any, workspace: Path) -> None:
    path = write(
        workspace / "b.jsonl",
        {**VEO, "prompt": "a"},
        {**VEO, "duration": 99, "prompt": "b"},
        {**VEO, "prompt": "c"},
    )
    path.write_text(path.read_text() + 'no json\n\n{"id": 7}\n')
    done = run("submit", "--batch", str(path))
    assert done.code == 9 and "3 of 5 lines failed" in done.stderr and "retry-failed" in done.stderr
    assert [(one["id"], one["ok"]) for one in done.lines] == [
        ("l0", True), ("l1", False), ("l2", True), (None, False), (7, False),
    ]  # fmt: skip
    places = [(one["error"]["where"]["file"], one["error"]["where"]["line"]) for one in done.lines[3:]]
    assert places == [("b.jsonl", 4), ("b.jsonl", 6)], "blank lines count, as they do in an editor"
    assert run("batch", "resume", only(run)["id"]).lines == done.lines
    assert done.lines[1]["error"]["details"][0]["field"] == "duration"
    assert all(done.lines[n]["workflowId"] and done.lines[n]["cost"] == PRICE for n in (0, 2))
    assert at_orchestrator(workspace) == 2


def test_a_finished_batch_is_told_again_and_not_sent_again(run: Any, batch: Path, workspace: Path) -> None:
    first = run("submit", "--batch", str(batch), "--max-cost", str(6 * PRICE))
    assert first.code == 0 and len(first.lines) == 6
    again = run("batch", "resume", only(run)["id"])
    assert again.lines == first.lines
    assert at_orchestrator(workspace) == 6
    found = only(run)
    assert (found["accepted"], found["spent"], found["complete"]) == (6, 6 * PRICE, True)


def test_a_batch_stops_at_its_cap_and_goes_on_with_a_higher_one(
    run: Any, batch: Path, workspace: Path
) -> None:
    done = run("submit", "--batch", str(batch), "--max-cost", str(4 * PRICE + 1))
    assert done.code == 8 and "--max-cost MORE" in done.stderr
    assert sum(one["ok"] for one in done.lines) == 4 == at_orchestrator(workspace)
    found = only(run)
    assert (found["accepted"], found["notSent"], found["spent"]) == (4, 2, 4 * PRICE)
    done = run("batch", "resume", found["id"], "--max-cost", str(6 * PRICE))
    assert done.code == 0 and all(one["ok"] for one in done.lines)
    assert at_orchestrator(workspace) == 6


def test_what_has_no_known_price_is_not_sent_under_a_cap(run: Any, workspace: Path) -> None:
    path = write(workspace / "b.jsonl", {"ecosystem": "SDXL", "prompt": "x"}, {**VEO, "prompt": "x"})
    done = run("submit", "--batch", str(path), "--max-cost", "100000")
    assert done.code == 9 and [one["ok"] for one in done.lines] == [False, True]
    assert "price is not known" in done.lines[0]["error"]["message"]
    assert at_orchestrator(workspace) == 1


UNPRICED = {"ecosystem": "SDXL", "prompt": "x"}


def test_a_price_that_is_not_known_is_told_and_never_nothing(run: Any, workspace: Path) -> None:
    path = write(workspace / "b.jsonl", UNPRICED, {**VEO, "prompt": "x"})
    said = "2000 Buzz, and 1 of unknown price"
    assert said in run("submit", "--batch", str(path), "--dry-run").stderr
    done = run("submit", "--batch", str(path))
    assert [one["cost"] for one in done.lines] == [None, PRICE]
    assert f"2 lines: 2 accepted; {said}" in done.stderr
    found = only(run)
    assert (found["accepted"], found["spent"], found["unknownPrice"]) == (2, PRICE, 1)
    assert said in run("batch", "status", found["id"]).stdout
    assert said in run("batch", "list").stdout
    journal = Journal(workspace / ".civgen" / "journal.sqlite")
    prices = journal.read(lambda db: [row.price for row in rows(db, found["id"], 1, 2).values()])
    assert prices == [None, PRICE]


def test_what_was_quoted_for_a_line_is_as_unknown_as_for_a_single_job(run: Any, workspace: Path) -> None:
    run("submit", "--batch", str(write(workspace / "b.jsonl", UNPRICED)), "--wait")
    run("submit", "-e", "SDXL", "-p", "x", "--wait")
    (costs,) = run("jobs", "costs", "--json").json["engines"]
    assert (costs["jobs"], costs["quoted"]) == (2, None)


def test_a_limit_is_not_taken_for_what_was_sent_at_an_unknown_price(run: Any, workspace: Path) -> None:
    run("submit", "--batch", str(write(workspace / "b.jsonl", UNPRICED, {**VEO, "prompt": "x"})))
    found = only(run)["id"]
    for word in ("resume", "retry-failed"):
        done = run("batch", word, found, "--max-cost", "99999")
        assert done.code == 8 and "has sent 1 of unknown price" in done.stderr
    assert run("batch", "resume", found).code == 0


def test_under_a_limit_a_dry_run_says_how_lines_of_unknown_price_can_be_sent(
    run: Any, workspace: Path
) -> None:
    path = write(workspace / "b.jsonl", UNPRICED, {**VEO, "prompt": "x"})
    done = run("submit", "--batch", str(path), "--dry-run", "--max-cost", "99999")
    assert done.code == 8 and "2000 Buzz, and 1 of unknown price" in done.stderr
    assert "leaves those lines out" in done.stderr and "A person at a terminal" in done.stderr
    done = run("submit", "--batch", str(path), "--dry-run", "--max-cost", "9")
    assert done.code == 8 and "Raise --max-cost" in done.stderr


#: Lines that share an id with the first, and one that does not though it looks alike.
TWICE = (
    '{"id": 1, "request": A}\n\n{"id": "1", "request": A}\n{"id": 1, "request": A}\n'
    '{"request": A}\n{"request": A}\n'
)


def twice(workspace: Path) -> Path:
    path = workspace / "b.jsonl"
    path.write_text(TWICE.replace("A", json.dumps({**VEO, "prompt": "x"})))
    return path


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_the_second_line_with_an_id_is_refused_and_told_the_first(
    run: Any, workspace: Path, more: tuple[str, ...]
) -> None:
    done = run("submit", "--batch", str(twice(workspace)), *more)
    assert done.code == 9
    assert [(one["id"], one["ok"]) for one in done.lines] == [
        (1, True), ("1", True), (1, False), (None, True), (None, True),
    ]  # fmt: skip
    error = done.lines[2]["error"]
    assert error["message"] == "The id 1 is that of line 1, too." and error["where"]["line"] == 4
    assert error["details"][0]["field"] == "id"


def test_a_line_with_the_id_of_another_is_never_sent(run: Any, workspace: Path) -> None:
    first = run("submit", "--batch", str(twice(workspace)))
    found = only(run)
    assert (found["accepted"], found["refused"], found["complete"]) == (4, 1, True)
    for word in ("resume", "retry-failed", "results"):
        assert run("batch", word, found["id"]).lines == first.lines
    assert at_orchestrator(workspace) == 4


def test_a_dry_run_prices_every_line_and_keeps_nothing(run: Any, batch: Path, workspace: Path) -> None:
    done = run("submit", "--batch", str(batch), "--dry-run")
    assert done.code == 0 and [one["cost"]["total"] for one in done.lines] == [PRICE] * 6
    assert "12000 Buzz" in done.stderr and "Nothing was sent" in done.stderr
    assert run("submit", "--batch", str(batch), "--dry-run", "--max-cost", "11999").code == 8
    assert not (workspace / ".civgen" / "journal.sqlite").exists()


def test_stdin_is_kept_so_that_it_can_be_resumed(run: Any, batch: Path, workspace: Path) -> None:
    done = run("submit", "--batch", "-", "--max-cost", str(2 * PRICE), stdin=batch.read_text())
    assert done.code == 8
    found = only(run)
    assert (found["source"], found["notSent"]) == ("-", 4)
    done = run("batch", "resume", found["id"], "--max-cost", "999999")
    assert done.code == 0 and [one["id"] for one in done.lines] == [f"l{n}" for n in range(6)]
    assert run("submit", "--batch", "-", stdin="\n\n").code == 2


def test_a_changed_file_is_refused_with_the_line(run: Any, batch: Path, workspace: Path) -> None:
    run("submit", "--batch", str(batch), "--max-cost", str(2 * PRICE))
    found = only(run)["id"]
    kept = batch.read_text()
    batch.write_text(kept.replace("lighthouse 4", "windmill"))
    done = run("batch", "resume", found, "--max-cost", "999999")
    assert done.code == 8 and "from line 5 on" in done.stderr and "--as-begun" in done.stderr
    assert run("batch", "resume", found, "--max-cost", "999999", "--as-begun").code == 0
    spool = workspace / ".civgen" / "batches" / f"{found}.jsonl"
    spool.write_text(kept.replace("lighthouse 4", "windmill"))
    assert run("batch", "resume", found, "--as-begun").code == 8
    spool.unlink()
    assert run("batch", "resume", found, "--as-begun").code == 4


def test_retry_failed_submits_anew_what_was_refused_or_failed_and_nothing_else(
    run: Any, workspace: Path
) -> None:
    path = write(
        workspace / "b.jsonl",
        {**VEO, "prompt": "good"},
        {**VEO, "prompt": "bad [sandbox:fail]"},
        {**VEO, "prompt": "long", "duration": 99},
    )
    first = run("submit", "--batch", str(path), "--wait")
    assert [one.get("status") for one in first.lines] == ["succeeded", "failed", None]
    assert Path(first.lines[0]["files"][0]).is_file()
    again = run("batch", "retry-failed", only(run)["id"])
    assert again.lines[0] == first.lines[0]
    assert again.lines[1]["workflowId"] != first.lines[1]["workflowId"]
    assert at_orchestrator(workspace) == 3
    assert only(run)["spent"] == 3 * PRICE


def test_status_tells_of_the_jobs_when_asked_to_look(run: Any, batch: Path) -> None:
    run("submit", "--batch", str(batch))
    found = only(run)["id"]
    deadline = time.monotonic() + 20
    while run("batch", "status", found, "--refresh", "--json").json["jobs"] != {"succeeded": 6}:
        assert time.monotonic() < deadline
    told = run("batch", "status", found)
    assert "6 jobs succeeded" in told.stdout and "--refresh" not in told.stderr
    assert run("batch", "status", "nonsense").code == 4


def test_status_that_may_be_old_says_so_and_what_asks_anew(run: Any, batch: Path) -> None:
    run("submit", "--batch", str(batch))
    found = only(run)["id"]
    told = run("batch", "status", found)
    assert "6 had not ended when sent or last looked at" in told.stderr
    anew = f"civgen batch status {found} --refresh"
    assert anew in told.stderr and anew in run("batch", "status", found, "--json").json["next"]


def test_a_cancelled_batch_sends_nothing_more_and_stops_its_jobs(
    run: Any, workspace: Path, batch: Path
) -> None:
    run("submit", "--batch", str(batch), "--max-cost", str(3 * PRICE))
    found = only(run)["id"]
    done = run("batch", "cancel", found, "--json")
    assert done.code == 0 and done.json["canceledAt"]
    assert sum(done.json["jobs"].values()) == 3
    assert set(done.json["jobs"]) <= {"canceled", "succeeded"}
    assert run("batch", "resume", found).code == 8
    assert at_orchestrator(workspace) == 3


def test_a_batch_of_real_money_needs_a_limit_and_consent(run: Any, batch: Path, workspace: Path) -> None:
    (workspace / "civgen.toml").write_text('[environments.prod]\norchestrator = "http://127.0.0.1:9"\n')
    words = ("submit", "--batch", str(batch), "--env", "prod")
    for more, missing in (((), "--max-cost"), (("--yes",), "--max-cost"), (("--max-cost", "9"), "--yes")):
        done = run(*words, *more)
        assert done.code == 8 and missing in done.stderr
    assert not (workspace / ".civgen").exists()
    done = run(*words, "-e", "Veo3", "--yes", "--max-cost", "9")
    assert done.code == 2


def test_ctrl_c_says_how_to_go_on_and_going_on_completes_it(run: Any, workspace: Path) -> None:
    path = write(workspace / "b.jsonl", *lighthouses(200))
    words = [sys.executable, "-m", "civgen", "submit", "--batch", str(path)]
    process = subprocess.Popen(
        words, cwd=workspace, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    found = only(run)["id"]
    assert process.returncode == 130 and f"civgen batch resume {found}" in said
    done = run("batch", "resume", found)
    assert done.code == 0 and len(done.lines) == 200
    assert at_orchestrator(workspace) == 200


def test_one_process_at_a_time_runs_a_batch(run: Any, batch: Path, workspace: Path) -> None:
    run("submit", "--batch", str(batch), "--max-cost", str(PRICE))
    found = only(run)["id"]
    lock = workspace / ".civgen" / "batches" / f"{found}.lock"
    with sqlite3.connect(lock, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        for word in ("resume", "cancel"):
            done = run("batch", word, found)
            assert done.code == 8 and "Another process" in done.stderr
    other.close()
    assert run("batch", "resume", found, "--max-cost", "99999").code == 0


# What follows runs a batch against an orchestrator that is told how to answer.


class Stub:
    """Takes what it is sent; an externalId that it knows gives the workflow that it was."""

    def __init__(self, answer: Callable[[dict[str, Any]], Exception | None] = lambda _: None) -> None:
        self.known: dict[str, str] = {}
        self.sent: list[str] = []
        self.in_queue = self.most_in_queue = 0
        self._answer = answer

    async def whatif(self, body: dict[str, Any]) -> Workflow:
        await asyncio.sleep(0.001)
        return Workflow(cost=Cost(total=body["steps"][0]["input"]["price"]))

    async def submit(self, body: dict[str, Any]) -> Workflow:
        self.sent.append(body["externalId"])
        if error := self._answer(body):
            raise error
        return self._accepted(body)

    async def get(self, workflow_id: str) -> Workflow:
        return Workflow(id=workflow_id, status="succeeded")

    async def query(self, tags: list[str], take: int = 0) -> AsyncIterator[Workflow]:
        for _ in range(self.in_queue):
            yield Workflow(id="q", status="processing")
        self.in_queue = max(0, self.in_queue - 1)

    def _accepted(self, body: dict[str, Any]) -> Workflow:
        workflow_id = self.known.setdefault(body["externalId"], f"w{len(self.known)}")
        self.in_queue += 1
        self.most_in_queue = max(self.most_in_queue, self.in_queue)
        given = body["steps"][0]["input"]
        step = Step.model_validate({"$type": "x", "input": given})
        return Workflow(id=workflow_id, status="processing", cost=Cost(total=given["price"]), steps=(step,))


def go(
    stub: Stub, folder: Path, prices: list[float], cap: float | None = None, resume: bool = False, **how: Any
) -> tuple[list[Outcome], Run]:
    """Run a batch of lines that cost so much; `resume` takes up the one of before."""
    journal = Journal(folder / "journal.sqlite")
    lines = [json.dumps({"id": n, "request": {"price": price}}) for n, price in enumerate(prices)]

    async def prepare(line: dict[str, Any]) -> Prepared:
        body = {"steps": [{"$type": "x", "input": {"price": line["request"]["price"]}}]}

        async def posted(_: Orchestrator) -> dict[str, Any]:
            return body

        return Prepared(body, posted)

    async def main() -> tuple[list[Outcome], Run]:
        client: Any = stub
        async with journal.grouped() as group:
            sender = Sender(client, 8, Patience(attempts=2, first=0.001, longest=0.001))
            slots = Slots(client, how.get("slots"))
            spent = journal.read(lambda db: summary_of(db, batch)).spent
            run = Run(
                batch,
                folder,
                prepare,
                client,
                sender,
                slots,
                group,
                Budget(cap, spent),
                priced=cap is not None,
            )
            return [one async for one in run.outcomes()], run

    if resume:
        from civgen.jobs.batches.book import batches

        batch = journal.read(batches)[0]
    else:
        batch = begin_batch(lines, "-", "prod", Terms(concurrency=8), journal)
    return asyncio.run(main())


def test_the_cap_holds_however_many_run_at_once(tmp_path: Path) -> None:
    stub = Stub()
    outcomes, run = go(stub, tmp_path, [7.0] * 200, cap=100)
    assert len(stub.known) == 14 and run.spent == 98
    assert isinstance(run.stopped, OverBudget)
    assert sum(one.ok for one in outcomes) == 14


def test_what_an_earlier_run_may_have_spent_counts(tmp_path: Path) -> None:
    lost = Stub(lambda _: Unavailable("no answer"))
    go(lost, tmp_path, [40.0] * 2, cap=100)
    stub = Stub()
    _, run = go(stub, tmp_path, [], cap=100, resume=True)
    assert run.spent == 80 and len(stub.known) == 2
    assert set(stub.known) == set(lost.sent), "what was in doubt goes out under the ids of before"


def test_what_is_in_doubt_is_gone_on_with_though_its_line_would_be_refused_now(tmp_path: Path) -> None:
    lost = Stub(lambda _: Unavailable("no answer"))
    go(lost, tmp_path, [40.0] * 2)
    (spool,) = (tmp_path / "batches").glob("*.jsonl")
    spool.write_text(spool.read_text().replace('{"id"', '{"extra": 1, "id"'))
    stub = Stub()
    outcomes, _ = go(stub, tmp_path, [], resume=True)
    assert [(one.answer["id"], one.ok) for one in outcomes] == [(0, True), (1, True)]
    assert set(stub.known) == set(lost.sent)


def test_a_charge_above_its_price_counts_too() -> None:
    budget = Budget(10)
    budget.reserve(4)
    budget.settle(4, 7)
    with pytest.raises(OverBudget):
        budget.reserve(4)
    budget.reserve(3)


def test_one_line_without_an_answer_does_not_stop_the_others(tmp_path: Path) -> None:
    stub = Stub(lambda body: Unavailable("lost") if body["steps"][0]["input"]["price"] == 3 else None)
    outcomes, run = go(stub, tmp_path, [1, 2, 3, 4, 5])
    assert [one.ok for one in outcomes] == [True, True, False, True, True] and run.stopped is None
    outcomes, _ = go(Stub(), tmp_path, [], resume=True)
    assert (
        all(one.ok for one in outcomes)
        and [one.is_new for one in outcomes] == [False] * 2 + [True] + [False] * 2
    )


@pytest.mark.parametrize("error", [Unavailable, RateLimited, NotAuthorised])
def test_an_outage_or_a_token_that_is_refused_stops_it_and_loses_nothing(
    tmp_path: Path, error: type[Exception]
) -> None:
    stub = Stub(lambda _: error("no"))
    outcomes, run = go(stub, tmp_path, [1.0] * 500)
    assert type(run.stopped) is error and len(outcomes) < 200
    done = Stub()
    outcomes, _ = go(done, tmp_path, [], resume=True)
    assert len(outcomes) == 500 and all(one.ok for one in outcomes)
    assert len(done.known) == 500 and set(stub.sent) <= set(done.known)


def test_jobs_in_the_queue_stay_within_its_slots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("civgen.jobs.slots._PAUSES", (0.001,))
    stub = Stub()
    stub.in_queue = 2  # of another program
    outcomes, _ = go(stub, tmp_path, [1.0] * 30, slots=4)
    assert all(one.ok for one in outcomes) and stub.most_in_queue <= 4


def test_a_model_that_was_swapped_is_a_failure_that_keeps_its_handle(tmp_path: Path) -> None:
    class Swapping(Stub):
        def _accepted(self, body: dict[str, Any]) -> Workflow:
            workflow = super()._accepted(body)
            return workflow.model_copy(update={"metadata": {"modelSubstitutions": [{"used": 3}]}})

    outcomes, _ = go(Swapping(), tmp_path, [1.0])
    assert not outcomes[0].ok and outcomes[0].answer["workflowId"] == "w0"
    assert outcomes[0].answer["error"]["code"] == "answer-is-no"
    journal = Journal(tmp_path / "journal.sqlite")
    (row,) = journal.read(lambda db: list(db.execute("SELECT batch FROM lines")))
    assert journal.read(lambda db: rows(db, row[0], 1, 1))[1].state == "accepted"
