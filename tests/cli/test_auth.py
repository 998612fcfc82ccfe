"""A token is kept where only its owner reads it, found again, forgotten, and never shown."""

import json
import os
import subprocess
import sys

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null

from civgen import tokens
from civgen.errors import NotAuthorised
from civgen.workspace import open_workspace

CANARY = "canary-4f9a2c"
URL = "https://orchestration.example"
TOML = f'[environments.prod]\norchestrator = "{URL}"\n[environments.other]\norchestrator = "{URL}"\n'


class InMemory(KeyringBackend):
    """A keyring that works."""

    priority = -1  # never the one that is chosen by itself
    name = "a keyring of the test"

    def __init__(self):
        super().__init__()
        self.kept = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


@pytest.fixture
def prod(workspace):
    (workspace / "civgen.toml").write_text(TOML)
    return workspace


@pytest.fixture(params=["keyring", "none", "one that keeps nothing"])
def place(request, prod, monkeypatch):
    """Where a token can be kept: a keyring that works, or a file because there is none that does."""
    backend = {"keyring": InMemory, "none": fail.Keyring, "one that keeps nothing": null.Keyring}
    before = keyring.get_keyring()
    keyring.set_keyring(backend[request.param]())
    yield "keyring" if request.param == "keyring" else "file"
    keyring.set_keyring(before)


def login(run, *words, token=CANARY):
    return run("auth", "login", "--env", "prod", *words, stdin=token + "\n")


def test_a_token_is_kept_found_and_forgotten_and_stands_in_no_output(run, place):
    done = [login(run), login(run, "--json"), run("auth", "status", "--env", "prod", "--json")]
    assert [one.code for one in done] == [0, 0, 0]
    assert done[2].json == {
        "environment": "prod", "orchestrator": URL, "needed": True, "source": place,
        "place": done[2].json["place"], "checked": False,
        "next": ["civgen auth status --check --env prod"],
    }  # fmt: skip
    assert open_workspace().environment("prod").token.get_secret_value() == CANARY
    assert run("auth", "status", "--env", "other").code == 3
    done += [run("auth", "logout", "--env", "prod", "--json"), run("auth", "status", "--env", "prod")]
    assert done[3].json["removedFrom"] == [done[2].json["place"]]
    assert done[4].code == 3 and "civgen auth login --env prod" in done[4].stderr
    assert run("auth", "logout", "--env", "prod").code == 4
    assert CANARY not in "".join(one.stdout + one.stderr for one in done)


def test_without_a_keyring_a_file_is_warned_of_and_nobody_else_may_read_it(run, prod):
    done = login(run)
    path = tokens.file()
    assert str(path) in done.stderr.replace("\n", "") and "only you can read" in done.stderr
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    path.chmod(0o644)
    refused = run("auth", "status", "--env", "prod", "--json")
    assert refused.code == 3 and "chmod 600" in refused.json["error"]["hint"]
    assert CANARY not in refused.stdout + refused.stderr


def test_a_file_that_is_damaged_is_named_and_not_repeated(run, prod):
    login(run)
    tokens.file().write_text(f"{CANARY} {{")
    refused = run("auth", "status", "--env", "prod")
    assert refused.code == 2 and "tokens.json" in refused.stderr and CANARY not in refused.stderr


def test_a_variable_wins_over_what_was_kept(run, place, monkeypatch):
    monkeypatch.setenv("CIVGEN_TOKEN_PROD", "canary-of-the-variable")
    done = login(run)
    assert "CIVGEN_TOKEN_PROD is set, and wins" in done.stderr
    assert open_workspace().environment("prod").token.get_secret_value() == "canary-of-the-variable"
    assert run("auth", "status", "--env", "prod", "--json").json["place"] == "CIVGEN_TOKEN_PROD"
    assert run("auth", "logout", "--env", "prod", "--json").json["remaining"] == "CIVGEN_TOKEN_PROD"


def test_a_token_goes_to_the_orchestrator_it_was_kept_for_only(run, place, prod):
    login(run)
    (prod / "civgen.toml").write_text('[environments.prod]\norchestrator = "https://elsewhere.example"\n')
    with pytest.raises(NotAuthorised):
        _ = open_workspace().environment("prod").token


@pytest.mark.parametrize("words", [[CANARY], ["--token", CANARY], [f"--token={CANARY}"]])
def test_a_token_in_the_arguments_is_refused_and_not_repeated(run, prod, words):
    done = run("auth", "login", "--env", "prod", *words, "--json")
    assert done.code == 2 and "command line" in done.json["error"]["message"]
    assert CANARY not in done.stdout + done.stderr
    assert not tokens.file().exists()


@pytest.mark.parametrize("token", ["", "   ", f"{CANARY} two", f"{CANARY}\x1b[2J"])
def test_what_cannot_be_a_token_is_refused_and_not_repeated(run, prod, token):
    done = login(run, "--json", token=token)
    assert done.code == 2 and CANARY not in done.stdout + done.stderr
    assert not tokens.file().exists()


def test_the_sandbox_needs_none(run, workspace):
    assert run("auth", "status", "--json").json["needed"] is False
    assert run("auth", "login", stdin=CANARY).code == 2
    assert "--env" in run("auth", "logout").stderr


def test_a_token_can_be_checked_with_the_orchestrator(run, prod, tmp_path):
    words = [sys.executable, "-m", "civgen", "sandbox", "serve", "--port", "0", "--token-env", "ITS_TOKEN"]
    pipes = {"stderr": subprocess.PIPE, "stdout": subprocess.DEVNULL, "text": True}
    server = subprocess.Popen(words, cwd=prod, env=os.environ | {"ITS_TOKEN": CANARY}, **pipes)
    try:
        url = next(word for word in server.stderr.readline().split() if word.startswith("http://"))
        (prod / "civgen.toml").write_text(f'[environments.prod]\norchestrator = "{url}"\n')
        wrong = login(run, "--check", "--json", token="canary-wrong")
        assert wrong.code == 3 and "canary" not in wrong.stdout + wrong.stderr
        assert not tokens.file().exists()
        assert login(run, "--check", "--json").json["checked"] is True
        assert run("auth", "status", "--env", "prod", "--check").code == 0
        assert json.loads(tokens.file().read_text()) == {f"prod {url}": CANARY}
        assert CANARY not in (prod / "civgen.toml").read_text()
    finally:
        server.terminate()
        server.communicate(timeout=10)
