"""Price tokens: nothing is spent without a good one, and with one, once."""

import asyncio
import json
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from civgen import Workspace
from civgen.api import offers
from civgen.errors import Refused, Unavailable
from civgen.jobs import submit as submitting

REQUEST = {"ecosystem": "Veo3", "prompt": "a lighthouse", "duration": 8}
PRICE = 1333
#: A server of this machine stands in for one that takes real money: only the sandbox itself takes none.
REAL = '[environments.prod]\norchestrator = "http://127.0.0.1:9"\n'


@pytest.fixture
def here(workspace):
    return Workspace.open(workspace)


def submitted(here):
    return len(here.jobs.list(limit=100).jobs)


def test_a_token_runs_its_request_once(here):
    priced = here.whatif(REQUEST)
    assert priced.quote.cost.total == priced.offer.total == PRICE
    done = here.submit(REQUEST, token=priced.offer.token)
    with pytest.raises(Refused, match="used already") as caught:
        here.submit(REQUEST, token=priced.offer.token)
    assert caught.value.data == {"externalId": done.external_id}
    assert submitted(here) == 1


def test_what_was_priced_is_what_is_posted_the_drawn_seed_included(here):
    priced = here.whatif(REQUEST)
    done = here.submit(REQUEST, token=priced.offer.token)
    posted = here.journal.find(done.external_id).body
    assert {**posted, "externalId": None} == {**priced.preview.body, "externalId": None}


CHANGED = {
    "another prompt": {"request": {**REQUEST, "prompt": "a lighthouse!"}},
    "another duration": {"request": {**REQUEST, "duration": 4}},
    "one field more": {"request": {**REQUEST, "generateAudio": True}},
    "repaired": {"request": REQUEST, "repair": True},
    "another tier": {"request": REQUEST, "tier": "gold"},
    "with records": {"request": REQUEST, "resources": [{"id": 1}]},
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_token_is_of_exactly_its_request(name, here):
    token = here.whatif(REQUEST).offer.token
    with pytest.raises(Refused, match="another request"):
        here.submit(**CHANGED[name], token=token)
    assert submitted(here) == 0
    here.submit(dict(reversed(REQUEST.items())), token=token)  # the order of keys says nothing


def test_a_token_of_another_environment_is_another_requests(here):
    (here.root / "civgen.toml").write_text('[environments.other]\norchestrator = "sandbox"\n')
    other = Workspace.open(here.root, env="other")
    with pytest.raises(Refused, match="another request"):
        other.submit(REQUEST, token=here.whatif(REQUEST).offer.token)


@pytest.mark.parametrize("token", ["", "price_x", "price_x' OR 1=1 --"])
def test_a_made_up_token_is_refused(token, here):
    with pytest.raises(Refused, match="no such price token"):
        here.submit(REQUEST, token=token)


def test_a_token_expires(here, monkeypatch):
    monkeypatch.setattr(offers, "LIFETIME", -1)
    with pytest.raises(Refused, match="expired"):
        here.submit(REQUEST, token=here.whatif(REQUEST).offer.token)
    assert submitted(here) == 0


def test_a_token_is_not_to_be_found_in_the_workspace(here):
    token = here.whatif(REQUEST).offer.token
    assert not [
        file for file in here.root.rglob("*") if file.is_file() and token.encode() in file.read_bytes()
    ]


def test_a_request_that_would_post_something_else_by_now_is_refused(here):
    token = here.whatif(REQUEST).offer.token
    folder = here.root / "ecosystems"
    (folder / "Veo3.toml").write_text(
        'override = true\nkey = "Veo3"\n[form.negativePrompt]\ndefault = "rain"\n'
    )
    with pytest.raises(Refused, match="would post something else"):
        here.submit(REQUEST, token=token)
    assert submitted(here) == 0


def test_more_than_was_agreed_is_not_paid(here, monkeypatch):
    token = here.whatif(REQUEST).offer.token
    with sqlite3.connect(here.home.state / "offers.sqlite") as db:
        db.execute("UPDATE offers SET total = ?", (PRICE - 1,))
    with pytest.raises(Refused, match="1333 Buzz now, and 1332 Buzz was agreed"):
        here.submit(REQUEST, token=token)
    with pytest.raises(Refused, match="10 Buzz was agreed"):
        here.submit(REQUEST, max_cost=10)
    with pytest.raises(Refused, match="an unknown amount"):
        here.submit({"ecosystem": "SDXL", "prompt": "a fox"}, max_cost=10)
    assert submitted(here) == 0


def test_real_money_needs_a_token_or_a_limit(here):
    (here.root / "civgen.toml").write_text(REAL)
    with pytest.raises(Refused, match="nobody agreed"):
        Workspace.open(here.root, env="prod").submit(REQUEST)


def test_an_unknown_price_of_real_money_is_never_offered(here, monkeypatch):
    from civgen.settings import Environment

    request = {"ecosystem": "SDXL", "prompt": "a fox"}
    assert here.whatif(request).offer.total is None  # in the sandbox nothing is spent
    monkeypatch.setattr(Environment, "is_sandbox", property(lambda _: False))
    monkeypatch.setattr(Workspace, "connected", _in_sandbox)
    priced = here.whatif(request)
    assert priced.offer is None
    assert priced.as_json()["token"] is None
    assert "not known" in priced.as_json()["why"]


def _in_sandbox(workspace, connections=1):
    from civgen.sandbox import connect

    sandbox = SimpleNamespace(is_sandbox=True)
    return connect.connect(sandbox, workspace.home, connections)


def test_of_many_threads_with_one_token_one_submits(here):
    token = here.whatif(REQUEST).offer.token

    def attempt(_):
        try:
            return here.submit(REQUEST, token=token).workflow.id
        except Refused as error:
            assert "used already" in error.message
            return None

    with ThreadPoolExecutor(8) as pool:
        got = [one for one in pool.map(attempt, range(8)) if one]
    assert len(got) == 1
    assert submitted(here) == 1


def test_of_two_processes_with_one_token_one_submits(here):
    token = here.whatif(REQUEST).offer.token
    code = (
        "import sys, json; from civgen import Workspace; from civgen.errors import Refused\n"
        f"try: print(Workspace.open().submit({REQUEST}, token={token!r}).workflow.id)\n"
        "except Refused as error: print('refused')"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=here.root)
        for _ in range(2)
    ]
    said = sorted(one.communicate(timeout=60)[0].strip() for one in started)
    assert [one == "refused" for one in said].count(True) == 1
    assert submitted(here) == 1


def test_an_answer_that_was_lost_is_found_again_and_not_paid_twice(here, monkeypatch):
    token = here.whatif(REQUEST).offer.token
    real = submitting.send

    async def lost(submission, client, journal, **more):
        await client.submit(submission.body)  # it was accepted, and nobody heard
        raise Unavailable("The line is dead.")

    monkeypatch.setattr(submitting, "send", lost)
    with pytest.raises(Unavailable) as caught:
        here.submit(REQUEST, token=token)
    external_id = caught.value.data["externalId"]
    assert external_id in caught.value.hint
    monkeypatch.setattr(submitting, "send", real)
    first, second = here.jobs.resume(external_id), asyncio.run(here.jobs.resume_async(external_id))
    assert first.id == second.id
    assert submitted(here) == 1


def test_a_price_says_what_it_rests_on(here):
    said = json.loads(json.dumps(here.whatif(REQUEST).as_json()))
    assert said["cost"]["total"] == PRICE
    assert said["notChecked"]
    assert said["expires"] > "2026"
