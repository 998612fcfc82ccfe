"""Resources and prompts, and who is let in over HTTP."""

import os
import stat
from types import SimpleNamespace

import httpx2
import pytest
from mcp.shared.exceptions import MCPError
from talking import over_stdio, served
from talking import run as do

from civgen import Workspace
from civgen.errors import InvalidInput, Refused
from civgen.mcp import guides
from civgen.mcp.http import serve_http, token_of
from civgen.mcp.tool import names

HELLO = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
TYPES = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}

#: Addresses at which nothing may be read.
CLOSED = [
    "civgen://workspace/../secret.txt",
    "civgen://workspace/%2e%2e/secret.txt",
    "civgen://workspace/..%2fsecret.txt",
    "civgen://workspace//etc/passwd",
    "civgen://workspace/%2Fetc%2Fpasswd",
    "civgen://workspace/link.txt",
    "civgen://workspace/.civgen/offers.sqlite",
    "civgen://workspace/ecosystems/../.civgen/offers.sqlite",
    "civgen://workspace/ecosystems",
    "civgen://workspace/none.toml",
    "civgen://workspace/%00",
    "civgen://guide/../../secret",
    "civgen://catalog/none",
    "file:///etc/passwd",
]


@pytest.fixture
def inner(tmp_path, monkeypatch):
    """A workspace with a secret beside it, and a link that leads there."""
    folder = tmp_path / "inner"
    (folder / "ecosystems").mkdir(parents=True)
    (folder / "civgen.toml").write_text('default = "local"\n')
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    monkeypatch.chdir(folder)
    Workspace.open().whatif({"ecosystem": "Veo3", "prompt": "x"})
    return folder


def test_nothing_outside_of_what_a_team_keeps_can_be_read(inner):
    async def talk():
        async with over_stdio() as agent:
            for uri in CLOSED:
                with pytest.raises(MCPError):
                    print(await agent.client.read_resource(uri))
            return [one.uri for one in (await agent.client.list_resources()).resources]

    listed = do(talk())
    assert "civgen://workspace/civgen.toml" in listed
    assert not [one for one in listed if "link" in one or ".civgen" in one]


def test_what_is_listed_can_be_read(workspace):
    async def talk():
        async with over_stdio() as agent:
            listed = (await agent.client.list_resources()).resources
            kinds = {uri.uri.split("/")[2]: uri.uri for uri in listed}
            return {kind: (await agent.client.read_resource(uri)).contents[0] for kind, uri in kinds.items()}

    read = do(talk())
    assert set(read) == {"guide", "workspace", "catalog"}
    assert all(one.text for one in read.values())


def test_there_is_a_prompt_for_each_kind_of_addition(workspace):
    async def talk():
        async with over_stdio() as agent:
            prompts = (await agent.client.list_prompts()).prompts
            given = await agent.client.get_prompt("add-engine", {"what": "Krea 2"})
            with pytest.raises(MCPError, match="Did you mean add-engine"):
                await agent.client.get_prompt("add-engin")
            return [one.name for one in prompts], given.messages[0].content.text

    prompts, text = do(talk())
    assert prompts == list(guides.additions())
    assert {name.replace("_", "-") for name in names() if name.startswith("add_")} <= set(prompts)
    assert text.startswith("Add an engine: Krea 2")
    assert all(f"`{tool}`" in text for tool in ("add_engine", "lint", "db_apply", "whatif", "submit"))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": "Basic {token}"}, 401),
        ({"Authorization": "Bearer {token}", "Origin": "http://evil.example"}, 403),
        ({"Authorization": "Bearer {token}", "Host": "evil.example"}, 421),
    ],
)
def test_over_http_only_who_knows_the_token_is_let_in(server, headers, status):
    url, token = server
    filled = {name: value.format(token=token) for name, value in headers.items()}
    answer = httpx2.post(url, json=HELLO, headers=TYPES | filled)
    assert answer.status_code == status
    assert token not in answer.text
    if status == 401:
        assert answer.json()["error"]["code"] == "not-authorised"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    (folder / "civgen.toml").write_text("")
    before = os.getcwd()  # noqa: PTH109
    os.chdir(folder)
    try:
        with served(CIVGEN_MCP_TOKEN="canary-7d21") as found:
            yield found
    finally:
        os.chdir(before)


def test_a_token_is_made_once_and_kept_private(tmp_path):
    file = tmp_path / ".civgen" / "mcp-token"
    token, where = token_of(file)
    assert (token, where) == token_of(file)
    assert len(token) > 30
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]
    file.chmod(0o644)
    with pytest.raises(Refused, match="may be read by others"):
        token_of(file)


def test_without_a_workspace_the_token_comes_from_the_environment(run, tmp_path, monkeypatch):
    done = run("mcp", "--http", "--json")
    assert (done.code, done.json["error"]["code"]) == (2, "invalid-input")
    monkeypatch.setenv("CIVGEN_MCP_TOKEN", "canary-7d21")
    assert token_of(None) == ("canary-7d21", "$CIVGEN_MCP_TOKEN")


def test_a_wrong_environment_is_said_when_it_starts(run, workspace):
    assert run("mcp", "--env", "nope", "--json").json["error"]["code"] == "not-found"


def test_it_listens_on_this_machine_only(workspace):
    from civgen.mcp.server import server_of

    with pytest.raises(InvalidInput, match="this machine"):
        serve_http(server_of(Workspace.open()), "0.0.0.0", 0, "x", print)


def test_a_person_at_a_terminal_is_told_what_to_do(run, workspace, monkeypatch):
    import civgen.cli.commands.mcp as command

    terminal = SimpleNamespace(isatty=lambda: True)
    monkeypatch.setattr(command, "sys", SimpleNamespace(stdin=terminal))
    done = run("mcp")
    assert done.code == 2
    assert "an agent talks" in done.stderr
    assert "--http" in done.stderr
