"""Any body, step or input against the contract, and one contract against another."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from civgen.orchestrator.contract import load_contract
from civgen.orchestrator.contract.contract import Contract
from civgen.orchestrator.contract.diff import Difference, diff, leaf_name
from civgen.orchestrator.contract.verdict import verdict

Run = Callable[..., Any]
STEP = {
    "$type": "videoGen",
    "input": {"engine": "veo3", "prompt": "a fox", "generateAudio": True},
}


def test_what_it_is_is_told_by_its_keys() -> None:
    contract = load_contract()
    assert verdict({"steps": [STEP]}, contract).kind == "body"
    assert verdict(STEP, contract).kind == "step"
    assert verdict(STEP["input"], contract, "videoGen").kind == "input"


def test_it_says_which_branch_the_discriminators_chose() -> None:
    found = verdict({"steps": [STEP, {"$type": "videoGen", "input": {"engine": "vio"}}]}, load_contract())
    assert [(one.at, one.leaf) for one in found.branches] == [
        ("steps[0]", "videoGen veo3"),
        ("steps[1]", None),
    ]
    assert found.branches[0].chosen == {"engine": "veo3"}


@pytest.mark.parametrize(
    ("document", "step", "fields"),
    [
        ({"steps": [STEP]}, None, []),
        ({"steps": [STEP], "tgs": []}, None, ["tgs"]),
        (
            {"steps": [{**STEP, "input": {**STEP["input"], "durationn": 8}}]},
            None,
            ["steps[0].input.durationn"],
        ),
        ({**STEP, "input": {**STEP["input"], "aspectRatio": "1:2"}}, None, ["input.aspectRatio"]),
        ({**STEP["input"], "aspectRatio": "1:2", "nope": 1}, "videoGen", ["aspectRatio", "nope"]),
        ({"engine": "vio"}, "videoGen", ["engine"]),
        ({"$type": "echo"}, None, ["input"]),
    ],
)
def test_every_problem_has_its_path_in_what_was_given(document, step, fields) -> None:
    found = verdict(document, load_contract(), step)
    assert sorted(one.field for one in found.problems) == fields
    assert found.taken is (not fields)


def test_the_command_gates_and_names_what_was_meant(run: Run) -> None:
    assert run("contract", "check", "-", stdin=json.dumps({"steps": [STEP]})).code == 0
    wrong = {"steps": [{**STEP, "$type": "videoGn"}]}
    refused = run("contract", "check", "-", "--json", stdin=json.dumps(wrong))
    assert refused.code == 7
    assert refused.json["data"]["taken"] is False
    assert refused.json["error"]["details"][0]["hint"] == "Did you mean videoGen?"


@pytest.mark.parametrize("text", ["[1]", '{"a": 1}', "{", '"x"'])
def test_what_is_neither_is_bad_input(run: Run, text: str) -> None:
    assert run("contract", "check", "-", stdin=text).code == 2


def test_an_unknown_step_type_is_bad_input(run: Run) -> None:
    refused = run("contract", "check", "-", "--step", "videoGn", stdin="{}")
    assert refused.code == 2 and "videoGen" in refused.stderr


def test_a_batch_answers_line_by_line(run: Run) -> None:
    lines = [
        {"id": 1, "step": STEP},
        {"id": 2, "step": {"$type": "echo"}},
        {"id": 3, "body": {"steps": [STEP]}},
    ]
    done = run("contract", "check", "--batch", "-", stdin="\n".join(map(json.dumps, lines)))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["id"], one["ok"]) for one in answers] == [(1, True), (2, False), (3, True)]
    assert done.code == 9


class Edited(Contract):
    """The contract with some leaves changed."""

    def __init__(self, edit: Callable[[dict[str, Any]], None], leaf: str) -> None:
        self._whole, self._edit, self._name = load_contract(), edit, leaf

    def leaves(self, step_type: str | None = None) -> Any:
        for one in self._whole.leaves(step_type):
            if leaf_name(one) == self._name:
                schema = copy.deepcopy(one.schema)
                self._edit(schema)
                yield type(one)(one.step_type, one.name, one.discriminators, schema)
            else:
                yield one


def differences(edit: Callable[[dict[str, Any]], None]) -> list[Difference]:
    return list(diff(load_contract(), Edited(edit, "videoGen veo3")))


def test_a_contract_does_not_differ_from_itself() -> None:
    assert differences(lambda schema: None) == []


def _set(name: str, **keywords: Any) -> Callable[[dict[str, Any]], None]:
    return lambda schema: schema["properties"][name].update(keywords)


@pytest.mark.parametrize(
    ("edit", "field", "what", "how"),
    [
        (lambda schema: schema["properties"].pop("duration"), "duration", "field", "vanished"),
        (lambda schema: schema["properties"].update(fps={"type": "integer"}), "fps", "field", "appeared"),
        (_set("aspectRatio", enum=["16:9"]), "aspectRatio", "enum", "narrower"),
        (_set("aspectRatio", enum=["16:9", "9:16", "1:1", "4:3"]), "aspectRatio", "enum", "wider"),
        (_set("prompt", maxLength=10), "prompt", "maxLength", "narrower"),
        (_set("seed", minimum=5), "seed", "minimum", "narrower"),
        (_set("prompt", type="integer"), "prompt", "type", "changed"),
        (lambda schema: schema["required"].append("seed"), "seed", "required", "narrower"),
        (lambda schema: schema["required"].remove("prompt"), "prompt", "required", "wider"),
    ],
)
def test_each_difference_says_whether_it_may_break(edit, field, what, how) -> None:
    (found,) = differences(edit)
    assert (found.leaf, found.field, found.what, found.how) == ("videoGen veo3", field, what, how)
    assert found.may_break is (how in ("vanished", "narrower", "changed"))


def test_diff_names_the_ecosystems_that_a_newer_document_breaks(run: Run, tmp_path: Any) -> None:
    """The built-in contract, pulled apart into a folder, with one option less."""
    import shutil

    from civgen.orchestrator.contract.files import BUILT_IN

    folder = tmp_path / "newer"
    shutil.copytree(BUILT_IN, folder)
    for file in folder.rglob("*.json"):
        text = file.read_text()
        if '"veo3"' in text and '"9:16"' in text:
            leaf = json.loads(text)
            if "aspectRatio" in leaf.get("properties", {}):
                leaf["properties"]["aspectRatio"]["enum"] = ["16:9"]
                leaf["properties"]["shine"] = {"type": "integer"}
                file.write_text(json.dumps(leaf))
    done = run("contract", "diff", "built-in", str(folder), "--check", "--json")
    assert done.code == 7
    said = done.json["data"]
    assert {(one["field"], one["how"]) for one in said["differences"]} == {
        ("aspectRatio", "narrower"),
        ("shine", "appeared"),
    }
    assert {(one["subject"], one["field"]) for one in said["breaks"]} == {("Veo3", "aspectRatio")}
    assert "9:16" in json.dumps(said["breaks"][0]["offered"])
    drawn = run("contract", "diff", "built-in", str(folder), "--markdown").stdout
    assert drawn.startswith("## Contract: 2 differences")


def test_a_contract_breaks_nothing_beside_itself(run: Run) -> None:
    done = run("contract", "diff", "built-in", "built-in", "--check", "--json")
    assert (done.code, done.json["differences"], done.json["breaks"]) == (0, [], [])
    assert done.json["overlay"], "what is laid over it is shown"
