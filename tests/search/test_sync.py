"""The index is what the rows say, after every sync, whatever happened before."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic_core import to_json
from rows import Rows

from civgen.errors import AnswerIsNo, NotAuthorised, Unavailable
from civgen.search.backends import Backend, Query
from civgen.search.backends.meili import Meilisearch
from civgen.search.filters import parse
from civgen.search.rebuild import rebuild
from civgen.search.sending import Batch, Sending, Synced


def held(backend: Backend) -> dict[int, dict[str, Any]]:
    """All documents, by the attributes that are shown."""
    return backend.fetch([number for number, _ in backend.hashes()])


def wanted(rows: Rows, backend: Backend) -> dict[int, dict[str, Any]]:
    """All documents that the rows ask for, by the attributes that are shown."""
    shown = backend.index.settings["displayedAttributes"] if isinstance(backend, Meilisearch) else None
    return {
        number: {name: value for name, value in one.items() if shown is None or name in shown}
        for number, one in rows.documents(backend).items()
    }


def test_a_first_sync_makes_the_index_with_its_settings(rows: Rows, backend: Backend) -> None:
    rows.model(1)
    before = rows.plan(backend)
    assert before.settings is None and before.counts == {
        "missing": 1,
        "stale": 0,
        "orphaned": 0,
        "current": 0,
    }
    done = rows.sync(backend)
    assert (done.written, done.tasks) == (1, 1)
    assert rows.plan(backend).is_empty
    assert held(backend) == wanted(rows, backend)


def test_a_second_sync_does_nothing(rows: Rows, backend: Backend) -> None:
    rows.model(1)
    rows.sync(backend)
    done = rows.sync(backend)
    assert (done.written, done.removed, done.tasks) == (0, 0, 0)


def test_one_changed_row_touches_one_document(rows: Rows, backend: Backend) -> None:
    for number in range(1, 6):
        rows.model(number)
    rows.sync(backend)
    rows.change("ModelVersion", 30, flags=2)
    assert [(one.id, one.state) for one in rows.plan(backend).documents] == [(3, "stale")]
    assert rows.sync(backend).written == 1
    assert not backend.fetch([3])[3]["canGenerate"]


def test_what_is_no_longer_published_goes(rows: Rows, backend: Backend) -> None:
    for number in (1, 2, 3):
        rows.model(number)
    rows.sync(backend)
    rows.change("Model", 1, status="Unpublished")
    rows.remove(2)
    states = {one.id: one.state for one in rows.plan(backend).documents}
    assert states == {1: "orphaned", 2: "orphaned"}
    assert rows.sync(backend).removed == 2
    assert set(held(backend)) == {3}


def test_a_sync_of_some_models_leaves_the_others(rows: Rows, backend: Backend) -> None:
    for number in (1, 2, 3):
        rows.model(number)
    rows.sync(backend, [1, 2])
    assert set(held(backend)) == {1, 2}
    rows.remove(1)
    assert rows.sync(backend, [1]).removed == 1
    assert set(held(backend)) == {2}


def test_what_others_wrote_stays(rows: Rows, backend: Backend) -> None:
    rows.model(1)
    rows.sync(backend)
    backend.wait(
        [backend.update(to_json([{"id": 1, "images": [{"id": 5}], "metrics": {"thumbsUpCount": 3}}]))]
    )
    rows.change("Model", 1, name="Renamed")
    rows.sync(backend)
    document = backend.fetch([1])[1]
    assert (document["name"], document["images"], document["metrics"]) == (
        "Renamed",
        [{"id": 5}],
        {"thumbsUpCount": 3},
    )


def test_a_document_of_somebody_else_is_taken_over(rows: Rows, backend: Backend) -> None:
    rows.model(1)
    rows.sync(backend)
    backend.wait([backend.update(to_json([{"id": 1, "contentHash": None}]))])
    assert [one.why for one in rows.plan(backend).documents] == ["civgen has not written it yet"]


def test_rebuilding_makes_it_anew_and_takes_along_what_others_wrote(rows: Rows, backend: Backend) -> None:
    rows.model(1)
    rows.sync(backend)
    backend.wait([backend.update(to_json([{"id": 1, "images": [1]}, {"id": 99, "name": "nobody's"}]))])
    with rows.database.reading() as connection:
        done = rebuild(connection, rows.catalog, backend)
    assert done.written == 1
    assert set(held(backend)) == {1} and backend.fetch([1])[1]["images"] == [1]
    assert rows.plan(backend).is_empty


def test_rebuilding_works_where_there_is_no_index(rows: Rows, backend: Backend) -> None:
    rows.model(1)
    with rows.database.reading() as connection:
        rebuild(connection, rows.catalog, backend)
    assert held(backend) == wanted(rows, backend)


def test_settings_that_differ_are_named_with_their_price(rows: Rows, backend: Backend) -> None:
    rows.sync(backend)
    changed = {"filterableAttributes": ["id"], "rankingRules": ["words"]}
    backend.wait([backend.write_settings(changed)])
    found = {one.name: one.reindex for one in rows.plan(backend).settings or ()}
    assert found == {"filterableAttributes": True, "rankingRules": False}
    assert rows.plan(backend).reindexes
    backend.wait([backend.write_settings(backend.index.settings)])
    assert rows.plan(backend).is_empty


FOUND = [
    ("", "type = LORA", (), [1, 3]),
    ("", "type = lora AND canGenerate = true", (), [1]),
    ("", 'versions.baseModel IN ["Pony", "SDXL 1.0"]', (), [1, 2, 3]),
    ("", "NOT type = LORA", (), [2]),
    ("", "nsfwLevel = 4", (), [2]),
    ("", "lastVersionAtUnix > 1785585600000", (), [2]),
    ("", "poi = false AND id != 1", (), [2, 3]),
    ("", None, ("createdAt:desc",), [2, 1, 3]),
    ("fox", None, (), [1]),
    ("Snow", None, (), [1, 2]),
    ("abc20", None, (), [2]),
    ("snow f", None, (), [1]),
    ("owl", None, (), []),
]


@pytest.fixture
def library(rows: Rows, backend: Backend) -> Backend:
    """A fox, a checkpoint of another base model, and one that does not generate."""
    from datetime import timedelta

    from rows import NOW

    rows.model(1, name="Snow Fox")
    later = NOW + timedelta(days=1)
    rows.model(
        2, name="Snow", type="Checkpoint", nsfwLevel=4, createdAt=later, versions=({"baseModel": "Pony"},)
    )
    rows.model(3, name="Hare", createdAt=NOW - timedelta(days=1), versions=({"flags": 2},))
    rows.sync(backend)
    return backend


@pytest.mark.parametrize(("words", "filter_", "sort", "ids"), FOUND)
def test_what_is_found(library: Backend, words, filter_, sort, ids) -> None:
    found = library.search(Query(words, parse(filter_) if filter_ else None, sort))
    assert found.total == len(ids)
    assert [hit["id"] for hit in found.hits] == ids if sort else {hit["id"] for hit in found.hits} == set(ids)


def test_pages_and_facets(library: Backend) -> None:
    query = Query("", sort=("id:asc",), limit=2, facets=("type", "versions.baseModel", "canGenerate"))
    found = library.search(query)
    assert ([hit["id"] for hit in found.hits], found.total) == ([1, 2], 3)
    assert found.facets["type"] == {"LORA": 2, "Checkpoint": 1}
    assert found.facets["versions.baseModel"] == {"SDXL 1.0": 2, "Pony": 1}
    assert found.facets["canGenerate"] == {"true": 1, "false": 2}
    assert [hit["id"] for hit in library.search(Query("", sort=("id:asc",), offset=2)).hits] == [3]


def test_only_what_is_displayed_is_shown(library: Backend) -> None:
    hit = library.search(Query("fox")).hits[0]
    assert "isOfficial" not in hit and hit["name"] == "Snow Fox"
    assert library.search(Query("fox", fields=("id",))).hits == [{"id": 1}]


def test_what_cannot_be_filtered_by_is_refused(library: Backend) -> None:
    from civgen.errors import InvalidInput

    for query in (Query("", parse("mode = x")), Query("", sort=("name:asc",)), Query("", facets=("name",))):
        with pytest.raises(InvalidInput):
            library.search(query)


def test_a_server_that_is_down_is_said_so_and_the_next_sync_does_the_work(rows, server, wrong) -> None:
    rows.model(1)
    wrong("unavailable")
    with pytest.raises(Unavailable):
        rows.sync(server)
    assert rows.sync(server).written == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [("fail-task", AnswerIsNo), ("reject-document", AnswerIsNo), ("lose-task", Unavailable)],
)
def test_a_task_that_goes_wrong_is_told_and_the_next_sync_does_the_work(
    rows, server, wrong, fault, error
) -> None:
    rows.model(1)
    rows.sync(server)
    rows.change("Model", 1, name="Renamed")
    wrong(fault)
    with pytest.raises(error):
        rows.sync(server)
    rows.sync(server)
    assert server.fetch([1])[1]["name"] == "Renamed"


def test_a_key_that_is_refused_is_named_but_not_shown(rows, server) -> None:
    from pydantic import SecretStr

    stranger = Meilisearch(server._url, SecretStr("not-the-key"), server.index)
    with pytest.raises(NotAuthorised) as refused:
        rows.sync(stranger)
    assert "not-the-key" not in str(refused.value) + str(refused.value.hint)


def test_what_the_server_refuses_is_told_in_its_own_words_alone(rows, server) -> None:
    from civgen.errors import InvalidInput

    rows.sync(server)
    with pytest.raises(InvalidInput) as refused:
        server.search(Query("", parse("mode = x")))
    assert refused.value.message.endswith("Attribute `mode` is not filterable.")


def test_nobody_there_is_unavailable(rows, index) -> None:
    with pytest.raises(Unavailable, match="does not answer"):
        rows.sync(Meilisearch("http://127.0.0.1:9", None, index))


def test_batches_are_few_and_bounded(rows, server, monkeypatch) -> None:
    monkeypatch.setattr("civgen.search.sending.BATCH_DOCUMENTS", 3)
    for number in range(1, 8):
        rows.model(number)
    assert rows.sync(server).tasks == 3
    assert server.count() == 7


def test_nothing_is_sent_after_a_batch_that_failed(rows, server, wrong, monkeypatch) -> None:
    monkeypatch.setattr("civgen.search.sending.BATCH_DOCUMENTS", 1)
    monkeypatch.setattr("civgen.search.sending._AHEAD", 0)
    for number in (1, 2, 3):
        rows.model(number)
    wrong("reject-document")
    with pytest.raises(AnswerIsNo):
        rows.sync(server)
    assert server.count() == 0
    assert rows.sync(server).written == 3


def test_a_sync_that_is_broken_off_does_not_wait_for_its_task(rows, server, wrong) -> None:
    rows.sync(server)
    wrong("hold-task")
    done = Synced()
    with pytest.raises(KeyboardInterrupt), Sending(server, done, lambda _: None) as sending:
        sending.update(Batch(1, to_json([{"id": 1}])))
        raise KeyboardInterrupt
    assert done.tasks == 0
    wrong("let-go")
