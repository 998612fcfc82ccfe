"""`civgen resource`: what a version is, what it costs, who may use it, and its training epochs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from team import Team
from test_coverage import add_file, add_version

DETAILS = [("blob", "e1.safetensors"), ("job-7", "e2.safetensors")]
URLS = [
    "https://orchestration.example.org/v2/consumer/blobs/e1.safetensors?sig=x",
    "https://orchestration.example.org/v1/jobs/job-7/assets/e2.safetensors",
]


def trained(form: int, ended: datetime | None) -> dict[str, Any]:
    """Training results in one of their two forms."""
    at = ended.isoformat() if ended else None
    if form == 1:
        return {
            "epochs": [{"epoch_number": n, "model_url": url} for n, url in enumerate(URLS, 1)],
            "end_time": at,
        }
    epochs = [{"epochNumber": n, "modelUrl": url} for n, url in enumerate(URLS, 1)]
    return {"version": 2, "completedAt": at, "epochs": epochs}


def add_training(team: Team, form: int = 2, days_ago: float = 1, status: str = "Training") -> int:
    ended = datetime.now(UTC) - timedelta(days=days_ago)
    case = {"model": {"uploadType": "Trained"}, "version": {"status": status}, "file": False}
    with team.database.writing() as connection:
        number = add_version(connection, case)
        metadata = json.dumps({"trainingResults": trained(form, ended)})
        add_file(connection, scanned=False, metadata=metadata, type="Training Data")
    return number


#: What is different from a published LORA with a scanned file of 1 KB, who asks, and what stands in the way.
CASES: dict[str, tuple[dict[str, Any], list[str], list[str]]] = {
    "published": ({}, [], []),
    "not covered": ({"file": False}, [], ["not-covered"]),
    "disabled": ({"version": {"flags": 2}}, [], ["disabled"]),
    "other flags": ({"version": {"flags": 5}}, [], []),
    "private": ({"version": {"availability": "Private"}}, [], ["private", "subscription"]),
    "private, of another": (
        {"version": {"availability": "Private"}},
        ["--user", "5", "--tier", "gold"],
        ["private"],
    ),
    "private, without membership": (
        {"version": {"availability": "Private"}},
        ["--user", "-1"],
        ["subscription"],
    ),
    "private, to its member": (
        {"version": {"availability": "Private"}},
        ["--user", "-1", "--tier", "gold"],
        [],
    ),
    "private, to a moderator": ({"version": {"availability": "Private"}}, ["--moderator"], []),
    "internal": ({"version": {"usageControl": "InternalGeneration"}}, ["--user", "-1"], ["internal"]),
    "deleted": (
        {"version": {"status": "Deleted"}, "model": {"availability": "Private"}},
        ["--moderator"],
        ["status"],
    ),
    "scheduled": ({"version": {"status": "Scheduled"}, "curated": True}, [], ["status"]),
    "scheduled, to a moderator": (
        {"version": {"status": "Scheduled"}, "curated": True},
        ["--moderator"],
        [],
    ),
    "unknown base model": ({"version": {"baseModel": "Nobody's"}, "curated": True}, [], ["base-model"]),
    "type that nobody uses": ({"model": {"type": "Poses"}, "curated": True}, [], ["support"]),
}


@pytest.mark.parametrize("name", CASES)
def test_who_may_generate_and_why_not(team: Team, run: Callable[..., Any], name: str) -> None:
    case, asks, expected = CASES[name]
    with team.database.writing() as connection:
        number = add_version(connection, case)
    said = run("resource", str(number), *asks, "--check", "--json")
    document = said.json.get("data", said.json)
    assert [one["name"] for one in document["obstacles"]] == expected
    assert (said.code, document["canGenerate"]) == ((7, False) if expected else (0, True))


def test_what_it_is_and_how_it_is_used(team: Team, run: Callable[..., Any]) -> None:
    version = {
        "settings": {"minStrength": 0.2, "strength": 0.7},
        "trainedWords": ["fox"],
        "licensingFee": 2.5,
        "meta": {"generationAlias": 77},
    }
    with team.database.writing() as connection:
        number = add_version(connection, {"version": version})
    said = run("resource", str(number), "--json").json
    assert said["air"] == "urn:air:sd1:lora:civitai:1@2"
    assert said["strength"] == {"min": 0.2, "max": 2, "default": 0.7}
    assert (said["trainedWords"], said["ecosystem"], said["alias"]) == (["fox"], "SD1", 77)
    assert said["fees"]["licensing"] == {"amount": 2.5, "per": "PerImageBuzz", "currency": "Buzz"}
    assert said["fees"]["additional"] is False, "its file is small"
    shown = run("resource", str(number)).stdout
    assert "0.2 to 2, by default 0.7" in shown
    assert "civgen does not" in shown


@pytest.mark.parametrize(
    ("file", "air", "fee"),
    [
        (False, "lora", True),
        ({"sizeKB": 10240.0}, "lora", False),
        ({"sizeKB": 10241.0}, "lora", True),
        ({"type": "UNet", "sizeKB": 1.0}, "unet", False),
        ({"type": "Diffusion Model", "sizeKB": 1.0}, "diffusionmodel", False),
    ],
)
def test_the_file_decides_on_the_fee_and_the_air(
    team: Team, run: Callable[..., Any], file: Any, air: str, fee: bool
) -> None:
    with team.database.writing() as connection:
        number = add_version(connection, {"file": file})
    said = run("resource", str(number), "--json").json
    assert (said["air"], said["fees"]["additional"]) == (f"urn:air:sd1:{air}:civitai:1@2", fee)


@pytest.mark.parametrize(
    ("ends", "terms", "asks", "expected"),
    [
        (None, '{"generation": {"price": 50}}', [], ["paid-access"]),
        ("2099-01-01 00:00:00", '{"download": {"price": 100}}', [], ["paid-access"]),
        (None, '{"generation": {"free": true}}', [], []),
        ("2020-01-01 00:00:00", '{"generation": {"price": 50}}', [], []),
        (None, '{"generation": {"price": 50}}', ["--user", "-1"], []),
    ],
)
def test_paid_access_where_the_platform_has_it(
    team: Team, run: Callable[..., Any], ends: str | None, terms: str, asks: list[str], expected: list[str]
) -> None:
    with team.database.writing() as connection:
        number = add_version(connection, {})
    json_type = "TEXT" if team.on_sqlite else "jsonb"
    team.run(
        'CREATE TABLE "PaidAccess" ("entityType" text, "entityId" int, "endsAt" timestamp, '
        f"terms {json_type})"
    )
    team.run('INSERT INTO "PaidAccess" VALUES (?, ?, ?, ?)', "ComicChapter", number, None, "{}")
    team.run('INSERT INTO "PaidAccess" VALUES (?, ?, ?, ?)', "ModelVersion", number, ends, terms)
    said = run("resource", str(number), *asks, "--json").json
    assert [one["name"] for one in said["obstacles"]] == expected
    assert said["fees"]["access"]["terms"]


@pytest.mark.parametrize("form", [1, 2])
@pytest.mark.parametrize("epoch", [1, 2])
def test_an_epoch_has_an_air_of_its_own(team: Team, run: Callable[..., Any], form: int, epoch: int) -> None:
    number = add_training(team, form)
    owner = ["--user", "-1", "--tier", "gold"]
    said = run("resource", str(number), "--epoch", str(epoch), *owner, "--check", "--json").json
    job, file = DETAILS[epoch - 1]
    assert said["air"] == f"urn:air:sd1:lora:orchestrator:{job}@{file}"
    assert (said["private"], said["canGenerate"], said["training"]["epochs"]) == (True, True, [1, 2])
    free = run("resource", str(number), "--epoch", str(epoch), "--user", "-1", "--json").json
    assert [one["name"] for one in free["obstacles"]] == ["subscription"]


@pytest.mark.parametrize(
    ("days_ago", "status", "epoch", "says"),
    [
        (1, "Training", 3, "There is no epoch 3"),
        (14.9, "Draft", 9, "There is no epoch 9"),
        (15.1, "Training", 2, "has expired"),
        (1, "Published", 2, "it is published"),
    ],
)
def test_an_epoch_that_is_not_there_is_never_another(
    team: Team, run: Callable[..., Any], days_ago: float, status: str, epoch: int, says: str
) -> None:
    number = add_training(team, days_ago=days_ago, status=status)
    refused = run("resource", str(number), "--epoch", str(epoch), "--json")
    assert (refused.code, refused.json["error"]["code"]) == (4, "not-found")
    assert says in refused.json["error"]["message"]
    words = ["preview", "-e", "SD1", "-p", "a fox", "--json", "--set"]
    for repair in ([], ["--repair"]):
        resources = f'resources=[{{"id": {number}, "epochNumber": {epoch}}}]'
        request = run(*words, resources, *repair)
        assert request.code == 2
        assert [one["field"] for one in request.json["error"]["details"]] == ["resources[0].epochNumber"]


def test_a_request_names_an_epoch_and_becomes_private(team: Team, run: Callable[..., Any]) -> None:
    number = add_training(team)
    resources = f'resources=[{{"id": {number}, "epochNumber": 2, "strength": 0.5}}]'
    words = ["preview", "-e", "SD1", "-p", "a fox", "--json", "--tier", "gold", "--set", resources]
    body = run(*words).json
    air = "urn:air:sd1:lora:orchestrator:job-7@e2.safetensors"
    assert air in body["steps"][0]["input"]["additionalNetworks"]
    assert body["metadata"]["isPrivateGeneration"] is True
    assert body["metadata"]["resources"][-1]["epochNumber"] == 2
    mature = run(*words, "--set", "allowMatureContent=true")
    assert [one["field"] for one in mature.json["error"]["details"]] == ["allowMatureContent"]


def test_a_training_that_never_ended_has_expired(team: Team, run: Callable[..., Any]) -> None:
    with team.database.writing() as connection:
        number = add_version(connection, {"version": {"status": "Training"}, "file": False})
        metadata = '{"trainingResults": {"epochs": [{"epoch_number": 1, "model_url": "x"}]}}'
        add_file(connection, scanned=False, metadata=metadata, type="Training Data")
    assert "nothing says when it ended" in run("resource", str(number), "--epoch", "1").stderr
    assert run("resource", str(number), "--json").json["training"]["expired"] is True
