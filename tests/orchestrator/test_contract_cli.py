"""`civgen contract pull`, as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from civgen.cli.app import app
from civgen.orchestrator.contract import load_contract

DOCUMENT = {
    "info": {"title": "Paint", "version": "v9"},
    "components": {
        "schemas": {
            "WorkflowTemplate": {"type": "object", "properties": {}},
            "WorkflowStepTemplate": {
                "type": "object",
                "properties": {"$type": {"type": "string"}},
                "discriminator": {
                    "propertyName": "$type",
                    "mapping": {"paint": "#/components/schemas/Paint"},
                },
            },
            "Paint": {"properties": {"input": {"type": "string"}}},
        }
    },
}


def run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["contract", "pull", *map(str, words)])
    return result.exit_code, result.stdout


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "api.json"
    path.write_text(json.dumps(DOCUMENT))
    return path


def test_pull_writes_and_check_then_agrees(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "contract"
    assert run("--openapi", source, "--out", out, "--check")[0] == 7
    assert not out.exists()
    code, said = run("--openapi", source, "--out", out, "--date", "2026-01-02")
    assert code == 0
    assert "2 added" in said
    assert load_contract(out).date == "2026-01-02"
    code, said = run("--openapi", source, "--out", out, "--check")
    assert code == 0
    assert "up to date" in said


def test_json_is_one_document_also_when_the_answer_is_no(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "contract"
    code, said = run("--openapi", source, "--out", out, "--check", "--json")
    assert code == 7
    document = json.loads(said)
    assert document["error"]["code"] == "answer-is-no"
    assert document["data"]["added"] == ["index.json", "leaves/paint/input.json"]
    code, said = run("--openapi", source, "--out", out, "--json")
    assert code == 0
    assert json.loads(said)["written"] is True


def test_what_is_wrong_with_the_words_is_said(tmp_path: Path) -> None:
    assert run()[0] == 2
    assert run("--openapi", tmp_path / "none.json", "--out", tmp_path)[0] == 2
    assert run("--openapi", "http://127.0.0.1:9/api.json", "--out", tmp_path)[0] == 5
