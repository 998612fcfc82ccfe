"""Whatever lies in a workspace, lint answers with findings or a clear error, and soon."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civgen.catalog.files import BUILT_IN
from civgen.errors import CivgenError
from civgen.lint.formats import names, render
from civgen.lint.report import Report
from civgen.lint.runner import Options, lint
from civgen.tomlfile import DEEPEST, LARGEST
from civgen.workspace import Workspace

FOLDERS = (
    "ecosystems",
    "sizes",
    "workflows",
    "groups",
    "families",
    "samplers",
    "tiers",
    "licenses",
    "engines",
)
#: Rules that need no walks through forms: quick enough to try much.
STATIC = Options(["CIV0", "CIV1", "CIV204", "CIV205", "CIV4", "CIV501"])


@contextmanager
def workspace_with(files: dict[str, bytes]) -> Iterator[Workspace]:
    folder = Path(tempfile.mkdtemp())
    try:
        for name, content in {"civgen.toml": b"", **files}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        yield Workspace(folder)
    finally:
        shutil.rmtree(folder)


def linted(files: dict[str, bytes], options: Options = STATIC) -> Report:
    """The report; all formats are tried, too."""
    with workspace_with(files) as workspace:
        report = lint(workspace, options)
        for name in names():
            render(name, report)
        return report


some = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAME = st.sampled_from([f"{folder}/SDXL.toml" for folder in FOLDERS[:-1]] + ["engines/a.py", "civgen.toml"])


@some
@given(name=NAME, content=st.binary(max_size=60))
def test_random_bytes(name: str, content: bytes) -> None:
    linted({name: content})


@some
@given(name=NAME, text=st.text(st.sampled_from("[]{}=.\"'#, \n\ta1é\\"), max_size=60))
def test_random_text(name: str, text: str) -> None:
    linted({name: text.encode()})


LEAF = (
    st.integers(-(2**70), 2**70)
    | st.floats()
    | st.booleans()
    | st.text(max_size=8)
    | st.dates()
    | st.sampled_from(["txt2img", "SDXL", "urn:air:sdxl:lora:civitai:1@2", "1:1", "text-to-image", "Euler"])
)
WORDS = st.text(max_size=4) | st.sampled_from(
    [
        *(
            "id",
            "key",
            "name",
            "label",
            "value",
            "width",
            "height",
            "min",
            "max",
            "step",
            "default",
            "options",
        ),
        *("presets", "when", "match", "unless", "fixed", "sizes", "workflow", "images", "sampler", "form"),
        *(
            "steps",
            "aspectRatio",
            "model",
            "engine",
            "engines",
            "versions",
            "base_models",
            "media",
            "license",
        ),
        *(
            "support",
            "generation",
            "accepts",
            "ecosystem",
            "ecosystems",
            "types",
            "moves",
            "follows",
            "parent",
        ),
        *("engine_options", "air"),
    ]
)
DATA = st.recursive(
    LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4), max_leaves=12
)


@some
@given(
    folder=st.sampled_from(FOLDERS[:-1]),
    data=st.dictionaries(WORDS, DATA, max_size=6),
    override=st.booleans(),
)
def test_random_toml(folder: str, data: dict, override: bool) -> None:
    import tomlkit

    words = {"override": True} if override else {}
    linted({f"{folder}/SDXL.toml": tomlkit.dumps({**words, **data}).encode("utf-8", "replace")})


@some
@given(data=st.data())
def test_a_built_in_file_with_something_else_in_it(data: st.DataObject) -> None:
    """One value of a whole file is replaced by anything; all rules run over it."""
    import tomlkit

    name = data.draw(
        st.sampled_from(["ecosystems/Veo3", "ecosystems/Chroma", "sizes/540p", "workflows/img2img-upscale"])
    )
    document = tomlkit.parse((BUILT_IN / f"{name}.toml").read_text()).unwrap()
    place: object = document
    while isinstance(place, dict | list) and place:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):  # type: ignore[index]
            place[key] = data.draw(DATA)  # type: ignore[index]
            break
        place = place[key]  # type: ignore[index]
    text = tomlkit.dumps({"override": True, **document})
    linted(
        {f"{name}.toml": text.encode("utf-8", "replace")},
        Options(keep=False, select=["CIV0", "CIV1", "CIV2", "CIV4"]),
    )


DEEP = 3 * DEEPEST
WIDE = 20_000


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * DEEP + "]" * DEEP,
        "x = " + "[" * 100_000 + "]" * 100_000,
        "x = " + "{a = " * DEEP + "1" + "}" * DEEP,
        ".".join("a" * DEEP) + " = 1",
        f"[{'.'.join('a' * DEEP)}]\nb = 1",
        "[[" + ".".join("a" * DEEP) + "]]",
        "x = '" + "a" * LARGEST + "'",
    ],
    ids=["lists", "more lists", "tables", "dots", "a header", "a header of an array", "large"],
)
def test_what_is_too_deep_or_too_large_is_a_finding(text: str) -> None:
    for name in ("ecosystems/A.toml", "civgen.toml"):
        (finding,) = linted({name: text.encode()}).findings
        assert (finding.code, finding.where.line) == ("CIV001", 1)
        assert "nested too deeply" in finding.message or "MB are read" in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "x = [\n[" + " " * WIDE * 10 + "\n],\n[" + " " * WIDE * 10 + "]]\n",
        "# " + "]" * WIDE + "\n[" + " " * WIDE + "a" + " " * WIDE + "] #" + " ]" * WIDE,
        "x = [" + "{a = 1, " * 1 + "b = [" + ", ".join(["1"] * WIDE) + "]}]",
        "a" * WIDE + " = 1",
        'x = "' + "\\\\" * WIDE + '" # civgen: ignore[' + " ," * WIDE + "]",
        "\n".join(f"[[versions]]\nid = {n}" for n in range(2000)),
        "\n".join(f"a{n} = {n}" for n in range(WIDE)),
        "form.steps.options = [" + ", ".join(["1"] * WIDE) + "]",
    ],
    ids=["blanks", "brackets", "a list", "a key", "escapes", "versions", "keys", "options"],
)
def test_what_is_long_is_done_in_time(text: str) -> None:
    whole = 'override = true\nname = "x"\n' + text
    linted({"ecosystems/SDXL.toml": whole.encode()})


@pytest.mark.parametrize(
    "text",
    [
        "\0",
        "x = (" * 500,
        "import sys\nsys.exit(0)",
        "raise KeyboardInterrupt",
        "class A:\n  key = " + "-" * 5000 + "1",
        "\ufeffclass A: pass",
        "'\\d'",
        "1 = 2",
        "def f():\n\treturn 1\n        return 2",
        "#" * LARGEST + "#",
    ],
)
@pytest.mark.parametrize("execute", [True, False])
def test_a_module_that_is_no_engine_is_a_finding(text: str, execute: bool) -> None:
    if execute and "KeyboardInterrupt" in text:
        return  # what it raises stops whoever runs it
    files = {"engines/a.py": text.encode()}
    report = linted(files, Options(["CIV0", "CIV5"], execute=execute))
    if not text.startswith(("import", "raise", "'")) or execute:
        assert {one.where.file for one in report.findings} == {report.findings[0].where.file}
        assert report.findings[0].code == "CIV501"


ENGINE = """
from civgen.engines import fields
from civgen.engines.base import Engine, Step
from civgen.forms.form import Form


class Paint(Engine):
    '''An engine of a test.'''

    key = "paint"
    media = "image"
    step_type = "imageGen"
    form = Form(fields.model(), fields.prompt(always=True))

    def build(self, values, resources, context):
        return [Step("imageGen", {"engine": "google", "model": "imagen4", "prompt": values["prompt"][:900]})]

    def price(self, step_input):
        return None
"""
PAINT = b"""key = "Paint"
id = 12000
name = "Paint"
description = "An ecosystem of a test."
engine = "paint"
workflows = ["txt2img"]
base_models = [{ id = 14000, name = "Paint", media = "image", license = "Apache 2.0" }]
support = { generation = ["Checkpoint"] }
versions = [{ id = 15000, label = "v1", default = true }]
"""


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ('    key = "paint"', "    pass"),
        ('    key = "paint"', "    key = 3"),
        ('    media = "image"', "    pass"),
        ('    media = "image"', "    media = ['image']"),
        ('    step_type = "imageGen"', "    pass"),
        ('    step_type = "imageGen"', "    step_type = None"),
        ("        return [Step", "        return None or [Step"),
        ("        return [Step", "        return 3  # [Step"),
        ("        return [Step", "        return [3]  # [Step"),
        ("        return [Step", "        return [Step(3, 4)]  # [Step"),
        ("        return [Step", "        return [Step('imageGen', None)]  # [Step"),
        ("        return [Step", "        raise SystemExit  # [Step"),
        ("        return None\n", "        return 3\n"),
        ("        return None\n", "        raise ValueError\n"),
        ("    form = Form(", "    form = 3 or Form("),
        ("    form = Form(", "    form = Form() or Form("),
    ],
)
def test_an_engine_that_is_wrong_is_no_reason_to_stop(line: str, instead: str) -> None:
    assert line in ENGINE
    files = {
        "engines/image/paint.py": ENGINE.replace(line, instead, 1).encode(),
        "ecosystems/Paint.toml": PAINT,
    }
    linted(files, Options())


def test_links_that_go_round_and_files_that_are_none(workspace: Path) -> None:
    (workspace / "families").mkdir()
    (workspace / "engines").mkdir()
    (workspace / "families" / "a.toml").symlink_to(workspace / "families" / "b.toml")
    (workspace / "families" / "b.toml").symlink_to(workspace / "families" / "a.toml")
    (workspace / "families" / "c.toml").symlink_to(workspace / "nowhere.toml")
    (workspace / "families" / "d.toml").mkdir()
    os.mkfifo(workspace / "families" / "e.toml")
    os.mkfifo(workspace / "engines" / "f.py")
    (workspace / "engines" / "round").symlink_to(workspace / "engines", target_is_directory=True)
    (workspace / "sizes").symlink_to(workspace / "sizes")
    report = lint(Workspace(workspace), STATIC, paths=[workspace])
    found = sorted((one.code, one.where.file) for one in report.findings)
    assert found == [
        *(("CIV001", f"families/{name}.toml") for name in "abcde"),
        ("CIV501", "engines/f.py"),
    ]
    for name in ("families", "families/a.toml", "engines/round"):
        lint(Workspace(workspace), STATIC, paths=[workspace / name])
        lint(Workspace(None), STATIC, paths=[workspace / name])


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_a_finding(workspace: Path) -> None:
    for name in ("families/a.toml", "sizes/b.toml"):
        (workspace / name).parent.mkdir()
        (workspace / name).write_text("x = 1")
    (workspace / "families" / "a.toml").chmod(0)
    (workspace / "sizes").chmod(0)
    try:
        report = lint(Workspace(workspace), STATIC, paths=[workspace])
    finally:
        (workspace / "sizes").chmod(0o755)
    assert [one.where.file for one in report.findings] == ["families/a.toml", "sizes"]


def test_a_folder_that_may_not_be_read_is_found_out(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = workspace / "ecosystems"
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != closed)
    (finding,) = lint(Workspace(workspace), STATIC).findings
    assert (finding.code, finding.where.file) == ("CIV001", "ecosystems")


@some
@given(content=st.binary(max_size=40), name=st.none() | st.text(max_size=12))
def test_anything_may_come_in_on_stdin(content: bytes, name: str | None) -> None:
    from civgen.lint.sources import Stdin

    try:
        report = lint(Workspace(None), STATIC, stdin=Stdin(content, name))
    except CivgenError:
        return
    assert all(one.where.file == (name or "stdin") for one in report.findings)
