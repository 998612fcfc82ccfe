"""What is laid over the document."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from civgen.errors import InvalidFile
from civgen.orchestrator.contract import Contract, load_contract
from civgen.orchestrator.contract.overlay import read_overlay

WHY = 'source = "the guide"\ndate = "2026-08"\nreason = "it changed"\n'
LEAF = {
    "type": "object",
    "required": ["model", "prompt"],
    "properties": {
        "model": {"enum": ["base"]},
        "prompt": {"type": "string"},
        "size": {"enum": ["s", "m"]},
        "loras": {"type": "array", "items": {"type": "object", "properties": {"air": {"type": "string"}}}},
        "weights": {"type": "object", "additionalProperties": {"type": "number"}},
    },
}


def contract(tmp_path: Path, *entries: str) -> Contract:
    """A contract of the step `paint` with models `base` and `pro`, and the entries laid over it."""
    overlay = tmp_path / "overlay.toml"
    overlay.write_text("".join(f"[[change]]\n{entry}\n{WHY}" for entry in entries))
    tree = {"by": "model", "to": {"base": "base.json", "pro": "pro.json"}}
    template = {"type": "object", "properties": {"tags": {"type": "array", "items": {"type": "string"}}}}
    document = {"title": "", "version": "", "sha256": "", "date": None}
    index = {"document": document, "body": template, "step": template, "steps": {"paint": tree}}
    return Contract(index, lambda _: copy.deepcopy(LEAF), read_overlay(overlay))


def properties(changed: Contract, model: str = "base") -> dict[str, Any]:
    return dict(changed.leaf("paint", {"model": model}).schema["properties"])


def test_only_the_leaves_that_match_are_changed(tmp_path: Path) -> None:
    changed = contract(
        tmp_path, 'step = "paint"\nmatch = { model = "pro" }\nproperty = "size"\nvalues = ["l"]'
    )
    assert properties(changed, "pro")["size"] == {"enum": ["s", "m", "l"]}
    assert properties(changed, "base")["size"] == {"enum": ["s", "m"]}
    assert changed.stale() == []


@pytest.mark.parametrize(
    ("change", "name", "wanted"),
    [
        ('property = "size"\nreplace = { minimum = 3 }', "size", {"minimum": 3}),
        ('property = "size"\nset = { default = "m" }', "size", {"enum": ["s", "m"], "default": "m"}),
        ('property = "vae"\nadd = { type = "string" }', "vae", {"type": "string"}),
        (
            'property = "weights{}"\nset = { maximum = 2 }',
            "weights",
            {"type": "object", "additionalProperties": {"type": "number", "maximum": 2}},
        ),
    ],
)
def test_each_action_does_what_it_says(tmp_path: Path, change: str, name: str, wanted: Any) -> None:
    assert properties(contract(tmp_path, f'step = "paint"\n{change}'))[name] == wanted


def test_a_path_leads_into_lists(tmp_path: Path) -> None:
    changed = contract(tmp_path, 'step = "paint"\nproperty = "loras[].air"\nset = { minLength = 1 }')
    assert properties(changed)["loras"]["items"]["properties"]["air"] == {"type": "string", "minLength": 1}


def test_optional_takes_a_property_off_the_required_ones(tmp_path: Path) -> None:
    changed = contract(tmp_path, 'step = "paint"\nproperty = "prompt"\noptional = true')
    assert changed.leaf("paint", {"model": "base"}).schema["required"] == ["model"]


def test_templates_can_be_changed(tmp_path: Path) -> None:
    changed = contract(tmp_path, 'template = "body"\nproperty = "tags[]"\nset = { maxLength = 3 }')
    assert [problem.field for problem in changed.check_body({"tags": ["long tag", "a"]})] == ["tags[0]"]


def test_a_renamed_discriminator_is_the_only_name(tmp_path: Path) -> None:
    changed = contract(
        tmp_path, 'step = "paint"\nmatch = { model = "base" }\nproperty = "model"\nrename = "raw"'
    )
    leaf = changed.leaf("paint", {"model": "raw"})
    assert (leaf.name, leaf.discriminators, leaf.schema["properties"]["model"]) == (
        "raw",
        {"model": "raw"},
        {"enum": ["raw"]},
    )
    (problem,) = changed.check_step({"$type": "paint", "input": {"model": "base"}})[:1]
    assert problem.allowed == ["raw", "pro"]
    assert changed.stale() == []


@pytest.mark.parametrize(
    "change",
    [
        'property = "size"\nvalues = ["m"]',
        'property = "size"\nadd = { type = "string" }',
        'property = "gone"\nset = { maximum = 2 }',
        'property = "gone[].air"\nreplace = { maximum = 2 }',
        'property = "size"\noptional = true',
        'match = { model = "gone" }\nproperty = "size"\nvalues = ["l"]',
        'match = { model = "gone" }\nproperty = "model"\nrename = "raw"',
    ],
)
def test_a_change_that_changes_nothing_is_stale_and_does_no_harm(tmp_path: Path, change: str) -> None:
    changed = contract(tmp_path, f'step = "paint"\n{change}')
    assert [one.where.line for one in changed.stale()] == [1]
    assert properties(changed)["size"] == {"enum": ["s", "m"]}


def test_every_fault_of_an_overlay_is_listed_with_its_line(tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.toml"
    overlay.write_text('[[change]]\nstep = "paint"\nproprty = "size"\nvalues = ["l"]\nadd = {}\n')
    with pytest.raises(InvalidFile) as raised:
        read_overlay(overlay)
    faults = {(problem.field, problem.message) for problem in raised.value.details}
    required = {(f"change[0].{key}", "is required") for key in ("property", "source", "date", "reason")}
    unknown = ("change[0].proprty", "is not known here")
    assert faults == {*required, unknown, ("change[0]", "needs exactly one action")}
    assert all(problem.where and problem.where.line == 1 for problem in raised.value.details)


def test_no_entry_of_the_built_in_overlay_is_stale() -> None:
    built_in = load_contract()
    assert built_in.changes
    assert built_in.stale() == []


def test_every_entry_of_the_built_in_overlay_says_why() -> None:
    for change in load_contract().changes:
        assert min(len(change.source), len(change.reason)) > 10
        assert change.date >= "2026"
