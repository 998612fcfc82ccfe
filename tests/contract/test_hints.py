"""Every command that civgen names to somebody is there, and takes the options named with it."""

from __future__ import annotations

import ast
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hints_parsed import problem_of
from site_of_cases import Site, cases

import civgen
from civgen.catalog import Catalog
from civgen.cli.describe import all_commands
from civgen.errors import InvalidInput, Problem, commands_in

ROOT = Path(civgen.__file__).parent
#: Every workflow key, with an ecosystem that carries it out.
DOES = {key: one.key for one in Catalog().all_ecosystems() if one.engine for key in one.workflows}


def named() -> Iterator[tuple[str, str]]:
    """File and command, for every command in a text of civgen's source."""
    for path in sorted(ROOT.rglob("*.py")):
        text = path.read_text()
        for node in ast.walk(ast.parse(text)) if "`civgen " in text or "`{" in text else ():
            yield from ((str(path.relative_to(ROOT)), line) for line in commands_in(_text(node)))


def _text(node: ast.AST) -> str:
    """A text, with an X for what is put into it."""
    if isinstance(node, ast.JoinedStr):
        return "".join(one.value if isinstance(one, ast.Constant) else "X" for one in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_commands_that_are_named_are_there() -> None:
    found = list(named())
    assert len(found) > 30
    assert not [(file, line, why) for file, line in found if (why := _problem(line))]


def _problem(line: str) -> str | None:
    """What is wrong with a command; what it is called may be put in, too."""
    return None if line.split()[1:2] == ["X"] else problem_of(line.replace("…", "").replace("[", "").strip())


def test_the_commands_of_a_hint_are_found_in_words() -> None:
    assert commands_in("`civgen a` or `civgen b --c`; civgen does it") == ["civgen a", "civgen b --c"]
    assert commands_in("It is not as civgen wrote it.") == []


def test_an_error_names_the_commands_of_all_its_hints_once() -> None:
    details = [Problem("a", "is wrong", hint="`civgen list`"), Problem("b", "is wrong", hint="`civgen list`")]
    assert InvalidInput("x", hint="`civgen show X`", details=details).next == ["civgen show X", "civgen list"]


ERRORS = {
    "preview -e SDXL -p x --set steps=9999": "civgen form show -e SDXL",
    "jobs show nope": "civgen jobs list",
    "jobs list --env away": "civgen jobs list --env away",
    "search plan --check --env spare": "civgen search sync --env spare",
    "db plan --nope": "civgen db plan --help",
    "nope": "civgen --help",
}


@pytest.mark.parametrize("line", ERRORS)
def test_an_error_leads_on_in_the_same_place(line: str, site: Site) -> None:
    assert site.run(*line.split(), "--json").json["error"]["next"] == [ERRORS[line]]
    said = site.run(*line.split())
    assert said.stdout == "" or "--check" in line
    assert ERRORS[line].removesuffix(" --env spare") in said.stderr


def test_what_went_well_leads_on_in_the_same_place(site: Site, tmp_path: Path) -> None:
    there = ("--workspace", str(site.root), "--env", "spare")
    planned = site.run("db", "plan", *there, "--json").json
    assert planned["next"] == [f"civgen db apply --env spare --workspace {site.root}"]
    assert site.run("db", "plan", *there).stderr.startswith(f"next  {planned['next'][0]}")
    applied = site.run(*planned["next"][0].split()[1:], "--yes", "--json")
    assert applied.code == 0 and applied.json["next"][0].startswith("civgen search sync --env spare")


def test_a_command_that_knows_better_is_not_overruled(site: Site) -> None:
    assert site.run("guide", "add-engine", "--json").json["next"] != []


def test_what_must_be_nothing_else_has_no_next(site: Site) -> None:
    for line in ("preview -e Nova -p x", "form show -e Nova"):
        assert "next" not in site.run(*line.split(), "--json").json
        assert "next  civgen" in site.run(*line.split()).stderr


#: An engine whose every workflow key starts from an image, and an ecosystem that uses it.
EDITS = (
    "add-engine my-edit --media image --wire seedream -w img2img:edit --ecosystem MyEdit --license OpenAI"
    " --version-id 9000901 --model-id 9000900"
)
#: Lines whose next commands are tried, and what is done before.
LEADS: dict[str, tuple[str, ...]] = {
    **{f"form show -e {key} -w {workflow}": () for workflow, key in DOES.items()},
    "form show -e SDXL": (),
    EDITS: (),
    "form show -e MyEdit": (EDITS,),
    "price -e MyEdit": (EDITS,),
    "price -e WanVideo27 -w vid2vid:edit": (),
    "price -e SDXL": (),
    "preview -e SDXL -p fox": (),
    "submit --dry-run -e SDXL -p fox": (),
    "preset show steps": ("preset save steps -e SDXL --set steps=25",),
    "db plan": ("add-base-model Gone -e Gone --license OpenAI --checkpoint 9000701 --model-id 9000700",
                "db apply --yes", "add-base-model Gone -e Gone --undo"),
}  # fmt: skip


@pytest.mark.parametrize("line", LEADS)
def test_what_comes_next_runs_as_it_stands(line: str, site: Site) -> None:
    for before in LEADS[line]:
        assert site.run(*site.words(before)).code == 0, before
    done = site.run(*site.words(line))
    assert done.code == 0, done.stderr
    found = next_of(done)
    assert found
    for command in found:
        followed = site.run(*site.words(command)[1:], *(["--yes"] if "apply" in command else []))
        assert followed.code == 0, (command, followed.stderr)


def next_of(done: Any) -> list[str]:
    """The commands that a person is told to go on with."""
    lines = done.stderr.splitlines()
    first = next((n for n, line in enumerate(lines) if line.startswith("next  ")), len(lines))
    return [line[6:] for line in lines[first:] if line[6:].startswith("civgen ")]


def test_what_is_left_after_an_undo_is_deleted_by_what_comes_next(site: Site) -> None:
    for before in LEADS["db plan"]:
        assert site.run(*site.words(before)).code == 0
    assert site.run("db", "plan", "--json").json["next"] == ["civgen db plan --prune"]
    assert site.run("db", "plan", "--prune", "--json").json["next"] == ["civgen db apply --prune"]
    assert site.run("db", "apply", "--prune", "--yes", "--json").json["counts"]["delete"] > 0


ALONE = (
    *("preview -e SDXL -p fox", "price -e SDXL", "form show -e SDXL", "show SDXL"),
    *("guide --state SDXL", "guide add-ecosystem", "grade SDXL"),
)


@pytest.mark.parametrize("line", ALONE)
def test_without_a_workspace_what_comes_next_needs_none(line: str, run: Any, tmp_path: Path) -> None:
    found = next_of(run(*line.split()))
    assert found
    for command in found:
        assert run(*shlex.split(command)[1:]).code == 0, command


@pytest.mark.parametrize("name", [one.name for one in all_commands() if one.answer and one.answer.workspace])
def test_a_command_that_says_so_needs_a_workspace(name: str, run: Any) -> None:
    words = next(case.run for case in cases({name.replace(" ", "-"): name}) if case.command == name)
    line = words.replace("Nova", "SDXL").replace(" --env served", "")
    done = run(*shlex.split(line), *(["--yes"] if name == "jobs delete" else []))
    assert done.code == 2 and "needs a workspace" in done.stderr, (line, done.stderr)


@pytest.mark.parametrize("line", ["list ecosystems", "preview -e Nova -p x", "show SDXL", "db plan"])
def test_a_file_that_cannot_be_read_leads_to_lint(line: str, site: Site) -> None:
    (site.root / "ecosystems" / "Broken.toml").write_text('key = "Broken\n')
    assert site.run(*line.split(), "--json").json["error"]["next"] == ["civgen lint"]
    (site.root / "ecosystems" / "Broken.toml").unlink()
    (site.root / "civgen.toml").write_text("nope = [")
    assert site.run("db", "plan", "--json").json["error"]["next"] == ["civgen lint"]


#: Options of a dry run for real money, and what comes after it.
CONSENTS = {
    "": "--max-cost {price} --yes",
    "--yes": "--yes --max-cost {price}",
    "--max-cost 9999": "--max-cost 9999 --yes",
}


@pytest.mark.parametrize("given", CONSENTS)
def test_a_dry_run_for_real_money_leads_to_consent(given: str, paid_for: Site) -> None:
    words = ["--env", "served", "-e", "Veo3", "-p", "fox", *given.split()]
    dry = paid_for.run("submit", "--dry-run", *words, "--json").json
    expected = f"civgen submit {' '.join(words)}"
    more = CONSENTS[given].format(price=f"{dry['cost']['total']:.12g}").removeprefix(given).strip()
    assert dry["next"] == [f"{expected} {more}"]
    assert paid_for.run(*dry["next"][0].split()[1:]).code == 0


def test_a_dry_run_that_is_too_dear_leads_nowhere(paid_for: Site) -> None:
    words = ("submit", "--dry-run", "--env", "served", "-e", "Veo3", "-p", "fox", "--max-cost", "1")
    assert next_of(paid_for.run(*words)) == []


@pytest.mark.parametrize("line", ["civgen nope", "civgen db nope", "civgen list --nope", "rm -rf /"])
def test_what_is_not_there_is_found_out(line: str) -> None:
    assert problem_of(line) is not None
