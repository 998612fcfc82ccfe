"""`civgen update`: newer templates reach old files, and no edit is lost."""

import shutil

import pytest
from trees import tree

from civgen.scaffold import render as rendering
from civgen.scaffold import update as updating

ENGINE = ("add-engine", "my-sora", "--media", "video", "--wire", "sora")
AGENTS = "AGENTS.md"


@pytest.fixture
def templates(tmp_path, monkeypatch):
    """Templates of our own, which a test may change."""
    folder = tmp_path / "templates"
    shutil.copytree(rendering.TEMPLATES, folder)
    monkeypatch.setattr(rendering, "TEMPLATES", folder)
    monkeypatch.setattr(updating, "TEMPLATES", folder)
    return folder


@pytest.fixture
def agents(templates):
    """The template of AGENTS.md."""
    return templates / "workspace/AGENTS.md.jinja"


def states(run, *words, code=0):
    done = run("update", *words, "--json")
    assert done.code == code, done.stdout
    answer = done.json if code == 0 else done.json["data"]
    return {one["path"]: one["state"] for one in answer["files"]}


def test_without_a_newer_template_nothing_changes(run, house, templates):
    run(*ENGINE)
    before = tree(house)
    found = states(run)
    assert set(found.values()) == {"unchanged"} and {AGENTS, "engines/video/my_sora.py"} <= set(found)
    assert tree(house) == before


def test_each_file_is_updated_merged_or_left_with_its_conflict(run, house, templates, agents):
    run(*ENGINE)
    ci, test = templates / "workspace/.github/workflows/civgen.yml.jinja", house / "tests/test_catalog.py"
    agents.write_text(agents.read_text().replace("## Rules", "## The rules") + "\nNew.\n")
    ci.write_text(ci.read_text() + "# newer\n")
    settings = templates / "workspace/civgen.toml"
    settings.write_text(settings.read_text().replace('default = "local"', 'default = "sandbox"'))
    (house / AGENTS).write_text("# Ours\n" + (house / AGENTS).read_text())
    (house / "civgen.toml").write_text((house / "civgen.toml").read_text().replace('"local"', '"prod"', 1))
    test.write_text(test.read_text() + "# ours\n")
    before = tree(house)
    wanted = {AGENTS: "merged", ".github/workflows/civgen.yml": "updated", "civgen.toml": "conflict"}
    for words in (("--dry-run",), ()):
        found = states(run, *words, code=7)
        assert {path: state for path, state in found.items() if state != "unchanged"} == wanted
        assert words == () or tree(house) == before
    text = (house / AGENTS).read_text()
    assert text.startswith("# Ours\n") and "## The rules" in text and text.endswith("New.\n")
    assert '"prod"' in (house / "civgen.toml").read_text()
    assert test.read_text().endswith("# ours\n")
    after = tree(house)
    assert states(run, code=7)[AGENTS] == "unchanged"
    assert tree(house) == after


def test_a_conflict_has_its_line_its_diff_and_a_way_out(run, house, templates, agents):
    agents.write_text(agents.read_text().replace("## Rules", "## The rules"))
    (house / AGENTS).write_text((house / AGENTS).read_text().replace("## Rules", "## Our rules"))
    done = run("update", "--json")
    (problem,) = done.json["error"]["details"]
    line = (house / AGENTS).read_text().splitlines().index("## Our rules") + 1
    assert (problem["field"], problem["where"]["line"]) == (AGENTS, line)
    (conflict,) = [one for one in done.json["data"]["files"] if one["state"] == "conflict"]
    assert "+## The rules" in conflict["diff"]
    assert states(run, "--keep", AGENTS) == {AGENTS: "kept"}
    assert states(run)[AGENTS] == "unchanged"
    assert "## Our rules" in (house / AGENTS).read_text()
    agents.write_text(agents.read_text() + "\nNewer still.\n")
    assert states(run)[AGENTS] == "merged"
    assert "## Our rules" in (house / AGENTS).read_text()


def test_an_engine_follows_its_template_and_can_still_be_undone(run, house, templates):
    before = tree(house)
    (template,) = (templates / "engine/engines").rglob("*.jinja")
    run(*ENGINE)
    template.write_text(template.read_text().replace('"""The orchestrator', '"""Newer: the orchestrator', 1))
    assert states(run)["engines/video/my_sora.py"] == "updated"
    assert (house / "engines/video/my_sora.py").read_text().startswith('"""Newer: ')
    assert run(*ENGINE, "--undo").code == 0
    assert tree(house) == before


def test_a_merged_file_is_not_undone_over_the_edit(run, house, templates):
    (template,) = (templates / "engine/engines").rglob("*.jinja")
    run(*ENGINE)
    module = house / "engines/video/my_sora.py"
    module.write_text(module.read_text() + "# ours\n")
    template.write_text(template.read_text().replace('"""The orchestrator', '"""Newer: the orchestrator', 1))
    assert states(run)["engines/video/my_sora.py"] == "merged"
    assert run(*ENGINE, "--undo").code == 8
    assert module.read_text().endswith("# ours\n")


def test_files_can_be_named_and_one_that_no_template_made_is_refused(run, house, templates, agents):
    agents.write_text(agents.read_text() + "\nNew.\n")
    assert states(run, "civgen.toml") == {"civgen.toml": "unchanged"}
    assert states(run, AGENTS) == {AGENTS: "updated"}
    assert run("update", "README.md").code == 4
    assert run("update", "--keep").code == 2


def test_a_file_that_was_removed_stays_away(run, house, templates, agents):
    agents.write_text(agents.read_text() + "\nNew.\n")
    (house / AGENTS).unlink()
    assert AGENTS not in states(run) and not (house / AGENTS).exists()
