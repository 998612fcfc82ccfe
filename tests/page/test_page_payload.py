"""What a page says of the payload, the price and the form is what the pipeline says, without it behind."""

from __future__ import annotations

import json
import re

import pytest
from browser import needs_chromium
from drawing import requests

from civgen.forms.form import Mode
from civgen.jobs.preview import preview
from civgen.jobs.probing.facts import plain
from civgen.jobs.submit import offline_price

#: Image with a graph, image with versions, video by table, video with two engines.
NAMED = ("SDXL", "Flux1", "Veo3", "Kling")
MANY = 150

pytestmark = needs_chromium

PUT = """(cases => cases.map(({workflow, given}) => {
    civgen.put(workflow, given);
    return {body: civgen.payload(), price: civgen.price(), request: civgen.request(), ...civgen.filled()};
}))"""


def answers(browser, asked):
    """What the page makes of requests: body, price, the request it stands for, values, problems."""
    cases = [
        {
            "workflow": one["workflow"],
            "given": {k: v for k, v in one.items() if k not in ("ecosystem", "workflow")},
        }
        for one in asked
    ]
    return json.loads(browser.js(f"JSON.stringify({PUT}({json.dumps(cases)}))"))


def priced(made, platform):
    return offline_price(made, platform)


@pytest.mark.parametrize("key", NAMED)
def test_payload_and_price_of_random_requests_are_the_pipelines(key, browser, page_of, platform, records):
    page, file = page_of(key)
    assert page.exact, page.unsure
    assert len(page.html) < 400_000
    browser.open(file)
    asked = list(requests(platform, key, records(key), MANY, seed=11))
    for request, answer in zip(asked, answers(browser, asked), strict=True):
        made = preview(request, platform, records(key))
        assert answer["problems"] == [], request
        assert answer["body"] == plain(made.body), request
        assert answer["price"] == priced(made, platform), request
    assert browser.complaints == []


@pytest.mark.parametrize("key", NAMED)
def test_the_request_a_page_stands_for_gives_the_same_payload_on_the_command_line(
    key, browser, page_of, platform, records
):
    browser.open(page_of(key)[1])
    for answer in answers(browser, list(requests(platform, key, records(key), 40, seed=5))):
        made = preview(answer["request"], platform, records(key))
        assert plain(made.body) == answer["body"]


def spoilt(request, shown, random):
    """A request with values that do not fit: beyond an end, off the steps, no option, of another kind."""
    odd = {
        "number": lambda how: random.choice(
            [how.get("max", 1) + 7, how.get("min", 0) - 3, how.get("min", 0) + 0.123]
        ),
        "quantity": lambda how: random.choice([99, 0, 1.5]),
        "choice": lambda how: random.choice(["no such option", 3, "8"]),
        "aspectRatio": lambda how: random.choice(["5:4", "2:1", {"width": 300, "height": 900}, "nothing"]),
        "toggle": lambda how: "yes",
        "seed": lambda how: random.choice([0, 2**33, 1.5]),
        "images": lambda how: [
            {"url": f"https://e.com/{n}", "width": 640, "height": 480} for n in range(how["max"] + 2)
        ],
    }
    keys = [
        (field, how)
        for field, how in shown
        if field.kind in odd and "fixed" not in how and not how.get("hidden")
    ]
    for field, how in random.sample(keys, min(3, len(keys))):
        request = {**request, field.key: odd[field.kind](how)}
    return request


@pytest.mark.parametrize("key", [*NAMED, "WanVideo-22-I2V-A14B", "LTXV2", "Qwen", "Anima"])
def test_a_page_repairs_what_does_not_fit_as_the_pipeline_does(key, browser, page_of, platform, records):
    from random import Random

    browser.open(page_of(key)[1])
    random = Random(3)
    asked = []
    for request in requests(platform, key, records(key), 80, seed=7):
        means = platform.catalog.workflows[request["workflow"]].record.becomes or request["workflow"]
        version = request.get("model", {}).get("id", 0)
        ecosystem = platform.catalog.ecosystem(key)
        form = platform.form(key, platform.engines[platform.catalog.engine_of(ecosystem, means, version)])
        shown = form.fill(request, platform.facts(means), Mode.REPAIR).shown
        asked.append((spoilt(request, shown, random), form, means))
    changed = 0
    for (request, form, means), answer in zip(
        asked, answers(browser, [one[0] for one in asked]), strict=True
    ):
        fields = {k: v for k, v in request.items() if k not in ("ecosystem", "workflow")}
        filled = form.fill(fields, platform.facts(means), Mode.REPAIR)
        assert answer["values"] == plain(filled.values), request
        changed += len(filled.repairs)
        wrong = {one.field for one in filled.problems}
        assert {one["field"] for one in answer["problems"]} == wrong, request
    assert changed > 40


def test_a_price_that_is_not_published_is_unknown_and_never_nought(browser, page_of):
    browser.open(page_of("SDXL")[1])
    assert browser.js("document.getElementById('price').textContent") == "Unknown"
    assert browser.js("civgen.price()") is None


def test_a_page_asks_the_network_for_nothing_and_names_no_other_place(browser, page_of):
    page, file = page_of("Veo3")
    browser.open(file)
    assert browser.complaints == []
    assert not re.findall(r'(?:src|href)="(?!#|data:)', page.html)
    assert "default-src 'none'" in page.html
