"""`--undo`: every file as it was, and nobody's edit lost."""

import json
import shlex

import pytest
from trees import tree

from civgen.scaffold.records import FOLDER

AURORA = (
    "add-base-model", "Aurora XL", "--ecosystem", "Aurora", "--license", "Apache 2.0",
    "--checkpoint", "90000001", "--model-id", "80000001",
)  # fmt: skip
MINI = (
    "add-base-model",
    "Aurora Mini",
    "-e",
    "Aurora",
    "--license",
    "MIT",
    "--checkpoint",
    "90000002",
    "--model-id",
    "1",
)
SECOND = ("add-version", "Aurora", "--id", "90000003", "--label", "v2", "--model-id", "80000001")
OVER = ("add-version", "SDXL", "--id", "90000004", "--label", "zeta", "--model-id", "7")
ENGINE = (
    "add-engine", "my-sora", "--media", "video", "--wire", "sora", "--ecosystem", "MySora",
    "--license", "OpenAI", "--checkpoint", "90000005",
)  # fmt: skip


@pytest.mark.parametrize("words", [AURORA, (*AURORA, "--test"), OVER, ENGINE], ids=lambda words: words[0])
def test_undone_everything_is_as_before(run, house, words):
    before = tree(house)
    added = run(*words, "--json").json
    undone = run(*words, "--undo", "--json")
    assert undone.code == 0
    assert undone.json["removed"] == added["written"]
    assert tree(house) == before


def test_a_dry_run_says_what_would_be_done_and_leads_to_doing_it(run, house):
    dry = run(*AURORA, "--dry-run")
    assert "without --dry-run it would write ecosystems/Aurora.toml." in dry.stdout
    assert run(*AURORA, "--dry-run", "--json").json["next"] == [shlex.join(["civgen", *AURORA])]
    run(*AURORA)
    dry = run(*AURORA[:2], "--undo", "--dry-run")
    assert "without --dry-run it would remove ecosystems/Aurora.toml." in dry.stdout
    assert dry.stderr.splitlines()[-1] == f"next  {shlex.join(['civgen', *AURORA[:2], '--undo'])}"


def test_the_name_alone_says_what_to_undo(run, house):
    before = tree(house)
    run(*AURORA)
    assert run("add-base-model", "Aurora XL", "--undo").code == 0
    run(*OVER)
    assert run("add-version", "--id", "90000004", "--undo").code == 0
    run(*ENGINE)
    assert run("add-engine", "my-sora", "--undo").code == 0
    assert tree(house) == before


def test_additions_to_one_file_are_undone_the_latest_first(run, house):
    states = [tree(house)]
    for words in (AURORA, MINI, SECOND):
        run(*words)
        states.append(tree(house))
    held = run(*AURORA, "--undo", "--json")
    assert held.code == 8 and "add-version Aurora 90000003" in held.json["error"]["hint"]
    assert tree(house) == states.pop()
    for words in (SECOND, MINI, AURORA):
        assert run(*words, "--undo").code == 0
        assert tree(house) == states.pop()


def test_the_rows_that_go_are_shown(run, house):
    added = run(*AURORA, "--json").json["rows"]
    gone = run(*AURORA, "--undo", "--dry-run", "--json").json["rows"]
    assert [(row["action"], row["table"], row["key"], row["before"]) for row in gone] == [
        ("delete", row["table"], row["key"], row["values"]) for row in added
    ]


def test_a_dry_run_changes_no_byte(run, house):
    run(*AURORA)
    before = tree(house)
    done = run(*AURORA, "--undo", "--dry-run")
    assert done.code == 0 and "+++ /dev/null" in done.stdout
    assert tree(house) == before


def test_an_edit_that_would_be_lost_is_not(run, house):
    run(*AURORA)
    file = house / "ecosystems/Aurora.toml"
    file.write_text(file.read_text() + "\n# ours\n")
    before = tree(house)
    done = run(*AURORA, "--undo", "--json")
    assert done.code == 8
    assert [problem["field"] for problem in done.json["error"]["details"]] == ["ecosystems/Aurora.toml"]
    assert "+# ours" in done.json["data"]["diff"]
    assert tree(house) == before


def test_an_edit_elsewhere_in_a_file_stays(run, house):
    run(*OVER)
    file = house / "ecosystems/SDXL.toml"
    first = file.read_text()
    run("add-version", "SDXL", "--id", "90000006", "--label", "eta", "--model-id", "7")
    file.write_text("# ours\n" + file.read_text())
    assert run("add-version", "--id", "90000006", "--undo").code == 0
    assert file.read_text() == "# ours\n" + first


def test_a_file_that_is_gone_already_is_no_reason_to_refuse(run, house):
    before = tree(house)
    run(*ENGINE)
    (house / "tests/test_my_sora.py").unlink()
    assert run(*ENGINE, "--undo").code == 0
    assert tree(house) == before


def test_line_endings_that_git_changed_are_no_edit(run, house):
    run(*AURORA)
    file = house / "ecosystems/Aurora.toml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert run(*AURORA, "--undo").code == 0 and not file.exists()


@pytest.mark.parametrize(
    "words", [("add-base-model", "Nova"), ("add-version", "--id", "3"), ("add-engine", "x")]
)
def test_what_was_not_added_here_cannot_be_undone(run, house, words):
    run(*AURORA)
    before = tree(house)
    done = run(*words, "--undo", "--json")
    assert done.code == 4 and done.json["error"]["hint"]
    assert tree(house) == before


def test_undone_twice_says_so(run, house):
    run(*AURORA)
    run(*AURORA, "--undo")
    assert run(*AURORA, "--undo").code == 4


def test_what_is_kept_says_what_was_told_and_is_no_part_of_what_a_team_keeps(run, house):
    run(*AURORA)
    kept = [json.loads(path.read_text()) for path in sorted((house / FOLDER).iterdir())]
    assert [one["subject"]["command"] for one in kept] == ["init", "add-base-model"]
    assert ".civgen/" in (house / ".gitignore").read_text().split()
