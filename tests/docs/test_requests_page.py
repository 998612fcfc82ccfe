"""The JSON that the reference shows is what commands take and give."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from console import blocks

Run = Callable[..., Any]
PAGE = Path(__file__).parents[2] / "docs/reference/requests.md"


@pytest.fixture(scope="module")
def shown() -> list[str]:
    return [text for kind, text in blocks(PAGE.read_text()) if kind in ("json", "jsonl")]


def test_the_request_is_taken(run: Run, shown: list[str]) -> None:
    asked = json.loads(shown[0])
    body = run("preview", "-", "--json", stdin=shown[0]).json
    assert body["steps"][0]["input"]["duration"] == asked["duration"]


def test_records_stand_in_for_the_database(run: Run, shown: list[str], tmp_path: Path) -> None:
    (tmp_path / "records.json").write_text(shown[1])
    (record,) = json.loads(shown[1])
    words = (
        "preview",
        "-e",
        "SDXL",
        "-p",
        "x",
        "--resource",
        f"{record['id']}:0.8",
        "--resources",
        "records.json",
    )
    said = run(*words, "--json").stdout
    assert record["air"] in said
    (tmp_path / "records.json").write_text(json.dumps([{**record, "air": None}]))
    assert run(*words, "--json").stdout == said


def test_a_batch_answers_as_shown(run: Run, shown: list[str]) -> None:
    done = run("preview", "--batch", "-", stdin=shown[2])
    assert done.code == 9
    expected = [json.loads(line) for line in shown[3].splitlines()]
    assert [(one["id"], one["ok"], one.keys()) for one in done.lines] == [
        (one["id"], one["ok"], one.keys()) for one in expected
    ]
