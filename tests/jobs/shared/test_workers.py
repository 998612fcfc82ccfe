"""Several workers on one queue: no line twice, none lost, the cap held by all of them together."""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from queue_site import PRICE, TOKEN, Site, stopped, until

from civgen.jobs.batches import book
from civgen.jobs.shared.journal import SharedJournal
from civgen.jobs.shared.server import server_of
from civgen.workspace import open_workspace

LINES = int(os.environ.get("CIVGEN_CHAOS_LINES", "300"))
#: Part of the requests that meet a fault; of those, half lose the answer to what was carried out.
FAIL = "0.1"

Run = Callable[..., Any]
Place = Callable[..., Site]
Serve = Callable[..., str]


def begun(run: Run, site: Site, requests: list[dict[str, Any]], *words: str) -> dict[str, Any]:
    """Put a batch on the queue."""
    path = str(site.batch(requests))
    done = run("submit", "--batch", path, "--distributed", "--env", "prod", "--yes", "--json", *words)
    assert done.code == 0, done.stderr
    return dict(done.json)


def status(run: Run, batch: str) -> dict[str, Any]:
    return dict(run("batch", "status", batch, "--env", "prod", "--json").json)


def is_idle(about: dict[str, Any]) -> bool:
    return not about["queue"]["waiting"] + about["queue"]["underWay"]


def lighthouses(count: int) -> list[dict[str, Any]]:
    return [{"prompt": f"lighthouse {number}"} for number in range(count)]


def test_two_workers_share_a_batch_without_a_duplicate_also_when_one_is_killed(
    run: Run, site: Place, orchestrate: Serve
) -> None:
    here = site(orchestrate("--speed", "1000", "--fail", FAIL, "--seed", "7"))
    batch = begun(run, here, lighthouses(LINES), "--max-cost", str(LINES * PRICE))["id"]
    first, second = here.worker(), here.worker()
    until(lambda: status(run, batch)["accepted"] > LINES // 4)
    seen = Path(f"/proc/{first.pid}/cmdline")
    assert not seen.exists() or TOKEN not in seen.read_text()
    first.send_signal(signal.SIGKILL)
    said = "".join(first.communicate())
    assert not is_idle(status(run, batch))
    until(lambda: is_idle(status(run, batch)))
    done = stopped(second)
    assert done["rescued"] > 0 < done["ok"] < LINES

    answered = run("batch", "results", batch, "--env", "prod")
    assert answered.code == 0, answered.stderr
    assert [one["id"] for one in answered.lines] == list(range(LINES))
    assert len({one["workflowId"] for one in answered.lines}) == LINES

    at_server = here.submitted()
    times = Counter(prompt for _, prompt in at_server)
    assert times == {f"lighthouse {number}": 1 for number in range(LINES)}
    assert {external for external, _ in at_server} == {one["externalId"] for one in answered.lines}

    about = status(run, batch)
    assert about["complete"] and about["spent"] == LINES * PRICE
    with psycopg.connect(here.database) as connection:
        counted = connection.execute("SELECT spent FROM civgen_queue.batches").fetchone()
        left = connection.execute("SELECT count(*) FROM civgen_queue.procrastinate_jobs").fetchone()
        bodies = "".join(row[0] for row in connection.execute("SELECT body FROM civgen_queue.submissions"))
    assert (counted, left) == ((LINES * PRICE,), (0,))
    assert TOKEN not in said + bodies + answered.stdout + answered.stderr


def test_a_worker_that_was_believed_dead_sends_nothing_twice(
    run: Run, site: Place, orchestrate: Serve
) -> None:
    here = site(orchestrate("--speed", "1000", "--latency", "100"))
    sleeper = here.worker()
    batch = begun(run, here, lighthouses(60), "--max-cost", "1000000")["id"]
    until(lambda: status(run, batch)["accepted"] > 5)
    sleeper.send_signal(signal.SIGSTOP)
    other = here.worker()
    until(lambda: is_idle(status(run, batch)))
    sleeper.send_signal(signal.SIGCONT)
    assert stopped(other)["rescued"] > 0
    sleeper.send_signal(signal.SIGTERM)
    sleeper.communicate(timeout=60)
    assert Counter(prompt for _, prompt in here.submitted()) == {f"lighthouse {n}": 1 for n in range(60)}
    assert status(run, batch)["spent"] == 60 * PRICE


def test_workers_together_hold_the_cap_and_go_on_with_a_higher_one(
    run: Run, site: Place, orchestrate: Serve
) -> None:
    here = site(orchestrate("--speed", "1000"))
    batch = begun(run, here, lighthouses(40), "--max-cost", str(25 * PRICE + 1))["id"]
    workers = [here.worker(), here.worker()]
    until(lambda: is_idle(status(run, batch)))
    about = status(run, batch)
    assert (about["accepted"], about["spent"], about["notSent"]) == (25, 25 * PRICE, 15)
    assert "--max-cost" in about["queue"]["stopped"] and len(here.submitted()) == 25
    results = run("batch", "results", batch, "--env", "prod")
    assert results.code == 9 and sum(one["ok"] for one in results.lines) == 25
    assert f"batch resume {batch} --env prod" in results.stderr

    more = ["--max-cost", str(40 * PRICE), "--yes", "--env", "prod"]
    assert run("batch", "resume", batch, *more).code == 0
    assert run("batch", "results", batch, "--wait", "--env", "prod").code == 0
    assert len(here.submitted()) == 40 and status(run, batch)["queue"]["stopped"] is None
    assert sum(stopped(one)["ok"] for one in workers) == 40


def test_a_refused_line_says_why_and_is_submitted_anew(run: Run, site: Place, orchestrate: Serve) -> None:
    here = site(orchestrate("--speed", "1000"))
    requests = [{"prompt": "a"}, {"prompt": "b", "duration": 99}, {"prompt": "c"}]
    batch = begun(run, here, requests, "--max-cost", "100000")["id"]
    worker = here.worker()
    results = run("batch", "results", batch, "--wait", "--env", "prod")
    assert results.code == 9 and [one["ok"] for one in results.lines] == [True, False, True]
    assert results.lines[1]["error"]["details"][0]["field"] == "duration"
    assert run("batch", "retry-failed", batch, "--env", "prod").code == 0
    until(lambda: is_idle(status(run, batch)))
    assert stopped(worker).items() >= {"ok": 2, "failed": 2, "putBack": 0, "rescued": 0}.items()
    assert sorted(prompt for _, prompt in here.submitted()) == ["a", "c"]


def test_lines_keep_their_numbers_and_the_second_with_an_id_is_never_sent(
    run: Run, site: Place, orchestrate: Serve
) -> None:
    here = site(orchestrate("--speed", "1000"))
    path = here.batch([{"prompt": "a"}, {"prompt": "b"}])
    first, second = path.read_text().splitlines()
    path.write_text("\n".join(["", first, *[""] * 20_000, first, second, "no json"]))
    words = ["--distributed", "--env", "prod", "--yes", "--max-cost", "100000"]
    done = run("submit", "--batch", str(path), *words, "--json")
    batch, refused = done.json["id"], done.json["refused"]
    assert refused == 1
    worker = here.worker()
    results = run("batch", "results", batch, "--wait", "--env", "prod")
    stopped(worker)
    assert [(one["id"], one["ok"]) for one in results.lines] == [
        (0, True), (0, False), (1, True), (None, False),
    ]  # fmt: skip
    assert results.lines[1]["error"]["message"] == "The id 0 is that of line 2, too."
    places = [one["error"]["where"]["line"] for one in results.lines if not one["ok"]]
    assert places == [20_003, 20_005]
    assert sorted(prompt for _, prompt in here.submitted()) == ["a", "b"]
    assert run("batch", "retry-failed", batch, "--env", "prod").code == 0
    assert status(run, batch)["queue"]["waiting"] == 1, "the line with the id of another is left alone"


def test_a_price_that_is_not_known_is_told_of_a_queue_too(run: Run, site: Place, orchestrate: Serve) -> None:
    here = site(orchestrate("--speed", "1000"))
    about = begun(run, here, lighthouses(2), "--max-cost", "100000")
    shared = SharedJournal(server_of(open_workspace().environment("prod")))
    batch = shared.read(lambda db: book.find_batch(db, about["id"]))
    answer = {"workflowId": "w", "status": "processing", "externalId": "e"}

    def work(db: Any) -> None:
        for number in (1, 2):
            book.asked(db, batch, number, {"steps": [number]}, None)
            book.accepted(db, batch, number, answer, 7.0 if number == 1 else None)

    shared.write(work)
    found = status(run, about["id"])
    assert (found["accepted"], found["spent"], found["unknownPrice"]) == (2, 7, 1)
    done = run("batch", "resume", about["id"], "--max-cost", "200000", "--yes", "--env", "prod")
    assert done.code == 8 and "has sent 1 of unknown price" in done.stderr


def test_of_a_cancelled_batch_nothing_more_is_sent(run: Run, site: Place, orchestrate: Serve) -> None:
    here = site(orchestrate("--speed", "0.001", "--latency", "100"))
    batch = begun(run, here, lighthouses(200), "--max-cost", "1000000")["id"]
    worker = here.worker("--concurrency", "4")
    until(lambda: status(run, batch)["accepted"] > 3)
    cancelled = run("batch", "cancel", batch, "--env", "prod", "--json")
    assert cancelled.code == 0 and cancelled.json["canceledAt"]
    until(lambda: is_idle(status(run, batch)))
    stopped(worker)
    about = run("batch", "status", batch, "--refresh", "--env", "prod", "--json").json
    assert about["notSent"] and about["jobs"] == {"canceled": about["accepted"]}
    assert len(here.submitted()) == about["accepted"]
    assert run("batch", "resume", batch, "--env", "prod").code == 8


def test_a_worker_leaves_alone_what_is_for_another_orchestrator(
    run: Run, site: Place, orchestrate: Serve
) -> None:
    here = site(orchestrate("--speed", "1000"))
    batch = begun(run, here, lighthouses(3), "--max-cost", "10000")["id"]
    elsewhere = site(orchestrate("--speed", "1000"))
    worker = elsewhere.worker()
    out, _ = worker.communicate(timeout=60)
    assert worker.returncode == 2 and here.url in json.loads(out)["error"]["message"]
    about = status(run, batch)
    assert about["queue"]["waiting"] == 3 and not elsewhere.submitted()


def test_workers_share_the_slots_of_an_account(run: Run, site: Place, orchestrate: Serve) -> None:
    here = site(orchestrate("--speed", "0.001"))
    batch = begun(run, here, lighthouses(6), "--max-cost", "100000", "--slots", "2")["id"]
    for _ in range(2):
        here.worker("--concurrency", "3")
    until(lambda: status(run, batch)["queue"] == {"waiting": 0, "underWay": 6 - 2, "stopped": None})
    assert len(here.submitted()) == 2


def test_what_a_queue_cannot_do_is_refused_before_anything_is_written(
    run: Run, workspace: Path, database: str
) -> None:
    path = workspace / "batch.jsonl"
    path.write_text('{"id": 1, "request": {"ecosystem": "Veo3"}}\n')
    words = ["submit", "--batch", str(path), "--distributed"]
    local = run(*words, "--json")
    assert local.code == 2 and "PostgreSQL" in local.json["error"]["message"]
    assert 'database = "postgresql://' in local.json["error"]["hint"]
    assert run("worker", "--json").code == 2
    (workspace / "civgen.toml").write_text(f'[environments.local]\ndatabase = "{database}"\n')
    waiting = run(*words, "--wait", "--json")
    assert waiting.code == 2 and "--wait" in waiting.json["error"]["message"]
    assert run("submit", "--distributed", "-e", "Veo3", "--json").code == 2
    path.write_text("\n")
    assert run(*words, "--json").code == 2
    assert run("batch", "list", "--json").json == []
