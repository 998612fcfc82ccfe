"""What keeps findings quiet: comments with a reason, and a baseline; and that neither outlives its use."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from civgen.errors import InvalidFile
from civgen.lint.baseline import baseline_text, read_baseline
from civgen.lint.comments import ignores_in
from civgen.lint.report import Report
from civgen.lint.runner import Options, lint
from civgen.workspace import Workspace

Check = Callable[..., Report]

FAMILY = 'key = "lodestones"\nid = 1{behind}\nname = "Lodestones"\n'
REASON = "  # civgen: ignore[CIV101] the platform has two"


def test_a_comment_with_a_reason_keeps_its_line_quiet(check: Check) -> None:
    assert [one.code for one in check({"families/lodestones.toml": FAMILY.format(behind="")}).findings] == [
        "CIV101"
    ]
    report = check({"families/lodestones.toml": FAMILY.format(behind=REASON)})
    assert report.findings == ()
    assert report.ignored == 1


@pytest.mark.parametrize(
    ("behind", "codes"),
    [
        ("  # civgen: ignore[CIV101]", ["CIV002", "CIV101"]),
        ("  # civgen: ignore two of them", ["CIV002", "CIV101"]),
        ("  # civgen: ignore[CIV110] two of them", ["CIV002", "CIV101"]),
        ("  # civgen: ignore[CIV102] two of them", ["CIV003", "CIV101"]),
        ("  # civgen: ignore[CIV101, CIV102] two of them", ["CIV003"]),
        ("  # Civgen:ignore[civ101] two of them", []),
    ],
)
def test_a_comment_that_is_not_whole_or_not_needed_is_a_finding(
    check: Check, behind: str, codes: list[str]
) -> None:
    report = check({"families/lodestones.toml": FAMILY.format(behind=behind)})
    assert sorted(one.code for one in report.findings) == sorted(codes)


SCOPES = """\
# civgen: ignore[A1] the next line
id = 4
name = 'not a comment # civgen: ignore[A9] no'
text = \"\"\"
# civgen: ignore[A9] no
\"\"\"
[[versions]] # civgen: ignore[A2] the table and what is in it
id = 1
[versions.form.steps]
max = 4

[[versions]]
id = 2
# civgen: ignore[A3] a table below

# a word more
[form.steps] # x
max = 1
[[form.steps.when]]
max = 2
[other]
x = 1 # civgen: ignore[A4] a line
"""


def test_what_a_comment_is_about_in_toml() -> None:
    found = {one.codes[0]: (one.line, one.first, one.last) for one in ignores_in("a.toml", SCOPES)}
    assert found == {"A1": (1, 2, 2), "A2": (7, 7, 11), "A3": (14, 17, 20), "A4": (22, 22, 22)}


MODULE = """\
x = "# civgen: ignore[A9] no"
# civgen: ignore[A1] all of it
class Paint:
    key = "a"

    def build(self):  # civgen: ignore[A2] the function
        return [
            1,
        ]

    y = 1  # civgen: ignore[A3] a line
"""


def test_what_a_comment_is_about_in_python() -> None:
    found = {one.codes[0]: (one.first, one.last) for one in ignores_in("a.py", MODULE)}
    assert found == {"A1": (3, 11), "A2": (6, 9), "A3": (11, 11)}


def test_an_engine_can_ignore_a_rule(check: Check, workspace: Path) -> None:
    text = "{}class Paint:\n    pass\n"
    assert [one.code for one in check({"engines/paint.py": text.format("")}).findings] == ["CIV501"]
    comment = "# civgen: ignore[CIV501] no engine yet\n"
    assert check({"engines/paint.py": text.format(comment)}).findings == ()


def test_under_no_exec_no_comment_is_called_needless_that_may_be_needed(workspace: Path) -> None:
    (workspace / "engines").mkdir()
    text = '"""x"""\nclass Paint:\n    """x"""  # civgen: ignore[CIV501] no engine yet\n'
    (workspace / "engines" / "paint.py").write_text(text)
    assert lint(Workspace(workspace), Options(execute=False)).findings == ()


def wrong(workspace: Path, number: int, before: str = "") -> None:
    text = f'{before}key = "f{number}"\nid = 1\nname = "F{number}"\n'
    (workspace / "families").mkdir(exist_ok=True)
    (workspace / "families" / f"f{number}.toml").write_text(text)


def test_a_baseline_keeps_what_is_known_quiet_and_what_is_new_loud(run, workspace: Path) -> None:
    wrong(workspace, 1)
    written = run("lint", "--baseline", "known.json", "--write-baseline", "--json")
    assert (written.code, written.json["findings"]) == (0, 1)
    result = run("lint", "--baseline", "known.json", "--json")
    assert (result.code, result.json["known"], result.json["findings"]) == (0, 1, [])
    wrong(workspace, 1, before="# moved to another line\n\n")
    assert run("lint", "--baseline", "known.json").code == 0
    wrong(workspace, 2)
    result = run("lint", "--baseline", "known.json", "--json")
    assert [one["file"] for one in result.json["data"]["findings"]] == ["families/f2.toml"]


def test_a_baseline_is_the_same_from_any_folder(
    run, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong(workspace, 1)
    run("lint", "--baseline", "known.json", "--write-baseline")
    monkeypatch.chdir(workspace / "families")
    assert run("lint", "--baseline", "../known.json").code == 0


def test_what_the_baseline_lists_and_nobody_finds_is_reported(run, workspace: Path) -> None:
    wrong(workspace, 1)
    wrong(workspace, 2)
    run("lint", "--baseline", "known.json", "--write-baseline")
    (workspace / "families" / "f1.toml").unlink()
    result = run("lint", "--baseline", "known.json", "--json")
    (finding,) = result.json["findings"]
    assert (finding["code"], finding["file"], finding["severity"]) == ("CIV004", "known.json", "warning")
    assert json.loads((workspace / "known.json").read_text())["findings"]
    assert run("lint", "--baseline", "known.json", "--strict").code == 7
    # What did not run cannot say that it finds nothing.
    assert run("lint", "--baseline", "known.json", "--select", "CIV004,CIV102", "--strict").code == 0


@pytest.mark.parametrize("text", ["", "[]", '{"findings": [{}]}', '{"findings": 3}', "[" * 100_000, "\xff"])
def test_what_is_no_baseline_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "b.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(InvalidFile, match=r"b\.json is no baseline"):
        read_baseline(tmp_path / "b.json")
    with pytest.raises(InvalidFile, match="cannot be read"):
        read_baseline(tmp_path / "c.json")


def test_two_findings_that_look_alike_are_counted(check: Check) -> None:
    versions = "".join(f"[[versions]]\nid = {number}\nlabel = 'a'\n" for number in (128078, 128078))
    text = 'key = "Marble"\nid = 12000\nname = "Marble"\ndescription = "x"\n' + versions
    report = check({"ecosystems/Marble.toml": text}, "CIV101")
    prints = [one.fingerprint for one in report.findings]
    assert len(prints) == len(set(prints)) == 2
    assert baseline_text(report.findings) == baseline_text(report.findings[::-1])
