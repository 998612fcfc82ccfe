"""One damage at a time: which rule finds it, and at which line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from civgen.lint.runner import Report

DAMAGE = [
    (
        "SDXL",
        'license = "apache 2.0"\nid = 45',
        "base_models",
        "CIV103",
        4,
        "no licence is called apache 2.0",
    ),
    ("SDXL", 'base_model = "SD 1.5"\nid = 128078', "versions", "CIV103", 4, "SDXL has no base model called"),
    ("SDXL", 'workflows = ["txt2vid"]\nid = 128078', "versions", "CIV103", 4, "SDXL does not offer txt2vid"),
    ("SDXL", 'ecosystem = "Pnoy"\ntypes = ["LORA"]', "accepts", "CIV103", 4, "no ecosystem is called Pnoy"),
    ("SDXL", 'engine = "text_to_image"', None, "CIV103", 2, "no engine is called text_to_image"),
    ("SDXL", 'form.aspectRatio.sizes = "sdxxl"', None, "CIV103", 2, "no size set is called sdxxl"),
    ("SDXL", 'match = { workflow = "txt2imgs" }', "form.steps.when", "CIV103", 4, "called txt2imgs"),
    ("SDXL", 'engine_options.draft.sampler = "LCMM"', None, "CIV104", 2, "no sampler is called LCMM"),
    ("SDXL", 'form.sampler.default = "Euler b"', None, "CIV104", 2, "no sampler is called Euler b"),
    ("SDXL", 'engine_options.x = "urn:air:sdxl:lorra:civitai:1@2"', None, "CIV105", 2, "lorra is no type"),
    ("SDXL", 'engine_options.x = "urn:air:sdxl:lora:civitai:0@2"', None, "CIV105", 2, "0 is no number of a"),
    ("SDXL", 'engine_options.x = "urn:air:sdxl"', None, "CIV105", 2, "is a short AIR"),
    ("Pony", 'air = "pony"', None, "CIV105", 2, "the AIR segment pony is not heard"),
    ("SDXL", 'workflows = ["txt2img", "txt2img"]', None, "CIV101", 2, "workflows lists txt2img twice"),
    ("SDXL", 'form.sampler.options = ["LMS", "LMS"]', None, "CIV101", 2, "options lists LMS twice"),
    ("Veo3", 'name = "Seedream"\nid = 55', "base_models", "CIV101", 4, "base model name Seedream is taken"),
    ("SDXL", "form.cfgScale.default = 7.3", None, "CIV202", 2, "default 7.3 of cfgScale is not on a step"),
    ("SDXL", "form.steps.step = 3", None, "CIV202", 2, "the max 50 of steps is not on a step"),
    ("SDXL", "default = 51", "form.steps.when", "CIV202", 4, "the default 51 of steps is above 50"),
    ("Veo3", "form.duration.fixed = 5", None, "CIV202", 2, "the fixed 5 of duration is not on offer"),
    ("Seedream", 'default = "21:9"', "form.aspectRatio.when", "CIV202", 4, "of aspectRatio is not on offer"),
    ("SDXL", "match = { quantity = 1 }\nmax = 40", "form.steps.when", "CIV205", 4, "quantity, a later field"),
    (
        "SDXL",
        "match = { style = 1 }\nmax = 40",
        "form.steps.when",
        "CIV205",
        4,
        "style, which does not exist",
    ),
    (
        "Seedream",
        'form.resolution.options = ["2K"]\nform.resolution.hiden = true',
        None,
        "CIV001",
        3,
        "not known",
    ),
]


@pytest.mark.parametrize(("key", "words", "table", "code", "line", "message"), DAMAGE)
def test_damage_is_found_at_its_line(
    check: Callable[..., Report], key: str, words: str, table: str | None, code: str, line: int, message: str
) -> None:
    """`words` are laid over a built-in ecosystem, in a table of an array if one is named."""
    header = f"\n[[{table}]]\n" if table else ""
    report = check({f"ecosystems/{key}.toml": f"override = true\n{header}{words}\n"}, code[:4])
    found = {(one.code, one.where.line) for one in report.findings if message in one.message}
    assert found == {(code, line)}, report.findings
