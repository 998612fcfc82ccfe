"""The catalogue: records, what they inherit, what fits what, and the workspace's word over it."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civgen.catalog import Catalog
from civgen.errors import InvalidFile, NotFound

BROKEN = """\
key = "Nova"
id = "nine"
name = "Nova"
descripton = "typo"

[[base_models]]
id = 1
name = "Nova 1"
media = "smell"
license = "MIT"

[form.steps]
mx = 5
"""


def write(workspace, name: str, text: str) -> None:
    (workspace / "ecosystems" / f"{name}.toml").write_text(text)


def test_every_built_in_file_reads():
    catalog = Catalog()
    for shelf in catalog.shelves.values():
        entries, errors = shelf.scan()
        assert entries and not errors


def test_a_child_inherits_engine_workflows_support_and_air_of_the_root():
    catalog = Catalog()
    parent, child = catalog.ecosystem("SDXL"), catalog.ecosystem("Pony")
    assert (child.engine, child.workflows, child.support) == (parent.engine, parent.workflows, parent.support)
    assert child.air == "sdxl"
    assert child.engine_options == parent.engine_options
    assert child.versions != parent.versions


def test_names_are_found_in_any_case_and_missing_ones_come_with_the_closest():
    catalog = Catalog()
    assert catalog.ecosystem("sdxl").key == "SDXL"
    assert catalog.base_model("SDXL 1.0")[1].key == "SDXL"
    with pytest.raises(NotFound) as caught:
        catalog.ecosystem("Sedream")
    assert caught.value.hint == "Did you mean Seedream?"


@pytest.mark.parametrize(
    ("checkpoint", "addon", "model_type", "level", "why"),
    [
        ("SDXL", "SDXL", "LORA", "full", "both belong to SDXL"),
        ("SDXL", "Illustrious", "LORA", "partial", "SDXL accepts LORA of Illustrious"),
        ("Pony", "Illustrious", "VAE", "partial", "SDXL, the root of Pony, accepts VAE of Illustrious"),
        ("SDXL", "SD1", "LORA", "none", "no rule lets SDXL use LORA of SD1"),
        ("SDXL", "SD1", "TextualInversion", "partial", "SDXL accepts TextualInversion of SD1"),
        ("Veo3", "SDXL", "LORA", "none", "no rule lets Veo3 use LORA of SDXL"),
    ],
)
def test_compatibility_says_how_much_and_why(checkpoint, addon, model_type, level, why):
    found = Catalog().compatibility(checkpoint, addon, model_type)
    assert (found.level, found.why) == (level, why)


def test_a_broken_file_lists_every_problem_with_its_line_and_a_hint(workspace):
    write(workspace, "Nova", BROKEN)
    with pytest.raises(InvalidFile) as caught:
        Catalog(workspace).ecosystem("Nova")
    problems = {problem.field: problem for problem in caught.value.details}
    assert {name: problem.where.line for name, problem in problems.items()} == {
        "id": 2,
        "description": 1,
        "descripton": 4,
        "base_models[0].media": 9,
        "form.steps.mx": 13,
    }
    assert problems["descripton"].hint == "Did you mean description?"
    assert problems["form.steps.mx"].hint == "Did you mean max?"
    assert all(problem.where.file == "ecosystems/Nova.toml" for problem in problems.values())


def test_two_owners_of_a_key_are_an_error_that_names_both(workspace):
    write(workspace, "SDXL", 'key = "SDXL"\n')
    with pytest.raises(InvalidFile, match="said by two files") as caught:
        Catalog(workspace).ecosystem("SDXL")
    assert "override = true" in caught.value.hint
    write(workspace, "Mine", 'key = "Veo3"\nid = 900\nname = "x"\ndescription = "x"\n')
    write(workspace, "SDXL", 'key = "SDXL"\noverride = true\n')
    with pytest.raises(
        InvalidFile, match=r"Veo3 is said by two files: .*Veo3\.toml and ecosystems/Mine\.toml"
    ):
        len(Catalog(workspace).ecosystems)


def test_an_override_lays_its_words_over_the_built_in_file_and_says_which(workspace):
    text = (
        "override = true\n[form.steps]\nmax = 40\n[[base_models]]\nid = 45\nhidden = true\n[[base_models]]\n"
    )
    write(workspace, "SDXL", text + 'id = 990\nname = "SDXL Mine"\nmedia = "image"\nlicense = "MIT"\n')
    catalog = Catalog(workspace)
    entry = catalog.ecosystems["SDXL"]
    names = {base.name: base for base in entry.record.base_models}
    assert names["SDXL 1.0"].hidden and names["SDXL Mine"].id == 990
    assert len(names) == len(Catalog().ecosystem("SDXL").base_models) + 1
    assert entry.record.form["steps"].max == 40
    assert entry.record.form["steps"].min == 10
    assert entry.overrides == ["base_models", "form.steps.max"]
    assert entry.where("form", "steps", "max").file == "ecosystems/SDXL.toml"
    assert entry.where("form", "steps", "min").file.endswith("catalog/ecosystems/SDXL.toml")
    index = [base.id for base in entry.record.base_models].index(45)
    assert entry.where("base_models", index, "hidden").line == 6


def test_parents_in_a_circle_or_unknown_are_errors_with_a_place(workspace):
    body = 'id = {id}\nname = "x"\ndescription = "x"\nparent = "{parent}"\n'
    write(workspace, "A", 'key = "A"\n' + body.format(id=901, parent="B"))
    write(workspace, "B", 'key = "B"\n' + body.format(id=902, parent="A"))
    write(workspace, "C", 'key = "C"\n' + body.format(id=903, parent="SDXLL"))
    catalog = Catalog(workspace)
    with pytest.raises(InvalidFile, match="own ancestor"):
        catalog.ecosystem("A")
    with pytest.raises(InvalidFile) as caught:
        catalog.ecosystem("C")
    assert caught.value.where.line == 5
    assert caught.value.hint == "Did you mean SDXL?"


@given(
    parents=st.lists(st.integers(0, 5), min_size=1, max_size=6),
    said=st.lists(st.sets(st.sampled_from(["engine", "workflows"])), min_size=7, max_size=7),
)
@settings(max_examples=40, deadline=None)
def test_a_child_has_the_nearest_word_of_its_ancestors_and_the_air_of_the_root(parents, said):
    """Any tree: node n hangs below one of those before it, and says some things itself."""
    with TemporaryDirectory() as name:
        folder = Path(name) / "ecosystems"
        folder.mkdir()
        parent = {n: above % n for n, above in enumerate(parents, start=1)}
        for n in range(len(parents) + 1):
            text = f'key = "T{n}"\nid = {700000 + n}\nname = "T{n}"\ndescription = "d"\n'
            text += f'parent = "T{parent[n]}"\n' if n else 'air = "tree"\n'
            text += f'engine = "e{n}"\n' if "engine" in said[n] else ""
            text += f'workflows = ["w{n}"]\n' if "workflows" in said[n] else ""
            (folder / f"T{n}.toml").write_text(text)
        catalog = Catalog(Path(name))
        for n in range(len(parents) + 1):
            line = [n]
            while line[-1]:
                line.append(parent[line[-1]])
            speaks = {
                what: next((one for one in line if what in said[one]), None)
                for what in ("engine", "workflows")
            }
            record = catalog.ecosystem(f"T{n}")
            assert record.engine == (None if speaks["engine"] is None else f"e{speaks['engine']}")
            assert record.workflows == ([] if speaks["workflows"] is None else [f"w{speaks['workflows']}"])
            assert record.air == "tree"
            # Kinship alone gives nothing.
            if n:
                assert catalog.compatibility(f"T{n}", f"T{parent[n]}", "LORA").level == "none"
