"""`--apply`: from an addition to its price in one command, or to the first "no"."""

import pytest
from trees import tree

LIGHTS = (
    "add-base-model", "Lights", "-e", "Lights", "--license", "MIT", "--checkpoint", "90000001",
    "--model-id", "1",
)  # fmt: skip


def test_one_command_leads_to_the_price(run, house):
    done = run(*LIGHTS, "--apply", "--yes", "--json")
    assert done.code == 0
    applied = done.json["applied"]
    assert list(applied) == ["lint", "rows", "index", "price"]
    assert applied["rows"]["changes"] > 4 and applied["index"]["written"] > 0 and "cost" in applied["price"]
    assert run("db", "check").code == 0
    assert run("coverage", "90000001", "--json").code == 0
    again = run(*LIGHTS, "--apply", "--json")
    assert again.code == 0 and again.json["written"] == []


def test_without_consent_it_stops_and_says_how_to_go_on(run, house):
    done = run(*LIGHTS, "--apply", "--json")
    assert done.code == 8
    assert "civgen db apply" in done.json["error"]["hint"]
    assert done.json["data"]["written"] == ["ecosystems/Lights.toml"]
    assert list(done.json["data"]["applied"]) == ["lint"]
    assert run("db", "apply", "--yes").code == 0
    assert run(*LIGHTS, "--apply").code == 0


def test_what_does_not_agree_ends_it_before_any_row(run, house):
    (house / "ecosystems/Bad.toml").write_text(
        'key = "Bad"\nid = 4\nname = "Bad"\ndescription = "Takes an id."\n'
    )
    done = run(
        "add-version", "SDXL", "--id", "90000002", "--label", "z", "--model-id", "7", "--apply", "--json"
    )
    assert done.code == 7 and "civgen lint" in done.json["error"]["hint"]
    assert not (house / ".civgen/local.db").exists()


@pytest.mark.parametrize("other", ["--dry-run", "--undo"])
def test_it_goes_on_with_what_is_there_only(run, house, other):
    before = tree(house)
    assert run(*LIGHTS, "--apply", other).code == 2
    assert tree(house) == before
