"""The Flux family, and others whose version decides what is sent: nothing is shown that is not sent."""

import pytest

from civgen.errors import InvalidInput
from civgen.forms.form import Mode
from civgen.jobs.platform import Platform
from civgen.jobs.preview import preview

FOX = {"url": "https://image.example/fox.jpeg", "width": 1024, "height": 768}
DRAFT, PRO, ULTRA, KREA = 699279, 922358, 1088507, 2068000
FLUX2_FLEX, FLUX2_PRO, KONTEXT_MAX = 2439047, 2439442, 1892523


def sent(platform, ecosystem, records=(), mode=Mode.STRICT, **fields):
    body = preview({"ecosystem": ecosystem, "prompt": "a fox", **fields}, platform, records, mode).body
    return body["steps"][-1]["input"]


def refused(platform, ecosystem, records=(), mode=Mode.STRICT, **fields):
    with pytest.raises(InvalidInput) as caught:
        preview({"ecosystem": ecosystem, "prompt": "a fox", **fields}, platform, records, mode)
    return {problem.field for problem in caught.value.details}


def lora(base_model, air="flux1"):
    return {"id": 7, "type": "LORA", "air": f"urn:air:{air}:lora:civitai:1@7", "baseModel": base_model}


def while_two_cost_as_much_as_one(platform):
    return Platform(platform.catalog, platform.engines, features=frozenset({"enhancedCompatibilitySdcpp"}))


def test_draft_runs_its_own_version_in_four_steps_whatever_the_form_says(platform):
    draft = sent(platform, "Flux1", workflow="txt2img:draft")
    assert draft["model"].endswith(f"@{DRAFT}")
    assert (draft["steps"], draft["cfgScale"], draft["quantity"], draft["batchSize"]) == (4, 1, 4, 1)
    assert refused(platform, "Flux1", workflow="txt2img:draft", steps=25) == {"steps"}


def test_a_version_is_never_exchanged_for_the_one_that_serves_the_workflow_key(platform):
    for mode in Mode:
        assert refused(platform, "Flux1", mode=mode, model=DRAFT) == {"model"}
        assert refused(platform, "Flux1", mode=mode, workflow="txt2img:draft", model=PRO) == {"model"}


def test_a_draft_by_krea_is_a_whole_picture_by_krea_under_repair(platform):
    raw = {"ecosystem": "Flux1", "workflow": "txt2img:draft", "model": KREA, "prompt": "a fox"}
    repaired = preview(raw, platform, mode=Mode.REPAIR)
    assert (repaired.request.ecosystem.key, repaired.request.workflow) == ("FluxKrea", "txt2img")
    assert [change.field for change in repaired.repairs] == ["ecosystem", "workflow"]
    assert repaired.body["steps"][0]["input"]["steps"] == 25


def test_ultra_has_its_own_sizes_and_a_raw_engine_and_chooses_the_rest(platform):
    ultra = sent(platform, "Flux1", model=ULTRA, aspectRatio="21:9", fluxUltraRaw=True)
    assert (ultra["width"], ultra["height"], ultra["engine"]) == (3136, 1344, "flux-pro-raw")
    assert not {"steps", "cfgScale", "negativePrompt"} & ultra.keys()
    assert "engine" not in sent(platform, "Flux1", model=ULTRA)
    assert refused(platform, "Flux1", fluxUltraRaw=True) == {"fluxUltraRaw"}


def test_loras_are_refused_where_they_would_be_dropped(platform):
    fitting = {"resources": [{"id": 7, "strength": 0.8}]}
    records = [lora("Flux.1 D")]
    assert sent(platform, "Flux1", records, **fitting)["additionalNetworks"] == {
        "urn:air:flux1:lora:civitai:1@7": {"strength": 0.8}
    }
    assert refused(platform, "Flux1", records, model=PRO, **fitting) == {"resources"}
    assert refused(platform, "HiDream", [lora("HiDream")], **fitting) == {"resources"}
    assert not sent(platform, "Flux1", records, Mode.REPAIR, model=PRO, **fitting)["additionalNetworks"]


@pytest.mark.parametrize(
    ("version", "scheduler", "steps", "cfg"),
    [
        (1770945, "lcm", 16, 1),
        (1771369, "lcm", 28, 1),
        (1772448, "uniPC", 50, 5),
        (1768731, "lcm", 16, 1),
        (1769068, "lcm", 28, 1),
    ],
)
def test_hidream_is_made_for_one_sampler_and_number_of_steps_a_version(
    platform, version, scheduler, steps, cfg
):
    step = sent(platform, "HiDream", model=version)
    assert (step["scheduler"], step["steps"], step["cfgScale"]) == (scheduler, steps, cfg)
    assert refused(platform, "HiDream", model=version, steps=33) == {"steps"}


def test_flux2_takes_loras_as_a_list_on_dev_alone_and_only_strengths_that_the_contract_takes(platform):
    fitting, records = {"resources": [{"id": 7}]}, [lora("Flux.2 D", "flux2")]
    dev = sent(platform, "Flux2", records, **fitting)
    assert dev["loras"] == [{"air": "urn:air:flux2:lora:civitai:1@7", "strength": 1}]
    assert (dev["model"], dev["operation"], dev["numInferenceSteps"]) == ("dev", "createImage", 25)
    assert refused(platform, "Flux2", records, model=FLUX2_FLEX, **fitting) == {"resources"}
    assert refused(platform, "Flux2", records, resources=[{"id": 7, "strength": -0.5}]) == {"resources"}


def test_flux2_pro_has_no_knobs(platform):
    assert not {"guidanceScale", "numInferenceSteps"} & sent(platform, "Flux2", model=FLUX2_PRO).keys()
    assert refused(platform, "Flux2", model=FLUX2_PRO, cfgScale=5, steps=30) == {"cfgScale", "steps"}


def test_klein_base_listens_and_klein_distilled_runs_as_it_was_distilled(platform):
    asked = {"sampler": "heun", "scheduler": "karras", "cfgScale": 5, "steps": 40}
    base = sent(platform, "Flux2Klein_9B_base", **asked)
    assert (base["modelVersion"], base["sampleMethod"], base["schedule"]) == ("9b-base", "heun", "karras")
    assert (base["cfgScale"], base["steps"]) == (5, 40)
    distilled = sent(platform, "Flux2Klein_4B", mode=Mode.REPAIR, **asked)
    assert (distilled["modelVersion"], distilled["sampleMethod"], distilled["schedule"]) == (
        "4b",
        "euler",
        "simple",
    )
    assert (distilled["cfgScale"], distilled["steps"]) == (1, 12)
    assert refused(platform, "Flux2Klein_4B", **asked) == asked.keys()


def test_klein_takes_the_loras_of_its_base_as_a_map_and_two_source_images(platform):
    records = [lora("Flux.2 Klein 9B-base", "flux2")]
    edit = {"workflow": "img2img:edit", "images": [FOX, FOX]}
    step = sent(platform, "Flux2Klein_9B", records, resources=[{"id": 7, "strength": 0.6}], **edit)
    assert step["loras"] == {"urn:air:flux2:lora:civitai:1@7": 0.6}
    assert (step["operation"], len(step["images"])) == ("editImage", 2)
    assert refused(platform, "Flux2Klein_9B", **{**edit, "images": [FOX] * 3}) == {"images"}


def test_kontext_sends_the_ratio_in_place_of_pixels(platform):
    edit = {"workflow": "img2img:edit", "images": [FOX], "aspectRatio": "9:21"}
    step = sent(platform, "Flux1Kontext", model=KONTEXT_MAX, **edit)
    assert (step["model"], step["aspectRatio"], step["images"]) == ("max", "9:21", [FOX["url"]])
    assert not {"width", "height"} & step.keys()


@pytest.mark.parametrize("ecosystem", ["Flux1", "FluxKrea", "Flux2Klein_4B_base"])
def test_while_the_switch_is_on_two_images_cost_as_much_as_one(platform, ecosystem):
    generous = while_two_cost_as_much_as_one(platform)
    assert (sent(platform, ecosystem)["quantity"], sent(generous, ecosystem)["quantity"]) == (1, 2)
    assert refused(generous, ecosystem, quantity=1) == {"quantity"}


def test_two_images_for_one_end_where_another_engine_makes_them(platform):
    generous = while_two_cost_as_much_as_one(platform)
    assert sent(generous, "Flux1", enhancedCompatibility=True)["quantity"] == 1
    assert sent(generous, "Flux1", model=PRO)["quantity"] == 1


def test_a_family_that_no_longer_generates_says_so(platform):
    with pytest.raises(InvalidInput, match="cannot generate"):
        preview({"ecosystem": "SD2", "prompt": "a fox"}, platform)
