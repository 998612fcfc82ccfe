"""Taking plans back, and what holds whatever the files said one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from team import Team, ecosystem

from civgen.catalog import Catalog
from civgen.db.planning import make_plan
from civgen.errors import NotFound, Refused

LIST = 'SELECT id, name FROM "EcosystemCheckpoints" ORDER BY id'
#: What a file may say, one after another: version number to label and coverage.
VERSIONS = st.dictionaries(
    st.integers(900001, 900005),
    st.tuples(
        st.sampled_from(["a", "it's \\ b", "ü%"]), st.sampled_from(["external", "ecosystem-checkpoint"])
    ),
    max_size=4,
)
STEPS = st.lists(st.tuples(VERSIONS, st.booleans()), min_size=1, max_size=4)
PROPERTY = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def teams(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Any]:
    """New workspaces with new databases, for as long as each is needed."""
    numbers = count()

    @contextmanager
    def new() -> Iterator[Team]:
        root: Path = tmp_path_factory.mktemp(f"team{next(numbers)}")
        (root / "ecosystems").mkdir()
        if kind == "sqlite":
            yield Team(root)
            return
        server, made = request.getfixturevalue("server"), request.getfixturevalue("made")
        name = server.new_database(made)
        yield Team(root, server.url(name))
        server.execute(f"DROP DATABASE {name} (FORCE)")

    return new


def say(team: Team, versions: dict[int, tuple[str, str]]) -> None:
    team.say(
        versions=[
            f'id = {number}\nlabel = """{label!s}"""\ncoverage = "{coverage}"'.replace("\\", "\\\\")
            for number, (label, coverage) in versions.items()
        ]
    )


@PROPERTY
@given(steps=STEPS)
def test_whatever_was_said_applying_leaves_nothing_to_do_and_taking_back_restores_every_row(
    teams: Callable[[], Any], steps: Sequence[tuple[dict[int, tuple[str, str]], bool]]
) -> None:
    with teams() as team:
        team.run('INSERT INTO "EcosystemCheckpoints" VALUES (?, ?)', 900003, "theirs")
        past = [team.everything()]
        done = []
        for versions, prune in steps:
            say(team, versions)
            if applied := team.apply(prune=prune):
                done.append(applied.id)
                past.append(team.everything())
            assert team.plan(prune=prune).changes == ()
        for number in reversed(done):
            assert team.everything() == past.pop()
            assert team.rollback(number)
        assert team.everything() == past.pop()


@PROPERTY
@given(history=st.lists(VERSIONS, max_size=3))
def test_whatever_the_files_say_one_after_another_the_list_says_the_last(
    teams: Callable[[], Any], history: list[dict[int, tuple[str, str]]]
) -> None:
    with teams() as team:
        team.run('INSERT INTO "EcosystemCheckpoints" VALUES (?, ?)', 900003, "theirs")
        last: dict[int, tuple[str, str]] = {900001: ("v1", "ecosystem-checkpoint")}
        team.apply()
        for last in history:
            say(team, last)
            team.apply(prune=True)
        mine = {n: f"Aurora {label}" for n, (label, kind) in last.items() if kind == "ecosystem-checkpoint"}
        rows = team.rows('SELECT id, name FROM "EcosystemCheckpoints" WHERE id BETWEEN 900000 AND 900999')
        if not history:
            mine = {900001: "Aurora v1"}
        assert dict(rows) == mine | {900003: "theirs"}


@settings(PROPERTY, max_examples=5)
@given(order=st.permutations(["Aurora", "Borealis", "Corona"]))
def test_the_order_of_files_does_not_matter(teams: Callable[[], Any], order: list[str]) -> None:
    texts = {}
    for n, name in enumerate(sorted(order)):
        version = f"id = {900001 + n}\nlabel = 'v1'\nmodel_id = 4711"
        base_model = f"id = {900 + n}\nname = '{name}'"
        text = ecosystem([version], [base_model])
        texts[name] = text.replace(
            'key = "Aurora"\nid = 900\nname = "Aurora"', f'key = "{name}"\nid = {900 + n}\nname = "{name}"'
        )
    with teams() as team:
        alone = team.plan().fingerprint
        plans = []
        for names in (order, sorted(order)):
            for path in (team.root / "ecosystems").glob("*.toml"):
                path.unlink()
            for number, name in enumerate(names):
                (team.root / "ecosystems" / f"{number}-{name}.toml").write_text(texts[name])
            with team.database.reading() as connection:
                plans.append(make_plan(connection, Catalog(team.root)).fingerprint)
        assert plans[0] == plans[1]
        assert plans[0] != alone, "three ecosystems are more than one"


def test_taking_back_takes_the_latest_that_still_holds(team: Team) -> None:
    first = team.apply()
    team.say(versions=["id = 900001\nlabel = 'v2'"])
    second = team.apply()
    assert first and second
    assert team.rollback()
    assert team.rows('SELECT name FROM "ModelVersion" WHERE id = 900001') == [("v1",)]
    assert team.rollback()
    assert team.rows('SELECT count(*) FROM "ModelVersion"') == [(0,)]
    with pytest.raises(NotFound, match="No plan was applied that could"):
        team.rollback()
    with pytest.raises(NotFound, match="No plan 99"):
        team.rollback(99)
    with pytest.raises(Refused, match=f"Plan {second.id} was taken back by plan 3"):
        team.rollback(second.id)


def test_what_was_taken_back_can_be_had_again(team: Team) -> None:
    team.apply()
    columns = 'id, "modelId", name, "baseModel", status, "usageControl"'
    rows = [team.rows(f'SELECT {columns} FROM "ModelVersion" ORDER BY id'), team.rows(LIST)]
    back = team.rollback()
    assert back
    team.rollback(back.id)
    assert [team.rows(f'SELECT {columns} FROM "ModelVersion" ORDER BY id'), team.rows(LIST)] == rows
    assert team.plan().changes == ()
    assert team.rollback(1), "and taken back once more"


@pytest.mark.parametrize(
    ("meanwhile", "says"),
    [
        (
            """UPDATE "EcosystemCheckpoints" SET name = 'theirs' WHERE id = 900001""",
            "EcosystemCheckpoints:900001 name is 'theirs' now, and was 'Aurora v1'",
        ),
        (
            """DELETE FROM "GenerationBaseModel" WHERE "baseModel" = 'Aurora'""",
            "GenerationBaseModel:Aurora is gone",
        ),
        (
            """INSERT INTO "ModelFile" ("modelVersionId", name, url, "sizeKB") VALUES (900001, '', '', 1)""",
            "ModelFile:1 hangs on ModelVersion:900001 since",
        ),
        (
            """INSERT INTO "CoveredCheckpoint" VALUES (-900, 900001)""",
            "CoveredCheckpoint:-900:900001 hangs on Model:-900 since",
        ),
    ],
    ids=["changed", "gone", "a file", "a list entry"],
)
def test_what_others_did_since_is_not_undone(team: Team, meanwhile: str, says: str) -> None:
    team.apply()
    team.run(meanwhile)
    before = team.everything()
    with pytest.raises(Refused) as error:
        team.rollback()
    assert says in [f"{problem.field} {problem.message}" for problem in error.value.details]
    assert team.everything() == before


def test_a_deleted_row_that_others_wrote_again_is_not_doubled(team: Team) -> None:
    team.run('INSERT INTO "EcosystemCheckpoints" VALUES (?, ?)', 777, "first")
    team.apply(delete=("EcosystemCheckpoints:777",))
    team.run('INSERT INTO "EcosystemCheckpoints" VALUES (?, ?)', 777, "second")
    with pytest.raises(Refused, match="EcosystemCheckpoints:777 is there again"):
        team.rollback()
