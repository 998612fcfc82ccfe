"""`civgen export typescript --layout`: a host's own modules, in its own style, at no file's cost."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trees import tree

from civgen.errors import CivgenError
from civgen.jobs.platform import Platform
from civgen.scaffold.host.data import Kind, kinds
from civgen.scaffold.host.layout import Layout, Style
from civgen.scaffold.host.modules import GENERATED, host_changes, module_text
from civgen.scaffold.host.reading import read_layout
from civgen.scaffold.host.typescript import Writer
from civgen.scaffold.writing import write

Run = Callable[..., Any]
LAYOUT = """\
[[modules]]
path = "shared/tiers.ts"
[[modules.exports]]
data = "tiers"
name = "tiers"
type = "Tier"
names = "TierKey"
fields = ["key", "quantity"]
where = { key = ["free", "gold"] }

[[modules]]
path = "workflows.ts"
[[modules.exports]]
data = "workflows"
name = "workflows"
shape = "record"
"""


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    file = tmp_path / "layout.toml"
    file.write_text(LAYOUT)
    return file


@pytest.fixture(scope="module")
def known(platform: Platform) -> dict[str, Kind]:
    return kinds(platform)


def export(run: Run, *words: str, code: int = 0) -> dict[str, Any]:
    done = run("export", "typescript", "--layout", "layout.toml", "--out", "host", *words, "--json")
    assert done.code == code, done.stdout
    return done.json


def test_it_is_written_once_and_as_asked(run: Run, layout: Path, tmp_path: Path, platform: Platform) -> None:
    before = tree(tmp_path)
    shown = export(run, "--dry-run")
    assert tree(tmp_path) == before and "+export const tiers = [{ key: 'free'" in shown["diff"]
    assert export(run, "--check", code=7)["data"]["written"] == ["shared/tiers.ts", "workflows.ts"]
    assert tree(tmp_path) == before
    assert export(run)["written"] == ["shared/tiers.ts", "workflows.ts"]
    after = tree(tmp_path)
    assert export(run)["unchanged"] == ["shared/tiers.ts", "workflows.ts"]
    assert tree(tmp_path) == after and export(run, "--check")["diff"] == ""
    text = (tmp_path / "host" / "shared" / "tiers.ts").read_text()
    free, gold = (platform.catalog.tiers[key].record.quantity for key in ("free", "gold"))
    assert text == (
        f"{GENERATED}\n\nexport type TierKey =\n  | 'free'\n  | 'gold';\n\n"
        f"export const tiers = [{{ key: 'free', quantity: {free} }}, {{ key: 'gold', quantity: {gold} }}]"
        " as const;\n\nexport type Tier = (typeof tiers)[number];\n"
    )


def test_line_endings_that_git_changed_are_no_difference(run: Run, layout: Path, tmp_path: Path) -> None:
    export(run)
    file = tmp_path / "host" / "workflows.ts"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert export(run, "--check")["written"] == []


@pytest.mark.parametrize("text", ["export const mine = 1;\n", "", "\n" + GENERATED])
def test_files_of_somebody_else_stay(run: Run, layout: Path, tmp_path: Path, text: str) -> None:
    mine = tmp_path / "host" / "workflows.ts"
    mine.parent.mkdir()
    mine.write_text(text)
    before = tree(tmp_path)
    for words in ([], ["--dry-run"], ["--check"]):
        refused = export(run, *words, code=8)["error"]
        assert [one["field"] for one in refused["details"]] == ["workflows.ts"]
    assert tree(tmp_path) == before


def test_a_link_does_not_lead_out(run: Run, layout: Path, tmp_path: Path) -> None:
    (tmp_path / "away").mkdir()
    (tmp_path / "host").mkdir()
    (tmp_path / "host" / "shared").symlink_to(tmp_path / "away")
    export(run, code=8)
    assert not list((tmp_path / "away").iterdir())


@given(
    path=st.one_of(
        st.text(max_size=30), st.sampled_from(["../a.ts", "/etc/a.ts", "a/../../b.ts", "C:\\a.ts"])
    )
)
def test_no_path_of_a_layout_leads_out(known: dict[str, Kind], path: str, tmp_path_factory: Any) -> None:
    base = tmp_path_factory.mktemp("paths")
    asked = {"modules": [{"path": path, "exports": [{"data": "tiers", "name": "tiers"}]}]}
    try:
        layout = Layout.model_validate(asked)
        changes, _ = host_changes(layout, known, base / "host")
        (base / "host").mkdir()
        write(base / "host", changes)
    except (CivgenError, ValueError, OSError):
        assert not any(one.is_file() for one in base.rglob("*"))
    assert all(one.is_relative_to(base / "host") for one in base.rglob("*") if one.is_file())


BROKEN = """\
[style]
quotes = "singel"
tabs = true
[[modules]]
path = "../out.ts"
[[modules.exports]]
data = "ecosystem"
name = "class"
[[modules]]
path = "a.ts"
[[modules.exports]]
data = "ecosystems"
name = "a"
type = "a"
fields = ["nmae"]
where = { media = "imagee", familly = "x" }
[[modules.exports]]
data = "ecosystm"
name = "b"
shap = "list"
[[modules.exports]]
data = "licences"
name = "c"
[[modules.exports]]
data = "ecosystems"
name = "d"
key = "engine"
[[modules.exports]]
data = "workflows"
name = "e"
where = { output = "video", source = "image", key = "txt2img" }
[[modules]]
path = "A.ts"
exports = []
"""


def test_every_problem_is_listed_with_its_line_and_what_was_meant(
    known: dict[str, Kind], tmp_path: Path
) -> None:
    (tmp_path / "layout.toml").write_text(BROKEN)
    with pytest.raises(CivgenError) as caught:
        read_layout(tmp_path / "layout.toml", known)
    found = {(one.field, one.where and one.where.line): one for one in caught.value.details}
    a = "modules[1].exports[0]"
    expected = {
        ("style.quotes", 2): "single",
        ("style.tabs", 3): None,
        ("modules[0].path", 5): None,
        ("modules[0].exports[0].name", 8): None,
        (f"{a}.type", 14): None,
        ("modules[0].exports[0].data", 7): "ecosystems",
        ("modules[1].exports[1].data", 18): "ecosystems",
        (f"{a}.fields", 15): "name",
        (f"{a}.where.media", 16): "image",
        (f"{a}.where", 16): "family",
        ("modules[1].exports[1].shap", 20): "shape",
        ("modules[1].exports[2].data", 22): "licenses",
        ("modules[1].exports[3].key", 27): None,
        ("modules[1].exports[4].where", 31): None,
        ("modules[2].path", 33): None,
        ("modules[2].exports", 34): None,
    }
    assert set(found) == set(expected)
    for place, meant in expected.items():
        assert meant is None or found[place].hint == f"Did you mean {meant}?"
    assert caught.value.exit_code == 2


def test_options_that_need_a_layout_say_so(run: Run, layout: Path) -> None:
    assert run("export", "--check").code == 2
    assert run("export", "json", "--layout", "layout.toml").code == 2
    assert run("export", "json", "--format", "typescript").code == 2
    assert run("export", "typescript", "--layout", "none.toml").code == 2


@given(text=st.text(), quotes=st.sampled_from(["single", "double"]))
def test_texts_are_read_back_as_they_were(text: str, quotes: Any) -> None:
    # Escapes of JavaScript's that are used here mean the same in Python.
    assert ast.literal_eval(Writer(Style(quotes=quotes)).text(text)) == text


STYLES = [
    ("as-const", "union", "list"),
    ("as-const", "object", "record"),
    ("typed", "object", "list"),
    ("typed", "enum", "record"),
]


def everything(
    known: dict[str, Kind], style: dict[str, Any], shapes: Sequence[str] = ("list", "record")
) -> Layout:
    """A layout that asks for every kind of data."""
    modules = [
        {
            "path": f"{name}-{shape}.ts",
            "exports": [
                {"data": name, "name": "all", "type": "One", "names": "Name", "shape": shape},
                {"data": name, "name": "keys", "type": "OneKey", "shape": shape, "fields": [kind.key]},
            ],
        }
        for name, kind in known.items()
        for shape in shapes
    ]
    return Layout.model_validate({"style": style, "modules": modules})


@pytest.mark.parametrize("width", [40, 100])
def test_no_line_is_longer_than_it_must_be(known: dict[str, Kind], width: int) -> None:
    layout = everything(known, {"width": width, "declare": "typed"})
    for module in layout.modules:
        for line in module_text(module, layout, known).splitlines():
            if len(line) > width and line[0] == " ":
                assert not re.search(r"^\s*[\w']*:? ?[\[{] ?.*, ", line), line


def test_every_kind_in_every_style_compiles_under_strict(known: dict[str, Kind], tmp_path: Path) -> None:
    compiler = shutil.which("tsc")
    if compiler is None:
        pytest.skip("there is no TypeScript compiler (tsc) here")
    for declare, names, shape in STYLES:
        plain = names == "enum"
        style = {"declare": declare, "names": names, "indent": "tab" if plain else 2, "semicolons": not plain,
                 "quotes": "double" if plain else "single", "trailing_commas": not plain}  # fmt: skip
        folder = tmp_path / f"{declare}-{names}"
        folder.mkdir()
        write(folder, host_changes(everything(known, style, [shape]), known, folder)[0])
    command = [compiler, "--strict", "--noEmit", "--target", "es2020", *map(str, tmp_path.rglob("*.ts"))]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()[:2000]


def test_the_page_shows_what_is_written(run: Run, tmp_path: Path, known: dict[str, Kind]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "export.md").read_text()
    (tmp_path / "layout.toml").write_text(re.findall(r"```toml\n(.*?)```", page, re.DOTALL)[0])
    export(run)
    [shown] = re.findall(r"```ts\n(.*?)```", page, re.DOTALL)
    assert shown in (tmp_path / "host" / "ecosystem.constants.ts").read_text()
    missing = [name for name, kind in known.items() if f"`{name}`" not in page or f"`{kind.key}`" not in page]
    assert missing == []
    assert Style() == read_layout(tmp_path / "layout.toml", known).style
