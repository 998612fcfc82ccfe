"""`civgen status`: from a file to a model that is found, with the next command at each step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def opens(run: Run) -> dict[str, str]:
    said = run("status", "--json").json
    assert said["contract"]["sha256"]
    return {one["name"]: one["do"] for one in said["steps"] if one["open"]}


def test_each_step_names_the_command_that_does_it_until_nothing_is_left(run: Run, workspace: Path) -> None:
    assert opens(run) == {"database": "civgen db apply"}
    assert run("status", "--check").code == 7
    assert run("db", "apply", "--yes").code == 0
    assert opens(run) == {"index": "civgen search sync"}
    assert run("search", "sync").code == 0
    assert opens(run) == {}
    assert run("status", "--check").code == 0


def test_a_model_that_is_indexed_and_does_not_generate_is_named(run: Run, workspace: Path) -> None:
    from civgen.search.backends import open_backend
    from civgen.search.settings import models_index
    from civgen.settings import Environment

    run("db", "apply", "--yes")
    run("search", "sync")
    backend = open_backend(Environment(), workspace, models_index())
    backend.update(b'[{"id": 101055, "canGenerate": false}]')
    backend.close()
    assert opens(run) == {"generating": "civgen search explain 101055"}


def test_a_model_below_zero_is_explained_by_the_command_that_is_named(run: Run, workspace: Path) -> None:
    from civgen.search.backends import Query, open_backend
    from civgen.search.filters import All, Compare, has
    from civgen.search.settings import models_index
    from civgen.settings import Environment

    run("db", "apply", "--yes")
    run("search", "sync")
    backend = open_backend(Environment(), workspace, models_index())
    below = Query("", All((has("canGenerate", True), Compare("id", "<", 0))), limit=1)
    number = backend.search(below).hits[0]["id"]
    backend.update(b'[{"id": %d, "canGenerate": false}]' % number)
    backend.close()
    assert opens(run) == {"generating": f"civgen search explain {number}"}
    assert run("search", "explain", str(number), "--json").json["model"] == number


def test_commands_are_for_the_environment_that_was_asked(run: Run, workspace: Path) -> None:
    (workspace / "civgen.toml").write_text('[environments.other]\ndatabase = "sqlite:///other.db"\n')
    assert opens(lambda *words: run("--env", "other", *words)) == {"database": "civgen db apply --env other"}
    told = run("--env", "other", "status", "--check", "--json").json["error"]
    assert told["hint"] == "Next: `civgen db apply --env other`."


def test_a_server_that_is_down_hides_nothing_else(run: Run, workspace: Path) -> None:
    (workspace / "civgen.toml").write_text('[environments.local]\nsearch = "http://127.0.0.1:9"\n')
    told = run("status", "--json")
    assert told.code == 5
    says = {one["name"]: one["says"] for one in told.json["data"]["steps"]}
    assert "planned and not applied" in says["database"] and "does not answer" in says["index"]
