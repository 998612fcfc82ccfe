"""A form that does not take its own defaults is refused before a request is made of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from civgen.errors import InvalidFile
from civgen.forms.form import Form
from civgen.forms.kinds.number import Number
from civgen.forms.soundness import refuse_unsound

OFFERED = {"workflow": ["txt2img", "img2img"], "model": [1, 2]}
BASE = {"min": 1, "max": 10, "default": 5}


def steps(*when: dict[str, Any], **said: Any) -> Form:
    return Form(Number("steps", when=when, **{**BASE, **said}))


@pytest.mark.parametrize(
    "form",
    [
        steps(),
        steps(default=None),
        steps({"match": {"model": 1}, "default": 9}, {"match": {"model": 2}, "max": 5}),
        steps({"match": {"workflow": "txt2vid"}, "default": 99}),
        steps({"match": {"workflow": "txt2img"}, "max": 3}, {"match": {"tier": "free"}, "default": 2}),
        steps({"match": {"workflow": "txt2img"}, "fixed": 8, "max": 3}),
        steps({"match": {"workflow": "txt2img"}, "hidden": True, "max": 3}),
    ],
)
def test_a_sound_form_is_taken(form: Form) -> None:
    refuse_unsound(form, OFFERED)


@pytest.mark.parametrize(
    ("form", "message"),
    [
        (steps(default=50), "starts with 50, which is not from 1 to 10"),
        (steps(min=11), "begins at 11 and ends at 10"),
        (steps({"match": {"workflow": "txt2img"}, "max": 3}), "starts with 5, which is not from 1 to 3"),
        (
            steps({"match": {"model": 1}, "default": 99}, {"match": {"model": 2}, "max": 5}),
            "starts with 99, which is not from 1 to 10",
        ),
        (
            steps({"match": {"tier": "free"}, "min": 3, "max": 2}, {"match": {"tier": "gold"}, "max": 5}),
            "begins at 3 and ends at 2",
        ),
        (steps({"match": {"model": 1}, "hidden": False}, hidden=True, default=50), "starts with 50"),
    ],
)
def test_an_unsound_form_is_refused(form: Form, message: str) -> None:
    with pytest.raises(InvalidFile, match=f"steps {message}"):
        refuse_unsound(form, OFFERED)


FILES = {
    "[form.steps]\nmin = 9\nmax = 3\ndefault = 50\n": (3, "steps begins at 9 and ends at 3"),
    "[form.steps]\nmax = 60\ndefault = 75\n": (4, "steps starts with 75"),
    "[form.steps]\nmax = 9\n": (3, "steps starts with 25, which is not from 4 to 9"),
    '[[form.steps.when]]\nmatch = { workflow = "txt2img" }\ndefault = 500\n': (4, "steps starts with 500"),
}


@pytest.mark.parametrize("words", FILES)
@pytest.mark.parametrize("command", ["preview", "submit"])
def test_it_is_refused_with_file_and_line(
    workspace: Path, run: Callable[..., Any], words: str, command: str
) -> None:
    line, message = FILES[words]
    (workspace / "ecosystems" / "Chroma.toml").write_text(f"override = true\n{words}")
    answer = run(command, "-e", "Chroma", "-p", "a red fox", "--json")
    error = answer.json["error"]
    assert (answer.code, error["code"]) == (2, "invalid-file")
    assert message in error["message"]
    assert (error["where"]["file"], error["where"]["line"]) == ("ecosystems/Chroma.toml", line)
    assert not (workspace / ".civgen").exists()
    assert run(command, "-e", "Chroma", "-p", "a fox", "--set", "steps=5", "--json").code == 2
