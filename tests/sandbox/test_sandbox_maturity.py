"""Who pays for mature content, and what is withheld from those who did not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from asking import BLOBS, IMAGES, WORKFLOWS, body, saying
from serving import Server, served

MATURE = saying("a fox [sandbox:x]", IMAGES)
TOKENS = '[tokens.t]\nuser = "u"\nbalances = { blue = 100000, green = 100000, yellow = 100000 }\n'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("maturity")
    (folder / "tokens.toml").write_text(TOKENS)
    with served(folder, "--tokens", "tokens.toml", "--speed", "1000") as running:
        running.http.headers["Authorization"] = "Bearer t"
        yield running


def first_blob(workflow: dict[str, Any]) -> dict[str, Any]:
    return dict(workflow["steps"][0]["output"]["images"][0])


def spent(server: Server) -> dict[str, int]:
    left = server.ask("GET", "/sandbox/me").json()["balances"]
    return {currency: 100000 - amount for currency, amount in left.items()}


@pytest.mark.parametrize(
    ("currencies", "allowed", "payer", "shown"),
    [
        (["yellow"], None, "yellow", True),
        (["yellow"], True, "yellow", True),
        (["yellow"], False, "yellow", False),
        (["blue", "yellow"], None, "blue", False),
        (["blue", "yellow"], True, "yellow", True),
        (["blue"], False, "blue", False),
        (["green"], None, "green", False),
        ([], None, "blue", False),
        ([], True, "yellow", True),
    ],
)
def test_what_paid_decides_what_is_shown(
    server: Server, currencies: list[str], allowed: bool | None, payer: str, shown: bool
) -> None:
    given = {} if allowed is None else {"allowMatureContent": allowed}
    ended = server.submit(MATURE, currencies=currencies, wait=5, **given)
    assert {one["accountType"] for one in ended["transactions"]["list"]} == {payer}
    assert ended["allowMatureContent"] is (payer == "yellow" if allowed is None else allowed)
    blob = first_blob(ended)
    assert (blob["available"], "url" in blob, blob["nsfwLevel"]) == (shown, shown, "x")
    assert blob.get("blockedReason") == ("MatureContent" if payer == "green" else None)
    assert server.ask("GET", f"{BLOBS}/{blob['id']}").status_code == (308 if shown else 403)


def test_what_is_not_mature_is_shown_whoever_paid(server: Server) -> None:
    for currency in ("blue", "green", "yellow"):
        assert first_blob(server.submit(IMAGES, currencies=[currency], wait=5))["available"]


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ({"currencies": ["yellow"], "allowMatureContent": False}, False),
        ({"currencies": ["blue", "green"]}, False),
        ({"currencies": ["yellow"]}, True),
        ({"currencies": ["blue", "yellow"]}, True),
    ],
)
def test_a_mature_prompt_needs_to_be_allowed(server: Server, given: dict[str, Any], taken: bool) -> None:
    answer = server.ask("POST", WORKFLOWS, json=body(saying("[sandbox:mature]", IMAGES), **given))
    if taken:
        assert answer.json()["transactions"]["list"][0]["accountType"] == "yellow"
    else:
        refusal = "Prompt requires mature content but workflow does not allow it"
        assert (answer.status_code, answer.json()["detail"]) == (400, refusal)


def test_mature_content_is_not_paid_for_in_blue(server: Server) -> None:
    answer = server.ask("POST", WORKFLOWS, json=body(IMAGES, currencies=["blue"], allowMatureContent=True))
    assert answer.status_code == 403 and isinstance(answer.json(), str)


def test_a_withheld_result_is_shown_once_yellow_has_paid(server: Server) -> None:
    before = spent(server)
    ended = server.submit(MATURE, currencies=["blue"], wait=5)
    path, total = f"{WORKFLOWS}/{ended['id']}", ended["cost"]["total"]
    assert server.ask("PUT", path, json={"allowMatureContent": True}).status_code == 204
    upgraded = server.get(ended["id"])
    assert first_blob(upgraded)["available"] and upgraded["allowMatureContent"] is True
    moved = [(one["type"], one["accountType"], one["amount"]) for one in upgraded["transactions"]["list"]]
    assert moved == [("debit", "blue", total), ("credit", "blue", total), ("debit", "yellow", total)]
    assert spent(server) == before | {"yellow": before["yellow"] + total}
    assert server.ask("PUT", path, json={"allowMatureContent": True}).status_code == 204
    assert spent(server) == before | {"yellow": before["yellow"] + total}


def test_automatic_upgrades_pay_by_themselves(server: Server) -> None:
    before = spent(server)
    ended = server.submit(MATURE, currencies=["blue"], upgradeMode="automatic", wait=5)
    assert first_blob(ended)["available"]
    assert spent(server) == before | {"yellow": before["yellow"] + ended["cost"]["total"]}
    plain = server.submit(IMAGES, currencies=["blue"], upgradeMode="automatic", wait=5)
    assert {one["accountType"] for one in plain["transactions"]["list"]} == {"blue"}


def test_a_blocked_result_says_why(server: Server) -> None:
    for words, reason in (
        ("[sandbox:block]", "Blocked"),
        ("[sandbox:block:ChildReference]", "ChildReference"),
    ):
        blob = first_blob(server.submit(saying(words, IMAGES), wait=5))
        assert (blob["available"], blob["blockedReason"], "url" in blob) == (False, reason, False)
