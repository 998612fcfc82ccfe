"""`civgen doctor`: whatever is broken, it is named with what mends it, and nothing is changed or shown."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from civgen.cli.doctor import scene
from civgen.jobs.journal import Journal

Run = Callable[..., Any]
SECRET = "canary-5d1e77"


@pytest.fixture
def made(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace as `civgen init` makes it, as the current folder."""
    assert run("init", str(tmp_path / "team")).code == 0
    monkeypatch.chdir(tmp_path / "team")
    return tmp_path / "team"


@pytest.fixture
def refusing() -> Iterator[str]:
    """A server that takes no key and no token."""

    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(
                {"message": "wrong", "code": "invalid_api_key", "title": "Unauthorized"}
            ).encode()
            self.send_response(401)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def closed() -> int:
    """A port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def declare(root: Path, name: str, **said: str) -> None:
    lines = "".join(f'{key} = "{value}"\n' for key, value in said.items())
    with (root / "civgen.toml").open("a") as file:
        file.write(f"\n[environments.{name}]\n{lines}")


def asked(run: Run, *words: str) -> dict[str, Any]:
    """The document, which is as it is published."""
    done = run("doctor", *words, "--json")
    assert done.code == 0
    jsonschema_rs.validate(run("schema", "doctor", "--json").json["result"], done.json)
    for one in done.json["findings"]:
        assert one["state"] != "broken" or one["do"] or one["hint"], one
    assert SECRET not in done.stdout + done.stderr
    return done.json


def found(document: dict[str, Any], check: str, state: str) -> dict[str, Any]:
    """The one finding of a check in a state."""
    [one] = [one for one in document["findings"] if (one["check"], one["state"]) == (check, state)]
    return one


def ill(document: dict[str, Any]) -> set[str]:
    return {one["check"] for one in document["findings"] if one["state"] == "broken"}


def files(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_without_a_workspace_it_says_how_to_make_one(run: Run) -> None:
    document = asked(run)
    assert (document["workspace"], document["verdict"]) == (None, "note")
    assert found(document, "workspace", "note")["do"] == "civgen init ."
    assert run("doctor", "--check").code == 0


def test_a_new_workspace_is_well_and_nothing_is_written(made: Path, run: Run) -> None:
    before = files(made)
    document = asked(run)
    assert not ill(document) and document["environment"] == "local"
    assert files(made) == before
    for check, command in (("database", "db plan"), ("search", "search sync")):
        assert found(document, check, "note")["do"] == f"civgen {command}"
        assert run(*command.split()).code == 0
    mended = asked(run)
    assert found(mended, "database", "ok") and found(mended, "search", "ok")


def test_the_commands_of_findings_name_environment_and_workspace(made: Path, run: Run) -> None:
    declare(made, "other", database="sqlite:///other.db")
    document = asked(run, "--env", "other", "--workspace", str(made))
    assert found(document, "database", "note")["do"] == f"civgen db plan --env other --workspace {made}"


@pytest.mark.parametrize(
    ("text", "lines"), [("x = [\n", [1]), ('defualt = "local"\nenvironments = 1\n', [1, 2])]
)
def test_every_problem_of_a_broken_settings_file_has_its_line(
    made: Path, run: Run, text: str, lines: list[int]
) -> None:
    (made / "civgen.toml").write_text(text)
    document = asked(run)
    wrong = [one for one in document["findings"] if one["state"] == "broken"]
    assert {one["check"] for one in wrong} == {"workspace"}
    assert sorted(one["where"]["line"] for one in wrong) in (lines, [line + 1 for line in lines])
    failed = run("doctor", "--check", "--json")
    assert failed.code == 7 and failed.json["data"]["verdict"] == "broken"


def test_a_folder_that_is_not_there_and_an_environment_that_is_not(made: Path, run: Run) -> None:
    missing = asked(run, "--workspace", str(made / "away"))
    assert found(missing, "workspace", "broken")["do"] == f"civgen init {made / 'away'}"
    unknown = found(asked(run, "--env", "locla"), "workspace", "broken")
    assert "locla" in unknown["what"] and "local" in unknown["hint"]


def test_a_catalogue_file_that_cannot_be_read_is_named(made: Path, run: Run) -> None:
    (made / "ecosystems" / "Nova.toml").write_text("key = \n")
    wrong = found(asked(run), "catalogue", "broken")
    assert wrong["where"]["file"].endswith("Nova.toml") and wrong["do"] == "civgen lint"


def test_nobody_answers(made: Path, run: Run, closed: int) -> None:
    url = f"http://127.0.0.1:{closed}"
    database = f"postgresql://civgen@127.0.0.1:{closed}/platform"
    declare(made, "down", database=database, search=url, orchestrator=url)
    document = asked(run, "--env", "down")
    assert ill(document) == {"database", "search", "orchestrator"}
    for check in ("database", "search", "orchestrator"):
        wrong = found(document, check, "broken")
        assert str(closed) in wrong["what"]
        assert wrong["where"]["field"] == f"environments.down.{check}"
    assert found(document, "orchestrator", "broken")["do"].startswith(f"civgen sandbox serve --port {closed}")


def test_one_that_never_answers_is_not_waited_for(
    made: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scene, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        declare(made, "slow", search=url, orchestrator=url)
        document = asked(run, "--env", "slow")
        for check in ("search", "orchestrator"):
            assert "does not answer within" in found(document, check, "broken")["what"]


def test_secrets_are_placed_and_never_shown(
    made: Path, run: Run, refusing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(
        made, "prod", database="postgresql://civgen@127.0.0.1:1/x", search=refusing, orchestrator=refusing
    )
    names = ("CIVGEN_TOKEN_PROD", "CIVGEN_SEARCH_KEY", "CIVGEN_DATABASE_PASSWORD_PROD")
    for name in names:
        monkeypatch.setenv(name, SECRET)
    document = asked(run, "--env", "prod")
    told = " ".join(one["what"] for one in document["findings"] if one["check"] == "credentials")
    assert all(name in told for name in names)
    for check, name, keep in (
        ("orchestrator", "CIVGEN_TOKEN_PROD", "civgen auth login --env prod"),
        ("search", "CIVGEN_SEARCH_KEY", "keyring set civgen prod/search"),
    ):
        wrong = found(document, check, "broken")
        assert wrong["do"] == f"unset {name}" and keep in wrong["hint"] and name in wrong["what"]


def test_a_token_is_missing_only_where_one_is_wanted(made: Path, run: Run, refusing: str) -> None:
    declare(made, "here", orchestrator=refusing)
    assert (
        found(asked(run, "--env", "here"), "orchestrator", "broken")["do"] == "civgen auth login --env here"
    )
    declare(made, "found", search=refusing)
    assert "keyring set civgen found/search" in found(asked(run, "--env", "found"), "search", "broken")["do"]
    declare(made, "clear", orchestrator="http://orchestration.example")
    document = asked(run, "--env", "clear")
    assert found(document, "credentials", "broken")["do"] == "civgen auth login --env clear"
    assert "neither https" in found(document, "orchestrator", "broken")["what"]


@pytest.mark.skipif(os.name != "posix", reason="rights of files are POSIX's")
def test_a_token_file_that_others_can_read(made: Path, run: Run, tmp_path: Path) -> None:
    declare(made, "prod", orchestrator="https://127.0.0.1:1")
    kept = tmp_path / ".config" / "civgen" / "tokens.json"
    kept.parent.mkdir(parents=True)
    kept.write_text(json.dumps({"prod https://127.0.0.1:1": SECRET}))
    kept.chmod(0o644)
    assert found(asked(run, "--env", "prod"), "credentials", "broken")["do"] == f"chmod 600 {kept}"


def test_what_was_submitted_without_an_answer_can_be_taken_up(made: Path, run: Run) -> None:
    journal = Journal(made / ".civgen" / "journal.sqlite")
    settled = journal.begin({"steps": [1]}, "local")
    journal.answered(settled, "workflow-1")
    assert found(asked(run), "leftovers", "ok")
    left = journal.begin({"steps": [2]}, "local")
    journal.begin({"steps": [3]}, "elsewhere")
    one = found(asked(run), "leftovers", "note")
    assert one["do"] == f"civgen submit --resume {left.external_id}" and one["what"].startswith("1 submi")


def test_a_damaged_journal_and_database(made: Path, run: Run) -> None:
    (made / ".civgen").mkdir(exist_ok=True)
    for name in ("journal.sqlite", "local.db"):
        (made / ".civgen" / name).write_bytes(b"no database at all" * 100)
    for record in (made / ".civgen" / "additions").glob("*.json"):
        record.write_text("{")
    assert ill(asked(run)) == {"leftovers", "database", "templates"}
    done = run("doctor", "--check", "--json")
    assert done.json["error"]["next"] == ["civgen doctor"]


def test_ci_that_installs_another_civgen_is_noted(made: Path, run: Run) -> None:
    ci = made / ".github" / "workflows" / "civgen.yml"
    ci.write_text(ci.read_text().replace("]==", "]==0.0.1+"))
    assert "0.0.1" in found(asked(run), "versions", "note")["what"]


def test_a_bug_in_a_check_is_a_finding(made: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from civgen.cli.doctor.checks import catalogue

    monkeypatch.setattr(catalogue, "check", lambda _: 1 / 0)
    assert "ZeroDivisionError" in found(asked(run), "catalogue", "broken")["what"]


def test_a_person_reads_it_in_80_columns_and_the_verdict_last(
    made: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    well = run("doctor")
    assert max(map(len, well.stdout.splitlines())) <= 80
    assert well.stdout.splitlines()[-1].startswith("Everything works")
    (made / "civgen.toml").write_text("x = [\n")
    assert run("doctor").stdout.splitlines()[-1].startswith("1 broken")


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_git_is_looked_at(made: Path, run: Run) -> None:
    def git() -> list[str | None]:
        return [one["do"] for one in asked(run)["findings"] if one["check"] == "workspace"][1:]

    assert git() == [f"git init {made}"]
    subprocess.run(["git", "init", "-q", str(made)], check=True)
    assert git() == [None]
    (made / ".gitignore").write_text("")
    assert git() == [f"civgen init {made}"]
    assert run("init", str(made)).code == 0
    assert git() == [None]


def test_files_of_older_templates_are_noted(made: Path, run: Run) -> None:
    assert "as this civgen's templates" in found(asked(run), "templates", "ok")["what"]
    [record] = (made / ".civgen" / "additions").glob("*.json")
    said = json.loads(record.read_text())
    ci = next(one for one in said["made"] if one["path"].endswith("civgen.yml"))
    (made / ci["path"]).write_text("# of old\n" + ci["after"])
    for name in ("after", "rendering"):
        ci[name] = "# of old\n" + ci[name]
    record.write_text(json.dumps(said))
    older = found(asked(run), "templates", "note")
    assert older["do"] == "civgen update" and ci["path"] in older["what"]
    assert run("update").code == 0
    assert found(asked(run), "templates", "ok")
