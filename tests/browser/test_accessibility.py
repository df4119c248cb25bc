"""What people need who do not see the page, or use it without a mouse."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.support.digits import DIGITS
from tests.support.mouse import MAIN, draw, press, wait_for_heading, wait_for_network, wait_for_rest
from tests.support.server import PATIENCE, serve
from tests.support.traffic import answered

expect.set_options(timeout=PATIENCE)

SERIOUS = ("serious", "critical")
FOCUSED = """() => {
    let element = document.activeElement;
    while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(open_page, address, scheme):
    page = open_page(address, color_scheme=scheme, viewport={"width": 1280, "height": 720})
    wait_for_network(page)
    _check(page, "blank")
    draw(page, DIGITS[4])
    wait_for_heading(page, 4)
    _check(page, "answered")
    press(page, "clear")
    wait_for_heading(page, "")
    draw(page, [[(0.2, 0.5), (0.8, 0.5)], [(0.5, 0.2), (0.5, 0.8)]])
    wait_for_heading(page, "?")
    _check(page, "unknown")
    for tab in page.get_by_role("tab").all():
        with answered(page):
            tab.click()
        page.wait_for_timeout(500)
        _check(page, tab.inner_text())


def _check(page, state):
    found = Axe().run(page).response["violations"]
    serious = [
        f"{each['id']}: {node['html'][:300]} ({node['failureSummary']})"
        for each in found
        if each["impact"] in SERIOUS
        for node in each["nodes"]
    ]
    assert not serious, f"{state}: " + "\n".join(serious)


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


def test_the_canvas_has_a_role_and_a_name(page):
    expect(page.locator(MAIN)).to_have_role("img")
    expect(page.locator(MAIN)).to_have_accessible_name(
        "Your drawing. Draw one digit here with a mouse, a pen or a finger."
    )


def test_the_tab_key_reaches_the_tools_within_five_stops(page):
    wait_for_network(page)
    for _ in range(5):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.st-key-tools') !== null"):
            return
    pytest.fail("the tools were not reached")


def test_the_focus_never_falls_to_the_body(page):
    wait_for_network(page)
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


def test_the_focus_stays_near_a_button_that_is_switched_off_when_pressed(open_page, tmp_path):
    with serve(tmp_path) as (address, _):
        page = open_page(address)
        wait_for_network(page)
        page.locator(".st-key-train button").focus()
        page.keyboard.press("Enter")
        page.locator(".st-key-cancel button").wait_for()
        page.wait_for_function("document.activeElement.closest('[data-testid=stSidebar]')")
        page.locator(".st-key-cancel button").focus()
        page.keyboard.press("Enter")
        page.locator(".st-key-cancel button").wait_for(state="detached")
        page.wait_for_function("document.activeElement.closest('[data-testid=stSidebar]')")


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
    wait_for_rest(page)
    texts = [".st-key-answer h2", ".st-key-answer .probability", ".st-key-answer .hint", ".st-key-network_input p"]
    for text in [*texts, ".st-key-probabilities .digit", ".st-key-probabilities .share"]:
        contrast, ground = page.locator(text).first.evaluate(CONTRAST)
        assert contrast >= 4.5, text
        assert ground < 0.05 if scheme == "dark" else ground > 0.9, text
