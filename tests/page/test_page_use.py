"""A page as a person meets it: filled in by keyboard and mouse, in a real browser."""

from __future__ import annotations

import json

import pytest
from browser import needs_chromium

from civgen.jobs.preview import preview
from civgen.jobs.probing.facts import plain

pytestmark = needs_chromium


def opened(browser, page_of, key, *, width=1280):
    browser.look(width)
    browser.open(page_of(key)[1])
    return browser


def fields(browser):
    """The keys of the fields that are there, in order."""
    return browser.js("[...document.querySelectorAll('#form [data-key]')].map(one => one.dataset.key)")


def payload(browser):
    """The payload as it is written on the page, not as a script could have it."""
    return json.loads(browser.js("document.getElementById('payload').textContent"))


def text(browser, selector):
    return browser.js(f"document.querySelector({json.dumps(selector)}).textContent")


def choose(browser, key, label):
    """Click on the chip of a field, or of the workflow keys."""
    home = "#workflow-chips" if key == "workflow" else f"[data-key={key}]"
    browser.js(
        f"[...document.querySelectorAll({json.dumps(home + ' .chip')})]"
        f".find(one => one.querySelector('.face').textContent.startsWith({json.dumps(label)})).id = 'wanted'"
    )
    browser.click("#wanted")
    browser.js("document.getElementById('wanted') && document.getElementById('wanted').removeAttribute('id')")


def write(browser, selector, words):
    browser.click(selector)
    browser.js("document.activeElement.select()")
    browser.type(words)


def test_filled_in_by_hand_the_page_shows_the_pipelines_payload_and_price(browser, page_of, platform):
    opened(browser, page_of, "Veo3")
    write(browser, "#f-prompt", 'a "red" fox\nin the snow')
    choose(browser, "model", "Standard")
    choose(browser, "aspectRatio", "9:16")
    choose(browser, "duration", "6 seconds")
    browser.click("#f-generateAudio")
    write(browser, "#f-seed", "77")
    browser.press("Tab")
    asked = {
        "ecosystem": "Veo3", "workflow": "txt2vid", "model": {"id": 1885367}, "aspectRatio": "9:16",
        "prompt": 'a "red" fox\nin the snow', "duration": 6, "generateAudio": True, "seed": 77,
    }  # fmt: skip
    assert payload(browser) == plain(preview(asked, platform).body)
    assert text(browser, "#price") == "2,500 Buzz"
    assert browser.js("!document.getElementById('ready').hidden")
    assert browser.complaints == []


def test_another_workflow_key_brings_fields_and_takes_others_and_what_was_typed_stays(
    browser, page_of, platform
):
    opened(browser, page_of, "Veo3")
    write(browser, "#f-prompt", "a fox")
    choose(browser, "duration", "4 seconds")
    assert "images" not in fields(browser)
    assert "aspectRatio" in fields(browser)

    choose(browser, "workflow", "Reference to video")
    assert "images" in fields(browser)
    assert "aspectRatio" not in fields(browser)
    assert "Fixed at 8 s: references always give 8 s." in text(browser, "[data-key=duration] .notes")
    assert browser.js("document.querySelector('#f-duration-0').matches(':disabled')")
    assert "Images is required" in text(browser, "#missing-list")

    write(browser, "#f-images-0-url", "https://example.com/a.jpeg")
    browser.click("#f-images-add")
    browser.type("https://example.com/b.jpeg")
    images = [{"url": f"https://example.com/{name}.jpeg", "width": 1024, "height": 1024} for name in "ab"]
    asked = {"ecosystem": "Veo3", "workflow": "img2vid:ref2vid", "prompt": "a fox", "images": images}
    assert payload(browser) == plain(preview(asked, platform).body)

    choose(browser, "workflow", "Text to video")
    assert browser.js("document.getElementById('f-prompt').value") == "a fox"
    assert payload(browser)["steps"][0]["input"]["duration"] == 4


def test_a_version_that_shows_other_fields(browser, page_of):
    opened(browser, page_of, "Flux1")
    assert "fluxUltraRaw" not in fields(browser)
    choose(browser, "model", "Ultra")
    assert "fluxUltraRaw" in fields(browser)
    assert not {"resources", "steps", "cfgScale"} & set(fields(browser))
    browser.click("#f-fluxUltraRaw")
    assert payload(browser)["steps"][0]["input"]["engine"] == "flux-pro-raw"


def test_a_value_that_no_longer_fits_gives_way_and_that_is_said(browser, page_of):
    opened(browser, page_of, "Kling")
    choose(browser, "model", "V1.6")
    choose(browser, "duration", "10 seconds")
    choose(browser, "workflow", "Reference to video")
    said = text(browser, "#said")
    assert "V1.6 gave way to V3" in text(browser, "[data-key=model] .note")
    assert "gave way" in said
    assert browser.js("document.getElementById('said').getAttribute('aria-live')") == "polite"
    assert payload(browser)["steps"][0]["input"]["engine"] == "kling-v3"


def test_a_number_beyond_its_range_gives_way_to_the_end(browser, page_of):
    opened(browser, page_of, "SDXL")
    write(browser, "#f-steps-entry", "99")
    browser.press("Tab")
    assert browser.js("document.getElementById('f-steps-entry').value") == "50"
    assert "99 gave way to 50: it is above 50." in text(browser, "[data-key=steps] .note")
    browser.click("[data-key=steps] .preset")
    assert payload(browser)["steps"][0]["input"]["steps"] == 20
    assert browser.js("!document.querySelector('[data-key=steps] .note')")


def test_resources_are_named_by_number_or_air_and_one_that_does_not_fit_is_refused(
    browser, page_of, platform
):
    opened(browser, page_of, "SDXL")
    write(browser, "#f-prompt", "a fox")
    browser.click("#f-resources-add")
    browser.type("urn:air:sdxl:lora:civitai:328553@368189")
    write(browser, "#f-resources-0-strength-entry", "0.8")
    browser.press("Tab")
    record = {"id": 368189, "type": "LORA", "air": "urn:air:sdxl:lora:civitai:328553@368189"}
    asked = {"ecosystem": "SDXL", "prompt": "a fox", "resources": [{"id": 368189, "strength": 0.8}]}
    assert payload(browser) == plain(preview(asked, platform, [record]).body)
    assert browser.js("civgen.records()") == [record]
    assert "--resources <(echo" in text(browser, "#command")

    browser.click("#f-resources-add")
    browser.type("urn:air:flux1:lora:civitai:1@2")
    assert "belongs to flux1" in text(browser, "[data-key=resources] .problem")
    browser.js("document.getElementById('f-resources-1-url').select()")
    browser.type("123")
    assert "is not known here" in text(browser, "[data-key=resources] .problem")


def test_a_seed_is_drawn_and_taken_back(browser, page_of):
    opened(browser, page_of, "SDXL")
    assert browser.js("!document.getElementById('seed-note').hidden")
    browser.click("[data-key=seed] .button")
    seed = int(browser.js("document.getElementById('f-seed').value"))
    assert payload(browser)["steps"][0]["input"]["seed"] == seed
    browser.click("[data-key=seed] .quiet")
    assert browser.js("document.getElementById('f-seed').value") == ""


def test_a_page_opens_with_the_request_it_was_asked_for(browser, platform, tmp_path):
    from civgen.jobs.page import form_page

    asked = {"ecosystem": "Kling", "workflow": "txt2vid", "prompt": "</script><b>a fox", "duration": "10"}
    (tmp_path / "page.html").write_text(form_page(asked, platform).html, encoding="utf-8")
    browser.open(tmp_path / "page.html")
    assert browser.js("document.getElementById('f-prompt').value") == "</script><b>a fox"
    assert payload(browser) == plain(preview(asked, platform).body)


def test_by_keyboard_alone(browser, page_of):
    """Tab reaches a group of chips once, arrows choose in it, and what has the focus can be seen."""
    opened(browser, page_of, "Veo3")
    held = "(document.activeElement.closest('[data-key]') || {dataset: {}}).dataset.key"
    visited = []
    for _ in range(40):
        browser.press("Tab")
        if (key := browser.js(held)) and key not in visited:
            visited.append(key)
        if key == "duration":
            break
    assert visited[:2] == ["model", "prompt"]
    assert browser.js("getComputedStyle(document.activeElement.nextSibling).outlineStyle") == "solid"
    browser.press("ArrowLeft")
    assert payload(browser)["steps"][0]["input"]["duration"] == 6
    browser.press("Tab")
    assert browser.js(held) == "version"
    browser.press("Tab")
    assert browser.js(held) == "enablePromptEnhancer"
    browser.press(" ")
    assert payload(browser)["steps"][0]["input"]["enablePromptEnhancer"] is True
    browser.press("Tab", shift=True)
    assert browser.js(held) == "version"


def test_chips_keep_the_focus_when_they_change_what_is_shown(browser, page_of):
    opened(browser, page_of, "Kling")
    browser.js("document.getElementById('f-model-2').focus()")
    browser.press("ArrowRight")
    assert browser.js("document.activeElement.id") == "f-model-3"
    assert payload(browser)["steps"][0]["input"]["engine"] == "kling-v3"


@pytest.mark.parametrize("width", [375, 768, 1280])
@pytest.mark.parametrize("key", ["SDXL", "Kling"])
def test_nothing_runs_out_of_the_window(key, width, browser, page_of):
    opened(browser, page_of, key, width=width)
    assert browser.js("document.documentElement.scrollWidth") <= width
    sides = "document.querySelector('{}').getBoundingClientRect().{}"
    beside = browser.js(sides.format("aside", "left") + " > " + sides.format("main", "right"))
    assert beside == (width == 1280)
