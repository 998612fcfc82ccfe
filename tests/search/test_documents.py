"""Documents: what the platform's cards and filters read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rows import Rows

from civgen.search.backends.embedded import Embedded
from civgen.search.documents import bits, hashed, merged
from civgen.search.settings import models_index, values_at


@pytest.fixture
def embedded(workspace, index) -> Embedded:
    return Embedded(workspace / "search.sqlite", index)


@pytest.fixture
def rows(workspace: Path, url: str) -> Rows:
    """On SQLite, and on PostgreSQL."""
    return Rows(workspace, url)


def test_a_document_nests_its_versions(rows: Rows, embedded: Embedded) -> None:
    rows.model(7, versions=({}, {"trainedWords": ["word70", "fox"]}), nsfwLevel=5)
    document = rows.documents(embedded)[7]
    assert [one["id"] for one in document["versions"]] == [70, 71]
    assert document["version"]["id"] == 70
    assert document["version"]["generationCoverage"] == {"covered": True}
    assert "canGenerate" not in document["version"] and "generationCoverage" not in document["versions"][0]
    assert document["nsfwLevel"] == [1, 4]
    assert document["triggerWords"] == ["word70", "fox"]
    assert document["hashes"] == ["abc70", "abc71"]
    assert document["versions"][0]["hashData"] == [{"hash": "abc70", "type": "SHA256"}]
    assert document["fileFormats"] == ["SafeTensor"]
    assert document["user"]["username"] == "civgen"
    assert document["createdAt"] == "2026-08-01T12:00:00.000Z"
    assert document["lastVersionAtUnix"] == 1785585600000


@pytest.mark.parametrize(
    ("case", "model", "version", "generates"),
    [
        ("covered", {}, {}, True),
        ("without a file", {}, {"file": False}, False),
        ("switched off", {}, {"flags": 2}, False),
        ("another flag", {}, {"flags": 4}, True),
        ("a base model that is not covered", {}, {"baseModel": "Pony"}, False),
        ("a real person", {"poi": True}, {}, False),
        ("a type that does not generate", {"type": "Wildcards"}, {}, False),
    ],
)
def test_what_can_generate(rows: Rows, embedded: Embedded, case, model, version, generates) -> None:
    rows.model(1, versions=(version,), **model)
    document = rows.documents(embedded)[1]
    assert (document["canGenerate"], document["versions"][0]["canGenerate"]) == (generates, generates), case


def test_one_version_that_generates_is_enough_for_the_model(rows: Rows, embedded: Embedded) -> None:
    rows.model(1, versions=({"flags": 2}, {}))
    document = rows.documents(embedded)[1]
    assert [one["canGenerate"] for one in document["versions"]] == [False, True]
    assert document["canGenerate"]


def test_reading_takes_no_more_queries_for_more_models(rows: Rows, embedded: Embedded) -> None:
    from sqlalchemy import event

    heard: list[str] = []
    event.listen(rows.database.engine, "before_cursor_execute", lambda *words: heard.append(words[2]))

    def queries() -> int:
        heard.clear()
        rows.documents(embedded)
        return len(heard)

    rows.model(1)
    for_one = queries()
    for number in range(2, 20):
        rows.model(number)
    assert queries() == for_one


@given(st.integers(0, 2**31 - 1))
def test_bits_add_up(level: int) -> None:
    assert sum(bits(level)) == level
    assert all(bit & (bit - 1) == 0 for bit in bits(level))


def test_the_hash_is_of_what_civgen_writes(rows: Rows, embedded: Embedded) -> None:
    rows.model(1)
    document = rows.documents(embedded)[1]

    def hash_of(shape: int, **said: Any) -> str:
        new = {name: value for name, value in document.items() if name != "contentHash"} | said
        assert json.loads(hashed(new, shape)) == new
        return str(new["contentHash"])

    shape = models_index().documents
    assert hash_of(shape) == document["contentHash"]
    assert hash_of(shape, name="other") != document["contentHash"]
    assert hash_of(shape + 1) != document["contentHash"]


@pytest.mark.parametrize("seed", [2**63, 2**64, 10**30])
def test_settings_may_hold_any_whole_number(rows: Rows, embedded: Embedded, seed: int) -> None:
    rows.model(1, versions=({"settings": {"seed": seed}},))
    rows.sync(embedded)
    assert embedded.fetch([1])[1]["version"]["settings"] == {"seed": seed}


def test_what_others_wrote_into_versions_stays(rows: Rows, embedded: Embedded) -> None:
    rows.model(1)
    ours = rows.documents(embedded)[1]
    metrics = {"downloadCount": 9}
    there = {"versions": [{"id": 10, "metrics": metrics}], "version": {"id": 10, "metrics": metrics}}
    done = merged(there, ours)
    assert done["versions"][0] == {**ours["versions"][0], "metrics": metrics}
    assert done["version"]["metrics"] == metrics


def test_values_lie_in_lists_on_the_way() -> None:
    document = {"a": [{"b": [1, 2]}, {"b": 3}, {"c": 4}], "d": None}
    assert list(values_at(document, "a.b")) == [1, 2, 3]
    assert list(values_at(document, "d")) == [None]
    assert list(values_at(document, "e.f")) == []
