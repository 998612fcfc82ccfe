"""The way in: where passwords come from, that nobody ever sees them, and what is said when it is shut."""

from __future__ import annotations

import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import keyring
import pytest
from server import Server
from team import Team

from civgen.db.access import access_to
from civgen.db.connect import database_of
from civgen.errors import InvalidInput, Unavailable
from civgen.settings import Environment

SECRET = "hunter2-#/@:%ü"
SOCKET = "postgresql://postgres@/civitai?host=%2Frun"


@pytest.fixture(scope="session")
def guarded(server: Server) -> tuple[Server, str]:
    """A user whom the server asks for a password."""
    server.demand_password("guarded", SECRET)
    return server, "guarded"


@pytest.fixture
def shut(workspace: Path, guarded: tuple[Server, str], made: str) -> Iterator[str]:
    """The URL, for the environment `local`, of a database that asks for a password."""
    server, user = guarded
    name = server.new_database(made)
    for schema in ("public", "civgen"):
        rights = f"GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO {user}"
        server.execute(f"GRANT ALL ON SCHEMA {schema} TO {user}", rights, database=name)
    url = server.url(name, user)
    Team(workspace, url)
    yield url
    server.execute(f"DROP DATABASE {name} (FORCE)", f"DROP OWNED BY {user}")


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"CIVGEN_DATABASE_PASSWORD_PROD": "of prod"}, "of prod"),
        ({"CIVGEN_DATABASE_PASSWORD": "of all"}, "of all"),
        ({"CIVGEN_DATABASE_PASSWORD_PROD": "of prod", "CIVGEN_DATABASE_PASSWORD": "of all"}, "of prod"),
        ({"CIVGEN_DATABASE_URL_PROD": f"postgresql://me:{quote(SECRET, safe='')}@db/x"}, SECRET),
        ({"CIVGEN_DATABASE_URL_PROD": f"postgres://db/x?password={quote(SECRET)}&sslmode=require"}, SECRET),
        ({"PGPASSWORD": "for the library alone"}, None),
        ({}, "of the keyring"),
    ],
    ids=["of its own", "of all", "the nearer one", "in the URL", "in its query", "the library's", "keyring"],
)
def test_where_a_password_comes_from(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: str | None
) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.setattr(keyring, "get_password", lambda *words: "of the keyring" if words else None)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    access = access_to(Environment(name="prod", database=SOCKET))
    secrets = {name: secret.get_secret_value() for name, secret in access.secrets}
    assert secrets == ({"password": expected} if expected else {})
    assert SECRET not in access.url and "password" not in access.url
    assert (expected or "nothing") not in repr(access)


def test_no_view_of_a_database_shows_the_password(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(
        "CIVGEN_DATABASE_URL_PROD", f"postgresql://me:{quote(SECRET, safe='')}@db.example.org/x"
    )
    database = database_of(Environment(name="prod", database=SOCKET), tmp_path)
    assert database.place == "the database x on db.example.org"
    for view in (repr(database), str(database.engine), repr(database.engine.url), str(vars(database.engine))):
        assert SECRET not in view and quote(SECRET, safe="") not in view


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://me:{SECRET}@db/x",
        "postgresql://me:hunter2/x@db/x",
        "postgresql://[hunter2",
        "postgresql://me@db:hunter2/x",
        "oracle://me:hunter2@db/x",
    ],
)
def test_a_url_that_cannot_be_read_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    monkeypatch.setenv("CIVGEN_DATABASE_URL_PROD", url)
    with pytest.raises(InvalidInput) as error:
        database_of(Environment(name="prod", database=SOCKET), tmp_path)
    assert "hunter2" not in str(error.value.as_json())
    assert "hunter2" not in "".join(traceback.format_exception(error.value))


def test_a_password_in_the_query_of_a_settings_file_is_refused(
    workspace: Path, run: Callable[..., Any]
) -> None:
    (workspace / "civgen.toml").write_text(
        "[environments.local]\ndatabase = 'postgresql://db/x?password=hunter2'\n"
    )
    answer = run("db", "plan", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (2, "invalid-file")
    assert "hunter2" not in answer.stdout + answer.stderr


def test_the_right_password_opens_and_a_wrong_one_does_not(
    shut: str, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring, "get_password", lambda *_: None)
    none = run("db", "status", "--json")
    assert (none.code, none.json["error"]["code"]) == (3, "not-authorised")
    assert "CIVGEN_DATABASE_PASSWORD" in none.json["error"]["hint"]
    monkeypatch.setenv("CIVGEN_DATABASE_PASSWORD_LOCAL", "wrong-one")
    wrong = run("db", "status", "--json")
    assert (wrong.code, wrong.json["error"]["code"]) == (3, "not-authorised")
    assert "wrong-one" not in wrong.stdout + wrong.stderr
    monkeypatch.setenv("CIVGEN_DATABASE_PASSWORD_LOCAL", SECRET)
    right = run("db", "status", "--json")
    assert SECRET not in right.stdout + right.stderr
    assert (right.code, right.json["adopted"]) == (0, False)


def test_no_traceback_shows_it_either(shut: str, workspace: Path, guarded: tuple[Server, str]) -> None:
    code = (
        "import os\nfrom team import Team\nfrom pathlib import Path\n"
        "team = Team(Path('.'), os.environ['SHUT'])\n"
        "with team.database.engine.connect() as connection:\n"
        "    connection.exec_driver_sql('this is no SQL')\n"
    )
    environment = {
        "PYTHONPATH": str(Path(__file__).parent),
        "SHUT": shut,
        "CIVGEN_DATABASE_PASSWORD": SECRET,
        "PYTHONUTF8": "1",
    }
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, cwd=workspace
    )
    assert "Traceback" in done.stderr
    assert SECRET not in done.stderr + done.stdout and "hunter2" not in done.stderr


@pytest.mark.parametrize(
    ("url", "code", "says"),
    [
        ("postgresql://127.0.0.1:1/x", 5, "cannot be reached"),
        ("postgresql://nowhere.invalid/x", 5, "cannot be reached"),
        ("postgresql:///x?host=/nowhere", 5, "cannot be reached"),
    ],
)
def test_a_server_that_cannot_be_reached(
    workspace: Path, run: Callable[..., Any], url: str, code: int, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", "none")
    Team(workspace, url)
    answer = run("db", "plan", "--json")
    assert answer.code == code
    assert says in answer.json["error"]["message"]
    assert answer.json["error"]["hint"]


def test_a_database_or_user_that_does_not_exist(
    workspace: Path, server: Server, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", "none")
    Team(workspace, server.url("nowhere"))
    answer = run("db", "plan", "--json")
    assert (answer.code, "does not exist" in answer.json["error"]["message"]) == (2, True)
    Team(workspace, server.url("postgres", "nobody"))
    assert run("db", "plan", "--json").code == 3


def test_a_connection_that_is_lost_on_the_way_leaves_nothing(
    workspace: Path, server: Server, made: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from civgen.db import ledger

    team = Team(workspace, server.url(server.new_database(made)))
    team.plan()

    def cut(*_: Any) -> None:
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'civgen%'"
        )

    for victim in ("disowned", "created"):
        keep = getattr(ledger, victim)
        with monkeypatch.context() as patch:
            patch.setattr(ledger, victim, lambda *words, keep=keep: (cut(), keep(*words)))
            with pytest.raises(Unavailable, match="was lost on the way") as error:
                team.apply()
            assert "civgen db history" in str(error.value.hint)
        assert team.rows('SELECT count(*) FROM "EcosystemCheckpoints"') == [(0,)]
        assert team.rows("SELECT count(*) FROM civgen.applied") == [(0,)]
    assert team.apply()
