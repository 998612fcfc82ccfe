"""`civgen add-license`: one file, and base models can name it."""

import pytest
from trees import tree

from civgen.catalog import Catalog

LICENSE = ("add-license", "Lights Licence", "--url", "https://example.com/lights")


@pytest.mark.parametrize("flags", [(), ("--disable-mature", "--non-commercial", "--notice", "--powered-by")])
def test_one_command_writes_one_file_that_base_models_can_name(run, house, flags):
    run("lint")  # keeps its findings in .civgen
    before = tree(house)
    done = run(*LICENSE, *flags, "--json")
    assert (done.code, done.json["written"]) == (0, ["licenses/lights-licence.toml"])
    record = Catalog(house).licenses["Lights Licence"].record
    assert (record.url, record.disable_mature, record.powered_by) == (LICENSE[3], bool(flags), bool(flags))
    assert record.id > 10000
    words = ("--license", "Lights Licence", "--checkpoint", "90000001", "--model-id", "1")
    assert run("add-base-model", "Lights", "-e", "Lights", *words).code == 0
    assert run("lint").code == 0
    assert "Nothing to do" in run(*LICENSE, *flags).stdout
    run("add-base-model", "Lights", "--undo")
    assert run(*LICENSE, "--undo").code == 0
    kept = ".civgen/cache/lint.json"
    assert {**tree(house), kept: ""} == {**before, kept: ""}


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("apache 2.0",), "NAME"),
        (("Apache-2.0",), "NAME"),
        (("Other", "--url", "http://www.x.ai/legal/terms-of-service/"), "--url"),
        (("Other", "--id", "13"), "--id"),
        (("MIT", "--powered-by"), "--powered-by"),
        (("",), "NAME"),
        (("Other", "--url", "notaurl"), "--url"),
    ],
)
def test_what_is_there_already_is_found_before_anything_is_written(refused, words, field):
    assert field in refused("add-license", *words)


def test_an_address_that_is_none_is_told_in_words(refused):
    problem = refused("add-license", "Other", "--url", "notaurl")["--url"]
    assert "http://" in problem["message"] and problem["allowed"] is None


def test_a_built_in_one_is_nothing_to_do(run, house):
    assert run("add-license", "MIT", "--json").json["unchanged"] == ["built-in licenses/mit.toml"]


@pytest.mark.parametrize("name", ["C++ / ../../x", "{{ 7 * 7 }}", 'a "b"', "..", "極光 licence"])
def test_any_name_is_written_as_it_is_and_stays_inside(run, house, name):
    done = run("add-license", name, "--json")
    assert done.code in (0, 2)
    if done.code == 0:
        (path,) = done.json["written"]
        assert (house / path).resolve().parent == house / "licenses"
        assert Catalog(house).licenses[name].record.name == name
        assert run("lint").code == 0
