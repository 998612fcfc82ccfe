"""`--fix`: only what is safe, with every comment kept, shown before it is done."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civgen.lint.comments import comments
from civgen.lint.edits import Edit, only_near
from civgen.lint.fixes import edited

VEO = """\
override = true  # of a test
# who makes it
family = "gogle"     # by Google

workflows = ["txt2vid", "img2vid", "img2vid:ref2vid", "txt2vid"]   # four

[form.generateAudeo]   # sound
hidden = true
[form.duration]
defualt = 6 # seconds
[[base_models]]
id = 55
license = "veo  3" # theirs
"""
FIXED = (
    VEO.replace("gogle", "google")
    .replace(', "txt2vid"]', "]")
    .replace("Audeo", "Audio")
    .replace("defualt", "default")
    .replace("veo  3", "Veo 3")
)


@pytest.fixture
def veo(workspace: Path) -> Path:
    path = workspace / "ecosystems" / "Veo3.toml"
    path.write_text(VEO)
    return path


def test_fixes_are_shown_and_nothing_is_written_without_consent(run, veo: Path) -> None:
    result = run("lint", "--fix", "--select", "CIV0,CIV1")
    assert result.code == 7
    assert "-defualt = 6 # seconds\n+default = 6 # seconds\n" in result.stdout
    assert "--yes" in result.stderr
    assert veo.read_text() == VEO


def test_with_consent_they_are_written_and_lint_runs_again(run, veo: Path) -> None:
    result = run("lint", "--fix", "--yes", "--select", "CIV0,CIV1,CIV201", "--json")
    assert veo.read_text() == FIXED
    assert result.code == 0
    assert result.json["written"] is True
    assert {one["code"] for one in result.json["fixed"]} == {"CIV001", "CIV101", "CIV103", "CIV201"}
    assert run("lint", "--fix", "--yes", "--select", "CIV0,CIV1", "--json").json["fixed"] == []


def test_civgens_own_files_are_never_changed_unless_named(run, workspace: Path) -> None:
    # What is wrong shows in the built-in file, because the workspace takes a workflow key away.
    (workspace / "ecosystems" / "Veo3.toml").write_text('override = true\nworkflows = ["txt2vid"]\n')
    result = run("lint", "--fix", "--yes", "--json")
    assert result.json["data"]["fixed"] == []


@pytest.mark.parametrize(
    ("path", "do", "to", "wanted"),
    [
        (("form", "steps"), "rename", "step s", '[form."step s"] # a\nmax = 1'),
        (("form", "steps", "max"), "rename", "min", "[form.steps] # a\nmin = 1"),
        (("a", "b"), "rename", "c", "a.c = { x = [1, 2], y = 3 } # b"),
        (("a", "b", "y"), "rename", "z", "a.b = { x = [1, 2], z = 3 } # b"),
        (("a", "b", "x", 0), "remove", None, "a.b = { x = [2], y = 3 } # b"),
        (("list", 1), "set", "z", "'x', # one\n  'z', # two"),
        (("versions", 1, "id"), "set", 9, "[[versions]]\nid = 9 # second"),
        (("versions",), "rename", "v", "[[v]]\nid = 1\n[v.form]\nx = 1\n[[v]]\nid = 2 # second"),
    ],
)
def test_an_edit_changes_what_it_is_about_and_nothing_else(path, do: str, to: object, wanted: str) -> None:
    text = (
        "a.b = { x = [1, 2], y = 3 } # b\nlist = [\n  'x', # one\n  'y', # two\n]\n"
        "[form.steps] # a\nmax = 1\n"
        "[[versions]]\nid = 1\n[versions.form]\nx = 1\n[[versions]]\nid = 2 # second\n"
    )
    made = edited(text, Edit("a.toml", path, do, to))  # type: ignore[arg-type]
    assert made is not None
    assert wanted in made.replace('"z"', "'z'")
    assert comments(made) == comments(text)


@pytest.mark.parametrize(
    ("path", "do", "to"),
    [(("a",), "rename", "b"), (("c",), "remove", None), (("a", 3), "set", 1), (("list", 0), "remove", None)],
)
def test_an_edit_that_would_lose_something_is_not_made(path, do: str, to: object) -> None:
    text = "a = 1\nb = 2\nlist = [\n  1, # one\n  2, # two\n]\n"
    made = edited(text, Edit("a.toml", path, do, to))  # type: ignore[arg-type]
    assert made is None or comments(made) == comments(text)


KEYS = st.text("ab .é\"'", min_size=1, max_size=4)
VALUES = st.recursive(
    st.integers() | st.booleans() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(data=st.dictionaries(KEYS, VALUES, min_size=1, max_size=3), name=KEYS, draw=st.data())
def test_any_edit_is_made_right_or_not_at_all(data: dict, name: str, draw: st.DataObject) -> None:
    import tomlkit

    text = tomlkit.dumps(data)
    key = draw.draw(st.sampled_from(sorted(data)))
    edit = draw.draw(
        st.sampled_from(
            [Edit("", (key,), "rename", name), Edit("", (key,), "set", name), Edit("", (key,), "remove")]
        )
    )
    made = edited(text, edit)
    rest = {one: value for one, value in data.items() if one != key}
    wanted = {"rename": rest | {name: data[key]}, "set": data | {key: name}, "remove": rest}[edit.do]
    assert made is None or tomllib.loads(made) == wanted


@pytest.mark.parametrize(
    ("word", "known", "near"),
    [
        ("apache 2.0", ["Apache 2.0", "MIT"], "Apache 2.0"),
        ("DPM++ 2M Karas", ["DPM++ 2M Karras", "DPM++ 2M SDE Karras", "DPM++ SDE Karras"], "DPM++ 2M Karras"),
        ("Veo9", ["Veo3"], None),  # a version is no slip of the finger
        ("kling-v4", ["kling-v3"], None),
        ("img2vid:a", ["img2vid:b", "img2vid:c"], None),
        ("a", ["b"], None),
        ("SD XL", ["SDXL", "SD-XL"], None),
    ],
)
def test_only_one_near_word_is_taken_for_it(word: str, known: list[str], near: str | None) -> None:
    assert only_near(word, known) == near


def test_line_ends_and_rights_stay(run, veo: Path) -> None:
    veo.write_bytes(VEO.replace("\n", "\r\n").encode())
    veo.chmod(0o640)
    run("lint", "--fix", "--yes", "--select", "CIV0")
    assert veo.read_bytes() == VEO.replace("defualt", "default").replace("\n", "\r\n").encode()
    assert veo.stat().st_mode & 0o777 == 0o640
