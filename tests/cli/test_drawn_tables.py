"""Tables on screens of any width: nothing is cut without saying so, and nothing goes beyond the edge."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from civgen.cli.output import table

ID = "8d5af330629a4b909ee6f921cbeab845"
JOB = {
    "id": ID, "status": "succeeded", "createdAt": "2026-12-01T09:14:00Z", "results": 4, "keptBack": 1,
    "cost": 12.0, "charged": None, "ecosystem": "Flux1Kontext", "workflow": "img2img:edit",
    "prompt": "a red fox in the snow, golden hour, 35mm film, shallow depth of field",
}  # fmt: skip


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., list[str]]:
    """The lines that something prints on a terminal of so many columns, without colours."""

    def printed(columns: int, show: Callable[[], Any]) -> list[str]:
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("FORCE_COLOR", "1")
        capsys.readouterr()
        result = show()
        out = capsys.readouterr().out or result.stdout
        lines = re.sub(r"\x1b\[[0-9;]*m", "", out).splitlines()
        assert max(map(cell_len, lines)) <= columns
        return [line.rstrip() for line in lines if line.strip()]

    return printed


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        (60, ["id", "status", "made"]),
        (80, ["id", "status", "made", "what"]),
        (100, ["id", "status", "made", "what", "prompt"]),
        (120, ["id", "status", "made", "results", "Buzz", "what", "prompt"]),
        (200, ["id", "status", "made", "results", "Buzz", "what", "prompt"]),
    ],
)
def test_jobs_are_listed_a_line_each(screen: Any, columns: int, named: list[str]) -> None:
    from civgen.cli.jobs_view import show_list

    head, _, row = screen(columns, lambda: show_list({"jobs": [JOB]}))
    assert head.split() == named
    assert row.split()[0] == ID
    assert "prompt" not in named or row.endswith("…")


@pytest.mark.parametrize("columns", [40, 60, 80, 100, 120, 160])
@pytest.mark.parametrize(
    "what", ["ecosystems", "engines", "base-models", "workflows", "versions", "licenses"]
)
def test_a_listing_has_a_line_an_entry(screen: Any, run: Callable[..., Any], columns: int, what: str) -> None:
    entries = run("list", what, "--json").json
    lines = screen(columns, lambda: run("list", what))
    assert len(lines) == len(entries) + 2
    if columns >= 60:
        assert [line.split()[0] for line in lines[2:4]] == [
            str(next(iter(one.values()))) for one in entries[:2]
        ]


def test_what_does_not_go_to_a_screen_is_whole(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = " ".join(run("list").stdout.split())
    assert "generates" in shown and "…" not in shown


@pytest.mark.parametrize("columns", [60, 80])
@pytest.mark.parametrize(
    "words",
    [
        ("show", "SDXL"),
        ("form", "show", "-e", "SDXL"),
        ("db", "plan"),
        ("lint", "--list"),
        ("doctor",),
        ("status",),
    ],
    ids=" ".join,
)
def test_no_line_goes_beyond_the_edge(
    screen: Any, run: Callable[..., Any], workspace: Path, columns: int, words: tuple[str, ...]
) -> None:
    assert "…" not in "".join(screen(columns, lambda: run(*words)))


def test_what_flows_is_whole_and_what_does_not_is_in_one_piece(screen: Any) -> None:
    words = "all that is said of this one, which is a lot"
    lines = screen(
        60, lambda: table(("key", "says", "next"), [("a-key-of-some-length", words, "civgen status")])
    )
    assert "a-key-of-some-length" in lines[2] and "civgen status" in lines[2]
    said = " ".join(
        line.replace("a-key-of-some-length", "").replace("civgen status", "").strip() for line in lines[2:]
    )
    assert said == words
