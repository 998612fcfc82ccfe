"""A request carried through to its body."""

import json

import pytest

from civgen.errors import InvalidInput, NotFound
from civgen.forms.form import Mode
from civgen.jobs.body import whatif_body
from civgen.jobs.platform import Platform
from civgen.jobs.preview import preview

FOX = {"url": "https://image.example/fox.jpeg", "width": 1024, "height": 768}
LORA = {"id": 1, "type": "LORA", "air": "urn:air:sdxl:lora:civitai:7@1", "baseModel": "Pony"}
STRANGER = {"id": 2, "type": "LORA", "air": "urn:air:sd1:lora:civitai:7@2", "baseModel": "SD 1.5"}


def sdxl(**fields):
    return {"ecosystem": "SDXL", "prompt": "a fox", **fields}


def problems(platform, raw, records=(), mode=Mode.STRICT):
    with pytest.raises(InvalidInput) as caught:
        preview(raw, platform, records, mode)
    return {problem.field: problem for problem in caught.value.details}


def test_a_plain_request_becomes_one_step_with_everything_the_orchestrator_needs(platform):
    body = preview(sdxl(seed=5), platform).body
    (step,) = body["steps"]
    assert step["$type"] == "textToImage"
    assert step["input"]["model"] == "urn:air:sdxl:checkpoint:civitai:101055@128078"
    assert (step["input"]["width"], step["input"]["steps"], step["input"]["scheduler"]) == (
        1024,
        30,
        "eulerA",
    )
    assert (step["priority"], step["timeout"]) == ("low", "00:20:00")
    assert body["tags"] == ["civgen", "gen", "img", "txt2img", "SDXL"]
    assert body["metadata"]["params"]["prompt"] == "a fox"
    assert json.loads(json.dumps(body)) == body


def test_a_preview_is_the_same_every_time_and_says_that_a_seed_will_be_drawn(platform):
    first, second = preview(sdxl(), platform), preview(sdxl(), platform)
    assert first.body == second.body
    assert first.seed_drawn and not preview(sdxl(seed=1), platform).seed_drawn
    assert preview(sdxl(), platform, draw_seed=lambda: 77).body["steps"][0]["input"]["seed"] == 77


def test_every_problem_of_fields_resources_and_route_comes_at_once(platform):
    raw = sdxl(workflow="txt2vid", steps=9999, sampler="nope", resources=[{"id": 2}, {"id": 3}], tags="x")
    found = problems(platform, raw, [STRANGER])
    assert found.keys() == {"workflow", "steps", "sampler", "resources[0]", "resources[1]", "tags"}
    assert found["steps"].allowed == {"min": 10, "max": 50, "step": 1}
    assert "Euler a" in found["sampler"].allowed
    assert "no rule lets SDXL use LORA of SD1" in found["resources[0]"].message
    assert "--resources" in found["resources[1]"].hint


def test_a_resource_that_does_not_fit_is_left_out_under_repair_and_reported(platform):
    raw = sdxl(resources=[{"id": 2}, {"id": 1, "strength": 0.5}])
    result = preview(raw, platform, [LORA, STRANGER], Mode.REPAIR)
    assert result.body["steps"][0]["input"]["additionalNetworks"] == {LORA["air"]: {"strength": 0.5}}
    assert [repair.field for repair in result.repairs] == ["resources[0]"]
    assert result.body["steps"][0]["timeout"] == "00:21:00"


@pytest.mark.parametrize("mode", list(Mode))
def test_another_model_than_the_one_asked_for_is_never_run(platform, mode):
    veo = {"ecosystem": "Veo3", "prompt": "x", "model": {"id": 800001}}
    assert problems(platform, veo, [{"id": 800001, "type": "Checkpoint", "air": "a:b:1"}], mode).keys() == {
        "model"
    }
    stranger = {
        "id": 9,
        "type": "Checkpoint",
        "air": "urn:air:veo3:checkpoint:civitai:1@9",
        "baseModel": "Veo 3",
    }
    assert "belongs to Veo3" in problems(platform, sdxl(model={"id": 9}), [stranger], mode)["model"].message
    assert "neither the catalogue" in problems(platform, sdxl(model=77), [], mode)["model"].message


def test_a_request_may_name_its_base_model_its_engine_or_its_version_instead_of_the_ecosystem(platform):
    assert preview({"baseModel": "SD 1.5", "prompt": "x"}, platform).request.ecosystem.key == "SD1"
    assert preview({"engine": "veo3", "prompt": "x"}, platform).request.ecosystem.key == "Veo3"
    assert preview({"model": 2208278, "prompt": "x"}, platform).body["steps"][0]["input"]["version"] == "v4"
    assert "SDXL" in problems(platform, {"engine": "text-to-image", "prompt": "x"})["ecosystem"].allowed
    assert problems(platform, {"prompt": "x"}).keys() == {"ecosystem"}
    with pytest.raises(NotFound, match="SDXXL"):
        preview({"ecosystem": "SDXXL", "prompt": "x"}, platform)


def test_the_workflow_key_follows_the_media_only_under_repair(platform):
    raw = {"ecosystem": "Seedream", "workflow": "txt2img", "prompt": "x", "images": [FOX]}
    assert problems(platform, raw).keys() == {"images"}
    repaired = preview(raw, platform, mode=Mode.REPAIR)
    assert repaired.request.workflow == "img2img:edit"
    assert repaired.repairs[0].as_json() == {
        "field": "workflow",
        "from": "txt2img",
        "to": "img2img:edit",
        "why": "follows the media that came along, or the model",
    }


WAN = {"ecosystem": "WanVideo14B_T2V", "workflow": "img2vid", "prompt": "x", "images": [FOX]}


def test_a_workflow_key_that_a_sibling_carries_out_goes_there_under_repair_only(platform):
    found = problems(platform, {**WAN, "duration": 99})
    assert found["workflow"].hint == "Ask for ecosystem WanVideo14B_I2V_480p."
    assert found.keys() == {"workflow", "duration"}
    repaired = preview(WAN, platform, mode=Mode.REPAIR)
    assert repaired.request.ecosystem.key == "WanVideo14B_I2V_480p"
    assert [(one.field, one.to) for one in repaired.repairs] == [("ecosystem", "WanVideo14B_I2V_480p")]


def test_a_field_that_a_sibling_stands_for_leads_there_under_repair_but_never_away_from_a_model(platform):
    taller = {**WAN, "resolution": "720p"}
    assert preview(taller, platform, mode=Mode.REPAIR).request.ecosystem.key == "WanVideo14B_I2V_720p"
    own = {**taller, "ecosystem": "WanVideo14B_I2V_480p"}
    assert "WanVideo14B_I2V_720p" in problems(platform, own)["resolution"].hint
    kept = preview({**own, "model": 1501125}, platform, mode=Mode.REPAIR)
    assert (kept.request.ecosystem.key, kept.values["resolution"]) == ("WanVideo14B_I2V_480p", "480p")


def test_a_workflow_key_may_be_carried_out_as_another_of_its_own(platform):
    raw = {**WAN, "ecosystem": "HyV1"}
    assert problems(platform, raw).keys() == {"workflow", "images"}
    repaired = preview(raw, platform, mode=Mode.REPAIR)
    assert (repaired.request.ecosystem.key, repaired.request.workflow) == ("HyV1", "txt2vid")
    assert {one.field for one in repaired.repairs} == {"workflow", "images"}


def test_a_control_net_is_preprocessed_first_and_referred_to(platform):
    net = {"preprocessor": "depthAnythingV2", "image": {"url": FOX["url"]}}
    first, second = preview(sdxl(controlNets=[net]), platform).body["steps"]
    assert first["input"] == {"kind": "depth-anything-v2", "image": FOX["url"]}
    assert second["input"]["controlNets"][0]["image"] == {"$ref": "$0", "path": "output.blob.url"}
    ready = preview(sdxl(controlNets=[{**net, "mode": "preprocessed"}]), platform).body["steps"]
    assert [step["$type"] for step in ready] == ["textToImage"]


def test_from_an_image_it_becomes_a_graph_with_loaders_on_top_of_each_other(platform):
    vae = {"id": 3, "type": "VAE", "air": "urn:air:sdxl:vae:civitai:7@3", "baseModel": "SDXL 1.0"}
    raw = sdxl(workflow="img2img:hires-fix", images=[FOX], resources=[{"id": 1}], vae={"id": 3}, seed=1)
    (step,) = preview(raw, platform, [LORA, vae]).body["steps"]
    nodes = step["input"]["comfyWorkflow"]
    assert nodes["resource-stack-1"]["inputs"]["model"] == ["resource-stack", 0]
    assert nodes["vae"]["inputs"]["vae_name"] == vae["air"]
    text = json.dumps(nodes)
    assert '"$' not in text and '["vae", 0]' in text and '["resource-stack-1", 0]' in text
    scaled = next(node["inputs"] for node in nodes.values() if node["class_type"] == "ImageScale")
    assert (scaled["width"], scaled["height"]) == (1536, 1152)


def test_a_version_that_tells_its_engine_too_little_is_an_error_with_a_hint(workspace, platform):
    from civgen.catalog import Catalog

    text = 'override = true\n[[versions]]\nid = 4242424\nlabel = "v9"\n'
    (workspace / "ecosystems" / "Seedream.toml").write_text(text)
    mine = Platform(Catalog(workspace), platform.engines)
    with pytest.raises(InvalidInput) as caught:
        preview({"model": 4242424, "prompt": "x"}, mine)
    assert "engine = { version" in caught.value.hint


def test_a_new_version_of_an_existing_engine_is_one_table(workspace, platform):
    from civgen.catalog import Catalog

    text = 'override = true\n[[versions]]\nid = 4242424\nlabel = "v4 again"\nengine = { version = "v4" }\n'
    (workspace / "ecosystems" / "Seedream.toml").write_text(text)
    mine = Platform(Catalog(workspace), platform.engines)
    assert preview({"model": 4242424, "prompt": "x"}, mine).body["steps"][0]["input"]["version"] == "v4"


def test_what_the_contract_refuses_never_gets_out(workspace, platform):
    from civgen.catalog import Catalog

    text = 'override = true\n[[versions]]\nid = 4242424\nlabel = "v9"\nengine = { version = "v9" }\n'
    (workspace / "ecosystems" / "Seedream.toml").write_text(text)
    with pytest.raises(InvalidInput, match=r"would refuse .*: steps\[0\]") as caught:
        preview({"model": 4242424, "prompt": "x"}, Platform(Catalog(workspace), platform.engines))
    assert caught.value.details[0].field == "steps[0].input.version"


def test_a_priced_body_carries_no_external_id_and_nothing_a_price_does_not_need(platform):
    body = preview(sdxl(externalId="abc", tags=["mine"]), platform).body
    assert body["externalId"] == "abc" and body["tags"][-1] == "mine"
    assert whatif_body(body).keys() == {"steps", "currencies"}


def test_tiers_limit_how_many(platform):
    gold = Platform(platform.catalog, platform.engines, tier="gold")
    assert preview(sdxl(quantity=12), gold).body["steps"][0]["input"]["quantity"] == 12
    assert problems(platform, sdxl(quantity=12)).keys() == {"quantity"}
    draft = preview(sdxl(workflow="txt2img:draft", quantity=8), gold).body["steps"][0]["input"]
    assert (draft["quantity"], draft["batchSize"], draft["steps"]) == (2, 4, 8)


def test_a_sampler_that_is_wrong_on_the_platform_is_refused_with_the_reason(platform):
    assert "Comfy has no such sampler" in problems(platform, sdxl(sampler="PLMS"))["sampler"].hint
    assert problems(platform, sdxl(sampler="nope"))["sampler"].hint == "So says ecosystem SDXL."
