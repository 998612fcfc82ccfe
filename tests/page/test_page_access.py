"""What a screen reader and weak eyes need: names, groups, contrast; computed in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser import needs_chromium

pytestmark = needs_chromium

NAMED = ["SDXL", "Flux1", "Veo3", "Kling"]
#: Roles that a person acts on.
ACTED_ON = {
    "textbox", "spinbutton", "slider", "radio", "checkbox", "switch", "combobox", "button", "link", "group",
    "searchbox", "listbox", "radiogroup",
}  # fmt: skip

#: Every workflow key in turn with everything opened that can be, then `then()`.
WALK = """(() => {
    const found = [];
    for (const chip of document.querySelectorAll('#workflow-chips input')) {
        chip.click();
        for (const add of document.querySelectorAll('.add')) if (!add.hidden) add.click();
        %s
    }
    return found;
})()"""

CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("key", NAMED)
def test_all_text_and_the_edges_of_inputs_can_be_made_out(key, theme, browser, page_of):
    browser.look(theme=theme)
    browser.open(page_of(key)[1])
    assert browser.js(WALK % CONTRAST) == []
    assert browser.complaints == []


@pytest.mark.parametrize("key", NAMED)
def test_the_toggle_shows_the_other_theme_and_it_can_be_made_out_too(key, browser, page_of):
    browser.look(theme="light")
    browser.open(page_of(key)[1])
    ground = "getComputedStyle(document.body).backgroundColor"
    light = browser.js(ground)
    browser.click("input[name=theme][value=dark]")
    assert browser.js(ground) != light
    assert browser.js(WALK % CONTRAST) == []
    browser.click("input[name=theme][value='']")
    assert browser.js(ground) == light


@pytest.mark.parametrize("key", NAMED)
def test_everything_a_person_acts_on_has_a_name(key, browser, page_of):
    """As the browser itself tells it to a screen reader."""
    browser.look()
    browser.open(page_of(key)[1])
    workflows = browser.js("document.querySelectorAll('#workflow-chips input').length")
    seen = set()
    for number in range(workflows):
        browser.js(f"document.querySelectorAll('#workflow-chips input')[{number}].click()")
        browser.js("document.querySelectorAll('.add').forEach(one => one.hidden || one.click())")
        nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
        acted = [one for one in nodes if not one["ignored"] and one["role"]["value"] in ACTED_ON]
        nameless = [one["role"]["value"] for one in acted if not one.get("name", {}).get("value", "").strip()]
        assert nameless == []
        seen |= {one["role"]["value"] for one in acted}
    assert {"radio", "textbox", "button", "group"} <= seen


@pytest.mark.parametrize("key", NAMED)
def test_ids_are_unique_and_labels_and_descriptions_lead_somewhere(key, browser, page_of):
    browser.open(page_of(key)[1])
    look = """
        const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
        found.push(...ids.filter((one, n) => ids.indexOf(one) !== n));
        for (const name of ['for', 'aria-describedby', 'aria-labelledby', 'list'])
            for (const one of document.querySelectorAll(`[${name}]`)) {
                const id = one.getAttribute(name);
                if (!document.getElementById(id)) found.push(`${name} ${id}`);
            }
        for (const one of document.querySelectorAll('input[type=radio]'))
            if (!one.closest('fieldset')) found.push(one.id);
    """
    assert browser.js(WALK % look) == []


def test_price_and_changes_are_told_to_a_screen_reader(browser, page_of):
    browser.open(page_of("Veo3")[1])
    live = browser.js("[...document.querySelectorAll('[aria-live=polite]')].map((one) => one.id)")
    assert live == ["price", "said"]


def test_nothing_moves_where_that_is_not_wanted(browser, page_of):
    browser.look()  # prefers reduced motion
    browser.open(page_of("Veo3")[1])
    styles = "[...document.querySelectorAll('*')].map((one) => getComputedStyle(one))"
    moving = "one.transitionProperty !== 'none' || one.animationName !== 'none'"
    assert browser.js(f"{styles}.filter((one) => {moving}).length") == 0
