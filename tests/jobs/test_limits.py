"""What a request is held to: one table over what is asked, what forbids it, and what pays."""

import pytest

from civgen.errors import InvalidInput
from civgen.jobs.platform import Platform
from civgen.jobs.preview import preview

ON_SITE = "urn:air:sdxl:lora:civitai:1@77"
EPOCH = "urn:air:sdxl:lora:orchestrator:job-1@epoch-5.safetensors"
RESOURCES = {
    "public": {"air": ON_SITE},
    "private": {"air": ON_SITE, "availability": "Private"},
    "epoch": {"air": EPOCH},
    "minor": {"air": ON_SITE, "minor": True},
    "sfw only": {"air": ON_SITE, "sfwOnly": True},
    "restricted": {"air": ON_SITE, "hasMatureContentRestriction": True},
}
TURBO = {
    "id": 78, "type": "Checkpoint", "air": "urn:air:sdxl:checkpoint:civitai:1@78", "baseModel": "SDXL Turbo",
}  # fmt: skip
BLUE, BOTH, YELLOW = ["blue"], ["blue", "yellow"], ["yellow"]
LEFT_OUT, REFUSED = "left out", "refused"

# What is asked, resource, checkpoint's licence, currencies -> allowMatureContent.
MATURE = [
    (None, "public", "open", YELLOW, False),
    (False, "public", "open", YELLOW, False),
    ("auto", "public", "open", YELLOW, LEFT_OUT),
    ("auto", "public", "open", BLUE, LEFT_OUT),
    (True, "public", "open", YELLOW, True),
    (True, "public", "open", BOTH, True),
    (True, "public", "open", BLUE, REFUSED),
    (False, "public", "open", BLUE, False),
    *((asked, "public", "turbo", YELLOW, False) for asked in (None, False, "auto")),
    (True, "public", "turbo", YELLOW, REFUSED),
    *(
        (asked, resource, "open", YELLOW, REFUSED if asked is True else False)
        for resource in ("private", "epoch", "minor", "sfw only", "restricted")
        for asked in (None, False, "auto", True)
    ),
]


def body(platform, asked, resource, licence, currencies):
    request = {"ecosystem": "SDXL", "prompt": "x", "resources": [{"id": 77}], "allowMatureContent": asked}
    if licence == "turbo":
        request["model"] = {"id": 78, "baseModel": "SDXL Turbo"}
    records = [TURBO, {"id": 77, "type": "LORA", "baseModel": "SDXL 1.0"} | RESOURCES[resource]]
    return preview(request, platform, records, currencies=currencies).body


@pytest.fixture(scope="module")
def member(platform):
    return Platform(platform.catalog, platform.engines, tier="bronze")


@pytest.mark.parametrize(("asked", "resource", "licence", "currencies", "said"), MATURE)
def test_whether_mature_content_may_come_out(member, asked, resource, licence, currencies, said):
    if said is REFUSED:
        with pytest.raises(InvalidInput) as caught:
            body(member, asked, resource, licence, currencies)
        assert {one.field for one in caught.value.details} == {"allowMatureContent"}
    else:
        made = body(member, asked, resource, licence, currencies)
        assert made.get("allowMatureContent", LEFT_OUT) == said


@pytest.mark.parametrize(("resource", "private"), [("private", True), ("epoch", True), ("public", False)])
def test_what_is_private_is_held_to_pg13_and_marked(member, resource, private):
    made = body(member, None, resource, "open", YELLOW)
    assert made.get("nsfwLevel") == ("pg13" if private else None)
    assert made["metadata"]["isPrivateGeneration"] is private


def test_private_resources_need_a_membership(platform):
    with pytest.raises(InvalidInput) as caught:
        body(platform, None, "private", "open", YELLOW)
    assert "membership" in caught.value.details[0].message and "--tier" in caught.value.details[0].hint


def test_what_is_asked_is_said_on_the_command_line_or_in_the_request(run):
    words = ("preview", "-e", "SDXL", "-p", "x", "--json")
    said = {how: run(*words, "--mature", how).json.get("allowMatureContent") for how in ("yes", "no", "auto")}
    assert said == {"yes": True, "no": False, "auto": None}
    assert run(*words).json["allowMatureContent"] is False
    assert run(*words, "--mature", "maybe").code == 2
    wrong = run(*words, "--set", "allowMatureContent=maybe").json["error"]["details"][0]
    assert wrong["field"] == "allowMatureContent" and "auto" in wrong["message"]
