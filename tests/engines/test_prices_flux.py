"""Flux.1 Kontext, Flux.2 and Klein cost what their recipe pages say."""

import pytest

from civgen.engines.pricing import price_step
from civgen.engines.registry import Engines

# Published figures: what is said of the step, Buzz.
KONTEXT = [
    ({"model": "dev"}, 35),
    ({"model": "pro"}, 45),
    ({"model": "max"}, 90),
    ({"model": "pro", "images": ["https://example.com/a.png"], "aspectRatio": "21:9"}, 45),
    ({"model": "max", "quantity": 3}, 270),
]
FLUX2 = [
    ({"model": "dev"}, 40),
    ({"model": "dev", "loras": [{"air": "urn:air:flux2:lora:civitai:1@2"}]}, 80),
    ({"model": "dev", "width": 1000, "height": 1000, "quantity": 2}, 40),
    ({"model": "dev", "width": 1536, "height": 1536}, 60),
    ({"model": "flex"}, None),
    ({"model": "pro"}, None),
    ({"model": "max"}, None),
]
KLEIN = [
    ({}, 12),
    ({"modelVersion": "4b", "quantity": 4}, 48),
    ({"modelVersion": "4b", "operation": "editImage", "images": ["https://example.com/a.png"]}, 24),
    ({"modelVersion": "9b", "width": 1024, "height": 1536, "steps": 24, "cfgScale": 5}, 24),
    ({"modelVersion": "9b-base", "steps": 30, "cfgScale": 1}, 15),
    ({"modelVersion": "9b-kv"}, None),
]


def total(**said):
    price = price_step({"$type": "imageGen", "input": said}, Engines())
    return price and price.total


@pytest.mark.parametrize(("said", "buzz"), KONTEXT)
def test_kontext_has_a_flat_price_an_image(said, buzz):
    assert total(engine="flux1-kontext", **said) == buzz


@pytest.mark.parametrize(("said", "buzz"), FLUX2)
def test_flux2_dev_goes_by_megapixels_begun_and_the_others_are_not_published(said, buzz):
    assert total(engine="flux2", **said) == buzz


@pytest.mark.parametrize(("said", "buzz"), KLEIN)
def test_klein_goes_by_steps_images_and_guidance(said, buzz):
    assert total(engine="flux2", **{"model": "klein", **said}) == buzz
