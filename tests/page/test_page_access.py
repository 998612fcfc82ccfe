"""What a screen reader and weak eyes need: names, groups, contrast; computed in a real browser."""

from __future__ import annotations

import pytest
from browser import needs_chromium

pytestmark = needs_chromium

NAMED = ["SDXL", "Flux1", "Veo3", "Kling"]
#: Roles that a person acts on.
ACTED_ON = {
    "textbox", "spinbutton", "slider", "radio", "checkbox", "switch", "combobox", "button", "link", "group", "searchbox",
    "listbox", "radiogroup",
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

#: Text, and what is typed, whose contrast with what lies behind it is too low (WCAG 2.2 AA, 1.4.3).
CONTRAST = """
    const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const rgba = (color) => {
        canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255];
    };
    const over = ([r, g, b, a], [x, y, z]) => [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a), 1];
    const behind = (one) => {
        const layers = [];
        for (let at = one; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
        return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255, 1]);
    };
    const light = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
    const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((m, n) => n - m); return (x + 0.05) / (y + 0.05); };
    const judge = (one, color, words) => {
        if (one.closest(':disabled, .visually-hidden') || !one.checkVisibility({visibilityProperty: true})) return;
        const style = getComputedStyle(one), ground = behind(one), size = parseFloat(style.fontSize);
        const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
        const reached = ratio(over(rgba(color), ground), ground);
        if (reached < (large ? 3 : 4.5)) found.push(`${words.trim().slice(0, 30)} (${one.tagName} ${one.className}): ${reached.toFixed(2)}`);
        judged += 1;
    };
    let judged = 0;
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const one = texts.currentNode.parentElement;
        if (texts.currentNode.data.trim() && !one.closest('script, style, option')) judge(one, getComputedStyle(one).color, texts.currentNode.data);
    }
    for (const one of document.querySelectorAll('input:not([type=radio]):not([type=checkbox]):not([type=range]), textarea, select')) {
        judge(one, getComputedStyle(one).color, `${one.id} value`);
        if (one.placeholder) judge(one, getComputedStyle(one, '::placeholder').color, `${one.id} placeholder`);
        const edge = ratio(rgba(getComputedStyle(one).borderTopColor), behind(one.parentElement));
        if (edge < 3) found.push(`edge of ${one.id}: ${edge.toFixed(2)}`);
    }
    if (judged < 30) found.push(`only ${judged} texts were looked at`);
"""


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
            for (const one of document.querySelectorAll(`[${name}]`))
                if (!document.getElementById(one.getAttribute(name))) found.push(`${name} ${one.getAttribute(name)}`);
        for (const one of document.querySelectorAll('input[type=radio]')) if (!one.closest('fieldset')) found.push(one.id);
    """
    assert browser.js(WALK % look) == []


def test_price_and_changes_are_told_to_a_screen_reader(browser, page_of):
    browser.open(page_of("Veo3")[1])
    live = browser.js("[...document.querySelectorAll('[aria-live=polite]')].map((one) => one.id)")
    assert live == ["price", "said"]


def test_nothing_moves_where_that_is_not_wanted(browser, page_of):
    browser.look()  # prefers reduced motion
    browser.open(page_of("Veo3")[1])
    moving = "[...document.querySelectorAll('*')].filter((one) => parseFloat(getComputedStyle(one).transitionDuration) > 0.01).length"
    assert browser.js(moving) == 0
