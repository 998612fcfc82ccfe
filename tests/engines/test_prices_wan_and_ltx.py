"""Wan and LTX videos cost what their recipe pages say."""

import pytest

from civgen.engines.pricing import price_step
from civgen.engines.registry import Engines

LORA = [{"air": "urn:air:wanvideo-22-t2v-a14b:lora:civitai:1@2", "strength": 1}]

# Published figures: what is said of the step, Buzz.
WAN = [
    ({"version": "v2.7", "operation": "text-to-video", "duration": 5}, 650),
    ({"version": "v2.7", "operation": "edit-video", "duration": 10, "resolution": "720p"}, 1300),
    ({"version": "v2.6", "duration": 5, "resolution": "720p"}, 650),
    ({"version": "v2.6", "duration": 5}, 975),
    ({"version": "v2.5", "duration": 5, "resolution": "480p"}, 500),
    ({"version": "v2.5", "duration": 10}, 3000),
    ({"version": "v2.2", "duration": 5, "resolution": "720p"}, 520),
    ({"version": "v2.2", "duration": 5, "resolution": "480p"}, 260),
    ({"version": "v2.2", "duration": 5, "resolution": "480p", "loras": LORA}, 474.5),
    ({"version": "v2.2", "duration": 5, "resolution": "720p", "useTurbo": True}, 130),
    ({"version": "v2.2", "duration": 5, "resolution": "580p", "useTurbo": True}, 97.5),
    ({"version": "v2.2", "provider": "comfy", "duration": 5}, None),
    ({"version": "v2.2-5b"}, 142.35),
    ({"version": "v2.2-5b", "useDistill": True}, 75.9),
    ({"version": "v2.2-5b", "useFastWan": True}, 32.5),
    ({"version": "v2.2-5b", "useFastWan": True, "resolution": "580p"}, None),
    ({"version": "v2.2-5b", "operation": "image-to-video", "useFastWan": True}, 142.35),
    ({"version": "v2.1", "duration": 5, "resolution": "720p"}, 1000),
    ({"duration": 3, "width": 848, "height": 480}, 300),
    ({"duration": 3, "width": 640, "height": 360}, None),
    ({"version": "v9"}, None),
]
HD, FULL_HD = {"width": 1280, "height": 720}, {"width": 1920, "height": 1080}
LTX = [
    ({"duration": 5, "fps": 24, "steps": 40, **HD}, 266),
    ({"duration": 10, "fps": 24, "steps": 20, **HD}, 266),
    ({"duration": 5, "fps": 24, "steps": 20, **FULL_HD}, 299),
    ({"operation": "firstLastFrameToVideo"}, 133),
    ({"operation": "editVideo"}, None),
    ({"quantity": 2}, None),
]


@pytest.fixture(scope="module")
def engines():
    return Engines()


@pytest.mark.parametrize(("said", "buzz"), WAN)
def test_wan_costs_what_is_published(engines, said, buzz):
    price = price_step({"$type": "videoGen", "input": {"engine": "wan", **said}}, engines)
    assert price is None if buzz is None else price.exact == pytest.approx(buzz)


@pytest.mark.parametrize("engine", ["ltx2", "ltx2.3"])
@pytest.mark.parametrize(("said", "buzz"), LTX)
def test_ltx_costs_what_is_published_rounded_up(engines, engine, said, buzz):
    price = price_step({"$type": "videoGen", "input": {"engine": engine, **said}}, engines)
    assert (price and price.total) == buzz


@pytest.mark.parametrize("engine", ["hunyuan", "haiper", "minimax", "lightricks", "mochi"])
def test_what_is_published_nowhere_is_unknown(engines, engine):
    assert price_step({"$type": "videoGen", "input": {"engine": engine, "duration": 5}}, engines) is None
