"""What was used last, and what was given a name."""

import json
import tomllib
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civgen.errors import InvalidFile, InvalidInput, NotFound, Refused
from civgen.jobs.memory.memory import Memory
from civgen.jobs.memory.presets import Presets, name_problems, text_of
from civgen.jobs.memory.recall import recalled, remember
from civgen.jobs.memory.scopes import scope_of
from civgen.jobs.request import read_request

SDXL = {"ecosystem": "SDXL", "workflow": "txt2img", "prompt": "a fox", "seed": 5, "steps": 33, "quantity": 2}
KLEIN = {"ecosystem": "Flux2Klein_9B_base", "workflow": "txt2img", "prompt": "a hare"}


@pytest.fixture
def memory(tmp_path):
    return Memory(tmp_path / ".civgen")


@pytest.fixture
def presets(tmp_path):
    return Presets(tmp_path / "presets", tmp_path / ".civgen" / "presets.lock")


def used(raw, platform, memory, mode=None):
    remember(raw, read_request(raw, platform, *([mode] if mode else [])), platform, memory)


# ---- what was used last ----


def test_prompt_and_seed_go_along_and_sliders_stay_with_their_ecosystem(platform, memory):
    used(SDXL | {"outputFormat": "png"}, platform, memory)
    assert recalled({}, platform, memory) == SDXL | {"outputFormat": "png"}
    elsewhere = recalled({"ecosystem": "Chroma"}, platform, memory)
    assert elsewhere == {name: (SDXL | {"outputFormat": "png"})[name] for name in (
        "workflow", "prompt", "seed", "quantity", "outputFormat",
    )}  # fmt: skip


def test_ecosystems_that_the_form_shows_as_one_share_their_sliders(platform, memory):
    used(KLEIN | {"cfgScale": 9}, platform, memory)
    assert recalled({"ecosystem": "Flux2Klein_4B_base"}, platform, memory)["cfgScale"] == 9


def test_source_images_stay_with_what_is_done_with_them(platform, memory):
    image = {"url": "https://example.org/a.png", "width": 768, "height": 1024}
    used(SDXL, platform, memory)
    used({"ecosystem": "Veo3", "workflow": "img2vid", "prompt": "x", "images": [image]}, platform, memory)
    assert recalled({"workflow": "img2vid"}, platform, memory)["images"] == [image]
    assert recalled({"workflow": "img2vid", "ecosystem": "Kling"}, platform, memory)["images"] == [image]
    assert recalled({"workflow": "txt2img"}, platform, memory)["ecosystem"] == "SDXL"
    assert "images" not in recalled({"workflow": "txt2img"}, platform, memory)


def test_a_request_wins_over_what_was_used_last_and_null_over_both(platform, memory):
    used(SDXL, platform, memory)
    assert "steps" not in recalled({"steps": 20}, platform, memory)
    assert "seed" not in recalled({"seed": None}, platform, memory)
    assert "ecosystem" not in recalled({"baseModel": "Chroma"}, platform, memory)


def test_a_value_left_to_its_default_is_forgotten_and_one_that_did_not_apply_is_kept(platform, memory):
    image = {"url": "https://example.org/a.png", "width": 768, "height": 1024}
    painted = {"ecosystem": "SDXL", "workflow": "img2img", "images": [image], "denoise": 0.3, "steps": 40}
    used(painted, platform, memory)
    used({"ecosystem": "SDXL", "workflow": "txt2img", "prompt": "x"}, platform, memory)
    assert recalled({"ecosystem": "SDXL", "workflow": "txt2img"}, platform, memory) == {"prompt": "x"}
    assert recalled({"workflow": "img2img"}, platform, memory)["denoise"] == 0.3


def test_a_value_that_no_longer_fits_is_recalled_for_the_form_to_judge(platform, memory):
    used(SDXL, platform, memory)
    memory.change(lambda kept: kept["ecosystems"]["SDXL"].update(steps=999))
    assert recalled({}, platform, memory)["steps"] == 999


def test_what_was_repaired_is_kept_as_it_was_sent(platform, memory):
    from civgen.forms.form import Mode

    used(SDXL | {"steps": 999}, platform, memory, Mode.REPAIR)
    assert recalled({}, platform, memory)["steps"] != 999


def test_media_that_hold_content_or_keys_are_not_kept(platform, memory):
    for url in ("data:image/png;base64,AAAA", "https://x.org/a.png?sig=1", "https://u:p@x.org/a.png"):
        image = {"url": url, "width": 768, "height": 1024}
        used({"ecosystem": "Veo3", "workflow": "img2vid", "prompt": "x", "images": [image]}, platform, memory)
        assert "images" not in recalled({}, platform, memory)
        assert url not in memory.path.read_text()


def test_options_of_the_submission_are_not_kept(platform, memory):
    used(SDXL | {"externalId": "once", "tags": ["a"]}, platform, memory)
    assert not {"externalId", "tags"} & recalled({}, platform, memory).keys()


def test_drafts_have_a_quantity_of_their_own():
    assert (scope_of("quantity", "txt2img"), scope_of("quantity", "txt2img:draft")) == ("shared", "workflows")
    assert scope_of("model", "txt2img") == scope_of("a field of a new engine", "txt2img") == "ecosystems"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"shared": 1}', '{"ecosystems": {"SDXL": 1}}', '{"more": {}}', "\x80"]
)
def test_a_damaged_memory_is_said_and_left_alone(memory, text):
    memory.path.parent.mkdir()
    memory.path.write_text(text)
    with pytest.raises(InvalidFile) as caught:
        memory.change(lambda kept: None)
    assert "Delete it" in caught.value.hint
    assert memory.path.read_text() == text


FIELDS = st.fixed_dictionaries(
    {"ecosystem": st.sampled_from(["SDXL", "Chroma", "Flux1"])},
    optional={
        "prompt": st.text(min_size=1, max_size=20).filter(str.strip),
        "seed": st.integers(1, 2**32 - 1),
        "steps": st.integers(20, 40),
        "quantity": st.integers(1, 4),
    },
)


@given(used_before=st.lists(FIELDS, max_size=4), last=FIELDS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_was_said_last_comes_back_whatever_was_before(platform, tmp_path_factory, used_before, last):
    memory = Memory(tmp_path_factory.mktemp("state"))
    for one in (*used_before, last):
        used(one, platform, memory)
    assert recalled({}, platform, memory) == {"workflow": "txt2img", **last}


# ---- presets ----


def test_a_preset_comes_back_as_it_was_saved_without_nulls(presets):
    raw = SDXL | {
        "resources": [{"id": 1, "strength": None}],
        "negativePrompt": None,
        "prompt": 'a "fox"\n\tü',
    }
    path = presets.save("mine", raw)
    read = presets.read("mine")
    assert read.request == SDXL | {"resources": [{"id": 1}], "prompt": 'a "fox"\n\tü'}
    assert read.file.where(("steps",)).line > 1
    assert (presets.names(), path.name) == (["mine"], "mine.toml")


TOML = st.recursive(
    st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(min_size=1), TOML, max_size=4))
def test_any_request_survives_being_written_down(request_):
    assert tomllib.loads(text_of(request_)) == request_


def test_a_preset_is_replaced_only_when_that_is_said(presets):
    presets.save("mine", {"steps": 1})
    with pytest.raises(Refused, match="already"):
        presets.save("mine", {"steps": 2})
    assert presets.read("mine").request == {"steps": 1}
    presets.save("mine", {"steps": 2}, replace=True)
    assert presets.read("mine").request == {"steps": 2}


def test_what_is_not_there_is_not_found_with_the_nearest_name(presets):
    with pytest.raises(NotFound, match="there are none yet"):
        presets.read("portrait")
    presets.save("portrait", {"steps": 1})
    for attempt in (presets.read, presets.delete):
        with pytest.raises(NotFound) as caught:
            attempt("portrat")
        assert caught.value.hint == "Did you mean portrait?"
    presets.delete("portrait")
    assert presets.names() == []


@given(st.text(max_size=80))
def test_a_name_that_is_taken_is_one_file_in_the_folder_on_any_system(name):
    if not list(name_problems(name)):
        assert 0 < len(name) <= 64
        assert not set(name) & set('/\\:*?"<>| \0\n') and name.isascii()
        assert name[0] not in ".-" and not name.endswith(".")


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../x", "a/b", "a\\b", "/etc/x", "-x", "x.", "CON", "com1.old", "é", "a" * 65, "a\0"],
)
def test_no_name_leads_out_of_the_folder(presets, tmp_path, name):
    for attempt in (presets.read, presets.delete, lambda one: presets.save(one, {"steps": 1})):
        with pytest.raises(InvalidInput):
            attempt(name)
    assert not list(tmp_path.rglob("*.toml"))


def test_all_that_is_wrong_with_a_preset_is_said_at_once(presets):
    raw = {"externalId": "a", "images": [{"url": "data:,x"}, "https://x.org/?sig=1"]}
    with pytest.raises(InvalidInput) as caught:
        presets.save("../x.", raw)
    assert [one.field for one in caught.value.details] == ["name"] * 3 + ["externalId", "images", "images"]


def test_a_link_that_leads_elsewhere_is_not_followed(presets, tmp_path):
    (tmp_path / "presets").mkdir()
    (tmp_path / "secret.toml").write_text("steps = 1")
    (tmp_path / "presets" / "x.toml").symlink_to(tmp_path / "secret.toml")
    for attempt in (presets.read, presets.delete, lambda one: presets.save(one, {"steps": 2}, replace=True)):
        with pytest.raises(InvalidFile, match="leads out of"):
            attempt("x")
    assert (tmp_path / "secret.toml").read_text() == "steps = 1"


# ---- two processes at once ----


def _count(folder, number):
    def more(kept):
        kept["shared"]["count"] = kept["shared"].get("count", 0) + 1
        kept["ecosystems"][str(number)] = {"steps": number}

    for _ in range(5):
        Memory(folder).change(more)


def _save(folder, number):
    try:
        Presets(folder / "presets", folder / "lock").save("same", {"steps": number})
    except Refused:
        return None
    return number


def test_two_processes_at_once_lose_nothing(tmp_path):
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        list(pool.map(_count, [tmp_path] * 4, range(4)))
        won = [one for one in pool.map(_save, [tmp_path] * 4, range(4)) if one is not None]
    kept = Memory(tmp_path).read()
    assert kept["shared"]["count"] == 20
    assert set(kept["ecosystems"]) == {"0", "1", "2", "3"}
    assert [Presets(tmp_path / "presets", tmp_path / "lock").read("same").request] == [
        {"steps": one} for one in won
    ]
    assert not list(tmp_path.rglob("*.tmp"))


# ---- on the command line ----


def test_the_command_line_wins_over_a_file_over_a_preset_over_what_was_used_last(run, workspace):
    steps = ["--set", "steps=21"]
    assert (
        run("submit", "-e", "SDXL", "-p", "x", "--set", "steps=24", "--set", "cfgScale=4", "--remember").code
        == 0
    )
    assert run("preset", "save", "mine", "-e", "SDXL", "--set", "steps=23", "--set", "cfgScale=3").code == 0
    (workspace / "r.json").write_text(json.dumps({"steps": 22, "prompt": "y"}))

    def sent(*words):
        values = run("preview", *words, "--json").json["metadata"]["params"]
        return values["steps"], values["cfgScale"], values["prompt"]

    assert sent("r.json", *steps, "--preset", "mine", "--from-last") == (21, 3, "y")
    assert sent("r.json", "--preset", "mine", "--from-last") == (22, 3, "y")
    assert sent("--preset", "mine", "--from-last") == (23, 3, "x")
    assert sent("--from-last") == (24, 4, "x")
    assert run("submit", "--preset", "mine", "-p", "z", "--dry-run", "--json").code == 0
    assert "steps" in run("form", "show", "--preset", "mine").stdout


def test_a_value_that_no_longer_fits_names_its_file_and_is_repaired_on_request(run, workspace):
    (workspace / "presets").mkdir()
    (workspace / "presets" / "old.toml").write_text('ecosystem = "SDXL"\nsteps = 300\n')
    refused = run("preview", "--preset", "old", "-p", "x", "--json")
    (problem,) = refused.json["error"]["details"]
    assert (refused.code, problem["field"]) == (2, "steps")
    assert (problem["where"]["file"], problem["where"]["line"]) == ("presets/old.toml", 2)
    assert "presets/old.toml:2" in run("preview", "--preset", "old", "-p", "x").stderr
    repaired = run("preview", "--preset", "old", "-p", "x", "--repair")
    assert repaired.code == 0 and "repaired steps" in repaired.stderr
    elsewhere = run("preview", "--preset", "old", "-p", "x", "--base-model", "Chroma", "--json").json
    assert elsewhere["error"]["details"][0]["where"]["file"] == "presets/old.toml"


def test_presets_are_listed_shown_and_deleted(run, workspace):
    assert run("preset", "list", "--json").json == []
    saved = run("preset", "save", "mine", "-e", "SDXL", "--set", "steps=23", "--json").json
    (workspace / "presets" / "broken.toml").write_text("=")
    broken, mine = run("preset", "list", "--json").json
    assert saved == run("preset", "show", "mine", "--json").json
    assert mine | {"next": ["civgen preview --preset mine --prompt 'a red fox in the snow'"]} == saved
    assert "problem" in broken and "mine" in run("preset", "list").stdout
    assert run("preset", "delete", "mine").code == 8
    assert run("preset", "delete", "mine", "--yes", "--json").json["deleted"] == "mine"
    assert run("preset", "show", "mine").code == 4


def test_saving_lists_what_is_wrong_with_name_and_values(run, workspace):
    refused = run("preset", "save", "../x", "-e", "SDXL", "--set", "steps=999", "--json")
    assert {one["field"] for one in refused.json["error"]["details"]} == {"name", "steps"}
    assert not (workspace / "presets").exists()


def test_a_memory_that_cannot_be_written_does_not_lose_the_submission(run, workspace):
    (workspace / ".civgen").mkdir()
    (workspace / ".civgen" / "memory.json").write_text("{")
    done = run("submit", "-e", "SDXL", "-p", "x", "--remember", "--json")
    assert done.code == 0 and done.json["id"]
    assert "could not be remembered" in done.stderr
    assert run("preview", "--from-last", "--json").code == 2


def test_without_a_workspace_there_is_nothing_to_start_from(run):
    for words in (("--from-last",), ("--preset", "x")):
        assert run("preview", "-e", "SDXL", "-p", "x", *words).code == 2
