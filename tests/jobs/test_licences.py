"""A licence's consequences reach the request."""

import pytest

from civgen.errors import InvalidInput
from civgen.jobs.licences import obligations
from civgen.jobs.preview import preview, validate

TURBO = {
    "id": 77,
    "type": "Checkpoint",
    "air": "urn:air:sdxl:checkpoint:civitai:1@77",
    "baseModel": "SDXL Turbo",
}


def request(model=None, **more):
    return {"ecosystem": "SDXL", "prompt": "x", **({"model": model} if model else {}), **more}


def test_mature_content_is_refused_where_the_licence_forbids_it_and_only_there(platform):
    turbo = request({"id": 77, "baseModel": "SDXL Turbo"}, allowMatureContent=True)
    with pytest.raises(InvalidInput) as caught:
        preview(turbo, platform, [TURBO])
    assert caught.value.details[0].field == "allowMatureContent"
    assert "Stability AI Non-Commercial" in caught.value.details[0].message
    assert preview({**turbo, "allowMatureContent": False}, platform, [TURBO])
    assert preview(request(allowMatureContent=True), platform).body["allowMatureContent"]


def test_what_a_licence_asks_for_is_said_before_anything_is_spent(platform):
    turbo = validate(request({"id": 77, "baseModel": "SDXL Turbo"}), platform, [TURBO])
    assert list(obligations(*turbo, platform)) == [
        "that the model is named, as the licence "
        "Stability AI Non-Commercial Research Community License demands"
    ]
    assert list(obligations(*validate(request(), platform), platform)) == []
