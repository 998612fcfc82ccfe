"""Every command answers as it says that it does: document, lines, exit codes, next commands.

The commands are found by walking the app, their examples in `cases/`, a file a command. A new command
needs `@answers(...)` beside it and such a file, or a test here fails and says so.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
from hints_parsed import problem_of
from site_of_cases import KINDS, Case, Site, cases

from civgen.cli.answers import CONSENT
from civgen.cli.describe import Command, all_commands, error_schema, schema_of

COMMANDS = {one.name: one for one in all_commands()}
FILES = {name.replace(" ", "-"): name for name in COMMANDS}
ALL = list(cases(FILES))


def test_no_two_commands_share_a_file_and_no_file_is_of_none() -> None:
    assert len(FILES) == len(COMMANDS)
    assert {case.command for case in ALL} <= COMMANDS.keys(), "a file in cases/ is called after no command"
    assert {case.kind for case in ALL} <= set(KINDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_answers_and_has_examples(name: str) -> None:
    command = COMMANDS[name]
    assert command.answer is not None, "put @answers(...) above it; see civgen/cli/answers.py"
    mine = [case for case in ALL if case.command == name]
    kinds = {case.kind for case in mine}
    file = f"tests/contract/cases/{name.replace(' ', '-')}.toml"
    assert "succeeds" in kinds, f"{file} has no [[succeeds]] with a `run`"
    assert "fails" in kinds, f"{file} has no [[fails]] with a `run` and its `code`"
    takes_yes = any("--yes" in one.opts for one in command.command.params)
    asks = takes_yes and CONSENT[8] in command.answer.exit_codes.get(8, "")
    if asks and not command.answer.spends:
        assert "asks" in kinds, f"{file} has no [[asks]] with a `run`"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_field_of_an_answer_is_described(name: str) -> None:
    for schema in (COMMANDS[name].result, COMMANDS[name].line):
        for kind, fields in _objects(schema or {}):
            undescribed = [key for key, field in fields.items() if "description" not in field]
            assert not undescribed, f"{kind}: say it in the docstring's Attributes"


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.command}-{case}")
def test_an_answer_is_as_it_is_published(case: Case, site: Site, request: pytest.FixtureRequest) -> None:
    if case.queue:
        site.add(f'[environments.shared]\ndatabase = "{request.getfixturevalue("queue")}"')
    if case.served:
        request.getfixturevalue("paid_for")
    site.prepare(case)
    done = site.answer(case)
    _judge(case, done)
    if case.kind == "asks":
        assert "--yes" in done.json["error"]["hint"]
        agreed = site.answer(case, "--yes")
        assert agreed.code == 0, agreed.stdout
        _valid(_result(case.command), agreed.json)


def _judge(case: Case, done: Any) -> None:
    command = COMMANDS[case.command]
    assert done.code == case.code, (done.stdout, done.stderr)
    assert command.answer is not None and done.code in command.answer.exit_codes, "say so in @answers"
    if case.lines:
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        assert lines
        for line in lines:
            _valid(_line(case.command), line)
    elif done.code == 0:
        _valid(_result(case.command), done.json)
        _lead_on(done.json)
    else:
        _valid(_error(), done.json)
        assert done.json["error"]["next"], "an error says what comes next"
        _lead_on(done.json["error"])
        if "data" in done.json:
            _valid(_result(case.command), done.json["data"])
            _lead_on(done.json["data"])


def _lead_on(document: Any) -> None:
    """Every command that is named next is one, and takes what is given to it."""
    for line in document.get("next", []) if isinstance(document, dict) else []:
        assert problem_of(line) is None, line


def _valid(validator: Any, document: Any) -> None:
    problems = [f"{list(one.instance_path)}: {one.message}" for one in validator.iter_errors(document)]
    assert not problems, problems


@cache
def _result(name: str) -> Any:
    return jsonschema_rs.validator_for(COMMANDS[name].result)


@cache
def _line(name: str) -> Any:
    return jsonschema_rs.validator_for(COMMANDS[name].line)


@cache
def _error() -> Any:
    return jsonschema_rs.validator_for(error_schema())


def _objects(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The closed objects of a schema, with their fields."""
    found = [("the document", schema), *schema.get("$defs", {}).items()]
    return [(kind, one["properties"]) for kind, one in found if "properties" in one]


def test_examples_of_the_helper_hold() -> None:
    assert isinstance(next(iter(COMMANDS.values())), Command)
    assert schema_of(None) is None
