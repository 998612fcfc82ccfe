"""`civgen search` and `civgen resources`: what a person and a program get."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rows import Rows

Run = Callable[..., Any]


@pytest.fixture
def synced(rows: Rows, run: Run) -> Rows:
    rows.model(1, name="Snow Fox")
    rows.model(2, name="Hare", versions=({"flags": 2}, {"baseModel": "Pony"}))
    rows.model(3, name="Sky", isOfficial=True)
    rows.model(4, name="Hidden", availability="Private")
    rows.model(5, name="Base", type="Checkpoint")
    assert run("search", "sync").code == 0
    return rows


def test_plan_names_what_is_missing_and_gates(rows: Rows, run: Run) -> None:
    rows.model(1)
    shown = run("search", "plan", "--json").json
    assert shown["exists"] is False and shown["counts"]["missing"] == 1
    assert shown["documents"] == [
        {"id": 1, "state": "missing", "name": "Model 1", "why": shown["documents"][0]["why"]}
    ]
    assert run("search", "plan", "--check").code == 7
    assert run("search", "sync", "--json").json["written"] == 1
    assert run("search", "plan", "--check").code == 0


def test_status_says_what_it_waits_for(synced: Rows, run: Run) -> None:
    shown = run("search", "status", "--json").json
    assert shown["documents"] == 5 and shown["settings"] == "as wanted" and shown["pending"] == 0


def test_query_finds_counts_and_refuses(synced: Rows, run: Run) -> None:
    shown = run(
        "search", "query", "--filter", "type = LORA", "--facet", "type", "--sort", "id:desc", "--json"
    ).json
    assert [hit["id"] for hit in shown["hits"]] == [4, 3, 2, 1]
    assert shown["facets"] == {"type": {"LORA": 4}}
    refused = run("search", "query", "--filter", "tipe = LORA", "--sort", "nam:asc", "--json")
    assert refused.code == 2
    assert [one["field"] for one in refused.json["error"]["details"]] == ["filter", "sort"]
    assert "type" in refused.json["error"]["hint"]


def test_explain_says_what_is_wrong_and_what_to_do(synced: Rows, run: Run) -> None:
    assert run("search", "explain", "1", "--json").json["document"] == "current"
    synced.change("Model", 1, name="Renamed")
    shown = run("search", "explain", "1", "--json").json
    assert (shown["document"], shown["do"]) == ("stale", "civgen search sync --model 1")
    assert set(shown["differs"]) == {"name", "contentHash"}
    assert run("search", "explain", "99").code == 4


def test_settings_are_set_with_consent_only(synced: Rows, run: Run, workspace: Path) -> None:
    from civgen.search.backends import open_backend
    from civgen.search.settings import models_index
    from civgen.settings import Environment

    backend = open_backend(Environment(), workspace, models_index())
    backend.write_settings({"rankingRules": ["words"]})
    backend.close()
    assert run("search", "settings", "--check").code == 7
    assert run("search", "settings", "--apply").code == 8
    assert run("search", "settings", "--apply", "--yes", "--json").json["applied"] is True
    assert run("search", "settings", "--check").code == 0


def test_rebuild_asks_before_it_replaces(synced: Rows, run: Run) -> None:
    assert run("search", "rebuild").code == 8
    assert run("search", "rebuild", "--yes", "--json").json["written"] == 5


def test_find_answers_versions_that_fit_and_generate(synced: Rows, run: Run) -> None:
    shown = run("resources", "find", "--ecosystem", "SDXL", "--type", "LORA", "--json").json
    found = {one["modelId"]: one for one in shown["resources"]}
    assert set(found) == {1, 3}, "not the one whose version is switched off, nor the private one"
    assert shown["resources"][0]["modelId"] == 3, "official models come first"
    assert (
        found[1]["id"] == 10
        and found[1]["baseModel"] == "SDXL 1.0"
        and found[1]["trainedWords"] == ["word10"]
    )


def test_pages_of_find_go_on_where_they_stopped(synced: Rows, run: Run) -> None:
    words = ("resources", "find", "--ecosystem", "SDXL", "--type", "LORA", "--limit", "1", "--json")
    first = run(*words).json
    second = run(*words, "--cursor", str(first["cursor"])).json
    assert [one["modelId"] for one in first["resources"] + second["resources"]] == [3, 1]


def test_what_is_found_is_taken_by_preview(synced: Rows, run: Run) -> None:
    found = run("resources", "find", "fox", "--ecosystem", "SDXL", "--json").json["resources"][0]
    shown = run("preview", "--ecosystem", "SDXL", "--prompt", "a", "--resource", str(found["id"]), "--json")
    assert shown.code == 0
    assert "civitai:1@10" in shown.stdout


def test_find_refuses_types_that_do_not_fit(synced: Rows, run: Run) -> None:
    refused = run("resources", "find", "--ecosystem", "SDXL", "--type", "LORAS", "--type", "x", "--json")
    assert refused.code == 2 and len(refused.json["error"]["details"]) == 2
    assert run("resources", "find", "--ecosystem", "SDLX").code == 4


def test_find_takes_an_ecosystem_in_any_spelling(synced: Rows, run: Run) -> None:
    answers = [run("resources", "find", "-e", name, "--json").json["resources"] for name in ("SDXL", "sdxl")]
    assert answers[0] == answers[1] != []


def test_find_answers_the_version_that_fits_best_and_that_everybody_may_use(synced: Rows, run: Run) -> None:
    synced.model(6, name="Both", versions=({"baseModel": "Pony"}, {"baseModel": "SDXL 1.0"}))
    synced.model(7, name="Private", versions=({"availability": "Private"},))
    synced.model(8, name="Inside", versions=({"usageControl": "InternalGeneration"}, {}))
    synced.base_model("Pony")
    run("search", "sync")
    shown = run("resources", "find", "-e", "SDXL", "--json").json["resources"]
    found = {one["modelId"]: (one["id"], one["support"]) for one in shown}
    assert found[6] == (61, "full") and found[8] == (81, "full") and 7 not in found


def test_pages_of_find_end_where_nothing_more_is(synced: Rows, run: Run) -> None:
    words = ("resources", "find", "-e", "SDXL", "--type", "LORA", "--limit")
    assert run(*words, "2", "--json").json["cursor"] is None
    second = run(*words, "1", "--cursor", "0", "--cursor=0", "--json").json
    assert second["next"][-1] == "civgen resources find -e SDXL --type LORA --limit 1 --cursor 1"


def test_a_sync_by_another_database_is_refused_before_anything_is_written(synced: Rows, run: Run) -> None:
    for number in range(20, 40):
        synced.model(number)
    run("search", "sync")
    for number in range(20, 40):
        synced.remove(number)
    synced.model(50)
    refused = run("search", "sync", "--json")
    assert refused.code == 8 and "20 of 25" in refused.json["error"]["message"]
    assert run("search", "status", "--json").json["documents"] == 25
    assert run("search", "sync", "--allow-many", "--json").json["removed"] == 20


def test_an_order_says_its_direction(synced: Rows, run: Run) -> None:
    for order in ("id", "id:up", "id:DESC"):
        assert (
            run("search", "query", "--sort", order, "--json").json["error"]["details"][0]["field"] == "sort"
        )


def test_words_that_fit_better_come_first_and_other_orders_before_them(synced: Rows, run: Run) -> None:
    synced.model(6, name="Fox", versions=({"trainedWords": ["hare"]},))
    run("search", "sync")
    found = run("search", "query", "hare", "--json").json
    assert ([hit["id"] for hit in found["hits"]], found["total"]) == ([2, 6], 2)
    by_id = run("search", "query", "hare", "--sort", "id:desc", "--json").json["hits"]
    assert [hit["id"] for hit in by_id] == [6, 2]


def test_an_index_that_is_damaged_is_made_anew_by_the_command_that_it_names(
    synced: Rows, run: Run, workspace: Path
) -> None:
    (file,) = (workspace / ".civgen").glob("search-*.sqlite")
    for beside in (workspace / ".civgen").glob("search-*.sqlite-*"):
        beside.unlink()
    file.write_bytes(b"no database" * 1000)
    refused = run("search", "query", "fox", "--json")
    assert refused.code == 2 and refused.json["error"]["next"] == ["civgen search rebuild"]
    assert run("search", "rebuild", "--yes", "--json").json["written"] == 5
    assert run("search", "query", "fox", "--json").json["total"] == 1


def test_an_interrupted_run_says_so(synced: Rows, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("civgen.search.plan.plan_search", interrupt)
    told = run("search", "plan", "--json")
    assert told.code == 130 and told.json["error"]["code"] == "interrupted"


def test_names_of_strangers_steer_no_terminal(synced: Rows, run: Run) -> None:
    synced.model(9, name="\x1b[31mFox\x07")
    run("search", "sync")
    shown = run("resources", "find", "fox", "-e", "SDXL").stdout + run("search", "explain", "9").stdout
    assert "[31mFox" in shown and "\x1b" not in shown and "\x07" not in shown
