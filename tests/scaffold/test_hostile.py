"""Hostile names: whatever a template or a command is given, nothing is written outside or run."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from civgen.errors import CivgenError
from civgen.scaffold.answers import BaseModelAnswers, EngineAnswers, LicenseAnswers, RuleAnswers, answers_of
from civgen.scaffold.changes import FileChange, confined, new_files
from civgen.scaffold.license import add_license
from civgen.scaffold.render import render
from civgen.scaffold.writing import write

NAME = st.one_of(
    st.text(alphabet="./\\~{}%:$`'\" \n\x00ab\u202e", max_size=24),
    st.sampled_from(
        [
            "../../out", "/tmp/civgen-hostile", "..", ".", "", "~/out", "C:\\out", "a/../../out", "con",
            "{{ 7 * 7 }}",
            "{% include '/etc/passwd' %}", "{{ cycler.__init__.__globals__.os.system('touch out') }}",
            "a\x00b", ".git/hooks/pre-commit", "x" * 300,
        ]
    ),
)  # fmt: skip
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PATHS = {
    "license": lambda name: {"stem": name, "license": f"name = {name!r}"},
    "ecosystem-test": lambda name: {
        "key": name, "module": name, "version_id": 1, "air": name, "requests": [name], "refused": name
    },
}  # fmt: skip


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with a workspace, where temporary files go as well: nothing else may appear."""
    (tmp_path / "temp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    (tmp_path / "house").mkdir()
    (tmp_path / "house/civgen.toml").write_text("")
    return tmp_path


# Copier leaves the listing of a folder open when it refuses a path.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("kind", PATHS)
@FEW
@example("../../out")
@example("/tmp/civgen-hostile")
@given(name=NAME)
def test_a_template_never_leaves_its_folder(place, kind, name):
    house = place / "house"
    try:
        changes, _ = new_files(house, render(kind, PATHS[kind](name)))
        for one in changes:
            assert confined(house, one.path).is_relative_to(house.resolve())
    except Exception:  # Copier's own, or ours: what matters is that nothing was written
        changes = []
    assert not list((place / "temp").iterdir())
    assert {path.name for path in place.iterdir()} == {"temp", "house"}
    assert {path.name for path in house.iterdir()} == {"civgen.toml"}
    assert not Path("/tmp/civgen-hostile").exists() and not Path("out").exists()


@FEW
@given(name=NAME)
def test_a_licence_of_any_name_is_a_file_in_its_folder_or_refused(place, name):
    house = place / "house"
    try:
        outcome = add_license(house, answers_of(LicenseAnswers, {"name": name}), dry_run=True)
    except CivgenError:
        return
    for one in outcome.changes:
        assert confined(house, one.path).parent == house.resolve() / "licenses"


@given(name=NAME)
def test_keys_that_become_files_are_names_of_files(name):
    kinds = (
        (BaseModelAnswers, {"name": "x", "license": "MIT", "checkpoint": 1}, "ecosystem"),
        (EngineAnswers, {"media": "image"}, "key"),
        (RuleAnswers, {"on": "version", "field": "form", "why": "x"}, "name"),
    )
    for kind, said, key in kinds:
        try:
            given_key = getattr(answers_of(kind, {**said, key: name}), key)
        except CivgenError:
            continue
        assert Path(given_key).name == given_key and given_key not in (".", "..")


@FEW
@given(name=NAME)
def test_nothing_is_written_where_a_path_leads_out(place, name):
    house = place / "house"
    try:
        write(house, [FileChange(name, None, "x")])
    except (CivgenError, OSError, ValueError):
        pass
    else:
        assert confined(house, name).read_text() == "x"
        write(house, [FileChange(name, "x", None)])
    assert {path.name for path in place.iterdir()} == {"temp", "house"}
