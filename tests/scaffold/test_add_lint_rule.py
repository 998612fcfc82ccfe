"""`civgen add-lint-rule`: a rule that works as it is, and whose documentation is true."""

import importlib.util
import re
import subprocess
import sys

import pytest
from trees import tree

from civgen.lint import registry
from civgen.lint.runner import Options, lint
from civgen.workspace import Workspace

ADDED = {
    "description-said": ("--on", "base-model", "--field", "description"),
    "workflows-told": (
        "--on",
        "version",
        "--field",
        "workflows",
        "--example",
        '["txt2img"]',
        "--severity",
        "error",
    ),
    "family-named": (
        "--on",
        "ecosystem",
        "--field",
        "family",
        "--example",
        "xai",
        "--group",
        "1",
        "--summary",
        "So.",
    ),
    "aliases-known": ("--on", "ecosystem", "--field", "aliases", "--example", '["a \\\\ \\"b\\""]'),
}


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    folder = tmp_path / "checkout"
    rules = folder / "civgen/lint/rules"
    rules.mkdir(parents=True)
    (rules / "__init__.py").write_text('"""Rules."""\n')
    (rules / "license_said.py").write_text('    code, name, severity = "CIV401", "license-said", "warning"\n')
    monkeypatch.chdir(rules)
    return folder


def example(rule, title):
    found = re.search(rf"^{title}:\n\n((?: {{4}}.*\n?|\n)+)", rule.explanation(), re.MULTILINE)
    text = re.sub(r"^ {4}", "", found[1], flags=re.MULTILINE)
    path, _, rest = text.partition("\n")
    return path.removeprefix("# "), rest


@pytest.mark.parametrize("name", ADDED)
def test_its_bad_example_is_found_and_its_good_one_is_not(run, checkout, tmp_path, monkeypatch, name):
    done = run("add-lint-rule", name, *ADDED[name], "--why", "People choose by it.", "--json")
    assert done.code == 0, done.json
    (path,) = done.json["written"]
    spec = importlib.util.spec_from_file_location("added", checkout / path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (rule,) = (one for one in vars(module).values() if isinstance(one, type) and one.__module__ == "added")
    assert rule.name == name and rule.code not in ("CIV401",)
    monkeypatch.setattr(registry, "all_rules", lambda: {rule.code: rule})
    for title, wanted in (("Bad", {rule.code}), ("Good", set())):
        file, text = example(rule, title)
        folder = tmp_path / title
        (folder / file).parent.mkdir(parents=True)
        (folder / "civgen.toml").write_text("")
        (folder / file).write_text(text)
        report = lint(Workspace(folder), Options([rule.code]), paths=[folder])
        assert {finding.code for finding in report.findings} == wanted


def test_everything_that_is_written_is_as_the_house_wants_it(run, checkout):
    for name, words in ADDED.items():
        assert run("add-lint-rule", name, *words, "--why", "It is " + "long, " * 40 + "in fact.").code == 0
    codes = {
        re.search(r'"(CIV\d+)"', path.read_text())[1] for path in checkout.glob("civgen/lint/rules/[a-z]*.py")
    }
    assert len(codes) == len(ADDED) + 1
    (checkout / "civgen/lint/rules/license_said.py").unlink()
    select = "E,F,W,I,N,UP,B,C4,C90,D,PTH,SIM,RET,RUF,ARG,PL,TID,T20,ERA,TRY"
    ruff = (sys.executable, "-m", "ruff")
    for words in (
        ("check", "--isolated", "--line-length", "110", "--select", select, "--ignore", "D203,D213,D413"),
        ("format", "--isolated", "--line-length", "110", "--check", "--diff"),
    ):
        done = subprocess.run(
            [*ruff, *words, "--no-cache", str(checkout)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


def test_twice_changes_nothing_and_undone_it_is_gone(run, checkout):
    before = tree(checkout)
    words = ("add-lint-rule", "description-said", *ADDED["description-said"], "--why", "So.")
    run(*words)
    there = tree(checkout)
    assert "Nothing to do" in run(*words).stdout and tree(checkout) == there
    assert run(*words, "--undo").code == 0
    assert tree(checkout) == before


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("license-sayd", "--on", "version", "--field", "form"), "NAME"),
        (("notice-said", "--on", "version", "--field", "form", "--code", "CIV401"), "--code"),
        (("notice-said", "--on", "version", "--field", "labell"), "--field"),
        (("notice-said", "--on", "version", "--field", "label"), "--field"),
        (("notice-said", "--on", "version", "--field", "model_id", "--example", "text"), "--example"),
        (("../notice", "--on", "version", "--field", "form"), "NAME"),
        (("notice-said", "--on", "sampler", "--field", "form"), "--on"),
    ],
)
def test_what_cannot_be_is_refused(run, checkout, words, field):
    before = tree(checkout)
    done = run("add-lint-rule", *words, "--why", "So.", "--json")
    assert done.code == 2 and field in {problem["field"] for problem in done.json["error"]["details"]}
    assert tree(checkout) == before


def test_elsewhere_it_says_where_rules_belong(run, tmp_path):
    done = run("add-lint-rule", "notice-said", "--json")
    assert done.code == 2 and "--into" in done.json["error"]["hint"]
