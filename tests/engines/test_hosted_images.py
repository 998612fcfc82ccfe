"""Images of hosted and open models: what goes out, and what is refused before it does."""

import pytest

from civgen.catalog import Catalog
from civgen.errors import InvalidInput
from civgen.forms.form import Mode
from civgen.jobs.platform import Platform
from civgen.jobs.preview import preview

FOX = {"url": "https://image.example/fox.jpeg", "width": 1024, "height": 768}


def sent(platform, ecosystem, mode=Mode.STRICT, **fields):
    (step,) = preview({"ecosystem": ecosystem, "prompt": "a fox", **fields}, platform, (), mode).body["steps"]
    return step["input"]


def refused(platform, ecosystem, **fields):
    with pytest.raises(InvalidInput) as caught:
        preview({"ecosystem": ecosystem, "prompt": "a fox", **fields}, platform)
    return {problem.field for problem in caught.value.details}


def test_the_version_of_nano_banana_decides_which_engine_makes_it(platform):
    standard = sent(platform, "NanoBanana")
    assert (standard["engine"], standard["model"]) == ("gemini", "2.5-flash")
    pro = sent(platform, "NanoBanana", model=2436219, resolution="4K", negativePrompt="blur", seed=5)
    assert (pro["engine"], pro["model"], pro["resolution"]) == ("google", "nano-banana-pro", "4K")
    assert not {"negativePrompt", "seed", "enableWebSearch"} & pro.keys()
    second = sent(platform, "NanoBanana", model=2725610, enableWebSearch=True, seed=5)
    assert (second["model"], second["enableWebSearch"], second["seed"]) == ("nano-banana-2", True, 5)
    assert refused(platform, "NanoBanana", model=2436219, enableWebSearch=True) == {"enableWebSearch"}
    assert refused(platform, "NanoBanana", resolution="4K") == {"resolution"}


def test_gpt_image_takes_a_size_as_its_version_wants_it(platform):
    second = sent(platform, "OpenAI", aspectRatio="3:2")
    assert (second["width"], second["height"], second["model"]) == (1536, 1024, "gpt-image-2")
    first = sent(platform, "OpenAI", model=1733399, aspectRatio="3:2", transparent=True)
    assert (first["size"], first["background"]) == ("1536x1024", "transparent")
    assert not {"width", "height", "seed"} & first.keys()
    assert refused(platform, "OpenAI", transparent=True) == {"transparent"}


def test_a_version_that_takes_what_its_engine_does_not_have_is_told_what_there_is(workspace, platform):
    text = (
        'override = true\n[[versions]]\nid = 9\nlabel = "New"\nengine = { model = "m", takes = ["sise"] }\n'
    )
    (workspace / "ecosystems" / "OpenAI.toml").write_text(text)
    with pytest.raises(InvalidInput) as caught:
        sent(Platform(Catalog(workspace), platform.engines), "OpenAI", model=9)
    assert caught.value.hint == "Did you mean size?"


def test_an_edit_takes_no_more_images_than_the_contract(platform):
    for ecosystem, most in {"NanoBanana": 4, "Grok": 3, "Qwen": 3, "OpenAI": 7, "WanImage27": 5}.items():
        edit = {"workflow": "img2img:edit", "images": [FOX] * most}
        assert len(sent(platform, ecosystem, **edit)["images"]) == most
        edit["images"] = [FOX] * (most + 1)
        assert refused(platform, ecosystem, **edit) == {"images"}
        assert len(sent(platform, ecosystem, Mode.REPAIR, **edit)["images"]) == most


def test_an_edit_by_qwen_has_the_weights_for_it_and_the_size_of_its_source(platform):
    edit = sent(platform, "Qwen", workflow="img2img:edit", images=[FOX])
    assert (edit["operation"], edit["version"]) == ("editImage", "2511")
    assert not {"width", "height"} & edit.keys()
    assert refused(platform, "Qwen", workflow="img2img:edit", images=[FOX], model=2552908) == {"model"}


def test_fal_is_told_a_shape_by_its_own_name(platform):
    assert sent(platform, "WanImage27", aspectRatio="16:9")["imageSize"] == "landscape_16_9"
    assert sent(platform, "Qwen2", aspectRatio="3:4")["imageSize"] == "portrait_4_3"
    for ecosystem in ("WanImage27", "Qwen2"):
        assert refused(platform, ecosystem, workflow="img2img:edit", images=[FOX], prompt=" ") == {"prompt"}
        assert refused(platform, ecosystem, seed=2**31) == {"seed"}


def test_open_weights_go_out_with_their_checkpoint_and_loras(platform):
    lora = {"id": 7, "type": "LORA", "air": "urn:air:zimagebase:lora:civitai:1@7", "baseModel": "ZImageBase"}
    raw = {"ecosystem": "ZImageTurbo", "prompt": "a fox", "resources": [{"id": 7}]}
    (step,) = preview(raw, platform, [lora]).body["steps"]
    turbo = step["input"]
    assert turbo["diffuserModel"] == "urn:air:zimageturbo:checkpoint:civitai:2168935@2442439"
    assert turbo["loras"] == {lora["air"]: 1}
    assert (turbo["model"], turbo["steps"], turbo["sampleMethod"]) == ("turbo", 9, "euler")
    assert refused(platform, "ZImageTurbo", sampler="heun") == {"sampler"}
    assert sent(platform, "ZImageBase", sampler="heun")["sampleMethod"] == "heun"


def test_a_turbo_without_loras_refuses_them(platform):
    turbo = sent(platform, "Ernie", model=2863892)
    assert (turbo["model"], turbo["steps"], turbo["cfgScale"]) == ("turbo", 8, 1)
    assert refused(platform, "Ernie", model=2863892, resources=[{"id": 7}]) == {"resources"}
