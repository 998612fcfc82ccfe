"""Every fault, and whether the request that met it was carried out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from asking import WORKFLOWS, body
from serving import Server, served

from civgen.sandbox.faults import BY_CHANCE, FAULTS, Faults, Planned


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("faults"), "--speed", "0.001") as running:
        yield running


def seen(server: Server, fault: str, external_id: str) -> str:
    """What a client that submits sees: an HTTP status, and how far its body can be read."""
    try:
        answer = server.ask("POST", WORKFLOWS, fault=fault, json=body(externalId=external_id), timeout=3)
    except httpx.HTTPError as error:
        return type(error).__name__
    if "html" in answer.headers["content-type"]:
        return f"{answer.status_code} page"
    try:
        return f"{answer.status_code} {'whole' if answer.json() else ''}"
    except ValueError:
        return f"{answer.status_code} broken"


@pytest.mark.parametrize(
    ("fault", "sees", "carried_out"),
    [
        ("429", "429 whole", False),
        ("500", "500 whole", False),
        ("503", "503 whole", False),
        ("500-after", "500 whole", True),
        ("502-after", "502 whole", True),
        ("html", "502 page", False),
        ("html=200", "200 page", False),
        ("reset-before", "ReadError", False),
        ("reset-after", "ReadError", True),
        ("truncated", "202 broken", True),
        ("cut", "RemoteProtocolError", True),
        ("slow=0.2", "202 whole", True),
        ("stall=0.1", "RemoteProtocolError", False),
        ("lost=0.1", "RemoteProtocolError", True),
        ("lost=60", "ReadTimeout", True),
    ],
)
def test_a_fault_is_what_it_is_called(server: Server, fault: str, sees: str, carried_out: bool) -> None:
    external_id = fault.replace("=", "-").replace(".", "-")
    before = set(server.listed(take=1000))
    assert seen(server, fault, external_id) == sees
    new = set(server.listed(take=1000)) - before
    assert len(new) == carried_out
    again = server.submit(externalId=external_id)["id"]
    assert set(server.listed(take=1000)) - before == {again} and (not new or new == {again})


def test_every_fault_by_chance_is_one_that_can_be_asked_for() -> None:
    assert set(BY_CHANCE) <= set(FAULTS)


def test_too_many_requests_say_when_to_come_back(server: Server) -> None:
    for fault, after in (("429", "1"), ("429=7", "7")):
        answer = server.ask("GET", WORKFLOWS, fault=fault)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, after)
        assert answer.headers["content-type"] == "application/problem+json"


def test_an_unknown_fault_is_refused(server: Server) -> None:
    answer = server.ask("GET", WORKFLOWS, fault="earthquake")
    assert answer.status_code == 400 and "earthquake" in answer.json()["detail"]


def test_faults_are_planned_for_requests_to_come(server: Server) -> None:
    plan = [{"fault": "500", "method": "GET", "skip": 1, "times": 2}, {"fault": "503", "method": "PUT"}]
    assert server.ask("POST", "/sandbox/faults", json=plan).status_code == 204
    assert [server.ask("GET", WORKFLOWS).status_code for _ in range(5)] == [200, 500, 500, 200, 200]
    shown = server.ask("GET", "/sandbox/faults").json()
    assert [one["fault"] for one in shown["planned"]] == ["503"] and shown["dealt"]["500"] >= 2
    assert server.ask("DELETE", "/sandbox/faults").status_code == 204
    assert server.ask("PUT", WORKFLOWS + "/x", json={}).status_code == 404
    wrong = server.ask("POST", "/sandbox/faults", json=[{"fault": "x"}, {"times": 0}])
    assert wrong.status_code == 400 and set(wrong.json()["errors"]) == {"0.fault", "1.fault", "1.times"}


def test_faults_are_planned_in_a_file(tmp_path: Path, run: Callable[..., Any]) -> None:
    file = tmp_path / "faults.json"
    file.write_text('[{"fault": "502-after", "method": "post"}]')
    with served(tmp_path, "--faults", "faults.json", "--speed", "0.001") as server:
        codes = [server.ask("POST", WORKFLOWS, json=body(externalId="x")).status_code for _ in range(2)]
        assert codes == [502, 202] and len(server.listed()) == 1
    file.write_text('[{"fault": "x"}]')
    assert run("sandbox", "serve", "--faults", file, "--json").code == 2


def test_chance_is_decided_by_the_seed() -> None:
    def met(seed: int, rate: float = 0.3) -> list[str | None]:
        faults = Faults(rate, seed)
        drawn = [faults.next("GET", "/v2/x", None) for _ in range(500)]
        return [one and one.name for one in drawn]

    assert met(1) == met(1) != met(2)
    often = [one for one in met(1) if one]
    assert 100 < len(often) < 200 and set(often) == set(BY_CHANCE)
    assert met(1, 0.0) == [None] * 500
    assert all(more for less, more in zip(met(1, 0.2), met(1, 0.6), strict=True) if less)


def test_a_plan_comes_before_chance() -> None:
    faults = Faults(1.0, 1, [Planned(fault="substitute", path="/v2/consumer/blobs")])
    chance = faults.next("GET", "/v2/consumer/workflows", None)
    planned = faults.next("GET", "/v2/consumer/blobs/x", None)
    assert chance and chance.name in BY_CHANCE and planned and planned.name == "substitute"


def test_under_faults_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    """Clients that repeat under one externalId until they are told an id have what they asked for, once."""

    def until_told(server: Server, method: str, **extra: Any) -> Any:
        while True:
            try:
                answer = server.ask(method, WORKFLOWS, **extra)
                if answer.status_code in (200, 202):
                    return answer.json()
            except (httpx.HTTPError, ValueError):
                continue

    with served(tmp_path, "--fail", "0.5", "--seed", "3", "--speed", "1000") as server:
        with ThreadPoolExecutor(16) as clients:
            each = [
                clients.submit(until_told, server, "POST", json=body(externalId=f"n{n}")) for n in range(60)
            ]
            ids = {one.result()["id"] for one in each}
        dealt = server.ask("GET", "/sandbox/faults").json()["dealt"]
        listed = until_told(server, "GET", params={"take": 1000})["items"]
    assert set(dealt) == set(BY_CHANCE)
    assert len(ids) == len(listed) == 60 and {one["id"] for one in listed} == ids


def test_latency_delays_the_answer(tmp_path: Path) -> None:
    with served(tmp_path, "--latency", "200") as server:
        began = time.perf_counter()
        server.listed()
        assert time.perf_counter() - began >= 0.1


def test_the_faults_are_listed(run: Callable[..., Any]) -> None:
    shown = run("sandbox", "faults", "--json").json
    assert {one["fault"] for one in shown} == set(FAULTS)
