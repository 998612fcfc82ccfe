"""The platform's own database: nothing of it is made or altered, and what is missing is said at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from server import Server
from team import Team

from civgen.db.coverage import explain_coverage
from civgen.db.resources import find_versions
from civgen.errors import InvalidInput, NotAuthorised, Refused

ALL = '"Model", "ModelVersion", "EcosystemCheckpoints", "GenerationBaseModel", "AuctionBase"'


class Theirs(Team):
    """A workspace whose database has the platform's tables, made by others, and a user with few rights."""

    server: Server
    name: str

    def sql(self, *statements: str) -> list[Any]:
        """Run statements as the platform's administrator."""
        return self.server.execute(*statements, database=self.name)

    def as_user(self, user: str) -> None:
        """Go on as another user of the server."""
        self.sql(f"CREATE ROLE {user} LOGIN")
        self.environment = self.environment.model_copy(update={"database": self.server.url(self.name, user)})
        self.__dict__.pop("database", None)
        self.settle()


@pytest.fixture
def theirs(workspace: Path, server: Server, made: str) -> Iterator[Theirs]:
    name = server.new_database(made)
    team = Theirs(workspace, server.url(name))
    team.server, team.name = server, name
    team.sql("""COMMENT ON TABLE "User" IS NULL""", "DROP SCHEMA civgen CASCADE")
    team.sql('ALTER TABLE "Model" ADD COLUMN timeframe text NOT NULL')
    yield team
    server.execute(f"DROP DATABASE {name} (FORCE)")
    for (role,) in server.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'few%'"):
        server.execute(f"DROP ROLE {role}")


def definitions(team: Theirs) -> list[Any]:
    return team.sql(
        "SELECT table_name, column_name, data_type, column_default FROM information_schema.columns "
        "WHERE table_schema = 'public' ORDER BY 1, 2"
    )


def test_the_lists_are_written_and_no_models_and_nothing_is_altered(theirs: Theirs) -> None:
    before = definitions(theirs)
    plan = theirs.plan()
    assert {change.table for change in plan.changes} == {"EcosystemCheckpoints", "GenerationBaseModel"}
    assert theirs.sql("SELECT count(*) FROM pg_namespace WHERE nspname = 'civgen'") == [(0,)], (
        "planning only reads"
    )
    assert theirs.apply()
    assert theirs.plan().changes == ()
    assert theirs.rollback()
    assert theirs.rows('SELECT * FROM "EcosystemCheckpoints"') == []
    assert definitions(theirs) == before


def test_a_column_that_civgen_does_not_know_blocks_the_row_and_only_that(
    theirs: Theirs, run: Callable[..., Any]
) -> None:
    theirs.sql('ALTER TABLE "EcosystemCheckpoints" ADD COLUMN owner text NOT NULL')
    plan = theirs.plan()
    assert {change.table for change in plan.changes} == {"GenerationBaseModel"}
    ours = [row for row in plan.blocked if row.key == {"id": 900001}]
    assert [row.why for row in ours] == ['"owner" must have a value there, and civgen knows of none']
    assert "Cannot be written" in run("db", "plan").stdout
    applied = run("db", "apply", "--yes", "--json")
    assert (applied.code, applied.json["error"]["code"]) == (9, "partly-done")
    assert applied.json["data"]["applied"]["id"] == 1
    assert run("db", "check").code == 7
    theirs.sql("""ALTER TABLE "EcosystemCheckpoints" ALTER owner SET DEFAULT 'us'""")
    assert theirs.apply()
    assert run("db", "check").code == 0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (['DROP TABLE "GenerationBaseModel"'], [("GenerationBaseModel", "is a table that is missing")]),
        (
            ['ALTER TABLE "EcosystemCheckpoints" DROP COLUMN name', 'DROP TABLE "GenerationBaseModel"'],
            [
                ("EcosystemCheckpoints.name", "is a column that is missing"),
                ("GenerationBaseModel", "is a table that is missing"),
            ],
        ),
        (
            ['ALTER TABLE "EcosystemCheckpoints" ALTER id TYPE uuid USING gen_random_uuid()'],
            [("EcosystemCheckpoints.id", "is of another type")],
        ),
    ],
    ids=["a table", "several", "a type"],
)
def test_all_that_does_not_fit_is_said_at_once(
    theirs: Theirs, run: Callable[..., Any], change: list[str], says: list[tuple[str, str]]
) -> None:
    theirs.sql('DROP VIEW "GenerationCoverage"', *change)
    answer = run("db", "plan", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (2, "invalid-input")
    assert [(one["field"], one["message"]) for one in answer.json["error"]["details"]] == says


def test_only_the_rights_that_are_used_are_needed(theirs: Theirs) -> None:
    theirs.sql("CREATE SCHEMA civgen")
    theirs.as_user("few_enough")
    theirs.sql(
        "ALTER SCHEMA civgen OWNER TO few_enough",
        'GRANT SELECT (id, "modelId", "baseModel") ON "ModelVersion" TO few_enough',
        'GRANT SELECT, INSERT ON "EcosystemCheckpoints", "GenerationBaseModel" TO few_enough',
    )
    assert theirs.apply()
    assert theirs.plan().changes == ()
    with pytest.raises(NotAuthorised, match='DELETE on "EcosystemCheckpoints"'):
        theirs.apply(delete=("EcosystemCheckpoints:900001",))
    assert theirs.plan().changes == ()


def test_every_right_that_is_missing_is_said_at_once(theirs: Theirs, run: Callable[..., Any]) -> None:
    theirs.as_user("few_none")
    answer = run("db", "plan", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (3, "not-authorised")
    assert 'GRANT SELECT ("id", "name") ON "EcosystemCheckpoints"' in answer.json["error"]["hint"]
    fields = [one["field"] for one in answer.json["error"]["details"]]
    assert fields == ["ModelVersion", "EcosystemCheckpoints", "GenerationBaseModel"]
    theirs.sql(f"GRANT SELECT ON {ALL} TO few_none")
    assert run("db", "plan").code == 0, "a plan only reads"
    answer = run("db", "apply", "--yes", "--json")
    assert answer.code == 3
    assert "INSERT" in answer.json["error"]["message"]
    theirs.sql(f"GRANT INSERT ON {ALL} TO few_none")
    answer = run("db", "apply", "--yes", "--json")
    assert answer.code == 3
    assert "CREATE SCHEMA civgen AUTHORIZATION" in answer.json["error"]["hint"]
    assert theirs.sql('SELECT count(*) FROM "EcosystemCheckpoints"') == [(0,)]


def test_a_database_that_can_only_be_read_is_unavailable(theirs: Theirs, run: Callable[..., Any]) -> None:
    theirs.sql(f"ALTER DATABASE {theirs.name} SET default_transaction_read_only = on")
    assert run("db", "plan").code == 0
    answer = run("db", "apply", "--yes", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (5, "unavailable")
    assert "can only be read" in answer.json["error"]["message"]


def test_its_status_counts_the_lists_and_estimates_the_rest(theirs: Theirs, run: Callable[..., Any]) -> None:
    theirs.sql("""INSERT INTO "EcosystemCheckpoints" VALUES (5, 'theirs')""", "ANALYZE")
    status = run("db", "status", "--json").json
    assert "error" not in status, status
    assert (status["adopted"], status["covered"], status["waiting"]) == (True, None, 0)
    assert status["rows"]["EcosystemCheckpoints"] == 1
    assert "the platform's own" in run("db", "status").stdout


def test_versions_and_coverage_are_read_there(theirs: Theirs) -> None:
    theirs.sql(
        """INSERT INTO "Model" (id, name, type, "userId", "updatedAt", timeframe) """
        """VALUES (10, 'Detail', 'LORA', -1, now(), '')""",
        """INSERT INTO "ModelVersion" (id, "modelId", name, "baseModel", "updatedAt") """
        """VALUES (11, 10, 'v1', 'Aurora', now())""",
    )
    assert find_versions(theirs.environment, theirs.root, [11])[11]["modelName"] == "Detail"
    with theirs.database.reading() as connection:
        assert explain_coverage(connection, 11).through == []
    theirs.apply()
    assert theirs.rows("SELECT model_id, reason FROM civgen.outbox WHERE model_id = 10") == [
        (10, "EcosystemCheckpoints, GenerationBaseModel")
    ]


def test_by_hand_the_schema_comes_along(theirs: Theirs, run: Callable[..., Any]) -> None:
    theirs.sql("\n".join(run("db", "sql", "--json").json["statements"]))
    assert theirs.plan().changes == ()
    assert [plan["id"] for plan in run("db", "history", "--json").json["plans"]] == [1]


def test_rows_that_change_while_they_are_written_stop_it(
    theirs: Theirs, monkeypatch: pytest.MonkeyPatch
) -> None:
    from civgen.db import apply

    upgrade = apply.refuse_if_moved

    def meanwhile(*plans: Any) -> None:
        upgrade(*plans)
        theirs.sql("""INSERT INTO "GenerationBaseModel" VALUES ('Aurora')""")

    monkeypatch.setattr(apply, "refuse_if_moved", meanwhile)
    with pytest.raises(Refused, match="does not take the changes"):
        theirs.apply()
    assert theirs.sql('SELECT count(*) FROM "EcosystemCheckpoints"') == [(0,)]
    assert theirs.sql("SELECT count(*) FROM pg_namespace WHERE nspname = 'civgen'") == [(0,)]


def test_one_version_is_found_by_its_keys(theirs: Theirs) -> None:
    theirs.sql(
        """INSERT INTO "Model" (id, name, type, "userId", "updatedAt", timeframe) """
        """SELECT n, 'm', 'LORA', -1, now(), '' FROM generate_series(1, 5000) n""",
        """INSERT INTO "ModelVersion" (id, "modelId", name, "baseModel", "updatedAt") """
        """SELECT n, n, 'v', 'SDXL 1.0', now() FROM generate_series(1, 5000) n""",
        """INSERT INTO "ModelFile" ("modelVersionId", name, url, "sizeKB") """
        """SELECT n, 'f', 'u', 1 FROM generate_series(1, 5000) n""",
        "ANALYZE",
    )
    with theirs.database.reading() as connection:
        from sqlalchemy import event

        heard: list[Any] = []
        event.listen(connection, "before_cursor_execute", lambda *words: heard.append(words[2:4]))
        explain_coverage(connection, 77)
        statement, values = heard[-1]
        steps = connection.exec_driver_sql(f"EXPLAIN {statement}", values).scalars().all()
    big = ('"Model"', '"ModelVersion"', '"ModelFile"')
    assert [step for step in steps if "Seq Scan" in step and any(name in step for name in big)] == []


def test_somebody_elses_database_is_left_alone(workspace: Path, empty: str, server: Server) -> None:
    name = empty.partition("?")[0].rpartition("/")[2]
    server.execute("CREATE TABLE notes (words text)", database=name)
    with pytest.raises(InvalidInput, match="none of the platform's tables"):
        Team(workspace, empty).plan()
    assert server.execute("SELECT count(*) FROM pg_class WHERE relname = 'Model'", database=name) == [(0,)]


def test_an_empty_database_elsewhere_is_not_made(
    workspace: Path, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("civgen.db.postgresql.may_make", lambda _: False)
    with pytest.raises(InvalidInput, match="only in an empty local database"):
        Team(workspace, empty).plan()


def test_an_empty_database_here_is_made_with_the_platforms_definitions(workspace: Path, empty: str) -> None:
    team = Team(workspace, empty)
    team.apply()
    assert team.plan().changes == ()
    types = team.rows(
        """SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a """
        """WHERE a.attrelid = '"Model"'::regclass AND a.attname IN """
        """('name', 'type', 'updatedAt', 'allowCommercialUse', 'meta') ORDER BY 1"""
    )
    assert dict(types) == {
        "allowCommercialUse": '"CommercialUse"[]',
        "meta": "jsonb",
        "name": "citext",
        "type": '"ModelType"',
        "updatedAt": "timestamp(3) without time zone",
    }
