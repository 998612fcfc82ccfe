"""What each video version can do is said once, and everybody who asks gets that answer."""

from __future__ import annotations

import pytest

from civgen.catalog import Catalog
from civgen.jobs.request import read_request
from civgen.orchestrator.contract import load_contract

GENERATING = [one for one in Catalog().all_ecosystems() if one.engine and one.versions]
RETIRED = ["haiper", "minimax", "lightricks", "mochi"]


@pytest.mark.parametrize("ecosystem", GENERATING, ids=lambda one: one.key)
def test_form_validation_and_show_agree_on_what_a_version_serves(run, platform, ecosystem):
    shown = run("show", ecosystem.key, "--json").json
    card = shown if isinstance(shown, dict) else next(one for one in shown if one["kind"] == "ecosystem")
    for version, said in zip(ecosystem.versions, card["versions"], strict=True):
        assert said["workflows"] == version.served(ecosystem.workflows)
        for workflow in ecosystem.workflows:
            raw = {"ecosystem": ecosystem.key, "workflow": workflow, "model": {"id": version.id}}
            request = read_request(raw, platform)
            refused = any(one.field == "model" for one in request.filled.problems)
            model = next(one for one in request.filled.outline() if one["key"] == "model")
            offered = [option["value"] for option in model.get("options", [])]
            assert (workflow in said["workflows"]) is (not refused) is (version.id in offered), (
                version.id,
                workflow,
            )


@pytest.mark.parametrize("key", RETIRED)
def test_a_retired_engine_says_since_when_and_what_it_is_still_good_for(run, key):
    found = run("show", key, "--json").json
    for card in found if isinstance(found, list) else [found]:
        if card["kind"] in ("engine", "ecosystem"):
            assert "before August 2026" in card["retired"]["since"]
            assert "old request" in card["retired"]["use"]
    assert "no date is published" in " ".join(run("show", key).stdout.split())


def test_only_engines_that_are_gone_say_so(run, platform):
    assert sorted(key for key in platform.engines if platform.engines[key].retirement) == sorted(RETIRED)
    kling = run("show", "Kling", "--json").json
    assert all("retired" not in card for card in kling)


def test_engines_named_in_place_of_a_retired_one_exist(platform):
    for key in RETIRED:
        assert all(one in platform.engines for one in platform.engines[key].retirement.instead)


# ---- what is laid over the contract for videos ----


@pytest.mark.parametrize(
    ("discriminators", "lowest", "highest"),
    [
        ({"engine": "ltx2", "operation": "createVideo"}, 3, 7),
        ({"engine": "ltx2.3", "operation": "createVideo"}, 3, 20),
    ],
)
def test_a_range_that_is_published_as_an_enum_of_its_ends_is_a_range(discriminators, lowest, highest):
    contract = load_contract()

    def taken(seconds):
        step = {"$type": "videoGen", "input": {**discriminators, "prompt": "x", "duration": seconds}}
        return not [one for one in contract.check_step(step) if one.field.endswith("duration")]

    assert [seconds for seconds in range(25) if taken(seconds)] == list(range(lowest, highest + 1))
    assert not taken(lowest + 0.5)


@pytest.mark.parametrize("operation", ["text-to-video", "image-to-video", "edit-video"])
def test_grok_takes_the_version_that_came_after_the_document(operation):
    properties = (
        load_contract().leaf("videoGen", {"engine": "grok", "operation": operation}).schema["properties"]
    )
    assert properties["version"]["enum"] == ["v1.0"]


def test_nothing_that_has_a_default_is_required_of_a_video():
    """The document requires `cfgScale` of these, and gives it a default all the same."""
    contract = load_contract()
    leaves = list(contract.leaves("videoGen"))
    for leaf in leaves:
        properties = leaf.schema["properties"]
        assert not [name for name in leaf.schema.get("required", ()) if "default" in properties.get(name, {})]
    guided = {
        leaf.discriminators["engine"]
        for leaf in leaves
        if "default" in leaf.schema["properties"].get("cfgScale", {})
    }
    assert {"kling", "lightricks", "hunyuan", "wan"} <= guided
    assert contract.check_step({"$type": "videoGen", "input": {"engine": "kling", "prompt": "x"}}) == []
