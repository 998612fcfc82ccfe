"""`civgen init`: a folder that a team can begin with."""

import re

import pytest
from trees import tree

from civgen.guide.agents import skill_files
from civgen.settings import read_settings
from civgen.tomlfile import read_toml

FILES = {
    ".github/workflows/civgen.yml",
    ".gitignore",
    "AGENTS.md",
    "civgen.toml",
    "ecosystems/.gitkeep",
    "engines/.gitkeep",
    "tests/test_catalog.py",
} | set(skill_files())


def test_a_workspace_has_everything_to_begin_with(run, tmp_path):
    done = run("init", "team", "--json")
    assert set(done.json["written"]) == FILES
    files = {path for path, kind in tree(tmp_path / "team").items() if kind != "folder"}
    assert {path for path in files if not path.startswith(".civgen/")} == FILES
    assert "skills/civgen/SKILL.md" in FILES
    assert done.json["next"][0] == "cd team"


def test_the_second_run_changes_nothing_and_says_so(run, tmp_path):
    run("init", "team")
    before = tree(tmp_path)
    done = run("init", "team")
    assert done.code == 0 and "Nothing to do" in done.stdout
    assert tree(tmp_path) == before


def test_a_dry_run_writes_nothing(run, tmp_path):
    done = run("init", "team", "--dry-run")
    assert done.code == 0 and "+++ b/civgen.toml" in done.stdout
    assert tree(tmp_path) == {}


def test_what_was_edited_stays_and_what_is_missing_comes_back(run, tmp_path):
    run("init", "team")
    settings, agents = tmp_path / "team/civgen.toml", tmp_path / "team/AGENTS.md"
    settings.write_text('default = "local" # ours\n')
    agents.unlink()
    assert run("init", "team", "--json").json["written"] == ["AGENTS.md"]
    assert settings.read_text() == 'default = "local" # ours\n'


def test_a_folder_with_other_files_of_these_names_is_left_alone(run, tmp_path):
    (tmp_path / "AGENTS.md").write_text("ours")
    (tmp_path / "civgen.toml.orig").write_text("ours, too")
    before = tree(tmp_path)
    done = run("init", ".", "--json")
    assert done.code == 8
    assert [problem["field"] for problem in done.json["error"]["details"]] == ["AGENTS.md"]
    assert "-ours" in done.json["data"]["diff"]
    assert tree(tmp_path) == before


@pytest.mark.parametrize("own", ["*.log\n", "*.log", "*.log\n.civgen/\n"])
def test_git_ignores_local_state_besides_what_it_ignored_before(run, tmp_path, own):
    (tmp_path / ".gitignore").write_text(own)
    assert run("init", ".").code == 0
    lines = (tmp_path / ".gitignore").read_text().splitlines()
    assert lines[0] == "*.log" and lines.count(".civgen/") == 1


def test_the_settings_are_the_defaults_and_the_example_is_right_once_uncommented(run, tmp_path):
    run("init", ".")
    file = tmp_path / "civgen.toml"
    assert read_settings(read_toml(file)).environment("local").is_sandbox
    start = file.read_text().index("# [environments.prod]")
    file.write_text(
        file.read_text()[:start] + re.sub("^# ?", "", file.read_text()[start:], flags=re.MULTILINE)
    )
    production = read_settings(read_toml(file)).environment("prod")
    assert production.database.startswith("postgresql") and not production.is_sandbox
