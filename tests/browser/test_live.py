"""Answers while the pen moves: when they come, what they say before the drawing is finished, and that none is lost."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from model.preprocessing.ink import MIN_CONTRAST
from tests.support.digits import DIGITS
from tests.support.mouse import (
    MAIN,
    draw,
    press,
    probabilities,
    wait_for_heading,
    wait_for_network,
    wait_for_rest,
)
from tests.support.server import PATIENCE
from tests.support.slow_line import slow_line
from tests.support.traffic import answered

expect.set_options(timeout=PATIENCE)

METERS = ".st-key-probabilities [data-root]"
# Clear is pressed when the canvas is due to have sent the stroke, but has not been able to.
CLEAR_AFTER_A_BUSY_MOMENT = """() => addEventListener("mouseup", () => setTimeout(() => {
    const began = performance.now();
    while (performance.now() - began < 600);
    document.querySelector(".st-key-clear button").click();
    window.cleared = true;
}, 20), { once: true })"""


class Pen:
    """A pen that stays down on the canvas between moves."""

    def __init__(self, page):
        self.page, self.box = page, page.locator(MAIN).bounding_box()

    def move(self, x, y):
        self.page.mouse.move(self.box["x"] + x * self.box["width"], self.box["y"] + y * self.box["height"])

    def down(self, stroke):
        self.move(*stroke[0])
        self.page.mouse.down()
        for point in stroke[1:]:
            self.move(*point)

    def up(self):
        self.page.mouse.up()


def wait_for_answer_to_last_sample(page):
    page.wait_for_function(
        "all => document.querySelector(all).dataset.sample === document.querySelector('.st-key-canvas').dataset.sample",
        arg=METERS,
    )


def test_the_bars_move_while_the_pen_is_down_and_there_is_no_verdict_yet(page):
    wait_for_network(page)
    pen = Pen(page)
    seven = DIGITS[7][0]
    pen.down(seven[: len(seven) // 3])  # its upper bar
    page.wait_for_function(f"Number(document.querySelector('{METERS}').dataset.sample) > 0")
    wait_for_answer_to_last_sample(page)
    first = probabilities(page)
    assert sum(first) == pytest.approx(1, abs=0.01)
    answer = page.locator(".st-key-answer")
    expect(answer.locator("[data-root]")).to_have_attribute("data-state", "unfinished")
    assert re.fullmatch(r"\d", answer.inner_text().strip())
    for point in seven[len(seven) // 3 :]:
        pen.move(*point)
    page.wait_for_function(f"Number(document.querySelector('{METERS}').dataset.sample) > 1")
    wait_for_answer_to_last_sample(page)
    assert probabilities(page) != first
    assert int(np.argmax(probabilities(page))) == 7
    assert answer.locator("[role=status]").text_content() == ""  # nothing is announced yet
    pen.up()
    wait_for_rest(page)
    expect(answer.locator("[data-root]")).to_have_attribute("data-state", "certain")
    expect(answer.locator("[role=status]")).to_have_text(re.compile(r"^7, (> )?9\d\.\d %$"))


def test_half_a_digit_is_not_called_a_non_digit_until_the_hand_has_rested(page):
    wait_for_network(page)
    page.evaluate(
        """() => {
            window.seen = []; let up = -Infinity;
            addEventListener("pointerup", () => (up = performance.now()), true);
            const heading = document.querySelector(".st-key-answer h2");
            new MutationObserver(() => seen.push([heading.textContent, performance.now() - up]))
                .observe(heading, { childList: true });
        }"""
    )
    draw(page, [[(0.2, 0.5), (0.8, 0.5)]])  # a bar, which is no digit
    draw(page, [[(0.5, 0.2), (0.5, 0.8)]])
    wait_for_heading(page, "?")
    expect(page.locator(".st-key-answer")).to_contain_text("Not a digit I know")
    seen = page.evaluate("seen")
    assert re.fullmatch(r"\d", seen[0][0])
    assert all(since > 490 for heading, since in seen if heading == "?")


def test_the_message_of_the_canvas_changes_nothing_that_is_seen(page):
    wait_for_network(page)
    page.evaluate(
        """() => {
            window.seen = [];
            const meters = document.querySelector(".st-key-probabilities [data-root]");
            const picture = document.querySelector(".st-key-network_input img");
            new MutationObserver(() => seen.push([meters.dataset.sample, picture.src]))
                .observe(meters, { subtree: true, attributeFilter: ["aria-valuenow"] });
        }"""
    )
    for digit in (3, 8):
        with answered(page):
            draw(page, DIGITS[digit])
            wait_for_rest(page)
        last = page.locator(".st-key-canvas").get_attribute("data-sample")
        pictures = {picture for sample, picture in page.evaluate("seen") if sample == last}
        assert len(pictures) == 1
        assert pictures == {page.locator(".st-key-network_input img").get_attribute("src")}
        press(page, "clear")
        wait_for_heading(page, "")


def test_a_stroke_right_after_a_tool_is_neither_lost_nor_cut_on_a_slow_line_and_one_right_before_is_undone(
    open_page, address
):
    """150 ms each way: a stroke begins before the server can have heard of the tool, and ends at various moments."""
    with slow_line(address, 0.15) as slow:
        page = open_page(slow)
        wait_for_network(page)
        for tool in ("undo", "clear"):
            for pause in (0, 20):
                _draw_right_after(page, tool, pause)
        with answered(page):
            draw(page, [DIGITS[4][0]])
            wait_for_rest(page)
        first = rows_with_ink(page)
        with answered(page):
            draw(page, [[(0.1, 0.95), (0.9, 0.95)]])
            press(page, "undo")
        wait_for_rest(page)
        assert rows_with_ink(page) == pytest.approx(first, abs=0.01)


def test_a_stroke_is_cleared_that_a_busy_browser_had_no_time_to_send(page):
    wait_for_network(page)
    page.evaluate(CLEAR_AFTER_A_BUSY_MOMENT)
    with answered(page):
        draw(page, DIGITS[3])
    page.wait_for_function("window.cleared && !document.querySelector('.st-key-canvas').drawn.waits()")
    wait_for_heading(page, "")
    assert len(rows_with_ink(page)) == 0


def _draw_right_after(page, tool, pause):
    """Draws a 4, uses the tool, and draws a line down the middle, with pauses in milliseconds; ends with Clear."""
    with answered(page):
        draw(page, DIGITS[4])
        wait_for_rest(page)
    pen = Pen(page)
    with answered(page):
        press(page, tool)
        pen.down([(0.5, 0.1), (0.5, 0.3)])
        for y in np.linspace(0.3, 0.9, 12):
            page.wait_for_timeout(pause)
            pen.move(0.5, y)
        pen.up()
        page.wait_for_function("!document.querySelector('.st-key-canvas').drawn.waits()")
        wait_for_rest(page)
    rows = rows_with_ink(page)
    assert rows[0] < 0.15, "its beginning was lost"
    assert rows[-1] > 0.85, "its end was lost"
    if tool == "clear":
        wait_for_heading(page, 1)
    with answered(page):
        press(page, "clear")
    wait_for_heading(page, "")


def rows_with_ink(page):
    """The rows that hold ink on the canvas, as fractions of its height, from top to bottom."""
    count = """canvas => {
        const { width, height } = canvas;
        const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
        const row = (y) => data.subarray(4 * y * width, 4 * (y + 1) * width);
        const inked = (y) => row(y).some((value, i) => i % 4 === 0 && value > 127);
        return [...Array(height).keys()].filter(inked).map((y) => y / height);
    }"""
    return page.locator(".st-key-canvas canvas.dc-canvas.lower-canvas").evaluate(count)


def test_the_eraser_leaves_nothing_survives_a_reload_like_the_width_and_is_put_away_by_clear(page):
    wait_for_network(page)
    _erase_all_of_a_curve(page)
    with answered(page):
        page.locator(".st-key-pen_width input").focus()
        page.keyboard.press("End")
    page.reload()
    wait_for_network(page)
    assert page.locator(".st-key-pen_width input").input_value() == "40"
    expect(page.locator(".st-key-eraser input")).to_be_checked()
    cursor = page.locator(MAIN).evaluate("canvas => getComputedStyle(canvas).cursor")
    assert "svg" in cursor
    draw(page, DIGITS[7])  # erases a blank canvas
    wait_for_rest(page)
    wait_for_heading(page, "")
    with answered(page):
        page.wait_for_function("document.querySelector('.st-key-clear button').ariaDisabled === 'false'")
        press(page, "clear")
    expect(page.locator(".st-key-eraser input")).not_to_be_checked()
    draw(page, DIGITS[7])
    wait_for_heading(page, 7)


def _erase_all_of_a_curve(page):
    """Checks that not even hairlines are left of it."""
    curve = [[(0.5 + 0.3 * np.cos(t), 0.5 + 0.3 * np.sin(t)) for t in np.linspace(0, 6, 40)]]
    with answered(page):
        draw(page, curve)
    with answered(page):
        page.locator(".st-key-eraser label").click()
    with answered(page):
        draw(page, curve)
    brightest = """canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
        .filter((value, i) => i % 4 === 0).reduce((one, other) => Math.max(one, other))"""
    assert page.locator(".st-key-canvas canvas.dc-canvas.lower-canvas").evaluate(brightest) < MIN_CONTRAST
    wait_for_heading(page, "")
