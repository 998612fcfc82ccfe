"""Submitted once, priced honestly, watched to the end."""

import asyncio
import json
import re
import sqlite3
import subprocess
import sys
import urllib.request

import pytest

from civgen.errors import AnswerIsNo, NotFound, Refused
from civgen.jobs.journal import Journal
from civgen.jobs.preview import preview
from civgen.jobs.submit import fetch, finish, offline_price, quote, submit
from civgen.sandbox.connect import connect
from civgen.workspace import open_workspace

VEO = {"ecosystem": "Veo3", "prompt": "a lighthouse", "duration": 8, "generateAudio": True}


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "journal.sqlite")


def in_sandbox(work):
    """Run `work(client, environment)` against a fresh sandbox."""
    workspace = open_workspace()
    environment = workspace.environment()

    async def main():
        async with connect(environment, workspace) as client:
            return await work(client, environment)

    return asyncio.run(main())


def test_the_same_id_stands_for_one_submission_only(journal):
    first = journal.begin({"steps": [1], "externalId": "a"}, "local")
    assert journal.begin({"steps": [1], "externalId": "a"}, "local") == first
    with pytest.raises(Refused, match="used for another submission"):
        journal.begin({"steps": [2], "externalId": "a"}, "local")
    with pytest.raises(Refused):
        journal.begin({"steps": [1], "externalId": "a"}, "prod")


def test_an_id_is_minted_where_none_is_given_and_found_again(journal):
    first, second = journal.begin({"steps": []}, "local"), journal.begin({"steps": []}, "local")
    assert first.external_id != second.external_id
    assert first.body["externalId"] == first.external_id
    journal.answered(first, "w-1")
    assert journal.find(first.external_id).workflow_id == "w-1"
    assert journal.find(second.external_id).workflow_id is None
    with pytest.raises(NotFound):
        journal.find("never")


def test_it_is_written_down_before_it_is_sent(workspace, platform, journal):
    class Dying:
        async def submit(self, body):
            assert journal.find(body["externalId"]).workflow_id is None
            raise ConnectionError("pulled plug")

    environment = open_workspace().environment()
    with pytest.raises(ConnectionError):
        asyncio.run(submit(preview(VEO | {"externalId": "once"}, platform), Dying(), journal, environment))
    assert journal.find("once").body["steps"]


def test_a_job_runs_once_and_its_files_are_fetched(workspace, platform, journal):
    ready = preview({"ecosystem": "SDXL", "prompt": "a fox", "quantity": 2, "externalId": "twice"}, platform)

    async def work(client, environment):
        first = await submit(ready, client, journal, environment)
        again = await submit(ready, client, journal, environment)
        seen = []
        done = await finish(first, client, lambda one: seen.append(one.status))
        return first, again, seen, await fetch(done, client, workspace / "out")

    first, again, seen, files = in_sandbox(work)
    assert first.id == again.id
    assert seen[-1] == "succeeded"
    assert [path.name for path in files] == [f"{first.id}-1.jpeg", f"{first.id}-2.jpeg"]
    assert all(path.read_bytes()[:3] == b"\xff\xd8\xff" for path in files)


def test_a_job_that_fails_is_an_answer_of_no_with_what_the_orchestrator_said(workspace, platform, journal):
    ready = preview({"ecosystem": "SDXL", "prompt": "a fox [sandbox:fail]"}, platform)

    async def work(client, environment):
        await finish(await submit(ready, client, journal, environment), client)

    with pytest.raises(AnswerIsNo, match="failed") as caught:
        in_sandbox(work)
    assert caught.value.data["status"] == "failed"


def test_a_quote_is_the_published_price_says_it_is_an_estimate_and_what_was_not_checked(workspace, platform):
    document = in_sandbox(lambda client, env: quote(preview(VEO, platform), client, platform, env)).as_json()
    assert document["cost"] | {"tips": None} == {
        "total": 2000, "known": True, "base": 3333, "factors": {"mode": 0.6}, "fixed": {}, "tips": None,
        "estimate": True, "source": "sandbox",
    }  # fmt: skip
    assert document["published"] == 2000
    assert any("moderation" in point for point in document["notChecked"])
    assert any("price" in point for point in document["notChecked"])


def test_an_unknown_price_is_unknown_and_never_nothing(workspace, platform):
    ready = preview({"ecosystem": "SDXL", "prompt": "x"}, platform)
    document = in_sandbox(lambda client, env: quote(ready, client, platform, env)).as_json()
    assert (document["cost"]["total"], document["cost"]["known"], document["published"]) == (
        None,
        False,
        None,
    )
    assert offline_price(preview(VEO | {"generateAudio": False}, platform), platform) == 1333


def test_submit_on_the_command_line(run, workspace):
    words = (
        "submit",
        "-e",
        "Veo3",
        "-p",
        "a lighthouse",
        "--set",
        "duration=8",
        "--set",
        "generateAudio=true",
    )
    dry = run(*words, "--dry-run", "--json")
    assert (dry.code, dry.json["cost"]["total"]) == (0, 2000)
    assert not (workspace / ".civgen" / "journal.sqlite").exists()
    assert "2000 Buzz" in run(*words, "--dry-run").stdout
    done = run(*words, "--wait", "--json").json
    assert done["status"] == "succeeded"
    assert (workspace / done["files"][0]).read_bytes()[4:8] == b"ftyp"
    assert run("submit", "-e", "SDXL", "--json").code == 2


@pytest.fixture
def prod(workspace, monkeypatch):
    """An environment `prod` with an orchestrator of its own: a sandbox served by another process."""
    monkeypatch.setenv("CIVGEN_TOKEN", "canary")
    words = [sys.executable, "-m", "civgen", "sandbox", "serve", "--port", "0", "--token-env", "CIVGEN_TOKEN"]
    server = subprocess.Popen(
        words, cwd=workspace, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    url = re.search(r"http://[\d.:]+", server.stderr.readline()).group()
    (workspace / "civgen.toml").write_text(f'[environments.prod]\norchestrator = "{url}"\n')
    yield workspace
    server.terminate()
    server.communicate(timeout=10)


def test_without_a_terminal_money_needs_consent_to_a_price_that_is_named(run, prod):
    words = ("submit", "-e", "Veo3", "-p", "x", "--set", "generateAudio=true", "--env", "prod", "--json")
    refused = run(*words)
    assert refused.code == 8
    assert "2000 Buzz" in refused.json["error"]["message"]
    assert "--yes" in refused.json["error"]["hint"]
    for more, missing in ((("--yes",), "--max-cost"), (("--max-cost", "2000"), "--yes")):
        half = run(*words, *more)
        assert half.code == 8 and missing in half.json["error"]["hint"]
    above = run(*words, "--yes", "--max-cost", "1999")
    assert above.code == 8 and above.json["data"] == {"price": 2000, "maxCost": 1999}
    assert not (prod / ".civgen" / "journal.sqlite").exists()
    done = run(*words, "--yes", "--max-cost", "2000")
    assert done.code == 0 and done.json["id"]
    assert "canary" not in refused.stdout + refused.stderr + done.stdout + done.stderr


UNPRICED = ("submit", "-e", "SDXL", "-p", "x")


@pytest.mark.parametrize("more", [("--yes",), ("--yes", "--max-cost", "50"), ()])
def test_without_a_terminal_a_price_that_is_not_known_needs_a_person(run, prod, more):
    done = run(*UNPRICED, "--env", "prod", "--json", *more)
    error = done.json["error"]
    assert done.code == 8 and error["message"].startswith("The price is not known")
    assert "at a terminal, without --max-cost and --json" in error["hint"]
    assert "Raise" not in error["hint"] and "Pass" not in error["hint"]
    assert not (prod / ".civgen" / "journal.sqlite").exists()


def test_in_the_sandbox_a_price_that_is_not_known_needs_no_limit(run, workspace):
    done = run(*UNPRICED, "--max-cost", "50", "--json")
    assert done.code == 8 and "Leave --max-cost out" in done.json["error"]["hint"]
    assert done.json["data"] == {"price": None, "maxCost": 50}
    assert run(*UNPRICED, "--json").code == 0


@pytest.mark.parametrize("cap", [(), ("--max-cost", "50"), ("--max-cost=50",)])
def test_a_price_that_is_not_known_is_covered_by_no_balance_and_held_against_no_limit(run, workspace, cap):
    done = run(*UNPRICED, "--dry-run", *cap, "--json").json
    assert (done["cost"]["total"], done["balanceCovers"]) == (None, None)
    assert "whether the balance covers it: the price is not known" in done["notChecked"]
    assert done["next"] == ["civgen submit -e SDXL -p x"]
    assert "covers it\n" not in run(*UNPRICED, "--dry-run").stdout.partition("not checked")[0]
    known = run("submit", "-e", "Veo3", "-p", "x", "--dry-run", "--json", *cap).json
    assert known["balanceCovers"] is True
    # One that is known is agreed to by its own limit; under a lower one the job would be refused.
    assert known["next"] == ([] if cap else ["civgen submit -e Veo3 -p x --max-cost 1333"])


def test_an_orchestrator_that_is_down_is_worth_trying_again(run, workspace, monkeypatch):
    monkeypatch.setenv("CIVGEN_TOKEN", "canary")
    (workspace / "civgen.toml").write_text('[environments.prod]\norchestrator = "http://127.0.0.1:9"\n')
    done = run("submit", "-e", "Veo3", "-p", "x", "--env", "prod", "--json")
    assert done.code == 5
    assert "canary" not in done.stdout + done.stderr


def test_a_quote_as_json_is_json(workspace, platform):
    quoted = in_sandbox(lambda client, env: quote(preview(VEO, platform), client, platform, env))
    assert json.loads(json.dumps(quoted.as_json())) == quoted.as_json()


def test_a_cap_holds_in_the_sandbox_too_and_an_unknown_price_is_above_it(run, workspace):
    known = ("submit", "-e", "Veo3", "-p", "x", "--set", "generateAudio=true", "--max-cost")
    assert run(*known, "1999").code == 8
    assert run("submit", "-e", "SDXL", "-p", "x", "--max-cost", "999999").code == 8
    assert not (workspace / ".civgen" / "journal.sqlite").exists()
    assert run(*known, "2000").code == 0


def test_the_price_says_what_is_published_what_differs_and_in_which_buzz(run, workspace):
    dry = run("submit", "-e", "Veo3", "-p", "x", "--set", "duration=8", "--dry-run", "--json").json
    assert (dry["published"], dry["difference"]) == (dry["cost"]["total"], 0)
    assert dry["currencies"] == {"yellow": dry["cost"]["total"]}
    assert "paid in" in run("submit", "-e", "Veo3", "-p", "x", "--set", "duration=8", "--dry-run").stdout


def test_a_submission_is_taken_up_again_by_its_id_and_runs_once(run, workspace):
    first = run("submit", "-e", "SDXL", "-p", "a fox", "--json").json
    again = run("submit", "--resume", first["externalId"], "--wait", "--json")
    assert (again.json["id"], again.json["status"]) == (first["id"], "succeeded")
    assert (workspace / again.json["files"][0]).is_file()
    assert run("submit", "--resume", "nonsense").code == 4
    assert run("submit", "--resume", first["externalId"], "-p", "another").code == 2


def test_what_was_not_answered_says_how_to_go_on_and_going_on_finds_it(run, prod, monkeypatch):
    from civgen.jobs import sending

    url = re.search(r"http://[\d.:]+", (prod / "civgen.toml").read_text()).group()
    plan = json.dumps({"fault": "502-after", "method": "POST", "skip": 1, "times": 20}).encode()
    urllib.request.urlopen(urllib.request.Request(f"{url}/sandbox/faults", plan)).close()
    monkeypatch.setattr(sending.Patience, "pause", lambda *_: 0)
    words = ("submit", "-e", "Veo3", "-p", "once", "--set", "generateAudio=true", "--env", "prod", "--json")
    lost = run(*words, "--yes", "--max-cost", "9999")
    assert lost.code == 5 and "canary" not in lost.stdout + lost.stderr
    command = lost.json["error"]["next"][0].split()
    urllib.request.urlopen(urllib.request.Request(f"{url}/sandbox/faults", method="DELETE")).close()
    found = run(*command[1:], "--json")
    assert found.code == 0 and found.json["status"] == "succeeded"
    listing = urllib.request.Request(
        f"{url}/v2/consumer/workflows", headers={"Authorization": "Bearer canary"}
    )
    with urllib.request.urlopen(listing) as answer:
        assert [one["id"] for one in json.load(answer)["items"]] == [found.json["id"]]


def test_where_the_database_knows_nothing_the_orchestrator_is_asked_if_the_settings_say_so(run, prod):
    (prod / "civgen.toml").write_text((prod / "civgen.toml").read_text() + "resource_lookup = true\n")
    record = {"id": 5, "type": "LORA", "baseModel": "SDXL 1.0", "air": "urn:air:sdxl:lora:civitai:9@0"}
    (prod / "records.json").write_text(json.dumps([record]))
    words = ("submit", "-e", "SDXL", "-p", "x", "--env", "prod", "--dry-run", "--json")
    good = run(*words)
    assert good.code == 0 and not any("may generate" in point for point in good.json["notChecked"])
    gone = run(*words, "--resource", "5", "--resources", "records.json")
    assert gone.code == 2
    assert gone.json["error"]["details"][0]["field"] == "resources[0]"


def test_a_version_that_is_known_not_to_generate_is_refused_with_what_it_lacks(run, workspace):
    assert run("db", "plan").code == 0
    assert run("db", "apply", "--yes").code == 0
    assert run("submit", "-e", "SDXL", "-p", "x").code == 0
    with sqlite3.connect(workspace / ".civgen" / "local.db") as db:
        db.execute('DELETE FROM "EcosystemCheckpoints"')
    db.close()
    done = run("submit", "-e", "SDXL", "-p", "x", "--json")
    assert done.code == 2
    (problem,) = done.json["error"]["details"]
    assert (problem["field"], problem["given"]) == ("model", 128078)
    assert "EcosystemCheckpoints" in problem["hint"]
