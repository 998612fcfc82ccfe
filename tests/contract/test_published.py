"""What is published for programs under docs/reference/schema; that it is current, tests/docs look at."""

from __future__ import annotations

import json
from pathlib import Path

from civgen.cli.describe import all_commands

FOLDER = Path(__file__).parents[2] / "docs" / "reference" / "schema"


def test_every_command_is_published_and_none_that_is_gone() -> None:
    there = {path.stem: json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.json")}
    commands = {one.name.replace(" ", "-"): f"civgen {one.name}" for one in all_commands()}
    assert {name: said.get("command") for name, said in there.items() if name != "error"} == commands
    assert there["error"]["title"] == "Failure"
