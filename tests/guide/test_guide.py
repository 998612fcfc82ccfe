"""The guide is true: its commands run as they stand, its checklist ticks what is really done."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from civgen.catalog import Catalog
from civgen.cli.app import app
from civgen.cli.describe import find_command
from civgen.engines.registry import Engines
from civgen.guide.agents import journeys, skill_files
from civgen.guide.page import page
from civgen.guide.registry import all_topics, find_topic
from civgen.guide.state import CHECKS
from civgen.guide.topic import Topic
from civgen.lint.grade import criteria
from civgen.lint.registry import all_rules

Run = Callable[..., Any]
TOPICS = all_topics()
#: What each topic's example adds, as `--state` names it; of the others, what the example looks at.
ADDED = {
    "add-base-model": "Nova Turbo",
    "add-version": "9000301",
    "add-engine": "krea-2",
    "add-ecosystem": "Aurora",
    "add-license": "Lumen Licence 1.0",
    "add-lint-rule": "CIV405",
}

#: What the examples leave open: what a person must decide of an engine.
OPEN = {"add-engine": {"Decide what the contract cannot"}}


def walk(topic: Topic, folder: Path) -> None:
    """Run every command of a topic's example, as an agent would: in a workspace, without a terminal."""
    for line in topic.commands:
        first, *words = shlex.split(line)
        if first == "python":
            done = subprocess.run(
                [sys.executable, *words], cwd=folder, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        else:
            answer = CliRunner().invoke(app, [*words, "--workspace", str(folder)])
            assert answer.exit_code == 0, f"{line}\n{answer.output}"


@pytest.fixture(scope="module", params=TOPICS)
def walked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A topic, and a workspace in which its example was walked."""
    folder = tmp_path_factory.mktemp("house")
    assert CliRunner().invoke(app, ["init", str(folder)]).exit_code == 0
    walk(TOPICS[request.param], folder)
    return request.param, folder


def test_every_command_runs_as_it_stands_and_the_checklist_says_so(
    walked: tuple[str, Path], run: Run
) -> None:
    name, folder = walked
    told = run("guide", name, "--state", ADDED[name], "--workspace", str(folder), "--json").json
    lacking = {one["title"] for one in told["steps"] if one["done"] is False}
    assert lacking == OPEN.get(name, set())
    assert any(one["done"] for one in told["steps"])
    assert run("guide", "--state", ADDED[name], "--workspace", str(folder), "--json").json["topic"] == name


@pytest.mark.parametrize("name", TOPICS)
def test_nothing_is_ticked_for_what_is_not_there(name: str, run: Run, workspace: Path) -> None:
    told = run("guide", name, "--state", "99999999", "--json").json
    assert not any(one["done"] for one in told["steps"])
    assert told["next"] == [f"civgen guide {name}"]
    assert not told["state"]["done"]


def test_an_unpublished_price_is_said_and_no_step_that_is_left(run: Run, workspace: Path) -> None:
    add = list(TOPICS["add-engine"].commands)[1]
    assert run(*shlex.split(add)[1:], "--workspace", workspace).code == 0
    for name, topic in (("Krea2", "add-engine"), ("krea-2", "add-engine"), ("krea-2", "add-ecosystem")):
        told = run("guide", topic, "--state", name, "--json").json
        price = next(one for one in told["steps"] if one["title"] == "Price it")
        assert price["done"] and "unknown" in price["lacks"][0]["what"], (name, topic)
    assert run("guide", "--state", "krea-2", "--json").json["topic"] == "add-engine"
    assert run("guide", "add-engine", "--state", "Krea3", "--json").json["steps"][0]["done"] is False


def test_the_checklist_falls_back_when_something_is_undone(run: Run, workspace: Path) -> None:
    for line in list(TOPICS["add-base-model"].commands)[1:2]:
        assert run(*shlex.split(line)[1:], "--test").code == 0
    told = run("guide", "add-base-model", "--state", "Nova Turbo", "--json").json
    done = {one["title"]: one["done"] for one in told["steps"]}
    assert done["Write it"] and done["Check it"] and done["Look at it"] and done["Price it"]
    assert not done["Make the rows"] and not done["Make it found"]
    assert told["next"] == ["civgen db plan"]
    for file in (workspace / "tests").rglob("test_*.py"):
        file.unlink()
    told = run("guide", "add-base-model", "--state", "Nova Turbo", "--json").json
    assert not next(one["done"] for one in told["steps"] if one["title"] == "Check it")


@pytest.mark.parametrize("name", TOPICS)
def test_what_a_topic_names_exists(name: str) -> None:
    topic = TOPICS[name]
    assert set(topic.wrong) <= set(all_rules())
    assert {check for step in topic.steps for check in step.done} <= {*CHECKS, *criteria()}
    shelves = {"engines", *Catalog().shelves}
    assert {one.known for one in topic.questions if one.known} <= shelves


@pytest.mark.parametrize("name", [name for name, topic in TOPICS.items() if topic.journey])
def test_a_journey_asks_for_everything_that_its_command_needs(name: str) -> None:
    told = find_command((name,)).as_json()
    options = {flag for one in told["options"] for flag in one["flags"]}
    arguments = {one["name"].upper() for one in told["arguments"]}
    asked = {one.flag for one in TOPICS[name].questions if one.flag}
    assert asked <= options | arguments
    needed = [
        one["flags"] or [one["name"].upper()]
        for one in told["options"] + told["arguments"]
        if one["required"]
    ]
    assert all(asked.intersection(flags) for flags in needed)


def test_a_topic_is_found_by_what_it_adds() -> None:
    assert find_topic("engine")[0] == find_topic("add_engine")[0] == "add-engine"
    assert find_topic("licence")[0] == "add-license"


def test_an_unknown_topic_or_name_says_what_there_is(run: Run) -> None:
    assert "Did you mean add-engine?" in run("guide", "ad-engine", "--json").json["error"]["hint"]
    done = run("guide", "--state", "Sedream", "--json")
    assert done.code == 4
    assert "Did you mean Seedream?" in done.json["error"]["hint"]


def test_what_an_agent_reads_is_short_enough_to_read_whole(run: Run, tmp_path: Path) -> None:
    run("init", "team")
    agents = (tmp_path / "team/AGENTS.md").read_text()
    assert journeys() in agents
    assert len(agents) < 6_000
    skill = skill_files()
    assert skill["skills/civgen/SKILL.md"].startswith("---\nname: civgen\ndescription: ")
    assert all(len(text) < 8_000 for text in skill.values())
    assert all((tmp_path / "team" / path).read_text() == text for path, text in skill.items())
    for name, topic in TOPICS.items():
        linked = f"({name}.md)" in skill["skills/civgen/SKILL.md"]
        assert linked == topic.in_workspace


def test_a_terminal_gets_it_drawn_and_raw_is_markdown(run: Run) -> None:
    assert run("guide", "add-engine", "--raw").stdout.startswith("# Add an engine\n")
    assert run("guide", "add-engine").stdout == run("guide", "add-engine", "--json").json["markdown"]


@pytest.mark.parametrize("name", TOPICS)
def test_commands_are_shown_in_lines_that_fit_and_can_be_pasted(name: str) -> None:
    text = page(name, TOPICS[name], Catalog(), Engines())
    shown = [
        line for block in re.findall(r"```sh\n(.*?)\n```", text, re.DOTALL) for line in block.split("\n")
    ]
    assert all(len(line) < 80 for line in shown)
    pasted = "\n".join(shown).replace(" \\\n", " ").splitlines()
    assert [shlex.split(line) for line in pasted] == [shlex.split(line) for line in TOPICS[name].commands]
