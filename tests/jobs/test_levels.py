"""How a result's level is read, and what is done with it: one table."""

import pytest

from civgen.jobs.levels import judge
from civgen.orchestrator.answers import Blob, Workflow

PRIVATE, PLAIN = {"isPrivateGeneration": True}, {}

# The blob, the workflow's metadata, what it allows, --max-level -> level, reason, whether that can change.
CASES = [
    ({"nsfwLevel": "pg"}, PLAIN, None, None, ("pg", None, False)),
    ({"nsfwLevel": "pG13"}, PLAIN, None, "pg13", ("pg13", None, False)),
    ({"nsfwLevel": "pg-13"}, PLAIN, None, "pg", ("pg13", "aboveLevel", True)),
    ({"nsfwLevel": "na"}, PLAIN, False, "pg", (None, None, False)),
    ({}, PRIVATE, False, "pg", (None, None, False)),
    ({"nsfwLevel": "x"}, PLAIN, True, None, ("x", None, False)),
    ({"nsfwLevel": "x"}, PLAIN, True, "r", ("x", "aboveLevel", True)),
    ({"nsfwLevel": "x"}, PLAIN, None, None, ("x", None, False)),
    ({"nsfwLevel": "r"}, PLAIN, False, None, ("r", "canUpgrade", True)),
    ({"nsfwLevel": "pg13"}, PLAIN, False, None, ("pg13", None, False)),
    ({"nsfwLevel": "r"}, PRIVATE, True, None, ("r", "privateGen", False)),
    ({"nsfwLevel": "pg13"}, PRIVATE, False, None, ("pg13", None, False)),
    ({"nsfwLevel": "r", "blockedReason": "MatureContent"}, PLAIN, False, None, ("r", "MatureContent", True)),
    ({"nsfwLevel": "r", "blockedReason": "none"}, PLAIN, True, None, ("r", None, False)),
    ({"nsfwLevel": "pg", "blockedReason": "Whatever"}, PLAIN, None, None, ("pg", "Whatever", False)),
    ({"nsfwLevel": "x", "blockedReason": "Whatever"}, PRIVATE, False, "pg", ("x", "Whatever", False)),
    ({"nsfwLevel": "pg", "available": False, "url": None}, PLAIN, None, None, ("pg", "lost", False)),
    ({"nsfwLevel": "x", "available": False, "url": None}, PLAIN, False, None, ("x", "canUpgrade", True)),
]


@pytest.mark.parametrize(("blob", "metadata", "allows", "max_level", "expected"), CASES)
def test_what_is_done_with_a_result(blob, metadata, allows, max_level, expected):
    blob = Blob.model_validate({"id": "b", "available": True, "url": "https://a.b/c"} | blob)
    about = {"id": "w-1", "status": "succeeded", "metadata": metadata, "allowMatureContent": allows}
    verdict = judge(blob, Workflow.model_validate(about), max_level)
    assert (verdict.level, verdict.reason, verdict.resolve is not None) == expected
    assert verdict.reason is None or verdict.why


def test_what_is_not_made_yet_is_waited_for():
    blob = Blob.model_validate({"id": "b", "available": False})
    verdict = judge(blob, Workflow.model_validate({"id": "w-1", "status": "processing"}))
    assert verdict.reason == "pending" and "civgen jobs watch w-1" in verdict.resolve
