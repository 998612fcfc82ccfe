"""Statements for those who run them by hand: the same state as applying, whatever the words."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from team import Team

from civgen.db.apply import timestamp
from civgen.db.sql import statements_of

#: Labels that are hard to quote.
LABELS = [
    "it's",
    'say "x"',
    "back\\\\slash \\\\'",
    "50 %s %(x)s",
    "a;\\nCOMMIT; --",
    ":name ? $1",
    "ü 漢 🦊",
    "{}",
]


def by_hand(team: Team, statements: list[str]) -> None:
    text = "\n".join(statements)
    if team.on_sqlite:
        with sqlite3.connect(team.root / ".civgen" / "local.db", isolation_level=None) as connection:
            connection.executescript(text)
        connection.close()
        return
    import psycopg

    with psycopg.connect(team.environment.database, autocommit=True) as connection:
        connection.execute(text)  # type: ignore[call-overload]


def statements(team: Team, *, rows_only: bool = False, **scope: Any) -> list[str]:
    plan = team.plan(**scope)
    with team.database.reading() as connection:
        return list(statements_of(connection, plan, timestamp(), rows_only=rows_only))


def state(team: Team, *, own: bool = True) -> list[Any]:
    """All that there is, but when it was written."""
    times = ("createdAt", "updatedAt", "lastVersionAt", "publishedAt", "initialPublishedAt")
    found: list[Any] = [team.everything(but=times)]
    if own:
        found.append(team.owned())
        found.append(team.rows(f"SELECT model_id, reason FROM {team.own('outbox')} ORDER BY id"))
        plans = team.rows(f"SELECT id, fingerprint, changes FROM {team.own('applied')} ORDER BY id")
        found.append([(n, f, json.loads(c) if isinstance(c, str) else c) for n, f, c in plans])
    return found


def say(team: Team, labels: list[str]) -> None:
    team.say(versions=[f'id = {900001 + n}\nlabel = """{label}"""' for n, label in enumerate(labels)])


def test_running_them_is_the_same_as_applying(team: Team) -> None:
    states, empty = [], state(team)
    for write in (lambda: by_hand(team, statements(team, prune=True)), lambda: team.apply(prune=True)):
        seen = []
        for labels in (["plain"], LABELS, LABELS[::-1][:3]):
            say(team, labels)
            write()
            assert team.plan(prune=True).changes == ()
            seen.append(state(team, own=False))
        states.append(seen)
        while team.owned():
            team.rollback()
        assert state(team, own=False) == [empty[0]]
    assert states[0] == states[1]


def test_civgens_own_record_is_kept_as_by_applying(team: Team, listen: Callable[[Any], list[str]]) -> None:
    say(team, LABELS)
    by_hand(team, statements(team))
    hand = state(team)
    team.rollback()
    team.apply()
    assert team.owned() == hand[1]
    assert state(team)[3][-1][1:] == hand[3][-1][1:]
    models = [model for model, _ in hand[2]]
    assert [model for model, _ in state(team)[2]] == models * 3


def test_without_the_record_the_rows_are_somebody_elses(team: Team) -> None:
    by_hand(team, statements(team, rows_only=True))
    assert team.plan().changes == ()
    assert team.owned() == []
    team.forget()
    assert team.plan(prune=True).changes == ()


def test_a_row_that_moved_in_between_stops_all_of_it(team: Team) -> None:
    made = statements(team)
    team.run('INSERT INTO "GenerationBaseModel" VALUES (?)', "Aurora")
    with pytest.raises(Exception, match=r"GenerationBaseModel"):
        by_hand(team, made)
    assert team.rows('SELECT count(*) FROM "EcosystemCheckpoints"') == [(0,)]


def test_printed_they_end_with_semicolons_and_nothing_else_is_on_stdout(
    team: Team, run: Callable[..., Any]
) -> None:
    shown = run("db", "sql")
    assert shown.stdout.splitlines()[-1] == "COMMIT;"
    document = run("db", "sql", "--json").json
    assert document["dialect"] == ("sqlite" if team.on_sqlite else "postgresql")
    assert all(one.endswith(";") or one.startswith("--") for one in document["statements"])
    team.apply()
    assert run("db", "sql").stdout == "-- Nothing to change.\n"
    assert run("db", "sql", "--json").json["statements"] == []
