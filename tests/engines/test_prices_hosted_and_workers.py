"""Prices of OpenAI, Google, Grok, Wan and Qwen, and of the orchestrator's own workers, as published."""

import pytest

from civgen.engines.pricing import price_step
from civgen.engines.registry import Engines

ONE, THREE = ["https://x/1.png"], ["https://x/1.png", "https://x/2.png", "https://x/3.png"]


def gpt2(width, height, **more):
    return {"engine": "openai", "model": "gpt-image-2", "width": width, "height": height, **more}


def google(model, **more):
    return {"engine": "google", "model": model, **more}


def wan(version, **more):
    return {"engine": "wan", "version": version, **more}


def sdcpp(ecosystem, side=1024, **more):
    return {"engine": "sdcpp", "ecosystem": ecosystem, "width": side, "height": side, **more}


def comfy(ecosystem, side=1024, **more):
    return sdcpp(ecosystem, side, **more) | {"engine": "comfy"}


# Cells of the tables and worked examples of the recipe pages: the input, Buzz before any rounding.
PUBLISHED = [
    (gpt2(1024, 768, quality="low"), 13),
    (gpt2(1024, 1024, quality="medium"), 78),
    (gpt2(1024, 1536), 221),
    (gpt2(1536, 1024), 221),
    (gpt2(1920, 1080, quantity=2), 416),
    (gpt2(2560, 1440, quality="high"), 299),
    (gpt2(3840, 2160, quality="medium"), 143),
    (gpt2(256, 256, quality="low"), 13),
    (gpt2(3840, 3840, quality="high"), 533),
    ({"engine": "openai", "model": "gpt-image-2", "operation": "createImage"}, 286),
    ({"engine": "openai", "model": "gpt-image-1.5", "quality": "medium"}, 100),
    ({"engine": "openai", "model": "gpt-image-1.5", "quantity": 2}, 750),
    ({"engine": "openai", "model": "gpt-image-1", "quality": "low"}, 25),
    ({"engine": "openai", "model": "gpt-image-1"}, 300),
    ({"engine": "openai", "model": "dall-e-3", "quality": "hd"}, 300),
    ({"engine": "openai", "model": "dall-e-2", "size": "512x512"}, 300),
    (google("imagen4", numImages=2), 80),
    (google("nano-banana-2-lite"), 44),
    (google("nano-banana-2"), 104),
    (google("nano-banana-2", resolution="4K", numImages=4), 832),
    (google("nano-banana-2", enableWebSearch=True), 124),
    (google("nano-banana-2", enableWebSearch=True, enableGoogleSearch=True, numImages=2), 288),
    (google("nano-banana-pro", resolution="2K"), 230),
    (google("nano-banana-pro", images=ONE), 180),
    (google("nano-banana-pro", resolution="4K", images=THREE), 340),
    ({"engine": "gemini", "model": "2.5-flash", "operation": "editImage", "quantity": 4}, 240),
    ({"engine": "grok", "operation": "createImage", "quantity": 4}, 104),
    ({"engine": "grok", "operation": "editImage", "images": THREE}, 29),
    (wan("v2.2"), 150),
    ({"engine": "wan"}, 150),
    (wan("v2.2", quantity=2, loras=[{"air": "urn:air:wan:lora:civitai:1@2"}]), 600),
    (wan("v2.2-5b"), 100),
    (wan("v2.5", quantity=4), 130),
    (wan("v2.7"), 39),
    (wan("v2.7", usePro=True), 97.5),
    ({"engine": "qwen", "model": "2.0"}, 45.5),
    ({"engine": "qwen", "model": "edit"}, 58.5),
    ({"engine": "qwen", "model": "edit-max", "quantity": 2}, 195),
    (sdcpp("sd1", 512, steps=40), 8),
    (sdcpp("sd1", width=768, height=512, steps=25), 7.5),
    (comfy("sd1", 512), 4),
    (sdcpp("sdxl", steps=35), 14),
    (sdcpp("sdxl", width=1536, height=640, steps=25), 9.375),
    (comfy("flux1", 2048), 32),
    (sdcpp("zImage", model="turbo", width=1536, height=1024, steps=12), 16),
    (sdcpp("zImage", model="base", steps=30), 30),
    ({"engine": "sdcpp", "ecosystem": "anima"}, 9.6),
    (sdcpp("anima", steps=30, quantity=4), 38.4),
    (comfy("ernie", model="ernie", steps=40), 40),
    (comfy("ernie", model="turbo", quantity=4), 32),
    (comfy("ernie", model="ernie", width=832, height=1216), 19.296875),
    (sdcpp("qwen", 1328, model="20b", operation="createImage", quantity=4), 120),
    (sdcpp("qwen", model="20b", operation="editImage", images=ONE), 40),
    (sdcpp("qwen", model="20b", operation="editImage", images=THREE), 48),
    (sdcpp("flux1", steps=28, cfgScale=3.5, quantity=4), 112),
    (sdcpp("flux1", operation="createVariant", image=ONE[0]), 28),
    (sdcpp("flux1", operation="editImage", images=ONE), 56),
    (sdcpp("flux2Klein", modelVersion="9b", steps=8, cfgScale=1), 4),
    (sdcpp("flux2Klein"), 12),
]

NOT_PUBLISHED = [
    {"engine": "openai", "model": "gpt-image-9"},
    {"engine": "openai", "model": "gpt-image-2", "operation": "editImage", "images": ONE},
    google("nano-banana-2", resolution="8K"),
    {"engine": "fal", "model": "qwen2", "operation": "createImage"},
    wan("v3"),
    comfy("anima"),
    {"engine": "sdcpp", "ecosystem": "qwen", "model": "20b", "operation": "editImage", "images": ONE},
    sdcpp("flux2Klein", modelVersion="9b-kv"),
    gpt2({"$ref": "$0", "path": "output.width"}, 1024),
]


@pytest.fixture(scope="module")
def engines():
    return Engines()


@pytest.mark.parametrize(("given", "buzz"), PUBLISHED)
def test_a_step_costs_what_is_published(engines, given, buzz):
    assert price_step({"$type": "imageGen", "input": given}, engines).exact == pytest.approx(buzz)


@pytest.mark.parametrize("given", NOT_PUBLISHED)
def test_what_nobody_published_is_unknown_and_never_guessed(engines, given):
    assert price_step({"$type": "imageGen", "input": given}, engines) is None
