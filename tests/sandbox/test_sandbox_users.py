"""Tokens, the users behind them, and what they can pay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from asking import BLOBS, IMAGES, VIDEO, WORKFLOWS, body, saying
from serving import Server, served

TOKENS = """
[tokens.ann-1]
user = "ann"
tier = "gold"
balances = { blue = 100, yellow = 100000 }

[tokens.ann-2]
user = "ann"
scopes = ["AIServicesRead"]
balances = { blue = 100, yellow = 100000 }

[tokens.poor]
user = "ben"
balances = { yellow = 1 }

[tokens.rich]
user = "eve"
"""
ANN, READER, POOR, RICH = "ann-1", "ann-2", "poor", "rich"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("users")
    (folder / "tokens.toml").write_text(TOKENS)
    with served(folder, "--tokens", "tokens.toml", "--speed", "1000") as running:
        yield running


def balances(server: Server, token: str) -> dict[str, int]:
    return dict(server.ask("GET", "/sandbox/me", token=token).json()["balances"])


def test_only_a_known_token_is_taken(server: Server) -> None:
    for token in ("", "nobody"):
        answer = server.ask("GET", WORKFLOWS, token=token)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    me = server.ask("GET", "/sandbox/me", token=ANN).json()
    assert (me["user"], me["tier"], me["scopes"]) == ("ann", "gold", ["AIServicesRead", "AIServicesWrite"])


def test_a_token_that_may_only_read_is_refused_with_text_alone(server: Server) -> None:
    workflow_id = server.submit(token=ANN)["id"]
    assert server.get(workflow_id, token=READER)["id"] == workflow_id
    assert server.whatif(token=READER)["id"] is None
    for method, path in (("POST", WORKFLOWS), ("DELETE", f"{WORKFLOWS}/{workflow_id}"), ("POST", BLOBS)):
        answer = server.ask(method, path, token=READER, json=body() if path == WORKFLOWS else None)
        assert answer.status_code == 403 and "AIServicesWrite" in answer.json()


def test_what_is_others_is_not_there(server: Server) -> None:
    mine = server.submit(IMAGES, token=RICH, tags=["own"], wait=5)
    path = f"{WORKFLOWS}/{mine['id']}"
    for method, where, given in (
        ("GET", path, None),
        ("PUT", path, {"status": "canceled"}),
        ("DELETE", path, None),
        ("POST", path + "/tags", "x"),
        ("GET", path + "/steps/$0", None),
        ("GET", f"{BLOBS}/{mine['steps'][0]['output']['images'][0]['id']}", None),
    ):
        assert server.ask(method, where, token=ANN, json=given).status_code == 404, (method, where)
    assert server.listed(ANN, tags=["own"]) == [] and server.listed(RICH, tags=["own"]) == [mine["id"]]


def test_an_external_id_is_its_users_own(server: Server) -> None:
    ids = {server.submit(token=token, externalId="order-1")["id"] for token in (ANN, RICH)}
    assert len(ids) == 2


def test_what_is_charged_is_taken_from_the_balance(server: Server) -> None:
    before = balances(server, ANN)
    total = server.submit(IMAGES, token=ANN)["cost"]["total"]
    assert balances(server, ANN)["yellow"] == before["yellow"] - total < before["yellow"]
    assert server.ask("GET", "/sandbox/me", token=RICH).json()["balances"] is None


def test_who_cannot_pay_is_refused_and_charged_nothing(server: Server) -> None:
    priced = server.whatif(token=POOR)
    assert priced["transactions"]["insufficientBuzz"] is True
    assert [one["amount"] for one in priced["transactions"]["list"]] == [priced["cost"]["total"]]
    answer = server.ask("POST", WORKFLOWS, token=POOR, json=body())
    assert answer.status_code == 403 and answer.json().startswith("Insufficient Buzz")
    assert balances(server, POOR) == {"yellow": 1} and server.listed(POOR) == []


def test_blue_pays_before_yellow_and_they_share(server: Server) -> None:
    before = balances(server, ANN)
    submitted = server.submit(token=ANN, currencies=["yellow", "blue"])
    total = submitted["cost"]["total"]
    paid = {one["accountType"]: one["amount"] for one in submitted["transactions"]["list"]}
    assert paid == {"blue": before["blue"], "yellow": total - before["blue"]}
    assert server.ask("POST", WORKFLOWS, token=ANN, json=body(currencies=["blue"])).status_code == 403


def test_what_fails_or_is_cancelled_gives_the_money_back(server: Server, tmp_path: Path) -> None:
    before = balances(server, ANN)
    failed = server.submit(saying("[sandbox:fail]"), token=ANN, wait=5)
    assert [one["type"] for one in failed["transactions"]["list"]] == ["debit", "credit"]
    assert balances(server, ANN) == before
    (tmp_path / "tokens.toml").write_text(TOKENS)
    with served(tmp_path, "--tokens", "tokens.toml", "--speed", "0.01") as slow:
        for method, given in (("PUT", {"status": "canceled"}), ("DELETE", None)):
            workflow_id = slow.submit(token=ANN)["id"]
            assert balances(slow, ANN)["yellow"] < 100000
            assert slow.ask(method, f"{WORKFLOWS}/{workflow_id}", token=ANN, json=given).status_code == 204
            assert balances(slow, ANN) == {"blue": 100, "yellow": 100000}


def test_what_was_spent_stays_spent_and_a_larger_balance_adds_to_it(workspace: Path) -> None:
    (workspace / "tokens.toml").write_text('[tokens.t]\nuser = "u"\nbalances = { yellow = 5000 }\n')
    with served(workspace, "--tokens", "tokens.toml") as server:
        total = server.submit(token="t")["cost"]["total"]
    (workspace / "tokens.toml").write_text('[tokens.t]\nuser = "u"\nbalances = { yellow = 6000 }\n')
    with served(workspace, "--tokens", "tokens.toml") as server:
        assert balances(server, "t") == {"yellow": 6000 - total}


def test_a_balance_is_never_overdrawn_by_many_at_once(server: Server, workspace: Path) -> None:
    total = server.whatif(token=RICH)["cost"]["total"]
    (workspace / "tokens.toml").write_text(
        f'[tokens.t]\nuser = "u"\nbalances = {{ yellow = {3 * total + 1} }}\n'
    )
    with served(workspace, "--tokens", "tokens.toml", "--speed", "0.001") as own:
        answers = [own.ask("POST", WORKFLOWS, token="t", json=body(VIDEO)).status_code for _ in range(6)]
        assert sorted(answers) == [202, 202, 202, 403, 403, 403]
        assert balances(own, "t") == {"yellow": 1}


def test_a_wrong_file_is_refused_with_every_problem(tmp_path: Path, run: Callable[..., Any]) -> None:
    file = tmp_path / "tokens.toml"
    file.write_text('[tokens.a]\nscopes = ["All"]\nbalances = { red = 1 }\n\n[tokens.b]\nname = "x"\n')
    refused = run("sandbox", "serve", "--tokens", file, "--json")
    assert refused.code == 2
    assert [one["where"]["line"] for one in refused.json["error"]["details"]] == [2, 3, 6]
    assert "tokens.a" not in str(refused.json["error"]["details"])
    file.write_text('[tokens.a]\nuser = "u"\nbalances = { blue = 1 }\n\n[tokens.b]\nuser = "u"\n')
    assert run("sandbox", "serve", "--tokens", file, "--json").code == 2
