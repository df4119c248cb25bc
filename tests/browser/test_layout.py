"""How the page fits a phone, both themes and a screen reader, and that nothing on it moves."""

import pytest
from playwright.sync_api import expect

from tests.support.digits import DIGITS
from tests.support.mouse import MAIN, draw, press, wait_for_heading, wait_for_network
from tests.support.server import PATIENCE
from tests.support.traffic import answered

expect.set_options(timeout=PATIENCE)


def test_nothing_moves_when_the_answer_comes_and_goes(page):
    parts = ["canvas", "undo", "answer", "network_input", "probabilities", "steps"]

    def places():
        return [page.locator(f".st-key-{key}").bounding_box() for key in parts]

    wait_for_network(page)
    before = places()
    with answered(page):
        draw(page, DIGITS[3])
    wait_for_heading(page, 3)
    assert places() == before
    with answered(page):
        press(page, "clear")
    wait_for_heading(page, "")
    wait_for_network(page)
    assert places() == before


def test_a_finger_draws_on_a_phone(open_page, address):
    page = open_page(address, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    wait_for_network(page)
    box = page.locator(MAIN).bounding_box()
    finger = page.context.new_cdp_session(page)
    for stroke in DIGITS[7]:
        points = [{"x": box["x"] + x * 280, "y": box["y"] + y * 280} for x, y in stroke]
        finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [points[0]]})
        for point in points[1:]:
            finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    wait_for_heading(page, 7)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for key in ("undo", "redo", "clear", "eraser"):
        target = page.locator(f".st-key-{key} button, .st-key-{key} label").first.bounding_box()
        assert min(target["width"], target["height"]) >= 44


def test_a_screen_reader_announces_the_answer(page):
    live = page.locator(".st-key-answer [aria-live=polite]")
    live.wait_for()
    live.evaluate("element => (window.before = element)")
    draw(page, DIGITS[1])
    wait_for_heading(page, 1)
    assert live.evaluate("element => element === window.before")  # a new element would not be announced
    meters = page.locator(".st-key-probabilities [role=meter]")
    assert [meters.nth(i).get_attribute("aria-label") for i in (0, 9)] == ["Probability of a 0", "Probability of a 9"]
    assert "%" in meters.nth(1).get_attribute("aria-valuetext")


@pytest.mark.parametrize("width", [390, 800, 1200])
def test_nothing_is_cut_off_at_any_width(open_page, address, width):
    page = open_page(address, viewport={"width": width, "height": 900})
    wait_for_network(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    region = page.locator("[data-testid=stMainBlockContainer]").bounding_box()
    for key in ("canvas", "clear", "answer", "network_input", "probabilities"):
        box = page.locator(f".st-key-{key}").bounding_box()
        assert region["x"] <= box["x"], key
        assert box["x"] + box["width"] <= region["x"] + region["width"] + 1, key
    visible = "canvas => canvas.getRootNode().querySelector('.dc-scroll').clientWidth"
    assert page.locator(MAIN).evaluate(visible) >= 280
    assert page.locator(".st-key-probabilities .track").first.bounding_box()["width"] > 120
    with answered(page):
        page.locator(".st-key-pen_width input").focus()
        page.keyboard.press("Home")
    for number, digit in enumerate((4, 7, 2, 4, 7, 2)):  # the longest sentence that there is
        draw(page, [stroke[::3] * 0.36 + (number % 3 * 0.32, 0.03 + number // 3 * 0.48) for stroke in DIGITS[digit]])
    page.wait_for_function("document.querySelector('.st-key-answer').innerText.includes('4, 7, 2, 4, 7 and 2')")
    sentence, room = (page.locator(f".st-key-answer{part}").bounding_box() for part in (" .hint", ""))
    assert sentence["y"] + sentence["height"] <= room["y"] + room["height"]


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_answer_can_be_read_in_both_themes(open_page, address, scheme):
    page = open_page(address, color_scheme=scheme)
    draw(page, DIGITS[4])
    wait_for_heading(page, 4)
    texts = [".st-key-answer h2", ".st-key-answer .probability", ".st-key-answer .hint", ".st-key-network_input p"]
    for text in [*texts, ".st-key-probabilities .digit", ".st-key-probabilities output", ".ticks span"]:
        contrast, ground = page.locator(text).first.evaluate(CONTRAST)
        assert contrast >= 4.5, text
        assert ground < 0.05 if scheme == "dark" else ground > 0.9, text
