"""--yes agrees, and never to a price: whatever costs needs --max-cost, too, where money is real."""

from __future__ import annotations

from typing import Any

import pytest
from site_of_cases import TOKEN, Site, at_a_terminal, cases

from civgen.cli.describe import all_commands

COMMANDS = {one.name: one for one in all_commands()}
#: A run of every command that can cost. The batch was begun where nothing is charged, and has no limit.
COSTLY = {
    "batch resume": "batch resume {batch}",
    "batch retry-failed": "batch retry-failed {batch}",
    "jobs unlock": "jobs unlock {fresh}",
    "submit": 'submit -e Veo3 -p "a red fox"',
    "submit --batch": "submit --batch batch.jsonl",
}


def flags(name: str) -> set[str]:
    return {flag for one in COMMANDS[name].command.params for flag in one.opts}


def agreeing() -> list[str]:
    """A run of every command that takes --yes, found by walking the app."""
    found = set(COSTLY.values())
    for case in cases({name.replace(" ", "-"): name for name in COMMANDS}):
        spends = (answer := COMMANDS[case.command].answer) and answer.spends
        if "--yes" in flags(case.command) and case.kind == ("succeeds" if spends else "asks"):
            found.add(case.run.replace(" --yes", ""))
    return sorted(line for line in found if "{external}" not in line)


def test_what_can_cost_says_so_and_takes_a_limit() -> None:
    spending = {name for name, one in COMMANDS.items() if one.answer and one.answer.spends}
    assert spending == {run.partition(" --")[0] for run in COSTLY}
    assert all({"--yes", "--max-cost"} <= flags(name) for name in spending)


@pytest.mark.parametrize("line", agreeing())
def test_yes_alone_spends_nothing(line: str, paid_for: Site, served: Any) -> None:
    paid_for.make_real(served.url)
    before = _balance(served)
    refused = paid_for.run(*paid_for.words(line), "--yes", "--json", stdin="")
    assert _balance(served) >= before, "something was paid for"
    if line in COSTLY.values():
        assert refused.code == 8, refused.stdout
        assert "--max-cost" in refused.json["error"]["hint"]


def test_a_person_who_says_yes_is_still_asked_how_much(paid_for: Site, served: Any) -> None:
    before = _balance(served)
    words = (*paid_for.words(COSTLY["submit"]), "--env", "served", "--yes")
    code, said = at_a_terminal(words, answer="n")
    assert "Submit for 1333 Buzz?" in said and code == 8
    assert _balance(served) == before


def test_a_person_may_agree_to_a_price_that_is_not_known_and_is_told_how(paid_for: Site, served: Any) -> None:
    words = ("submit", "-e", "Nova", "-p", "a red fox", "--env", "served")
    code, said = at_a_terminal((*words, "--yes", "--max-cost", "50"), answer="y")
    assert code == 8 and "Leave --max-cost out, and you are asked instead" in said
    code, said = at_a_terminal((*words, "--yes"), answer="n")
    assert "Submit for an unknown amount of Buzz?" in said and code == 8


def test_with_a_limit_it_is_done(paid_for: Site, served: Any) -> None:
    paid_for.make_real(served.url)
    before = _balance(served)
    assert paid_for.run(*paid_for.words(COSTLY["submit"]), "--yes", "--max-cost", "9999", "--json").code == 0
    assert _balance(served) < before


def _balance(served: Any) -> int:
    return int(served.ask("GET", "/sandbox/me", token=TOKEN).json()["balances"]["yellow"])
