"""Every format carries every finding, whatever is in it, and what was left unchecked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civgen.errors import Where
from civgen.lint.finding import Finding
from civgen.lint.formats import names, render
from civgen.lint.registry import all_rules
from civgen.lint.report import Report, Skipped

CODES = tuple(all_rules())
#: One finding as any format must carry it: file, line, column, code and severity.
Seen = tuple[str, int, int, str, str]

TEXT = st.text(min_size=1, max_size=30)
WORD = st.text("abcdefghijklmnopqrstuvwxyzÄ é,:%#&<\"'|[]()-", min_size=1, max_size=20).map(str.strip)
FINDINGS = st.builds(
    Finding,
    st.sampled_from(CODES),
    st.just("some-rule"),
    st.sampled_from(["error", "warning", "notice"]),
    TEXT,
    st.builds(
        Where,
        WORD.filter(bool).map(lambda word: f"ecosystems/{word}.toml"),
        st.integers(1, 9999),
        st.integers(1, 999),
    ),
    st.none() | TEXT,
    TEXT,
    st.sampled_from(["certain", "likely", "guess"]),
    st.none(),
    st.text("0123456789abcdef", min_size=32, max_size=32),
)
SKIPPED = Skipped("no code of the workspace is run", ("CIV301",), ("engines/image/paint.py",))


def from_text(text: str) -> list[Seen]:
    found = re.findall(r"^(\S.*?\.toml):(\d+):(\d+) (error|warning|notice) (CIV\d+) some-rule ", text, re.M)
    return [(file, int(line), int(column), code, said) for file, line, column, said, code in found]


def from_json(text: str) -> list[Seen]:
    return [_of(one) for one in json.loads(text)["findings"]]


def from_ndjson(text: str) -> list[Seen]:
    lines = [json.loads(line) for line in text.split("\n") if line]
    assert lines[-1]["kind"] == "summary"
    return [_of(line) for line in lines if line["kind"] == "finding"]


def _of(one: dict[str, Any]) -> Seen:
    return one["file"], one["line"], one["column"], one["code"], one["severity"]


def from_github(text: str) -> list[Seen]:
    """As the runner reads a workflow command: properties end at the first `::`."""
    pattern = r"::(error|warning|notice) file=([^,]*),line=(\d+),col=(\d+),title=(CIV\d+) some-rule::[^\r\n]*"
    lines = [match for line in text.splitlines() if (match := re.fullmatch(pattern, line))]
    return [(unquote(m[2]), int(m[3]), int(m[4]), m[5], m[1]) for m in lines]


def from_gitlab(text: str) -> list[Seen]:
    severities = {"major": "error", "minor": "warning", "info": "notice"}
    entries = [one for one in json.loads(text) if one["check_name"] != "skipped"]
    for one in entries:
        assert one["description"]
        assert re.fullmatch("[0-9a-f]{32}", one["fingerprint"])
        assert one["location"]["lines"]["begin"] == one["location"]["positions"]["begin"]["line"]
    return [
        (
            one["location"]["path"],
            one["location"]["lines"]["begin"],
            one["location"]["positions"]["begin"]["column"],
            one["check_name"].split()[0],
            severities[one["severity"]],
        )
        for one in entries
    ]


def from_sarif(text: str) -> list[Seen]:
    levels = {"error": "error", "warning": "warning", "note": "notice"}
    (run,) = json.loads(text)["runs"]
    found = []
    for result in run["results"]:
        (place,) = result["locations"]
        region = place["physicalLocation"]["region"]
        uri = unquote(place["physicalLocation"]["artifactLocation"]["uri"])
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        level = levels[result["level"]]
        found.append((uri, region["startLine"], region["startColumn"], result["ruleId"], level))
    return found


def from_junit(text: str) -> list[Seen]:
    root = ET.fromstring(text)
    said = [one.text or "" for one in (*root.iter("failure"), *root.iter("system-out"))]
    return [seen for one in said for seen in from_text(one)]


def from_markdown(text: str) -> list[Seen]:
    plain = re.sub(r"\\(.)", r"\1", text)
    pattern = r"^\| (.+?\.toml):(\d+):(\d+) \| (error|warning|notice) \| (CIV\d+) some-rule \|"
    return [(m[1], int(m[2]), int(m[3]), m[5], m[4]) for m in re.finditer(pattern, plain, re.M)]


READERS: dict[str, Callable[[str], list[Seen]]] = {
    name.removeprefix("from_"): read for name, read in list(globals().items()) if name.startswith("from_")
}


def test_every_format_is_tested_here() -> None:
    assert sorted(READERS) == names()


@pytest.mark.parametrize("name", sorted(READERS))
@given(findings=st.lists(FINDINGS, max_size=6))
def test_every_format_carries_every_finding(name: str, findings: list[Finding]) -> None:
    # A table's cell cannot hold blanks in a row; a line of text none that breaks it.
    report = Report(tuple(findings), CODES, 3, 0.1, (SKIPPED,))
    wanted = [(one.where.file, one.where.line, one.where.column, one.code, one.severity) for one in findings]
    if name == "markdown":
        wanted = [(re.sub(r"\s+", " ", file or ""), *rest) for file, *rest in wanted]
    assert sorted(READERS[name](render(name, report))) == sorted(wanted)


@pytest.mark.parametrize("name", sorted(READERS))
def test_every_format_says_what_was_left_unchecked(name: str) -> None:
    text = render(name, Report((), CODES, 3, 0.1, (SKIPPED,))).replace("\\", "")
    assert "engines/image/paint.py" in text
    assert "CIV301" in text
    assert SKIPPED.why in text


def test_the_same_findings_have_the_same_fingerprints_in_gitlab_and_sarif() -> None:
    finding = Finding("CIV101", "unique-id", "error", "x", Where("a.toml", 1, 1), fingerprint="ab" * 16)
    report = Report((finding,), CODES, 1, 0.0)
    assert json.loads(render("gitlab", report))[0]["fingerprint"] == "ab" * 16
    result = json.loads(render("sarif", report))["runs"][0]["results"][0]
    assert result["partialFingerprints"] == {"civgenLint/v1": "ab" * 16}


#: The objects of SARIF 2.1.0 that are written, as section 3 of the standard and its schema have them. No
#: package of an index ships the official schema, so what it says of these is said here: which properties an
#: object may have (it has `additionalProperties: false` everywhere but in property bags), which it must
#: have, of which type and with which least values.
TEXT_MESSAGE = {
    "type": "object",
    "properties": {"text": {"type": "string", "minLength": 1}, "markdown": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}
LOCATION = {
    "type": "object",
    "properties": {
        "physicalLocation": {
            "type": "object",
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "properties": {"uri": {"type": "string", "format": "uri-reference"}},
                    "required": ["uri"],
                    "additionalProperties": False,
                },
                "region": {
                    "type": "object",
                    "properties": {
                        "startLine": {"type": "integer", "minimum": 1},
                        "startColumn": {"type": "integer", "minimum": 1},
                    },
                    "required": ["startLine"],
                    "additionalProperties": False,
                },
            },
            "required": ["artifactLocation"],
            "additionalProperties": False,
        }
    },
    "additionalProperties": False,
}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
RULE = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string"},
        "shortDescription": TEXT_MESSAGE,
        "fullDescription": TEXT_MESSAGE,
        "defaultConfiguration": {
            "type": "object",
            "properties": {"level": LEVEL},
            "additionalProperties": False,
        },
    },
    "required": ["id"],
    "additionalProperties": False,
}
RESULT = {
    "type": "object",
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": -1},
        "level": LEVEL,
        "message": TEXT_MESSAGE,
        "locations": {"type": "array", "items": LOCATION},
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
        "properties": {"type": "object", "properties": {"tags": {"type": "array"}}},
    },
    "required": ["message"],
    "additionalProperties": False,
}
NOTIFICATION = {
    "type": "object",
    "properties": {
        "level": LEVEL,
        "message": TEXT_MESSAGE,
        "locations": {"type": "array", "items": LOCATION, "uniqueItems": True},
    },
    "required": ["message"],
    "additionalProperties": False,
}
SARIF = {
    "type": "object",
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"enum": ["2.1.0"]},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "tool": {
                        "type": "object",
                        "properties": {
                            "driver": {
                                "type": "object",
                                "properties": {
                                    "name": {"type": "string"},
                                    "version": {"type": "string"},
                                    "rules": {"type": "array", "items": RULE, "uniqueItems": True},
                                },
                                "required": ["name"],
                                "additionalProperties": False,
                            }
                        },
                        "required": ["driver"],
                        "additionalProperties": False,
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "invocations": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {
                                "executionSuccessful": {"type": "boolean"},
                                "toolExecutionNotifications": {"type": "array", "items": NOTIFICATION},
                            },
                            "required": ["executionSuccessful"],
                            "additionalProperties": False,
                        },
                    },
                    "results": {"type": "array", "items": RESULT},
                },
                "required": ["tool"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["version", "runs"],
    "additionalProperties": False,
}


@given(findings=st.lists(FINDINGS, max_size=4), placed=st.booleans())
def test_sarif_is_what_the_standard_says(findings: list[Finding], placed: bool) -> None:
    import jsonschema_rs

    if not placed:
        findings = [replace(one, where=Where()) for one in findings]
    text = render("sarif", Report(tuple(findings), CODES, 3, 0.1, (SKIPPED,)))
    validator = jsonschema_rs.Draft7Validator(SARIF, validate_formats=True)
    assert [str(error) for error in validator.iter_errors(json.loads(text))] == []


def test_markdown_keeps_to_its_table() -> None:
    finding = Finding("CIV101", "unique-id", "error", "a | b\n<b>@all</b>", Where("x_y.toml", 1, 1))
    (row,) = [
        line for line in render("markdown", Report((finding,), CODES, 1, 0.0)).splitlines() if "x" in line
    ]
    assert len(re.findall(r"(?<!\\)\|", row)) == 6
    assert "@" not in row


def test_the_terminal_is_not_written_to_by_a_file() -> None:
    finding = Finding("CIV101", "unique-id", "error", "called \x1b[2Jx\n", Where("a.toml", 1, 1))
    assert "\x1b" not in render("text", Report((finding,), CODES, 1, 0.0))
