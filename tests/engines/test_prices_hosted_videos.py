"""Hosted videos cost what their recipe pages say."""

import pytest

from civgen.engines.pricing import price_step
from civgen.engines.registry import Engines

# What is said of the step, Buzz.
KLING = [
    ({"model": model, "mode": mode, "duration": seconds}, buzz)
    for model in ("v1", "v1.5", "v1.6")
    for mode, seconds, buzz in [
        ("standard", "5", 600),
        ("standard", "10", 1200),
        ("professional", "5", 1050),
        ("professional", "10", 2100),
    ]
] + [
    ({"model": "v1.6"}, 600),
    ({"model": "v2", "duration": "5"}, 1200),
    ({"model": "v2", "duration": "10", "mode": "professional"}, 2400),
    ({"model": "v2.5-turbo", "duration": "5", "mode": "professional"}, 600),
    ({"model": "v2.5-turbo", "duration": "10"}, 1200),
    ({"model": "v9"}, None),
]
KLING_3 = [
    ({"mode": "standard", "duration": 5}, 1095),
    ({"mode": "standard", "duration": 5, "generateAudio": True}, 1460),
    ({"mode": "professional", "duration": 5}, 1460),
    ({"mode": "professional", "duration": 5, "generateAudio": True}, 1820),
    ({"mode": "standard", "duration": 10, "operation": "reference-to-video"}, 2190),
    ({"mode": "standard", "duration": 5, "operation": "video-to-video-reference"}, 1640),
    (
        {"mode": "professional", "duration": 5, "operation": "video-to-video-edit", "generateAudio": True},
        2185,
    ),
    ({}, 1095),
]
VIDU = [({"duration": 4}, 600), ({"model": "q1", "duration": 8, "style": "anime"}, 600)]
VIDU_Q3 = [
    ({"resolution": "360p", "duration": 5}, 455),
    ({"resolution": "540p", "duration": 5}, 455),
    ({"resolution": "720p", "duration": 5, "enableAudio": True}, 1000),
    ({"resolution": "1080p", "duration": 5}, 1000),
    ({"resolution": "540p", "duration": 5, "turbo": True}, 230),
    ({"resolution": "1080p", "duration": 5, "turbo": True}, 500),
    ({}, 1000),
    ({"resolution": "2K"}, None),
]
SEEDANCE = [
    ({"model": "v2", "resolution": "480p", "duration": 5}, 450),
    ({"model": "v2", "resolution": "720p", "duration": 5}, 1000),
    ({"model": "v2", "resolution": "1080p", "duration": 5}, 2450),
    ({"model": "v2-fast", "resolution": "480p", "duration": 4}, 220),
    ({"model": "v2-fast", "resolution": "720p", "duration": 5, "generateAudio": False}, 600),
    ({"model": "v2-fast", "resolution": "1080p", "duration": 5}, None),
    ({"model": "v2-mini", "resolution": "720p", "duration": 5}, 490),
    ({"model": "v2-mini", "resolution": "1080p", "duration": 5}, 1115),
    (
        {"model": "v2-mini", "resolution": "720p", "duration": 5, "referenceVideos": ["https://a.b/c.mp4"]},
        295,
    ),
    ({"model": "v2.5", "resolution": "720p", "duration": 5, "referenceVideos": ["https://a.b/c.mp4"]}, 1500),
    ({"model": "v2.5", "resolution": "480p", "duration": 30}, 4020),
]
GROK = [
    ({"operation": "text-to-video", "resolution": "480p", "duration": 6}, 390),
    ({"operation": "image-to-video", "resolution": "720p"}, 546),
    ({"operation": "edit-video", "resolution": "480p", "duration": 6}, 468),
    ({"operation": "edit-video", "resolution": "720p", "duration": 15, "analyzedDuration": 6}, 624),
    ({"operation": "edit-video", "resolution": "720p", "analyzedDuration": 20}, 832),
]
HAPPY_HORSE = [
    ({"version": "v1.1", "operation": "textToVideo", "resolution": "720p", "duration": 5}, 910),
    ({"version": "v1.1", "operation": "referenceToVideo", "resolution": "1080p", "duration": 5}, 1170),
    ({"version": "v1.0", "operation": "imageToVideo", "resolution": "720p", "duration": 5}, 910),
    ({"version": "v1.0", "operation": "imageToVideo", "resolution": "1080p", "duration": 5}, 1820),
    ({"version": "v1.0", "operation": "videoEdit", "resolution": "720p", "duration": 5}, 1820),
    ({"version": "v1.0", "operation": "videoEdit", "resolution": "1080p", "duration": 5}, 3640),
    ({"version": "v1.1", "operation": "videoEdit", "duration": 5}, None),
    ({"version": "v1.1", "operation": "textToVideo"}, 1170),
]
SORA = [({"resolution": "720p", "duration": 4}, None)]

CELLS = [
    (engine, said, buzz)
    for engine, cells in {
        "kling": KLING,
        "kling-v3": KLING_3,
        "vidu": VIDU,
        "vidu-q3": VIDU_Q3,
        "seedance": SEEDANCE,
        "grok": GROK,
        "happyHorse": HAPPY_HORSE,
        "sora": SORA,
    }.items()
    for said, buzz in cells
]


@pytest.fixture(scope="module")
def engines():
    return Engines()


@pytest.mark.parametrize(("engine", "said", "buzz"), CELLS)
def test_a_hosted_video_costs_what_is_published(engines, engine, said, buzz):
    price = price_step({"$type": "videoGen", "input": {"engine": engine, "prompt": "a fox", **said}}, engines)
    assert (price and price.total) == buzz
