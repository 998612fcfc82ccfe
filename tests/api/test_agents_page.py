"""The page on agents and programs: its code runs, and what it names is there."""

import re
from pathlib import Path

from civgen import Workspace
from civgen.api.adding import Add
from civgen.mcp.tool import names, tool

PAGE = (Path(__file__).parents[2] / "docs" / "agents.md").read_text()


def test_its_code_runs(workspace, capsys):
    [code] = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    done = {}
    exec(code, done)
    assert [file.path.exists() for file in done["files"]] == [True]
    assert capsys.readouterr().out.splitlines()[-1] == "['sampler', 'steps']"


def test_it_names_every_tool_beside_what_it_does():
    rows = re.findall(r"^\| (`.*?) \| (.*?) \|$", PAGE.partition("## Over MCP")[2], re.M)
    told = {name: does for tools, does in rows for name in re.findall(r"`(\w+)`", tools)}
    assert set(told) == set(names())
    nothing = {name for name, does in told.items() if does.startswith("nothing") and "until" not in does}
    assert nothing == {name for name in names() if tool(name).hints.reads_only}


def test_it_names_parts_that_are_there():
    table = PAGE.partition("| part | does |")[2].partition("- A workspace")[0]
    rows = re.findall(r"^\| (`.*?) \|", table, re.M)
    named = {name for row in rows for name in re.findall(r"`\.?(\w+)", row)}
    assert len(named) > 10
    assert not [name for name in named if not hasattr(Workspace, name) and not hasattr(Add, name)]
