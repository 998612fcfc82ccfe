"""`civgen form preview` writes a page, says which, and refuses what it cannot show."""

from __future__ import annotations

import pytest
from browser import needs_chromium

from civgen.jobs.page import form_page


def test_it_writes_the_page_and_says_so(run, tmp_path):
    done = run("form", "preview", "--ecosystem", "Veo3")
    assert done.code == 0
    assert done.stdout == ""
    assert "Wrote Veo3.form.html" in done.stderr
    assert "exact for every workflow key" in done.stderr
    assert (tmp_path / "Veo3.form.html").read_text().startswith("<!doctype html>")
    assert "Replaced Veo3.form.html" in run("form", "preview", "--ecosystem", "Veo3").stderr


def test_as_json_it_names_the_file_its_size_and_whether_it_is_exact(run, tmp_path):
    out = tmp_path / "deep" / "veo.html"
    answer = run("form", "preview", "-e", "Veo3", "--out", str(out), "--json").json
    assert answer == {"file": str(out), "bytes": out.stat().st_size, "exact": True, "unsure": []}


@pytest.mark.parametrize(
    ("words", "code", "field"),
    [
        (("-w", "img2img:upscale"), 2, "workflow"),
        (("-e", "Veo3", "-w", "txt2img"), 2, "workflow"),
        (("-e", "Veo"), 4, None),
        (("-e", "CogVideoX"), 2, "ecosystem"),
        ((), 2, "ecosystem"),
    ],
)
def test_it_refuses_what_has_no_page(run, words, code, field, tmp_path):
    done = run("form", "preview", *words, "--json")
    assert done.code == code
    details = done.json["error"].get("details") or [{"field": None}]
    assert details[0]["field"] == field
    assert not list(tmp_path.glob("*.html"))


def test_a_page_is_the_same_each_time(platform):
    assert (
        form_page({"ecosystem": "Kling"}, platform).html == form_page({"ecosystem": "Kling"}, platform).html
    )


def test_an_engine_of_a_workspace_that_no_table_can_follow_is_left_to_the_pipeline(run, workspace):
    """The page of a payload that cannot be followed says so, and claims nothing."""
    (workspace / "engines" / "image").mkdir(parents=True)
    (workspace / "engines" / "image" / "odd.py").write_text(ODD)
    (workspace / "ecosystems" / "Odd.toml").write_text(ODD_ECOSYSTEM)
    answer = run("form", "preview", "-e", "Odd", "--json").json
    assert answer["exact"] is False
    assert answer["unsure"] == ["txt2img odd"]
    assert run("form", "preview", "-e", "Odd").stderr.count("is left to `civgen preview`") == 1


ODD = '''"""An engine whose payload hangs on its prompt in a way of its own."""

import hashlib

from civgen.engines import fields
from civgen.engines.base import Engine, Step
from civgen.forms.form import Form


class Odd(Engine):
    """Sends a digest in place of the prompt."""

    key = "odd"
    media = "image"
    step_type = "textToImage"
    form = Form(fields.prompt(), fields.seed())

    def build(self, values, resources, context):
        prompt = hashlib.sha256(values["prompt"].encode()).hexdigest()
        size = {"width": 512, "height": 512, "steps": 20, "cfgScale": 7, "scheduler": "eulerA"}
        model = "urn:air:sdxl:checkpoint:civitai:101055@128078"
        rest = {"seed": values["seed"], "outputFormat": "png", "quantity": 1, "batchSize": 1}
        return [Step("textToImage", {"model": model, "prompt": prompt, **size, **rest})]
'''

ODD_ECOSYSTEM = """
key = "Odd"
id = 90001
name = "Odd"
description = "A digest."
engine = "odd"
workflows = ["txt2img"]

[[base_models]]
id = 90001
name = "Odd"
media = "image"
license = "Apache 2.0"

[support]
generation = ["Checkpoint"]
"""


@needs_chromium
def test_what_a_page_does_not_know_it_says_with_the_command_that_does(run, workspace, browser):
    test_an_engine_of_a_workspace_that_no_table_can_follow_is_left_to_the_pipeline(run, workspace)
    browser.open(workspace / "Odd.form.html")
    browser.js("civgen.set('prompt', 'a fox')")
    payload = browser.js("document.getElementById('payload').textContent")
    assert '"prompt": computed by `civgen preview`' in payload
    assert '"width": 512' in payload
    assert browser.js("!document.getElementById('unknown').hidden")
    assert browser.js("document.getElementById('command').textContent").endswith("--prompt 'a fox'")
    assert browser.complaints == []
