"""A model that was swapped never passes unseen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from civgen.errors import AnswerIsNo
from civgen.jobs.substitution import refuse_substitution, substitutions
from civgen.orchestrator.answers import Workflow

MODEL, OTHER = "urn:air:sdxl:checkpoint:civitai:1@2", "urn:air:sdxl:checkpoint:civitai:1@3"
LORA, ANOTHER = "urn:air:sdxl:lora:civitai:5@6", "urn:air:sdxl:lora:civitai:7@8"
INPUT = {"model": MODEL, "prompt": "a fox", "loras": {LORA: {"strength": 1}}}


def reply(step_input: Any, **more: Any) -> Workflow:
    return Workflow.model_validate({"id": "w", "steps": [{"$type": "x", "input": step_input}], **more})


@pytest.mark.parametrize(
    ("given", "swapped"),
    [
        (INPUT, False),
        (INPUT | {"seed": 4, "width": 1024}, False),
        (INPUT | {"model": MODEL.upper().replace("URN:AIR", "urn:air")}, False),
        (INPUT | {"model": "urn:air:sdxl:checkpoint:civitai:1@2.safetensors"}, True),
        (INPUT | {"model": "urn:air:illustrious:checkpoint:civitai:1@2"}, False),
        (None, False),
        ({}, False),
        ({"model": None}, False),
        (INPUT | {"model": OTHER}, True),
        (INPUT | {"loras": {ANOTHER: {"strength": 1}}}, True),
        (INPUT | {"loras": {LORA: {"strength": 1}, ANOTHER: {}}}, False),
    ],
)
def test_every_air_is_compared_with_the_same_place_of_the_answer(given: Any, swapped: bool) -> None:
    assert bool(substitutions({"steps": [{"input": INPUT}]}, reply(given))) is swapped


@pytest.mark.parametrize("where", ["modelSubstitutions", "metadata"])
def test_what_the_answer_says_itself_counts(where: str) -> None:
    said = [{"requested": 2, "used": 3}]
    more = {where: said} if where == "modelSubstitutions" else {"metadata": {"modelSubstitutions": said}}
    with pytest.raises(AnswerIsNo, match=r"swapped a model.*Nothing was sent") as caught:
        refuse_substitution({"steps": [{"input": INPUT}]}, reply(INPUT, **more), "Nothing was sent.")
    assert json.dumps(caught.value.as_json())


def test_a_swapped_model_is_an_answer_of_no_before_anything_is_sent(
    run: Any, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from civgen.orchestrator.client import Orchestrator

    async def swapped(self: Orchestrator, body: dict[str, Any]) -> Workflow:
        steps = json.loads(json.dumps(body["steps"]).replace("@128078", "@999"))
        return Workflow.model_validate({"steps": steps, "cost": {"total": 1}})

    monkeypatch.setattr(Orchestrator, "whatif", swapped)
    done = run("submit", "-e", "SDXL", "-p", "a fox", "--json")
    assert (done.code, done.json["error"]["code"]) == (7, "answer-is-no")
    assert "128078" in done.json["error"]["message"] and "999" in done.json["error"]["message"]
    assert not (workspace / ".civgen" / "journal.sqlite").exists()
