"""The canvas can be made wide, so that a number has room."""

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.support.digits import DIGITS
from tests.support.mouse import (
    MAIN,
    draw,
    make_wide,
    press,
    probabilities,
    wait_for_heading,
    wait_for_network,
    wait_for_rest,
    wait_for_shape,
)
from tests.support.row import say, wait_for_row
from tests.support.server import PATIENCE
from tests.support.traffic import answered

expect.set_options(timeout=PATIENCE)

SIDEWAYS, UPRIGHT = {"width": 844, "height": 390}, {"width": 390, "height": 664}
INK = """canvas => {
    const { width, height } = canvas, { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
    const columns = Array.from({ length: width }, (_, x) => x).filter((x) =>
        Array.from({ length: height }, (_, y) => data[4 * (y * width + x)]).some((value) => value > 127));
    return [columns[0], columns.at(-1)];
}"""


def spread(value):
    """The strokes of a number on a wide canvas, of which four digits fill it."""
    step = min(0.23, 0.92 / len(value))
    return [
        stroke * (1.15 * step, 0.8) + (0.04 + place * step, 0.1)
        for place, digit in enumerate(value)
        for stroke in map(np.array, DIGITS[int(digit)])
    ]


def ink(page):
    """The first and the last column with ink, in pixels of the canvas."""
    return page.locator(".st-key-canvas canvas.dc-canvas.lower-canvas").evaluate(INK)


def test_a_number_on_a_wide_canvas(page):
    make_wide(page)
    *most, last = spread("2026")
    draw(page, most)
    box, seen = page.locator(MAIN).bounding_box(), page.locator(".st-key-network_input img").get_attribute("src")
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in last]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point)
    # It is read while the pen is still down
    expect(page.locator(".st-key-network_input img")).not_to_have_attribute("src", seen)
    page.mouse.up()
    wait_for_rest(page)
    wait_for_heading(page, 2026)
    boxes = page.locator(".st-key-canvas .digit-boxes > div")
    expect(boxes).to_have_count(4)
    places = [each.bounding_box() for each in boxes.all()]
    middles = [(place["x"] + place["width"] / 2 - box["x"]) / box["width"] for place in places]
    assert middles == pytest.approx([0.17, 0.4, 0.63, 0.86], abs=0.05)
    assert all(0.3 < place["width"] / place["height"] < 0.8 for place in places)
    expect(boxes.nth(3)).to_have_class("chosen")
    assert probabilities(page).index(max(probabilities(page))) == 6
    page.mouse.move(box["x"] + middles[1] * box["width"], box["y"] + 0.5 * box["height"])
    expect(boxes.nth(1)).to_have_class("chosen")
    assert probabilities(page).index(max(probabilities(page))) == 0
    wide = ink(page)

    page.reload()
    wait_for_heading(page, 2026)
    assert page.locator(MAIN).bounding_box()["width"] == pytest.approx(2.5 * box["height"], abs=2)
    assert ink(page) == pytest.approx(wide, abs=1)

    make_wide(page, False)  # the strokes are scaled
    wait_for_heading(page, 2026)
    expect(boxes).to_have_count(4)
    assert 0 <= ink(page)[0] < 20
    assert 540 < ink(page)[1] < 560
    make_wide(page)  # and find their old places again
    wait_for_heading(page, 2026)
    assert ink(page) == pytest.approx(wide, abs=1)

    make_wide(page, False)
    with answered(page):
        press(page, "undo")
    with answered(page):
        press(page, "redo")
    wait_for_heading(page, 2026)
    assert ink(page)[1] < 560


def test_a_digit_on_a_wide_canvas_is_kept_like_any_other(own_page):
    page = own_page
    make_wide(page)
    draw(page, [stroke * (0.4, 1) + (0.55, 0) for stroke in map(np.array, DIGITS[7])])
    wait_for_heading(page, 7)
    say(page, 1)
    make_wide(page, False)  # now it is moved
    wait_for_row(page, "Kept as a 1. It helps to read the next ones.")
    assert 350 < ink(page)[1] < 560


def test_a_phone_that_is_turned_sideways(open_page, address):
    page = open_page(address, viewport=SIDEWAYS, has_touch=True, is_mobile=True)
    canvas = page.locator(MAIN)
    wait_for_network(page)  # until then, a slow server may not have heard how the phone is held
    wait_for_shape(page, "wide")
    assert canvas.bounding_box()["width"] > 540  # and no sidebar
    for key in ("wide", "undo"):
        target = page.locator(f".st-key-{key} button").bounding_box()
        assert min(target["width"], target["height"]) >= 44
    draw(page, spread("60"))
    wait_for_heading(page, 60)
    for size, shape in ((UPRIGHT, "square"), (SIDEWAYS, "wide")):
        with answered(page):
            page.set_viewport_size(size)
        wait_for_shape(page, shape)
        wait_for_heading(page, 60)
    page.get_by_test_id("stExpandSidebarButton").locator("button").or_(
        page.get_by_test_id("stExpandSidebarButton")
    ).first.click()
    with answered(page):
        press(page, "clear")
    page.get_by_test_id("stSidebar").get_by_text("Train your own").wait_for()
    make_wide(page, False)  # what was chosen stays
    page.reload()
    wait_for_network(page)
    wait_for_shape(page, "square")
    wait_for_heading(page, "")
