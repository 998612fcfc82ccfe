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
