"""`--from`: answers as TOML or JSON, from a file or stdin; and their JSON Schema."""

import json
import tomllib

import jsonschema_rs
import pytest

VERSION = {"ecosystem": "SDXL", "id": 90000001, "label": "zeta", "model_id": 7}
MODEL = {
    "name": "Aurora XL",
    "ecosystem": "Aurora",
    "license": "Apache 2.0",
    "checkpoint": 90000002,
    "model_id": 5,
    "workflows": ["txt2img"],
}
ENGINE = {
    "key": "my-grok",
    "media": "image",
    "wire": "grok",
    "choices": {"operation": "createImage"},
    "ecosystem": "MyGrok",
    "license": "Grok",
    "checkpoint": 90000003,
}
KINDS = {"add-version": VERSION, "add-base-model": MODEL, "add-engine": ENGINE}


def toml(answers):
    return "".join(
        f"{name} = {json.dumps(value)}\n" for name, value in answers.items() if not isinstance(value, dict)
    ) + "".join(f"[{name}]\n{toml(value)}" for name, value in answers.items() if isinstance(value, dict))


@pytest.mark.parametrize("command", KINDS)
def test_toml_json_and_stdin_say_the_same(run, house, command):
    answers = KINDS[command]
    (house / "answers.toml").write_text(toml(answers))
    (house / "answers.json").write_text(json.dumps(answers))
    assert tomllib.loads(toml(answers)) == answers
    diffs = {
        run(command, "--from", source, "--dry-run", "--json", stdin=stdin).json["diff"]
        for source, stdin in [
            ("answers.toml", None),
            ("answers.json", None),
            ("-", toml(answers)),
            ("-", json.dumps(answers)),
        ]
    }
    assert len(diffs) == 1 and diffs != {""}
    assert run(command, "--from", "answers.toml").code == 0
    assert run("lint").code == 0
    assert "Nothing to do" in run(command, "--from", "answers.json").stdout
    assert run(command, "--from", "answers.json", "--undo").code == 0


def test_what_stands_on_the_command_line_goes_before(run, house):
    (house / "answers.toml").write_text(toml(VERSION))
    done = run("add-version", "--from", "answers.toml", "--label", "eta", "--json")
    assert '+label = "eta"' in done.json["diff"]


@pytest.mark.parametrize("command", KINDS)
def test_the_schema_takes_what_the_command_takes_and_nothing_else(run, command):
    schema = run("schema", command, "--json").json["input"]
    validator = jsonschema_rs.validator_for(schema)
    assert validator.is_valid(KINDS[command])
    assert not validator.is_valid({**KINDS[command], "nonsense": 1})
    assert all(answer.get("description") for answer in schema["properties"].values()), schema["properties"]


def test_a_command_without_answers_has_no_schema_of_them(run):
    assert run("schema", "list", "--json").json["input"] is None


def test_every_problem_of_a_file_has_its_line(refused, house):
    (house / "answers.toml").write_text('ecosystem = "SDXL"\nid = "x"\nlable = "y"\n')
    problems = refused("add-version", "--from", "answers.toml")
    assert set(problems) == {"--id", "lable", "--label"}
    assert problems["--id"]["where"] == {"file": "answers.toml", "line": 2, "column": 1, "field": "id"}
    assert problems["lable"]["hint"] == "Did you mean label?"


def test_what_disagrees_with_the_catalogue_has_the_line_of_the_answer(refused, house):
    (house / "answers.toml").write_text(toml({**MODEL, "license": "Apach 2.0"}))
    assert refused("add-base-model", "--from", "answers.toml")["--license"]["where"]["line"] == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [("{]", "not JSON"), ("= 1", "not TOML"), ("[1, 2]", "not TOML"), ("a = 1\n\xff", "UTF-8")],
)
def test_what_cannot_be_read_is_refused(run, house, text, said):
    (house / "answers").write_bytes(text.encode("latin-1"))
    done = run("add-version", "--from", "answers", "--json")
    assert done.code == 2 and said in done.json["error"]["message"]
    assert done.json["error"]["where"]["file"] == "answers"


def test_a_file_that_is_not_there_is_named(run, house):
    done = run("add-version", "--from", "nowhere.toml", "--json")
    assert done.code == 2 and "nowhere.toml" in done.json["error"]["message"]


def test_without_answers_every_missing_flag_is_named(refused):
    assert set(refused("add-base-model")) == {"NAME", "--ecosystem", "--license", "--checkpoint"}
    assert set(refused("add-version")) == {"ECOSYSTEM", "--id", "--label"}
    assert "KEY" in refused("add-engine")
