"""`civgen add-ecosystem`: one file, a root or a child, and only where it needs one of its own."""

import tomllib

import pytest
from trees import tree

from civgen.catalog import Catalog

LIGHTS = (
    "add-ecosystem", "Lights", "--name", "Northern Lights", "--base-model", "Lights 1", "--license", "MIT",
    "--checkpoint", "90000001", "--model-id", "80000001",
)  # fmt: skip


@pytest.mark.parametrize("more", [(), ("--parent", "SDXL"), ("--family", "xai", "--id", "12000", "--test")])
def test_one_command_writes_one_file_and_it_can_generate(run, house, more):
    done = run(*LIGHTS, *more, "--json")
    wanted = ["ecosystems/Lights.toml", *(["tests/test_lights.py"] if "--test" in more else [])]
    assert (done.code, done.json["written"]) == (0, wanted)
    record = Catalog(house).ecosystem("Lights")
    assert (record.name, record.base_models[0].name) == ("Northern Lights", "Lights 1")
    assert run("lint").code == 0
    assert run("preview", "-e", "Lights", "-p", "a fox").code == 0
    before = tree(house)
    assert "Nothing to do" in run(*LIGHTS, *more).stdout and tree(house) == before
    assert run(*LIGHTS, "--undo").code == 0
    assert not (house / "ecosystems/Lights.toml").exists()


def test_a_child_says_only_what_its_parent_does_not(run, house):
    run(*LIGHTS, "--parent", "sdxl")
    file = tomllib.loads((house / "ecosystems/Lights.toml").read_text())
    assert file["parent"] == "SDXL" and {"engine", "workflows", "support", "air"}.isdisjoint(file)


@pytest.mark.parametrize("more", [("--parent", "ZImageTurbo"), ("--parent", "Pony"), ()])
def test_what_may_be_narrowed_is_as_it_holds_without(run, house, more):
    """What stands in comments changes nothing when it is taken out of them."""
    run(*LIGHTS, *more)
    path = house / "ecosystems/Lights.toml"
    text = path.read_text()
    before = run("form", "show", "-e", "Lights", "--json").json["fields"]
    begun = text.index("# [form.")
    until = text.index("# Model versions that")
    path.write_text(text[:begun] + text[begun:until].replace("# ", "").replace("#", "") + text[until:])
    after = run("form", "show", "-e", "Lights", "--json").json["fields"]
    assert after == before
    steps = next(one for one in before if one["key"] == "steps")
    said = tomllib.loads(path.read_text())["form"]["steps"]
    assert {name: said[name] for name in ("min", "max", "default")} == {
        name: steps[name] for name in ("min", "max", "default")
    }


def test_weights_that_share_loras_need_no_ecosystem_of_their_own(refused):
    problem = refused(*LIGHTS, "--shares-loras-with", "sdxl")["--shares-loras-with"]
    assert "civgen add-base-model 'Lights 1' --ecosystem SDXL" in problem["hint"]
    assert refused(*LIGHTS, "--shares-loras-with", "SDXLL")["--shares-loras-with"]["hint"]


@pytest.mark.parametrize(
    ("key", "of"), [("Seedreem", "Seedream"), ("sd-xl", "SDXL"), ("Z-Image-Turbo", None)]
)
def test_what_is_almost_another_is_asked_about(run, refused, house, key, of):
    words = ("add-ecosystem", key, *LIGHTS[2:])
    problems = refused(*words)
    assert "Would a LoRA of" in problems["KEY"]["hint"]
    assert of is None or f"of the ecosystem {of}" in problems["KEY"]["message"]
    assert run(*words, "--distinct", "--air", "lights").code == 0


def test_a_number_makes_a_version_and_no_misspelling(run, house):
    assert run(*LIGHTS).code == 0
    assert (
        run(
            "add-ecosystem", "Lights2", "--license", "MIT", "--checkpoint", "90000002", "--model-id", "1"
        ).code
        == 0
    )


def test_an_ecosystem_that_there_is_gets_base_models_and_nothing_else(refused):
    problem = refused("add-ecosystem", "SDXL", *LIGHTS[2:])["KEY"]
    assert "civgen add-base-model" in problem["hint"] and problem["where"]["line"] == 1


def test_a_base_model_that_is_almost_another_is_asked_about_too(run, refused, house):
    words = ("add-base-model", "SD XL 1.0", "-e", "Nova", *LIGHTS[6:])
    assert "SDXL 1.0" in refused(*words)["NAME"]["message"]
    assert run(*words, "--distinct").code == 0
