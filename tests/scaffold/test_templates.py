"""Templates are data: they ask, and do nothing else."""

import pytest
import yaml

from civgen.scaffold.render import TEMPLATES, render

KINDS = sorted(path.name for path in TEMPLATES.iterdir() if path.is_dir())
UNSAFE = (
    "_tasks",
    "_migrations",
    "_jinja_extensions",
    "_external_data",
    "_subdirectory",
    "_secret_questions",
)


def settings(kind):
    return yaml.safe_load((TEMPLATES / kind / "copier.yml").read_text())


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_runs_no_code_and_has_no_answers_of_its_own(kind):
    words = settings(kind)
    assert not [name for name in UNSAFE if name in words]
    assert words["_envops"]["undefined"] == "jinja2.StrictUndefined"
    questions = {name: one for name, one in words.items() if not name.startswith("_")}
    assert questions
    assert all(one["type"] and one["help"] and "default" not in one for one in questions.values())


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_that_is_missing_is_an_error(kind):
    questions = [name for name in settings(kind) if not name.startswith("_")]
    with pytest.raises(Exception, match=questions[0]):
        render(kind, {})


def test_answers_are_never_templates_themselves():
    (text,) = (
        text
        for path, text in render(
            "workspace", {"name": "{{ 7 * 7 }}", "civgen_version": "1", "journeys": ""}
        ).items()
        if path == "AGENTS.md"
    )
    assert text.startswith("# How to work in {{ 7 * 7 }}\n")
