"""How the page fits every window, and that nothing on it moves."""

import pytest
from playwright.sync_api import expect

from tests.support.digits import DIGITS
from tests.support.mouse import MAIN, draw, make_wide, press, wait_for_heading, wait_for_network, wait_for_rest
from tests.support.server import PATIENCE
from tests.support.traffic import answered, show

expect.set_options(timeout=PATIENCE)

# Windows, with the bars that a browser puts around them taken off
WINDOWS = [
    (320, 568),
    (360, 640),
    (375, 553),
    (390, 664),
    (412, 732),
    (768, 1024),
    (844, 390),
    (1024, 698),
    (1280, 720),
    (1366, 768),
    (1920, 1080),
]
MIN_WIDTH_BESIDE_SIDEBAR = 769  # in a narrower window, the open sidebar covers the page
PARTS = ["canvas", "tools", "answer", "network_input", "probabilities", "steps"]

# Notes, for every frame, where the parts of the page are, until it is stopped.
WATCH = """parts => {
    window.places = new Set();
    const look = () => {
        if (!window.places) return;
        const boxes = parts.map((part) => document.querySelector(`.st-key-${part}`)?.getBoundingClientRect());
        places.add(JSON.stringify(boxes.map((box) => box && [box.x, box.y, box.width, box.height].map(Math.round))));
        requestAnimationFrame(look);
    };
    look();
}"""
SLOWER = 4  # times: how much a page is slowed down, so that what comes late does so in its turn
SHIFTS = """() => {
    window.shifts = [];
    new PerformanceObserver((list) => shifts.push(...list.getEntries().filter((each) => !each.hadRecentInput)
        .map((each) => [each.value, each.sources.map((source) => source.node?.className).join()])))
        .observe({ type: "layout-shift", buffered: true });
}"""


@pytest.mark.parametrize("canvas", ["square", "wide"])
def test_canvas_digit_and_bars_are_on_the_screen_together_and_do_not_move(page, canvas):
    wait_for_network(page)
    if canvas == "wide":
        make_wide(page)
    page.evaluate(WATCH, PARTS)
    with answered(page):
        draw(page, DIGITS[3])
        wait_for_rest(page)
    wait_for_heading(page, 3)
    with answered(page):
        press(page, "clear")
    wait_for_heading(page, "")
    wait_for_network(page)
    assert len(page.evaluate("[...places]")) == 1
    page.evaluate("places = null")

    draw(page, DIGITS[7])
    wait_for_heading(page, 7)
    for sidebar in ("open", "closed"):
        if sidebar == "closed":
            page.get_by_test_id("stSidebar").hover()
            page.get_by_test_id("stSidebarCollapseButton").locator("button").click()
            page.get_by_test_id("stExpandSidebarButton").wait_for()
        for width, height in WINDOWS:
            if sidebar == "open" and width < MIN_WIDTH_BESIDE_SIDEBAR:
                continue
            page.set_viewport_size({"width": width, "height": height})
            show(page)
            page.wait_for_timeout(300)  # the sidebar takes its place with a transition
            _check_fit(page, width, height, canvas, f"{width}×{height}, {canvas}, sidebar {sidebar}")


def _check_fit(page, width, height, canvas, where):
    left = 0 if where.endswith("closed") else page.get_by_test_id("stSidebar").bounding_box()["width"]
    for part in (MAIN, ".st-key-answer h2", ".st-key-network_input img", *_meters()):
        box = page.locator(part).bounding_box()
        assert box["x"] >= left, f"{where}: {part}"
        assert box["y"] >= 0, f"{where}: {part}"
        assert box["x"] + box["width"] <= width, f"{where}: {part}"
        assert box["y"] + box["height"] <= height, f"{where}: {part}"
    box = page.locator(MAIN).bounding_box()
    if canvas == "wide":
        assert box["width"] == pytest.approx(2.5 * box["height"], abs=1)
        room = width - left
        enough = (0.5 if left else 0.64) * room if height < 480 else min(0.85 * room, 1050, 2.5 * (height - 320))
        assert box["width"] >= enough, f"{where}: the canvas is {box['width']} wide"
    else:
        assert box["width"] == box["height"]
        enough = 200 if height < 480 else 280 if left or width < 400 or height < 700 else 320
        assert enough <= box["width"] <= 420, f"{where}: the canvas is {box['width']} wide"
    assert page.evaluate("document.documentElement.scrollWidth") <= width, where
    assert page.locator(".st-key-probabilities .track").first.bounding_box()["width"] > 48, where


def _meters():
    return [f".st-key-probabilities [data-meter='{digit}']" for digit in range(10)]


def test_nothing_moves_while_the_page_loads(open_page, address):
    """By the measure of browsers, which leaves out what people set off themselves (https://web.dev/articles/cls)."""
    for width, height in ((1280, 720), (390, 664)):
        page = open_page(address, f"({SHIFTS})()", fresh=True, viewport={"width": width, "height": height})
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.reload()
        wait_for_network(page)
        page.locator(".st-key-runs_table, .st-key-shipped_network").first.wait_for()
        page.wait_for_timeout(500)
        shifts = page.evaluate("shifts")
        assert sum(value for value, _ in shifts) < 0.02, shifts


def test_the_longest_sentences_fit(open_page, address):
    page = open_page(address, viewport={"width": 320, "height": 568})
    wait_for_network(page)
    with answered(page):
        page.locator(".st-key-pen_width input").focus()
        page.keyboard.press("Home")
    for number, digit in enumerate((4, 7, 2, 4, 7, 2)):
        draw(page, [stroke * 0.36 + (number % 3 * 0.32, 0.03 + number // 3 * 0.48) for stroke in DIGITS[digit]])
    page.wait_for_function("document.querySelector('.st-key-answer').innerText.includes('I see 472 and 472.')")
    room = page.locator(".st-key-answer").bounding_box()
    for part in ("h2", ".probability", ".hint"):
        box = page.locator(f".st-key-answer {part}").bounding_box()
        assert box["x"] + box["width"] <= room["x"] + room["width"], part
        assert box["y"] >= room["y"] - 1, part
        assert box["y"] + box["height"] <= room["y"] + room["height"] + 1, part
