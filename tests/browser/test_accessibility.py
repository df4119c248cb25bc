"""What people need who do not see the page, or use it without a mouse."""

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect

from tests.support.axe import check_with_axe, switch
from tests.support.colours import MIN_CONTRAST, contrast
from tests.support.digits import DIGITS
from tests.support.mouse import MAIN, draw, press, wait_for_heading, wait_for_network, wait_for_rest
from tests.support.server import PATIENCE
from tests.support.traffic import answered, show
from views.charts.colours import ON_DARK, ON_LIGHT

expect.set_options(timeout=PATIENCE)

FOCUSED = """() => {
    let element = document.activeElement;
    while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element;
}"""


def test_axe_finds_nothing_serious(open_page, address):
    page = open_page(address, viewport={"width": 1280, "height": 720})
    wait_for_network(page)
    check_with_axe(page, "blank")
    with answered(page):
        page.locator(".st-key-settings summary").first.click()
    check_with_axe(page, "settings")
    draw(page, DIGITS[4])
    wait_for_heading(page, 4)
    check_with_axe(page, "answered")
    page.locator(".layer-strip .map[data-channel]").first.click()
    page.locator(".kernel-card[open]").wait_for()
    check_with_axe(page, "kernel card")
    page.keyboard.press("Escape")
    press(page, "clear")
    wait_for_heading(page, "")
    draw(page, [[(0.2, 0.5), (0.8, 0.5)], [(0.5, 0.2), (0.5, 0.8)]])
    wait_for_heading(page, "?")
    check_with_axe(page, "unknown")
    for tab in page.get_by_role("tab").all():
        with answered(page):
            tab.click()
        page.wait_for_timeout(500)
        check_with_axe(page, tab.inner_text())


def test_a_screen_reader_is_told_what_the_canvas_is_and_what_the_answer(page):
    expect(page.locator(MAIN)).to_have_role("img")
    expect(page.locator(MAIN)).to_have_accessible_name(
        "Your drawing. Draw a digit or a number here with a mouse, a pen or a finger."
    )
    live = page.locator(".st-key-answer [aria-live=polite]")
    live.wait_for()
    live.evaluate("element => (window.before = element)")
    draw(page, DIGITS[1])
    wait_for_heading(page, 1)
    assert live.evaluate("element => element === window.before")  # a new element would not be announced
    meters = page.locator(".st-key-probabilities [role=meter]")
    assert [meters.nth(i).get_attribute("aria-label") for i in (0, 9)] == ["Probability of a 0", "Probability of a 9"]
    assert "%" in meters.nth(1).get_attribute("aria-valuetext")


def test_the_tab_key_reaches_the_tools_and_the_focus_never_falls_to_the_body(page):
    wait_for_network(page)
    for _ in range(5):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.tools') !== null"):
            break
    else:
        pytest.fail("the tools were not reached within five stops")
    page.locator(".st-key-example button").focus()
    with answered(page):
        page.keyboard.press("Enter")
    wait_for_heading(page, 7)
    assert page.evaluate_handle(FOCUSED).evaluate("element => element.matches('.upper-canvas')")
    for tool in ("clear", "undo", "redo"):
        page.locator(f".st-key-{tool} button").focus()
        with answered(page):
            page.keyboard.press("Enter")
        assert page.evaluate(f"document.activeElement.matches('.st-key-{tool} button')")


COLOUR = """(app, name) => {
    const element = app.appendChild(document.createElement("i"));
    element.style.color = `var(--${name})`;
    return getComputedStyle(element).color;
}"""
# The contrast of a text with what is behind it, as WCAG reckons it, and the luminance of what is behind it.
CONTRAST = """element => {
    const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const style = (each) => getComputedStyle(each);
    let ground = null, opacity = 1;
    for (let each = element; each; each = each.parentElement) {
        const [r, g, b, a] = numbers(style(each).backgroundColor);
        ground ??= a === undefined || a > 0.5 ? [r, g, b] : null;
        opacity *= style(each).opacity;
    }
    const own = numbers(style(element).color).slice(0, 3);
    const ink = own.map((value, i) => opacity * value + (1 - opacity) * ground[i]);
    const luminance = (colour) => {
        const [r, g, b] = colour.map((v) => (v <= 10 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const [dark, bright] = [luminance(ink), luminance(ground)].sort((x, y) => x - y);
    return [(bright + 0.05) / (dark + 0.05), luminance(ground)];
}"""


def test_answer_bars_and_charts_stand_out_in_both_themes(page):
    draw(page, DIGITS[4])
    wait_for_heading(page, 4)
    wait_for_rest(page)
    for scheme, colours in (("dark", ON_DARK), ("light", ON_LIGHT)):
        switch(page, scheme)
        texts = [".st-key-answer h2", ".st-key-answer .probability", ".st-key-answer .hint", ".st-key-network_input p"]
        for text in [*texts, ".st-key-probabilities .digit", ".st-key-probabilities .share"]:
            found, ground = page.locator(text).first.evaluate(CONTRAST)
            assert found >= 4.5, text
            assert ground < 0.05 if scheme == "dark" else ground > 0.9, text
        for name, colour in zip(("blue", "orange"), colours, strict=False):  # those of the charts
            assert (
                page.locator(".stApp").evaluate(COLOUR, name)
                == f"rgb({', '.join(map(str, bytes.fromhex(colour[1:])))})"
            )
        _check_bars(page)


def _check_bars(page):
    bars = page.locator(".st-key-probabilities [role=meter]")
    named, other = (sight(page, bars.nth(digit)) for digit in (4, 5))
    for bar, track, ground in (named, other):
        assert contrast(bar, track) >= MIN_CONTRAST
        assert contrast(bar, ground) >= MIN_CONTRAST
    assert contrast(named[0], named[1]) > 1.2 * contrast(other[0], other[1])  # the named one is louder
    root = page.locator(".st-key-probabilities [data-root]")
    state = root.get_attribute("data-state")
    root.evaluate("root => (root.dataset.state = 'unknown')")
    bar, track, ground = sight(page, bars.nth(5))
    assert min(contrast(bar, track), contrast(bar, ground)) >= MIN_CONTRAST
    root.evaluate("(root, state) => (root.dataset.state = state)", state)


def sight(page, meter):
    """The colours of a meter's bar, of its track and of the page, as they are seen. It is set to a half for that."""
    meter.evaluate("meter => meter.style.setProperty('--value', 0.5)")
    track = meter.locator(".track")
    show(page)
    box = track.bounding_box()
    clip = box | {"y": box["y"] - 8, "height": box["height"] + 8}  # with the gap above it
    seen = cv2.imdecode(np.frombuffer(page.screenshot(clip=clip), np.uint8), cv2.IMREAD_COLOR_RGB)
    height, width = seen.shape[:2]
    middle = height - round(box["height"] / 2)
    places = (middle, width // 4), (middle, 3 * width // 4), (2, width // 4)
    return ["#" + bytes(seen[place]).hex() for place in places]
