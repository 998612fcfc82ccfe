"""What agents and CI rely on: one document on stdout, exit codes, hints, and a quick start."""

import json
import subprocess
import sys

import pytest

HEAVY = (
    "sqlmodel",
    "sqlalchemy",
    "copier",
    "meilisearch",
    "psycopg",
    "httpx",
    "starlette",
    "uvicorn",
    "mcp",
    "jinja2",
)

PROBE = """
import sys
from civgen.cli.app import app
code = app({words!r}, standalone_mode=False)
print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)
"""


@pytest.mark.parametrize("words", [["--help"], ["list"], ["list", "engines"], ["preview", "--help"]])
def test_help_and_list_load_nothing_heavy(words):
    probe = PROBE.format(words=words, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout
    assert done.stderr.strip() == "[]"


def test_the_version_is_answered_without_loading_the_parser():
    probe = "import sys; sys.argv[1:] = ['--version']; from civgen.__main__ import main; main()"
    probe += "; print('typer' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    version, loaded = done.stdout.splitlines()
    assert version.startswith("civgen ") and loaded == "False"


def test_every_command_answers_help(run):
    listed = run("--help").stdout
    from civgen.cli.app import Root

    names = Root().list_commands(None)
    assert names
    for name in names:
        assert f"  {name} " in listed
        assert run(name, "--help").code == 0


@pytest.mark.parametrize(
    "words", [["--json"], ["--json", "db"], ["db", "--help", "--json"], ["-h", "--json"]]
)
def test_help_of_a_group_is_a_document_for_programs(run, words):
    done = run(*words)
    assert done.code == 0
    named = [one["command"] for one in done.json["commands"]]
    assert "civgen db plan" in named and all(one["summary"] for one in done.json["commands"])
    assert ("civgen list" in named) is ("db" not in words)


def test_help_of_a_command_is_what_schema_says_of_it(run):
    assert run("db", "plan", "--help", "--json").json == run("schema", "db", "plan", "--json").json
    assert run("nope", "--json").code == 2 and run("db", "nope", "--json").code == 2


def test_common_options_work_before_and_behind_any_command(run):
    assert run("--json", "list", "tiers").json == run("list", "tiers", "--json").json
    assert run("list", "tiers", "--env", "nope", "--json").code == 0


ERRORS = [
    (["lst"], 2, "invalid-input", "Did you mean list?"),
    (["list", "enginez"], 4, "not-found", "Did you mean engines?"),
    (["show", "Sedream"], 4, "not-found", "Did you mean"),
    (["preview", "--bogus"], 2, "invalid-input", "civgen preview --help"),
    (["preview", "--ecosystem", "SDXLL"], 4, "not-found", "Did you mean SDXL?"),
    (["preview", "missing.json"], 2, "invalid-file", None),
    (["preview", "-e", "SDXL", "-p", "x", "--tier", "golden"], 4, "not-found", "Did you mean gold?"),
    (["--workspace", "nowhere", "list"], 2, "invalid-input", "civgen init"),
]


@pytest.mark.parametrize(("words", "code", "name", "hint"), ERRORS)
def test_an_error_is_one_document_with_a_code_and_a_hint(run, words, code, name, hint):
    done = run(*words, "--json")
    assert done.code == code
    assert done.json["error"]["code"] == name
    assert hint is None or hint in done.json["error"]["hint"]


@pytest.mark.parametrize(("words", "code", "name", "hint"), ERRORS)
def test_an_error_for_a_person_is_on_stderr_and_stdout_stays_empty(run, words, code, name, hint):
    done = run(*words)
    assert (done.code, done.stdout) == (code, "")
    assert done.stderr.startswith("error ")
    assert "Traceback" not in done.stderr
    assert hint is None or hint in done.stderr


def test_all_problems_of_a_request_stand_in_one_document_with_what_is_allowed(run):
    done = run(
        "preview",
        "--ecosystem",
        "SDXL",
        "--prompt",
        "x",
        "--set",
        "steps=9999",
        "--set",
        "sampler=nope",
        "--json",
    )
    assert done.code == 2
    details = {one["field"]: one for one in done.json["error"]["details"]}
    assert details["steps"]["allowed"] == {"min": 10, "max": 50, "step": 1}
    assert "DPM++ 2M Karras" in details["sampler"]["allowed"]
    assert details["sampler"]["given"] == "nope"


def test_a_bug_keeps_its_traceback_and_still_gives_a_document(run, monkeypatch):
    import civgen.jobs.preview

    monkeypatch.setattr(civgen.jobs.preview, "preview", lambda *_, **__: 1 / 0)
    done = run("preview", "-e", "SDXL", "-p", "x", "--json")
    assert done.code == 1
    assert done.json["error"]["code"] == "unexpected"
    assert "Traceback" in done.stderr
    with pytest.raises(ZeroDivisionError):
        run("preview", "-e", "SDXL", "-p", "x")


BROKEN = {
    "wrong type": ('key = "Nova"\nid = "x"\nname = "n"\ndescription = "d"\n', 2, "id"),
    "unknown key": ('key = "Nova"\nid = 9\nname = "n"\ndescription = "d"\nfamly = "x"\n', 5, "famly"),
    "bad TOML": ('key = "Nova"\nid = [1\n', 3, None),
    "two owners": ('key = "SDXL"\nid = 4\nname = "n"\ndescription = "d"\n', 1, "key"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_ecosystem_file_gives_file_line_column_and_a_hint(run, workspace, name):
    text, line, field = BROKEN[name]
    (workspace / "ecosystems" / "Nova.toml").write_text(text)
    done = run("list", "--json")
    assert done.code == 2
    where = done.json["error"]["where"]
    assert (where["file"], where["line"]) == ("ecosystems/Nova.toml", line)
    assert where["column"] >= 1
    assert field is None or field in (where["field"], done.json["error"]["details"][0]["field"])
    person = run("list")
    assert f"ecosystems/Nova.toml:{line}" in person.stderr
    assert "Traceback" not in person.stderr
    assert done.json["error"]["hint"] or name == "wrong type"


def test_a_request_comes_from_options_a_file_or_stdin_and_options_win(run, tmp_path):
    request = {"ecosystem": "SDXL", "prompt": "from the file", "steps": 20, "seed": 1}
    (tmp_path / "request.json").write_text(json.dumps(request))
    from_file = run("preview", "request.json", "--json").json
    assert from_file == run("preview", "-", "--json", stdin=json.dumps(request)).json
    words = ("--set", "steps=25", "--prompt", "new", "--resource", "7:0.5", "--resources", "records.json")
    records = [{"id": 7, "type": "LORA", "air": "urn:air:sdxl:lora:civitai:1@7", "baseModel": "SDXL 1.0"}]
    (tmp_path / "records.json").write_text(json.dumps(records))
    changed = run("preview", "request.json", *words, "--json").json["steps"][0]["input"]
    assert (changed["prompt"], changed["steps"]) == ("new", 25)
    assert changed["additionalNetworks"] == {"urn:air:sdxl:lora:civitai:1@7": {"strength": 0.5}}


def test_an_image_carries_its_size_on_the_command_line(run):
    words = ("-e", "Veo3", "-w", "img2vid", "-p", "x", "--image", "https://x.example/a.png@1080x1920")
    assert run("preview", *words, "--json").json["steps"][0]["input"]["aspectRatio"] == "9:16"
    done = run("preview", *words[:-1], "https://x.example/a.png", "--json")
    assert done.code == 2
    assert "@1024x768" in done.json["error"]["details"][0]["hint"]


def test_bad_options_are_all_named_at_once(run):
    done = run("preview", "-e", "SDXL", "--set", "steps", "--resource", "lora", "--json")
    assert [one["field"] for one in done.json["error"]["details"]] == ["--resource", "--set"]


LINES = [
    {"id": "a", "request": {"ecosystem": "SDXL", "prompt": "x"}},
    {"id": "b", "request": {"ecosystem": "SDXL"}},
    {"id": "c"},
]


def test_a_batch_answers_every_line_in_order_and_exits_9_when_some_failed(run):
    text = "\n".join([*map(json.dumps, LINES), "no json", ""])
    done = run("preview", "--batch", "-", "--json", stdin=text)
    assert done.code == 9
    assert [(line["id"], line["ok"]) for line in done.lines] == [
        ("a", True),
        ("b", False),
        ("c", False),
        (None, False),
    ]
    assert done.lines[0].keys() == {"id", "ok", "body", "values", "repairs"}
    assert done.lines[1]["error"]["details"][0]["field"] == "prompt"
    assert "3 of 4 lines failed" in done.stderr
    assert run("preview", "--batch", "-", stdin=json.dumps(LINES[0])).code == 0


REQUEST = {"ecosystem": "Veo3", "prompt": "x"}
BATCHES = [
    ("preview",), ("price",), ("form", "show"), ("form", "validate"), ("submit",), ("submit", "--dry-run"),
]  # fmt: skip
#: A line that is wrong around its request; the fields that are named, and what is said of them.
ILL_LINES = [
    ({"extra": 1, "request": REQUEST}, ["extra"], "extra is not known in a line"),
    ({"resorces": [], "request": REQUEST}, ["resorces"], "Did you mean resources?"),
    ({"reqest": REQUEST}, ["reqest", "request"], "Did you mean request?"),
    ({"request": [REQUEST]}, ["request"], "must be a JSON object"),
    ({"request": REQUEST, "resources": 5}, ["resources"], "must be a list of objects, each with an id"),
    ({}, ["request"], "is required"),
]


@pytest.mark.parametrize("words", BATCHES, ids=" ".join)
def test_every_batch_is_strict_about_what_stands_around_a_request(run, workspace, words):
    lines = [{"id": f"l{number}", **line} for number, (line, _, _) in enumerate(ILL_LINES)]
    done = run(*words, "--batch", "-", stdin="\n\n".join(map(json.dumps, lines)))
    assert done.code == 9
    for number, (answer, (_, fields, said)) in enumerate(zip(done.lines, ILL_LINES, strict=True)):
        error = answer["error"]
        assert (answer["id"], answer["ok"]) == (f"l{number}", False)
        assert [one["field"] for one in error["details"]] == fields and said in json.dumps(error)
        assert (error["where"]["file"], error["where"]["line"]) == ("stdin", 2 * number + 1)


@pytest.mark.parametrize("words", BATCHES, ids=" ".join)
def test_a_line_that_is_not_json_or_says_a_thing_twice_is_told_with_its_number(run, workspace, words):
    twice = '{"id": "d", "request": {"ecosystem": "SDXL", "prompt": "x", "ecosystem": "Veo3"}}'
    done = run(*words, "--batch", "-", stdin=f"\n\nno json\n\n{twice}\n[]\n")
    assert [(one["id"], one["error"]["where"]["line"]) for one in done.lines] == [
        (None, 3), ("d", 5), (None, 6)
    ]  # fmt: skip
    error = done.lines[1]["error"]
    assert error["message"] == "ecosystem stands more than once in the same object."
    assert error["details"][0]["given"] == ["SDXL", "Veo3"]


def test_a_request_that_says_a_thing_twice_is_refused(run, workspace):
    text = '{"ecosystem": "SDXL", "prompt": "x", "model": {"id": 1, "id": 2}, "ecosystem": "Veo3"}'
    (workspace / "r.json").write_text(text)
    for source, stdin in (("-", text), ("r.json", None)):
        done = run("preview", source, "--json", stdin=stdin)
        assert done.code == 2 and done.json["error"]["message"].startswith("id stands more than once")
    done = run("preview", "-e", "SDXL", "-p", "x", "--set", 'model={"id": 1, "id": 2}', "--json")
    assert done.code == 2 and done.json["error"]["details"][0]["field"] == "id"


def test_a_line_of_price_and_of_contract_check_has_what_they_take_and_no_more(run):
    for words in (("price",), ("contract", "check")):
        step = {"id": 1, "step": {"$type": "videoGen", "input": {"engine": "vidu"}}, "stp": {}}
        (answer,) = run(*words, "--batch", "-", stdin=json.dumps(step)).lines
        assert answer["error"]["details"][0]["hint"] == "Did you mean step?"


def test_form_show_and_validate_speak_the_documented_shapes(run):
    shown = run("form", "show", "-e", "Veo3", "-w", "img2vid:ref2vid", "--json").json
    assert shown.keys() == {"ecosystem", "workflow", "engine", "version", "fields"}
    duration = next(field for field in shown["fields"] if field["key"] == "duration")
    assert duration["fixed"] == 8 and duration["disabled"]
    assert duration["options"] == [{"value": 8, "label": "8 seconds"}]
    valid = run("form", "validate", "-e", "SDXL", "-p", "x", "--set", "steps=12.3", "--repair", "--json").json
    assert valid["values"]["steps"] == 12
    assert valid["repairs"][0] == {
        "field": "steps",
        "from": 12.3,
        "to": 12,
        "why": "is not on a step of 1 from 10",
    }
    assert "1024x1024" in run("form", "show", "-e", "SDXL").stdout
    assert run("form", "show", "-e", "SDXL", "-w", "txt2vid", "--json").code == 2


@pytest.mark.parametrize(
    "what", ["ecosystems", "base-models", "engines", "versions", "licenses", "samplers", "workflows"]
)
def test_everything_can_be_listed_and_shown(run, what):
    rows = run("list", what, "--json").json
    assert rows
    assert run("list", what).stdout
    name = rows[0].get("key") or rows[0].get("name")
    if name:
        assert run("show", str(name), "--json").code == 0
        assert run("show", str(name)).stdout


def test_an_engine_is_listed_with_every_ecosystem_that_uses_it_for_anything(run):
    users = {engine["key"]: engine["ecosystems"] for engine in run("list", "engines", "--json").json}
    assert users["kling"] == users["kling-v3"] == ["Kling"]
    assert users["grok-video"] == ["Grok"]
    assert users["video-upscale"] == []
    assert run("show", "vidu-q3", "--json").json["ecosystems"] == ["Vidu"]


STUMBLES = [
    (["submit", "-e", "SDXL", "-p", "x", "--wait", "--out", "a-file"], 2, "a-file"),
    (["init", "a-file"], 2, "a-file"),
    (["export", "--out", "nowhere/x.json"], 2, "nowhere"),
    (["export", "--format", "typescript", "--json"], 2, "--out"),
    (["preview", "-e", "SDXL", "-p", "x", "--resources", "a-file"], 2, "a-file"),
    (["preview", "--batch", "bytes"], 2, "UTF-8"),
    (["preview", "--batch", "bytes", "-p", "x"], 2, "beside --batch"),
    (["preview", "-e", "Pony", "--base-model", "SDXL 1.0", "-p", "x"], 2, "belongs to SDXL"),
    (["preview", "-e", "SDXL", "--base-model", "nope", "-p", "x"], 4, "nope"),
    (["list", "--media", "images"], 4, "Did you mean image?"),
    (["add-version", "Seedream", "--id", "4242", "--label", "v6"], 2, "v5.0-lite"),
]


@pytest.mark.parametrize(("words", "code", "said"), STUMBLES)
def test_what_people_stumble_over_is_an_error_that_helps(run, workspace, words, code, said):
    (workspace / "a-file").write_text("5")
    (workspace / "bytes").write_bytes(b"\xff\n")
    done = run(*words)
    assert done.code == code, done.stderr
    assert said in done.stderr + done.stdout
    assert not (workspace / ".civgen" / "journal.sqlite").exists()


def test_a_group_without_a_command_shows_its_help_and_that_is_fine(run):
    assert (run("form").code, run("form").stderr) == (0, "")
    assert "validate" in run("form").stdout
    assert run().code == 0
