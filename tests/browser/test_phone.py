"""The page on a phone, where everything is done with a finger."""

from playwright.sync_api import expect

from tests.support.digits import DIGITS
from tests.support.mouse import MAIN, wait_for_heading, wait_for_network
from tests.support.row import ROW, wait_for_row
from tests.support.server import PATIENCE
from tests.support.sidebar import open_settings
from tests.support.thumbs import PHONE, SMALL

expect.set_options(timeout=PATIENCE)

# Where the text of the title begins: its box is as wide as the page.
TITLE = """heading => {
    const text = document.createRange();
    text.selectNodeContents(heading);
    return text.getBoundingClientRect().left;
}"""


def test_a_finger_draws_says_what_was_right_and_can_press_everything(open_page, address):
    page = open_page(address, **PHONE)
    wait_for_network(page)
    sidebar = page.get_by_test_id("stExpandSidebarButton")
    place = sidebar.bounding_box()
    assert min(place["width"], place["height"]) >= 44
    assert page.locator("h1").evaluate(TITLE) >= place["x"] + place["width"]

    _draw_with_a_finger(page, DIGITS[7])
    wait_for_heading(page, 7)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for key in ("undo", "redo", "clear", "eraser"):
        target = page.locator(f".st-key-{key} button, .st-key-{key} label").first.bounding_box()
        assert min(target["width"], target["height"]) >= 44

    page.set_viewport_size({"width": 320, "height": 568})
    wait_for_row(page, "Was that right?")
    boxes = [button.bounding_box() for button in page.locator(f"{ROW} button:visible").all()]
    assert len(boxes) == 11
    assert all(min(box["width"], box["height"]) >= 44 for box in boxes)
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 320 for box in boxes)

    page.set_viewport_size(PHONE["viewport"])
    sidebar.click()
    open_settings(page)
    page.wait_for_function(f"({SMALL})().length === 0")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def _draw_with_a_finger(page, strokes):
    box = page.locator(MAIN).bounding_box()
    finger = page.context.new_cdp_session(page)
    for stroke in strokes:
        points = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for x, y in stroke]
        finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [points[0]]})
        for point in points[1:]:
            finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
