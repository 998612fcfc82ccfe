"""What is linted: a workspace, loose files and folders, stdin, and a workspace whose code is not run."""

from __future__ import annotations

from pathlib import Path

import pytest

from civgen.errors import InvalidInput, NotFound
from civgen.lint.runner import Options, lint
from civgen.lint.sources import Stdin
from civgen.workspace import Workspace

MARBLE = """key = "Marble"
id = 12000
name = "Marble"
description = "Of a test."
family = "gogle"
"""
ENGINE = '''
from pathlib import Path

Path({trace!r}).write_text("run")

from civgen.engines import fields
from civgen.engines.base import Engine
from civgen.forms.form import Form


class Paint(Engine):
    """An engine of a test."""

    key = "paint"
    media = "{media}"
    step_type = "imageGen"
    form = Form(fields.model(), fields.prompt(always=True))

    def build(self, values, resources, context):
        return []
'''


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


@pytest.mark.parametrize(
    "name", ["Marble.toml", "there/ecosystems/Marble.toml", "there/anything/Marble.toml"]
)
def test_a_file_that_lies_in_no_workspace_is_linted(tmp_path: Path, name: str) -> None:
    write(tmp_path, {name: MARBLE})
    for path in (tmp_path / name, (tmp_path / name).parent):
        (finding,) = lint(Workspace(None), paths=[path]).findings
        assert (finding.code, finding.where.file, finding.where.line) == ("CIV103", name, 5)


def test_a_loose_file_is_told_by_what_it_says(tmp_path: Path) -> None:
    files = {
        "a.toml": 'name = "Lodestones"\nkey = "a"\nid = 1\n',
        "b.toml": 'key = "b"\nsizes = [{ value = "1:1", width = 1001, height = 1001 }]\n',
        "c.toml": 'key = "c"\nid = 2\nname = "C"\ndescription = "x"\nengin = "seedream"\n',
    }
    write(tmp_path, files)
    found = {(one.code, one.where.file) for one in lint(Workspace(None), paths=[tmp_path]).findings}
    assert found == {("CIV101", "a.toml"), ("CIV204", "b.toml"), ("CIV108", "b.toml"), ("CIV001", "c.toml")}


def test_a_path_brings_its_workspace_along(tmp_path: Path) -> None:
    write(
        tmp_path, {"w/civgen.toml": "", "w/families/gogle.toml": 'key = "gogle"\nid = 500\nname = "Gogle"\n'}
    )
    write(tmp_path, {"w/ecosystems/Marble.toml": MARBLE})
    assert lint(Workspace(None), paths=[tmp_path / "w" / "ecosystems"]).findings == ()
    write(tmp_path, {"v/civgen.toml": ""})
    with pytest.raises(InvalidInput, match="several workspaces"):
        lint(Workspace(None), paths=[tmp_path / "v", tmp_path / "w"])


def test_what_cannot_be_linted_is_said(workspace: Path) -> None:
    write(workspace, {"notes.toml": "x = 1\n"})
    with pytest.raises(NotFound) as caught:
        lint(Workspace(workspace), paths=[Path("a"), Path("b")])
    assert [problem.given for problem in caught.value.details] == ["a", "b"]
    (skipped,) = lint(Workspace(workspace), paths=[workspace / "notes.toml"]).skipped
    assert skipped.files == ("notes.toml",)
    elsewhere = workspace.parent / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    with pytest.raises(InvalidInput, match="nothing to lint"):
        lint(Workspace(workspace), paths=[elsewhere])


def test_stdin_stands_for_a_file_as_it_is_not_saved_yet(workspace: Path) -> None:
    write(workspace, {"ecosystems/Marble.toml": "not even TOML", "ecosystems/Other.toml": "nor this"})
    stdin = Stdin(MARBLE.encode(), "ecosystems/Marble.toml")
    (finding,) = lint(Workspace(workspace), stdin=stdin).findings
    assert (finding.code, finding.where.file, finding.where.line) == ("CIV103", "ecosystems/Marble.toml", 5)
    assert (workspace / "ecosystems/Marble.toml").read_text() == "not even TOML"


def test_stdin_stands_for_a_built_in_file() -> None:
    from civgen.catalog.files import BUILT_IN

    path = BUILT_IN / "ecosystems" / "Veo3.toml"
    stdin = Stdin(path.read_bytes(), str(path))
    assert lint(Workspace(None), Options(["CIV1"]), stdin=stdin).findings == ()
    wrong = Stdin(path.read_bytes().replace(b"txt2vid", b"txt2vib", 1), str(path))
    assert {one.where.file for one in lint(Workspace(None), Options(["CIV1"]), stdin=wrong).findings} == {
        str(path)
    }


@pytest.mark.parametrize("content", [b"\xff\xfe", b"key = [", b"", MARBLE.encode()])
def test_stdin_needs_no_name(content: bytes) -> None:
    findings = lint(Workspace(None), Options(["CIV1"]), stdin=Stdin(content)).findings
    assert {one.where.file for one in findings} == {"stdin"}
    assert not any("civgen-lint-" in one.message for one in findings)


def test_an_engine_comes_in_on_stdin(workspace: Path, tmp_path: Path) -> None:
    text = ENGINE.format(trace=str(tmp_path / "trace"), media="images")
    stdin = Stdin(text.encode(), "engines/image/paint.py")
    codes = [(one.code, one.where.file) for one in lint(Workspace(workspace), stdin=stdin).findings]
    assert codes == [("CIV501", "engines/image/paint.py")]


def test_no_code_of_the_workspace_is_run_when_told_so(workspace: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    uses = MARBLE.replace('family = "gogle"', 'engine = "paint"\nworkflows = ["txt2img"]')
    files = {
        "engines/image/paint.py": ENGINE.format(trace=str(trace), media="images"),
        "ecosystems/Marble.toml": uses,
        "ecosystems/Veo3.toml": "override = true\nform.duration.default = 5\n",
    }
    write(workspace, files)
    report = lint(Workspace(workspace), Options(execute=False), paths=[workspace])
    assert not trace.exists()
    found = {(one.code, one.where.file) for one in report.findings}
    # The module's text shows its fault, and forms of civgen's own engines are walked all the same.
    assert found == {("CIV501", "engines/image/paint.py"), ("CIV202", "ecosystems/Veo3.toml")}
    (skipped,) = report.skipped
    assert skipped.files == ("ecosystems/Marble.toml", "engines/image/paint.py")
    assert {"CIV202", "CIV301", "CIV302"} <= set(skipped.rules)
    assert "CIV101" not in skipped.rules
    lint(Workspace(workspace), paths=[workspace])
    assert trace.exists()


def test_nothing_kept_by_an_untrusted_workspace_is_believed(workspace: Path) -> None:
    write(workspace, {"ecosystems/Veo3.toml": "override = true\nform.duration.default = 6\n"})
    lint(Workspace(workspace), Options(keep=True))
    kept = workspace / ".civgen" / "cache" / "lint.json"
    before = kept.read_text()
    write(workspace, {"ecosystems/Veo3.toml": "override = true\nform.duration.default = 5\n"})
    report = lint(Workspace(workspace), Options(keep=True, execute=False))
    assert [one.code for one in report.findings] == ["CIV202"]
    assert kept.read_text() == before


def test_the_command_takes_stdin(run, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run("lint", "-", "--stdin-name", "ecosystems/Marble.toml", "--json", stdin=MARBLE)
    assert result.code == 7
    assert [one["file"] for one in result.json["data"]["findings"]] == ["ecosystems/Marble.toml"]
    assert run("lint", "-", "civgen.toml", stdin=MARBLE).code == 2
    assert run("lint", "--stdin-name", "a.toml").code == 2
    assert run("lint", "-", "--stdin-name", "a.json", stdin="{}").code == 2
    assert run("lint", "-", "--fix", "--stdin-name", "a.toml", stdin=MARBLE).code == 2
