"""What programs are told of the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jsonschema_rs
import pytest

from civgen.cli.describe import all_commands

Run = Callable[..., Any]


@pytest.fixture
def whole(run: Run) -> dict[str, Any]:
    return run("schema", "--all", "--json").json


def test_every_command_is_described(whole: dict[str, Any]) -> None:
    described = {one["command"] for one in whole["commands"]}
    assert described == {f"civgen {one.name}" for one in all_commands()}
    assert {"civgen db plan", "civgen preview", "civgen schema"} <= described


def test_every_option_says_what_it_takes(whole: dict[str, Any]) -> None:
    for command in whole["commands"]:
        for one in command["arguments"] + command["options"]:
            assert one["help"], f"{command['command']} {one['name']}"
            jsonschema_rs.Draft202012Validator(one["type"])


def test_defaults_have_the_type_that_is_said(whole: dict[str, Any]) -> None:
    for command in whole["commands"]:
        for one in command["options"]:
            if one["default"] is not None:
                assert jsonschema_rs.is_valid(one["type"], one["default"]), (
                    f"{command['command']} {one['name']}"
                )


@pytest.mark.parametrize(
    "words",
    [
        ("show", "Sedream"),
        ("preview", "--ecosystem", "SDXL", "--set", "steps=9999", "--set", "cfgScale=x"),
        ("bd",),
        ("schema",),
        ("db", "plan", "--no-such-option"),
        ("lint", "--explain", "CIV000"),
    ],
)
def test_failures_have_the_published_shape(run: Run, words: tuple[str, ...]) -> None:
    schema = run("schema", "error", "--json").json
    failed = run(*words, "--json")
    assert failed.code != 0
    jsonschema_rs.validate(schema, failed.json)


def test_a_command_that_is_not_there_is_not_described(run: Run) -> None:
    failed = run("schema", "db", "plam")
    assert failed.code == 4
    assert "db plan" in failed.stderr
