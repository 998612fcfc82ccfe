"""A version is one table in one file, and changes nothing else."""

import pytest

from civgen.catalog import Catalog

SEEDREAM = (
    "add-version",
    "seedream",
    "--id",
    "4242424",
    "--label",
    "v4 again",
    "--engine-option",
    "version=v4",
)


def test_a_version_of_a_built_in_ecosystem_is_a_file_with_just_that(run, workspace):
    done = run(*SEEDREAM, "--json")
    assert done.code == 0
    assert done.json["written"] == ["ecosystems/Seedream.toml"]
    text = (workspace / "ecosystems" / "Seedream.toml").read_text()
    assert "override = true" in text and text.count("[[versions]]") == 1
    body = run("preview", "--model", "4242424", "-p", "x", "--json").json
    assert body["steps"][0]["input"]["version"] == "v4"
    assert run("lint").code == 0


def test_the_same_again_changes_nothing_and_a_dry_run_writes_nothing(run, workspace):
    assert run(*SEEDREAM, "--dry-run", "--json").json["written"] == []
    assert not list((workspace / "ecosystems").glob("*.toml"))
    run(*SEEDREAM)
    before = (workspace / "ecosystems" / "Seedream.toml").read_bytes()
    again = run(*SEEDREAM, "--json").json
    assert (again["written"], again["diff"]) == ([], "")
    assert (workspace / "ecosystems" / "Seedream.toml").read_bytes() == before


def test_a_label_that_another_version_has_is_refused_with_its_line(run, workspace):
    run(*SEEDREAM)
    again = run("add-version", "Seedream", "--id", "77", *SEEDREAM[4:], "--json").json["error"]
    assert again["where"]["file"] == "ecosystems/Seedream.toml" and again["where"]["line"] > 1
    assert again["details"][0]["field"] == "--label"


def test_a_version_that_is_there_is_known_to_be_of_its_base_model(run, workspace):
    known = Catalog().ecosystem("SDXL").versions[0]
    said = ("--id", str(known.id), "--label", known.label)
    assert run("add-version", "SDXL", *said, "--json").json["written"] == []


def test_comments_of_the_file_stay(run, workspace):
    run(*SEEDREAM)
    path = workspace / "ecosystems" / "Seedream.toml"
    path.write_text(path.read_text() + "\n# ours, do not touch\n")
    assert (
        run(
            "add-version", "Seedream", "--id", "77", "--label", "v3 again", "--engine-option", "version=v3"
        ).code
        == 0
    )
    text = path.read_text()
    assert "# ours, do not touch" in text and text.count("[[versions]]") == 2


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("Seedrem", "--id", "1", "--label", "x"), 4, "Did you mean Seedream?"),
        (("Seedream", "--id", "2208174", "--label", "other"), 2, "differs from what Seedream says"),
        (("Veo3", "--id", "2208174", "--label", "x"), 2, "is a model version of Seedream"),
        (("Seedream", "--id", "1", "--label", "x", "--engine-option", "version=v9"), 2, "must be one of v3"),
        (("Seedream", "--id", "1", "--label", "x", "--base-model", "Veo 3"), 2, "belongs to Veo3"),
        (("ZImageTurbo", "--id", "1", "--label", "Turbo"), 2, "--label is that of version 2442439"),
        (("SDXL", "--id", "2208174", "--label", "x"), 2, "--id is a model version of Seedream"),
        (
            ("SDXL", "--id", "128078", "--label", "SDXL 1.0", "--base-model", "SDXL 0.9"),
            2,
            "--base-model differs",
        ),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(run, workspace, words, code, said):
    done = run("add-version", *words)
    assert (done.code, said in done.stderr) == (code, True), done.stderr
    assert not list((workspace / "ecosystems").glob("*.toml"))


def test_a_new_default_takes_the_place_of_the_old_one(run, workspace):
    before = run("preview", "-e", "Chroma", "-p", "x", "--json").json["metadata"]["resources"][0]["id"]
    words = ("add-version", "Chroma", "--id", "4242424", "--label", "v2", "--model-id", "7", "--default")
    assert run(*words).code == 0
    body = run("preview", "-e", "Chroma", "-p", "x", "--json").json
    assert body["metadata"]["resources"][0]["id"] == 4242424 != before
    assert run("lint").code == 0
    assert "Nothing to do" in run(*words).stdout
    again = ("add-version", "Chroma", "--id", "4242425", "--label", "v3", "--model-id", "7", "--default")
    assert run(*again).code == 0
    assert (
        run("preview", "-e", "Chroma", "-p", "x", "--json").json["metadata"]["resources"][0]["id"] == 4242425
    )
    assert run(*again, "--undo").code == 0 and run(*words, "--undo").code == 0
    assert not list((workspace / "ecosystems").glob("*.toml"))


def test_what_comes_next_is_about_the_new_version(run, workspace):
    assert "--model 4242424" in run(*SEEDREAM, "--json").json["next"][1]
