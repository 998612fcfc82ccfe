"""An agent with nothing but the tools goes from a fresh workspace to files that were made."""

import base64

import pytest
from talking import over_http, over_stdio
from talking import run as do

NOVA = {
    "name": "Nova XL",
    "ecosystem": "Nova",
    "parent": "SDXL",
    "license": "CreativeML Open RAIL++-M",
    "checkpoint": 9000101,
    "model_id": 9000100,
}
VERSION = {"ecosystem": "Nova", "checkpoint": 9000102, "label": "v2", "model_id": 9000100}
ENGINE = {
    "key": "krea-2",
    "media": "image",
    "wire": "comfy",
    "choices": {"ecosystem": "krea2", "model": "turbo", "operation": "createImage"},
    "used_by": {"ecosystem": "Krea2", "name": "Krea 2", "license": "Apache 2.0", "checkpoint": 9000201},
}
REQUESTS = [
    {"ecosystem": "Nova", "prompt": "a red fox in the snow"},
    {"ecosystem": "Nova", "prompt": "a red fox in the snow", "model": {"id": 9000102}},
    {"ecosystem": "Krea2", "prompt": "a red fox in the snow"},
]


async def add(agent, tool, answers):
    """Look first, then write; gives the files."""
    shown = await agent.ask(tool, **answers)
    assert shown["dry_run"]
    assert shown["diff"]
    written = await agent.ask(tool, **answers, write=True)
    assert written["diff"] == shown["diff"]
    assert not (await agent.ask(tool, **answers, write=True))["written"]
    return written["written"]


async def rows(agent):
    """Write the rows of the plan that was looked at."""
    plan = await agent.ask("db_plan", limit=3)
    assert plan["counts"]["create"] > 3
    assert len(plan["changes"]) == plan["next_offset"] == 3
    done = await agent.ask("db_apply", fingerprint=plan["fingerprint"])
    assert done["counts"] == plan["counts"]
    assert not (await agent.ask("db_plan"))["changes"]
    return (await agent.refused("db_apply", fingerprint=plan["fingerprint"]))["code"]


async def paid(agent, request):
    """Price, submit, wait, fetch; gives what the client reads at the address of the file."""
    assert await agent.ask("preview", request=request)
    price = await agent.ask("whatif", request=request)
    job = await agent.ask("submit", request=request, token=price["token"])
    while not (seen := await agent.ask("jobs", ids=[job["id"]], wait=25))["over"]:
        pass
    assert seen["jobs"][0]["status"] == "succeeded"
    result = await agent.whole("download", ids=[job["id"]])
    [link] = [one for one in result.content if one.type == "resource_link"]
    assert link.size == result.structured_content["files"][0]["bytes"]
    return (await agent.client.read_resource(link.uri)).contents[0]


async def journey(connected):
    async with connected as agent:
        assert "add-base-model" in (await agent.ask("guide"))["topics"]
        files = await add(agent, "add_base_model", NOVA)
        assert "ecosystems/Nova.toml" in files
        assert "engines/image/krea_2.py" in await add(agent, "add_engine", ENGINE)
        assert await add(agent, "add_version", VERSION) == ["ecosystems/Nova.toml"]
        assert (await agent.ask("lint"))["ok"]
        assert await rows(agent) == "refused"
        assert all(one["generates"] for one in (await agent.ask("coverage", name="Nova"))["versions"])
        contents = [await paid(agent, request) for request in REQUESTS]
        return contents, agent.told


@pytest.mark.parametrize("connect", [over_stdio, over_http], ids=["stdio", "http"])
def test_an_agent_adds_three_things_and_ends_with_files(connect, run, workspace):
    assert run("init", ".").code == 0
    contents, told = do(journey(connect()))
    files = sorted((workspace / "outputs").iterdir())
    assert len(files) == len(contents) == len(REQUESTS)
    assert {file.read_bytes() for file in files} == {base64.b64decode(one.blob) for one in contents}
    assert all(one.mime_type.startswith("image/") for one in contents)
    assert any("succeeded (100%)" in words for words in told)


def test_a_client_of_the_older_protocol_is_served_too(workspace):
    async def talk():
        async with over_stdio("legacy") as agent:
            return agent.client.protocol_version, await agent.ask("compat", checkpoint="SDXL", addon="SDXL")

    version, answer = do(talk())
    assert version < "2026"
    assert answer["support"] == "full"
