"""`civgen add-base-model`: one command, one file, and it can generate."""

import json
import shlex
import tomllib

import pytest
from trees import tree

from civgen.catalog import Catalog
from civgen.scaffold.ecosystem import FIRST_ID

AURORA = (
    "add-base-model", "Aurora XL", "--ecosystem", "Aurora", "--license", "Apache 2.0",
    "--checkpoint", "90000001", "--model-id", "80000001",
)  # fmt: skip
AIR = "urn:air:aurora:checkpoint:civitai:80000001@90000001"
#: A key and a model version that nothing has.
NOVA = ("--ecosystem", "Nova", "--checkpoint", "90000002")


def test_a_new_ecosystem_is_one_file_and_can_generate_at_once(run, house):
    done = run(*AURORA, "--json")
    assert done.code == 0
    assert done.json["written"] == ["ecosystems/Aurora.toml"]
    assert run("lint").code == 0
    body = run("preview", "--ecosystem", "Aurora", "--prompt", "a fox", "--json").json
    assert body["steps"][0]["input"]["model"] == AIR


def test_its_rows_are_those_of_the_plan(run, house):
    rows = run(*AURORA, "--json").json["rows"]
    plan = run("db", "plan", "--json").json
    own = [row for row in plan["changes"] if "Aurora" in row["reason"]]
    assert sorted((row["table"], row["key"], row["values"]) for row in rows) == sorted(
        (row["table"], row["key"], row["values"]) for row in own
    )
    assert {row["table"] for row in rows} == {
        "EcosystemCheckpoints",
        "GenerationBaseModel",
        "Model",
        "ModelVersion",
    }


def test_a_person_is_told_the_files_the_rows_and_what_comes_next(run, house):
    done = run(*AURORA)
    for word in (
        "ecosystems/Aurora.toml",
        "EcosystemCheckpoints",
    ):
        assert word in done.stdout
    assert "civgen db plan" in done.stderr and "civgen submit --dry-run" in done.stderr
    assert f"ecosystem {FIRST_ID}" in done.stderr


@pytest.mark.parametrize(
    "more",
    [
        (),
        ("--label", "v1", "--family", "xai", "--description", "Northern lights.", "--coverage", "external"),
        ("--id", "12000", "--ecosystem-id", "12001", "--air", "lights", "--workflow", "txt2img"),
        ("--parent", "SDXL"),
    ],
)
def test_the_same_command_again_changes_nothing_and_says_so(run, house, more):
    assert run(*AURORA, *more).code == 0
    before = tree(house)
    done = run(*AURORA, *more)
    assert done.code == 0 and "Nothing to do" in done.stdout
    assert tree(house) == before
    again = run(*AURORA, *more, "--json").json
    assert (again["written"], again["unchanged"], again["diff"]) == ([], ["ecosystems/Aurora.toml"], "")


@pytest.mark.parametrize("words", [AURORA, ("add-base-model", "SDXL Zeta", "-e", "SDXL", *AURORA[4:])])
def test_a_dry_run_shows_the_diff_and_writes_no_byte(run, house, words):
    before = tree(house)
    done = run(*words, "--dry-run", "--json")
    assert tree(house) == before
    assert done.json["written"] == [] and done.json["rows"]
    dry = done.json["diff"]
    assert run(*words, "--json").json["diff"] == dry != ""


def test_the_model_number_is_asked_for_where_the_payload_needs_it(refused):
    problems = refused(*AURORA[:-2])
    assert list(problems) == ["--model-id"]
    assert "AIR" in problems["--model-id"]["message"]


def test_an_engine_that_does_not_name_the_checkpoint_goes_without_model_number(run, refused, house):
    words = (
        "add-base-model",
        "Dream",
        "-e",
        "Dream",
        "--license",
        "MIT",
        "--checkpoint",
        "90000003",
        "--engine",
        "seedream",
    )
    assert "version" in refused(*words)["--engine-option"]["message"]
    assert run(*words, "--engine-option", "version=v4").code == 0
    file = tomllib.loads((house / "ecosystems/Dream.toml").read_text())
    assert file["model_locked"] is True and file["versions"][0]["engine"] == {"version": "v4"}
    assert run("lint").code == 0


def test_another_base_model_is_appended_and_every_comment_stays(run, house):
    run(*AURORA)
    path = house / "ecosystems/Aurora.toml"
    path.write_text(
        path.read_text().replace('name = "Aurora XL"', 'name = "Aurora XL" # as they call it')
        + "\n# the end\n"
    )
    before = path.read_text().splitlines()
    done = run(
        "add-base-model",
        "Aurora Mini",
        "-e",
        "aurora",
        "--license",
        "mit",
        "--checkpoint",
        "90000004",
        "--model-id",
        "1",
        "--json",
    )
    assert done.json["written"] == ["ecosystems/Aurora.toml"]
    after = path.read_text().splitlines()
    assert [line for line in before if line not in after] == []
    record = Catalog(house).ecosystem("Aurora")
    assert [base.name for base in record.base_models] == ["Aurora XL", "Aurora Mini"]
    assert record.base_models[1].license == "MIT"
    assert [(one.id, one.base_model, one.default) for one in record.versions] == [
        (90000001, None, True),
        (90000004, "Aurora Mini", False),
    ]
    assert run("lint").code == 0


def test_a_built_in_ecosystem_gets_a_file_with_what_is_added_and_only_that(run, house):
    run("add-base-model", "SDXL Zeta", "--ecosystem", "SDXL", *AURORA[4:])
    file = tomllib.loads((house / "ecosystems/SDXL.toml").read_text())
    assert file.pop("override") is True and file.pop("key") == "SDXL"
    assert set(file) == {"base_models", "versions"}
    built_in, laid_over = Catalog().ecosystem("SDXL"), Catalog(house).ecosystem("SDXL")
    assert (
        laid_over.base_models[:-1] == built_in.base_models and laid_over.base_models[-1].name == "SDXL Zeta"
    )
    assert laid_over.versions[:-1] == built_in.versions and not laid_over.versions[-1].default
    assert run("lint").code == 0


def test_what_is_built_in_already_is_nothing_to_do(run, house):
    catalog = Catalog()
    sdxl = catalog.ecosystem("SDXL")
    version = sdxl.versions[0]
    base, _ = catalog.base_model(catalog.base_model_of(version, sdxl))
    words = (
        "add-base-model",
        base.name,
        "-e",
        "SDXL",
        "--license",
        base.license,
        "--checkpoint",
        str(version.id),
    )
    done = run(*words, "--json")
    assert (done.code, done.json["written"], done.json["unchanged"]) == (
        0,
        [],
        ["built-in ecosystems/SDXL.toml"],
    )


def test_a_child_says_only_what_its_parent_does_not(run, house):
    run(*AURORA, "--parent", "sdxl")
    file = tomllib.loads((house / "ecosystems/Aurora.toml").read_text())
    assert file["parent"] == "SDXL"
    assert {"engine", "workflows", "support", "air"}.isdisjoint(file)
    assert len(Catalog(house).ecosystem("Aurora").workflows) > 1
    assert run("lint").code == 0


def test_everything_that_is_taken_is_named_with_its_place_before_anything_is_written(refused):
    problems = refused(
        "add-base-model", "sdxl 1.0", "--ecosystem", "Nova", "--license", "MIT", "--checkpoint", "128078",
        "--id", "44", "--ecosystem-id", "4", "--air", "sdxl", "--model-id", "1",
    )  # fmt: skip
    assert set(problems) == {"NAME", "--checkpoint", "--id", "--ecosystem-id", "--air"}
    for problem in problems.values():
        assert problem["where"]["file"].endswith("ecosystems/SDXL.toml") and problem["where"]["line"]


def test_every_name_that_nothing_has_is_listed_with_the_one_that_was_meant(refused):
    problems = refused(
        "add-base-model", "Nova", *NOVA, "--license", "Apach 2.0", "--family", "opnai",
        "--engine", "text-to-imag", "--workflow", "txt2imgg", "--parent", "SDXLL",
    )  # fmt: skip
    hints = {field: problem["hint"] for field, problem in problems.items()}
    assert hints == {
        "--license": "Did you mean Apache 2.0? `civgen list licenses` shows all; "
        "`civgen add-license 'Apach 2.0'` adds it.",
        "--family": "Did you mean openai?",
        "--engine": "Did you mean text-to-image?",
        "--workflow": "Did you mean txt2img?",
        "--parent": "Did you mean SDXL?",
    }


@pytest.mark.parametrize("name", ["Nolicense", "Ideogram Licence", "Some License"])
def test_a_licence_that_nothing_is_like_leads_to_the_list_and_to_adding_it(run, house, name):
    error = run("add-base-model", "Nova", *NOVA, "--license", name, "--json").json["error"]
    assert "Did you mean" not in error["hint"]
    assert error["next"] == ["civgen list licenses", shlex.join(["civgen", "add-license", name])]
    assert all(run(*shlex.split(line)[1:]).code == 0 for line in error["next"])


def test_answers_that_contradict_the_file_are_refused_with_its_lines(run, refused):
    run(*AURORA)
    problems = refused(
        *AURORA[:4],
        "--license",
        "MIT",
        *AURORA[6:8],
        "--model-id",
        "5",
        "--label",
        "x",
        "--engine",
        "seedream",
        "--air",
        "x",
    )
    assert set(problems) == {"--license", "--model-id", "--label", "--engine", "--air"}
    assert all(problem["where"]["line"] > 1 for problem in problems.values())


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("--license", "MIT", "--media", "video"), "--engine"),
        (("--license", "MIT", "--engine", "veo3", "--media", "image"), "--media"),
        (("--license", "MIT", "--workflow", "txt2vid", "--model-id", "1"), "--workflow"),
        (("--license", "MIT", "--parent", "SDXL", "--air", "x", "--model-id", "1"), "--air"),
        (("--license", "MIT", "--coverage", "none"), "--coverage"),
        (("--license", "MIT", "--engine-option", "version"), "--engine-option"),
    ],
)
def test_what_does_not_go_together_is_refused(refused, words, field):
    assert field in refused("add-base-model", "Nova", *NOVA, *words)


@pytest.mark.parametrize(
    "key", ["../Nova", "/tmp/Nova", "a/b", "..", "No va", "Nova\n", "C:Nova", "", "Növa"]
)
def test_a_key_that_is_no_file_name_is_refused(refused, key):
    problems = refused(
        "add-base-model", "Nova", "--ecosystem", key, "--license", "MIT", "--checkpoint", "1", "--id", "0"
    )
    assert set(problems) == {"--ecosystem", "--id"}


@pytest.mark.parametrize("name", ['Au"ro\\ra', "{{ 7 * 7 }} {% raw %}", 'it\'s """ # [x]', "極光 😀"])
def test_any_name_is_written_as_it_is(run, house, name):
    assert run("add-base-model", name, *AURORA[2:], "--description", name, "--test").code == 0
    record = Catalog(house).ecosystem("Aurora")
    assert (record.base_models[0].name, record.description) == (name, name)
    compile((house / "tests/test_aurora.py").read_text(), "test_aurora.py", "exec")
    assert run("lint").code == 0


def test_a_file_that_is_in_the_way_is_never_overwritten(run, house):
    (house / "tests/test_aurora.py").write_text("# ours\n")
    before = tree(house)
    done = run(*AURORA, "--test", "--json")
    assert done.code == 8 and "tests/test_aurora.py" in done.json["error"]["message"]
    assert tree(house) == before


def test_an_ecosystem_that_could_not_generate_does_once_an_engine_is_named(run, house):
    (house / "ecosystems/Aurora.toml").write_text(
        'key = "Aurora"\nid = 20000\nname = "Aurora"\ndescription = "Only listed so far."\n'
    )
    done = run(*AURORA)
    assert done.code == 0 and "cannot generate" in done.stderr
    assert run(*AURORA, "--engine", "text-to-image").code == 0
    assert run("preview", "-e", "Aurora", "-p", "a fox").code == 0
    assert run("lint").code == 0


def test_without_a_workspace_it_says_how_to_make_one(run):
    done = run(*AURORA, "--json")
    assert done.code == 2 and "civgen init" in done.json["error"]["hint"]


def test_next_commands_name_a_workspace_that_is_not_here(run, house, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run(*AURORA, "--workspace", "house", "--json")
    assert done.json["next"][0] == f"civgen lint --workspace {house}"
    assert json.loads(run(*done.json["next"][0].split()[1:], "--json").stdout)["findings"] == []


def test_what_every_checkpoint_says_to_the_engine_is_said_by_the_new_ecosystem(run, workspace):
    words = ("add-base-model", "Nova", "-e", "Nova", "--media", "image", "--engine", "z-image")
    words += (
        "--engine-option",
        "model=turbo",
        "--license",
        "Apache 2.0",
        "--checkpoint",
        "9",
        "--model-id",
        "8",
    )
    assert run(*words).code == 0
    said = tomllib.loads((workspace / "ecosystems" / "Nova.toml").read_text())
    assert said["engine_options"] == {"model": "turbo"}
    assert "engine" not in said["versions"][0]
    assert run(*words, "--json").json["written"] == []
    assert run("lint").code == 0
