"""What is written down stays so: for many at once, for several processes, and from earlier versions."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from civgen.errors import InvalidFile, NotFound, Refused
from civgen.jobs.journal import Journal, begin

OLD = """
CREATE TABLE submissions (external_id TEXT PRIMARY KEY, environment TEXT NOT NULL, asked_at TEXT NOT NULL,
    body_hash TEXT NOT NULL, body TEXT NOT NULL, workflow_id TEXT);
INSERT INTO submissions VALUES ('old', 'prod', '2026-01-01', '{hash}', '{body}', 'w-old');
"""


def test_the_same_id_stands_for_one_submission_whatever_the_order_of_its_keys(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.sqlite")
    first = journal.begin({"a": 1, "b": [2], "externalId": "x"}, "local")
    assert journal.begin({"externalId": "x", "b": [2], "a": 1}, "local") == first
    for other in ({"a": 1, "b": [3], "externalId": "x"}, {"a": 1, "externalId": "x"}):
        with pytest.raises(Refused, match="another submission"):
            journal.begin(other, "local")


def test_a_journal_of_the_first_version_is_read_and_goes_on(tmp_path: Path) -> None:
    import hashlib

    body = {"steps": [1], "externalId": "old"}
    text = json.dumps(body, sort_keys=True)
    path = tmp_path / "j.sqlite"
    with sqlite3.connect(path) as db:
        db.executescript(OLD.format(hash=hashlib.sha256(text.encode()).hexdigest(), body=json.dumps(body)))
    db.close()
    journal = Journal(path)
    assert journal.find("old").workflow_id == "w-old"
    assert journal.begin(body, "prod").workflow_id == "w-old"
    with pytest.raises(Refused):
        journal.begin(body | {"steps": [2]}, "prod")
    assert journal.begin({"steps": []}, "prod").external_id


def test_a_file_that_is_none_or_newer_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database at all, but long enough to be looked at " * 20)
    with pytest.raises(InvalidFile, match="no journal"):
        Journal(tmp_path / "text").begin({}, "local")
    with sqlite3.connect(tmp_path / "newer") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(InvalidFile, match="99"):
        Journal(tmp_path / "newer").find("x")


def test_one_that_is_refused_does_not_undo_those_it_was_committed_with(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.sqlite")
    journal.begin({"n": 0, "externalId": "taken"}, "local")

    async def main() -> list[object]:
        async with journal.grouped() as group:
            bodies = [{"n": n, "externalId": "taken" if n == 7 else f"id{n}"} for n in range(50)]
            work = (group.write(lambda db, body=body: begin(db, body, "local")) for body in bodies)
            return await asyncio.gather(*work, return_exceptions=True)

    outcomes = asyncio.run(main())
    assert isinstance(outcomes[7], Refused)
    assert [journal.find(f"id{n}").body["n"] for n in range(50) if n != 7]
    assert sum(isinstance(one, Exception) for one in outcomes) == 1


def test_many_at_once_share_commits(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.sqlite")
    commits = 0

    async def main() -> None:
        nonlocal commits
        async with journal.grouped() as group:
            await group.write(lambda db: db.set_trace_callback(count))
            await asyncio.gather(*(group.write(lambda db: begin(db, {}, "local")) for _ in range(500)))

    def count(statement: str) -> None:
        nonlocal commits
        commits += statement == "COMMIT"

    asyncio.run(main())
    assert 1 <= commits <= 10
    assert journal.read(lambda db: db.execute("SELECT count(*) FROM submissions").fetchone()) == (500,)


def test_several_processes_write_one_journal(tmp_path: Path) -> None:
    work = """
import sys
from pathlib import Path
from civgen.jobs.journal import Journal
journal = Journal(Path(sys.argv[1]))
for number in range(50):
    journal.begin({"externalId": f"{sys.argv[2]}-{number}"}, "local")
"""
    path = tmp_path / "j.sqlite"
    started = [subprocess.Popen([sys.executable, "-c", work, str(path), str(n)]) for n in range(4)]
    assert [one.wait(60) for one in started] == [0] * 4
    assert Journal(path).read(lambda db: db.execute("SELECT count(*) FROM submissions").fetchone()) == (200,)


def test_what_is_not_there_is_not_found_and_no_file_is_made_for_the_question(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        Journal(tmp_path / "none" / "j.sqlite").find("x")
    assert not (tmp_path / "none").exists()
