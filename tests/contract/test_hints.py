"""Every command that civgen names to somebody is there, and takes the options named with it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hints_parsed import problem_of
from site_of_cases import Site

import civgen
from civgen.errors import InvalidInput, Problem, commands_in

ROOT = Path(civgen.__file__).parent


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


@pytest.mark.parametrize("line", ["civgen nope", "civgen db nope", "civgen list --nope", "rm -rf /"])
def test_what_is_not_there_is_found_out(line: str) -> None:
    assert problem_of(line) is not None
