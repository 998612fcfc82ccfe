"""Rows that were civgen's own, went, and are wanted again."""

from __future__ import annotations

import pytest
from team import Team

from civgen.db.apply import timestamp
from civgen.db.sql import statements_of


@pytest.mark.parametrize("by_hand", [False, True])
def test_a_row_that_somebody_deleted_is_created_again(team: Team, by_hand: bool) -> None:
    team.apply()
    team.run('DELETE FROM "EcosystemCheckpoints" WHERE id = 900001')
    if by_hand:
        _run_statements(team)
    else:
        team.apply()
    assert team.rows('SELECT id FROM "EcosystemCheckpoints" WHERE id = 900001') == [(900001,)]
    assert team.plan().changes == ()


def _run_statements(team: Team) -> None:
    with team.database.reading() as connection:
        statements = list(statements_of(connection, team.plan(), timestamp()))
    with team.database.writing() as connection:
        for one in statements:
            if one.startswith(("INSERT", "UPDATE", "DELETE")):
                connection.exec_driver_sql(one)
