"""Whatever ends a process, and however many write at once: all of a plan is there, or nothing, and once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from team import Team

from civgen.errors import Unavailable

HERE = Path(__file__).parent


def in_a_process(team: Team, *words: str) -> Any:
    command = [sys.executable, str(HERE / "crash.py"), words[0], str(team.root)]
    command += [team.environment.database, *words[1:]]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_killed_at_fifty_points_it_is_before_or_after_and_nothing_is_locked(team: Team) -> None:
    said = in_a_process(team, "kill", "50", "7")
    assert "between" not in said
    assert said["before"] + said["after"] == 50
    assert said["killed"] >= 45, "the points lie within the work"


def test_of_twenty_that_apply_at_once_one_does(team: Team) -> None:
    plan = team.plan()
    said = in_a_process(team, "race", "20")
    assert said.pop("applied") == 1
    assert said.pop("refused", 0) + said.pop("nothing", 0) == 19
    assert said == {}
    assert team.rows(f"SELECT fingerprint FROM {team.own('applied')}") == [(plan.fingerprint,)]
    assert team.plan().changes == ()


def test_who_holds_the_lock_is_named(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    if team.on_sqlite:
        pytest.skip("an SQLite file does not know who writes to it")
    monkeypatch.setattr("civgen.db.connect.PATIENCE", 0.2)
    with team.database.writing():
        with pytest.raises(Unavailable, match=r"in use: civgen of \w+ at .* \(process \d+") as error:
            team.apply()
        assert "Try again" in str(error.value.hint)
    assert team.apply()
