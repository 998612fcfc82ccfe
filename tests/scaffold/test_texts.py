"""TOML and Python as text: what is put in is all that changes, and it reads back as it was meant."""

import ast
import difflib
import tomllib

import pytest

from civgen.catalog.files import BUILT_IN
from civgen.scaffold.pythontext import WIDTH, Call, Raw, code
from civgen.scaffold.tomltext import literal, pairs, with_tables, with_values

VERSION = {"id": 7, "label": 'a "b" \\ {{ c }}', "engine": {"fastMode": True, "sizes": ["2K"]}}
COMMENTED = """\
# top
key = "A" # its key

# what is offered
[[versions]]
id = 5 # the first
[versions.form.resolution]
hidden = false

# the form
[form.steps]
min = 1
"""


def changes(before, after):
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[0] in "+-"]


def test_a_table_is_added_below_the_last_of_its_kind_and_nothing_else_changes():
    after = with_tables(COMMENTED, "versions", [VERSION])
    assert all(line.startswith("+") for line in changes(COMMENTED, after))
    assert tomllib.loads(after)["versions"][1] == VERSION
    assert after.index("id = 7") < after.index("# the form") < after.index("[form.steps]")


@pytest.mark.parametrize("path", sorted(BUILT_IN.glob("ecosystems/*.toml")), ids=lambda path: path.stem)
def test_every_ecosystem_that_there_is_can_be_added_to(path):
    before = path.read_text()
    after = with_values(
        with_tables(with_tables(before, "versions", [VERSION]), "base_models", [{"id": 9}]), {"more": 1}
    )
    wanted = tomllib.loads(before)
    wanted.setdefault("versions", []).append(VERSION)
    wanted.setdefault("base_models", []).append({"id": 9})
    assert tomllib.loads(after) == {**wanted, "more": 1}
    assert all(line.startswith("+") for line in changes(before, after))


@pytest.mark.parametrize(
    "before",
    [
        'key = "A"',
        'key = "A"\nversions = [{ id = 1 }] # in line\n[form.a]\nmin = 2\n',
        'key = "A"\n[[versions]]\nid = 1\n[form.a]\nmin = 2\n[[versions]]\nid = 2\n',
        'key = "A"\r\n[[versions]]\r\nid = 1\r\n',
    ],
)
def test_files_of_any_shape_can_be_added_to(before):
    after = with_tables(before, "versions", [{"id": 8}, VERSION])
    wanted = tomllib.loads(before)
    wanted["versions"] = [*wanted.get("versions", []), {"id": 8}, VERSION]
    assert tomllib.loads(after) == wanted
    assert after.count("\r\n") in (0, after.count("\n"))
    assert before.strip().splitlines()[-1] in after


def test_values_go_where_no_table_has_begun():
    assert tomllib.loads(with_values(COMMENTED, {"engine": "x"})) == {
        **tomllib.loads(COMMENTED),
        "engine": "x",
    }
    assert tomllib.loads(with_values("[form.a]\nmin = 1\n", {"engine": "x"}))["engine"] == "x"
    assert with_values(COMMENTED, {}) == COMMENTED


@pytest.mark.parametrize(
    "value", ["plain", 'a "quote"', "back\\slash", "Ünï 😀", 1, 0.5, True, ["a", 1], {"a": {"b": []}}]
)
def test_toml_reads_back_as_it_was_meant(value):
    assert tomllib.loads(f"value = {literal(value)}")["value"] == value
    assert tomllib.loads(pairs({"value": value}))["value"] == value


@pytest.mark.parametrize(
    "value", ['a "quote"', "it's", [True, None, 0.5], {"a": ["b" * 40, "c" * 40]}, ["x" * 90]]
)
def test_python_reads_back_as_it_was_meant_and_fits_the_line(value):
    text = code(value, 4)
    assert ast.literal_eval(text) == value
    assert all(len(line) < WIDTH or "x" * 90 in line for line in text.splitlines())


def test_a_call_that_is_too_long_has_one_part_a_line():
    call = Call("Choice", ("x",), {"options": [Raw("A"), "b" * 70], "default": "b"})
    assert (
        code(call)
        == 'Choice(\n    "x",\n    options=[\n        A,\n        "'
        + "b" * 70
        + '",\n    ],\n    default="b",\n)'
    )
