"""Drawing, the answer, and what a drawing survives."""

import base64
import re

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect

from tests.support.digits import DIGITS
from tests.support.mouse import (
    MAIN,
    draw,
    heading,
    press,
    probabilities,
    wait_for_heading,
    wait_for_network,
    wait_for_rest,
)
from tests.support.server import PATIENCE, serve
from tests.support.traffic import answered

expect.set_options(timeout=PATIENCE)

LINE = [[(0.5, 0.15), (0.5, 0.85)]]


def answer(page):
    return page.locator(".st-key-answer").inner_text()


def picture(page):
    """The element that shows what the network sees."""
    return page.locator(".st-key-network_input img")


def network_input(page):
    """What the network sees, uint8 (28, 28)."""
    source = picture(page).get_attribute("src")
    return cv2.imdecode(np.frombuffer(base64.b64decode(source.split(",")[1]), np.uint8), cv2.IMREAD_GRAYSCALE)


def ink_on_canvas(page):
    """The number of white pixels."""
    count = """canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
        .filter((value, i) => i % 4 === 0 && value > 127).length"""
    return page.locator(".st-key-canvas canvas.dc-canvas.lower-canvas").evaluate(count)


def take_the_widest_pen(page):
    with answered(page):
        page.locator(".st-key-pen_width input").focus()
        page.keyboard.press("End")


def test_each_stroke_is_answered_without_a_button(page):
    wait_for_heading(page, "")
    assert not re.search(r"\d", answer(page))
    with answered(page):
        draw(page, DIGITS[7])
        wait_for_rest(page)
    wait_for_heading(page, 7)
    lines = answer(page).split("\n")
    assert lines[0] == "7"
    assert re.search(r"\d %", answer(page))
    assert not re.search("Probably|or a", answer(page))
    bars = probabilities(page)
    assert len(bars) == 10
    assert int(np.argmax(bars)) == 7
    assert sum(bars) == pytest.approx(1, abs=0.01)
    assert network_input(page).shape == (28, 28)
    assert network_input(page).max() > 200
    before = picture(page).get_attribute("src")
    draw(page, [[(0.1, 0.5), (0.9, 0.5)], [(0.1, 0.7), (0.9, 0.7)]])
    expect(picture(page)).not_to_have_attribute("src", before)


def test_a_non_digit_is_named_as_such_and_its_bars_are_grey(page):
    with answered(page):
        draw(page, [[(0.2, 0.5), (0.8, 0.5)], [(0.5, 0.2), (0.5, 0.8)]])
    wait_for_heading(page, "?")
    expect(page.locator(".st-key-answer")).to_contain_text("Not a digit I know")
    assert sum(probabilities(page)) == pytest.approx(1, abs=0.01)
    expect(page.locator(".st-key-probabilities .named")).to_have_count(0)
    press(page, "clear")
    wait_for_heading(page, "")
    for digit, corner in ((4, (0, 0.25)), (2, (0.5, 0.25))):
        draw(page, [stroke * 0.45 + np.array(corner) for stroke in DIGITS[digit]])
    page.wait_for_function("document.querySelector('.st-key-answer').innerText.includes('I see a 4 and a 2.')")


@pytest.mark.parametrize("digit", [2, 4, 5, 8])
def test_other_digits(page, digit):
    draw(page, DIGITS[digit])
    wait_for_heading(page, digit)


def test_undo_redo_clear_and_the_undoing_of_clear(page):
    wait_for_network(page)
    blank = picture(page).get_attribute("src")
    assert not network_input(page).any()
    with answered(page):
        draw(page, [DIGITS[4][0]])
        wait_for_rest(page)
    expect(picture(page)).not_to_have_attribute("src", blank)
    one_stroke = picture(page).get_attribute("src")
    draw(page, [DIGITS[4][1]])
    wait_for_heading(page, 4)
    press(page, "undo")
    expect(picture(page)).to_have_attribute("src", one_stroke)
    press(page, "redo")
    wait_for_heading(page, 4)
    press(page, "clear")
    wait_for_heading(page, "")
    expect(picture(page)).to_have_attribute("src", blank)
    press(page, "undo")
    wait_for_heading(page, 4)
    press(page, "undo")
    expect(picture(page)).to_have_attribute("src", one_stroke)
    press(page, "undo")
    wait_for_heading(page, "")
    expect(page.locator(".st-key-example button")).to_be_visible()


def test_an_erased_canvas_is_blank_and_erasing_can_be_undone(page):
    draw(page, LINE)
    wait_for_heading(page, 1)
    with answered(page):
        page.locator(".st-key-eraser label").click()
    take_the_widest_pen(page)
    draw(page, [[(0.49, 0.05), (0.51, 0.3), (0.49, 0.6), (0.51, 0.95)]])
    wait_for_heading(page, "")
    press(page, "undo")
    wait_for_heading(page, 1)


def test_the_pen_width_changes_the_next_stroke_and_keeps_the_drawing(page):
    draw(page, LINE)
    wait_for_heading(page, 1)
    thin = ink_on_canvas(page)
    slider = page.locator(".st-key-pen_width input")
    assert slider.get_attribute("value") == "20"
    assert (slider.get_attribute("min"), slider.get_attribute("max")) == ("4", "40")
    take_the_widest_pen(page)
    assert ink_on_canvas(page) == thin
    with answered(page):
        draw(page, [[(0.2, 0.15), (0.2, 0.85)]])
    assert ink_on_canvas(page) > 2.5 * thin


def test_an_example_is_one_click_away(page):
    press(page, "example")
    wait_for_heading(page, 7)
    expect(page.locator(".st-key-example")).to_have_count(0)


def test_the_steps_are_shown_on_demand(page):
    draw(page, DIGITS[6])
    wait_for_heading(page, 6)
    page.get_by_text("How the drawing became this picture").click()
    expect(page.locator(".st-key-steps img")).to_have_count(4)
    for step in ("Threshold", "Crop", "Resize", "Centre"):
        expect(page.locator(".st-key-steps")).to_contain_text(step)


def test_a_reload_keeps_the_drawing(page):
    with answered(page):
        draw(page, DIGITS[5])
        wait_for_rest(page)
    wait_for_heading(page, 5)
    whole = picture(page).get_attribute("src")
    page.wait_for_url("**drawing=*")
    page.reload()
    page.locator(MAIN).wait_for()
    wait_for_heading(page, 5)
    with answered(page):
        press(page, "undo")
    expect(picture(page)).not_to_have_attribute("src", whole)  # without its bar
    assert network_input(page).any()
    press(page, "redo")
    expect(picture(page)).to_have_attribute("src", whole)
    for _ in range(2):  # nothing is drawn between these
        page.wait_for_url("**drawing=*")
        page.reload()
        page.locator(MAIN).wait_for()
        wait_for_heading(page, 5)


def test_the_page_says_that_a_drawing_was_lost_with_its_server(page):
    page.goto(page.url + "?drawing=unknown")
    page.get_by_text("was lost").wait_for()
    draw(page, DIGITS[0])
    wait_for_heading(page, 0)
    expect(page.get_by_text("was lost")).to_have_count(0)


def test_two_tabs_keep_their_drawings_apart(open_page, page, address):
    other = open_page(address)
    draw(page, DIGITS[9])
    draw(other, DIGITS[2])
    wait_for_heading(page, 9)
    wait_for_heading(other, 2)


def slow_down_loading(product):
    """On a fast machine, the network would be there before anybody looks."""
    path, first_line = product / "views" / "shared" / "loading.py", '    first = "keras" not in sys.modules\n'
    text = path.read_text(encoding="utf-8")
    assert text.count(first_line) == 1
    path.write_text(text.replace(first_line, f"    __import__('time').sleep(8)\n{first_line}"), encoding="utf-8")


def test_a_drawing_outlives_the_loading_of_the_network_and_the_end_of_its_server(
    browser, open_page, tmp_path, copy_of_the_product
):
    slow_down_loading(copy_of_the_product)
    app = copy_of_the_product / "app.py"
    with serve(tmp_path, app=app) as (address, server):
        page = open_page(address)
        draw(page, DIGITS[3])
        assert heading(page) == ""  # drawn before there is anything to answer
        assert "loading" in answer(page)
        wait_for_heading(page, 3)
        press(page, "clear")
        wait_for_heading(page, "")
        press(page, "undo")
        wait_for_heading(page, 3)
        ink = ink_on_canvas(page)
        server.kill()
        server.wait()
    with serve(tmp_path, app=app, port=int(address.rsplit(":", 1)[1])):
        page.wait_for_function("document.querySelector('.st-key-answer').innerText.includes('loading')")
        wait_for_heading(page, 3)
        assert ink_on_canvas(page) == pytest.approx(ink, rel=0.02)
        expect(page.get_by_text("was lost")).to_have_count(0)
        draw(page, [[(0.05, 0.9), (0.95, 0.9)]])
        page.wait_for_function("document.querySelector('.st-key-undo button').ariaDisabled === 'false'")
        press(page, "clear")
        wait_for_heading(page, "")


def test_no_stroke_is_lost_while_the_whole_page_reruns(page):
    draw(page, LINE)
    wait_for_heading(page, 1)
    page.locator(".st-key-settings summary").first.click()
    page.locator(".st-key-more_settings summary").click()
    page.locator(".st-key-augment").wait_for()
    for turn, wait in enumerate(
        (0, 100, 190, 210, 240, 300)
    ):  # around the 200 ms after which the canvas sends a stroke
        press(page, "clear")
        wait_for_heading(page, "")
        draw(page, DIGITS[turn + 2])
        page.wait_for_timeout(wait)
        page.evaluate("document.querySelector('.st-key-augment input').click()")
        wait_for_heading(page, turn + 2)


@pytest.mark.parametrize("damage", ["missing", "truncated"])
def test_a_damaged_network_is_reported_in_a_sentence(browser, open_page, tmp_path, damage, copy_of_the_product):
    network = copy_of_the_product / "assets" / "reader.keras"
    if damage == "missing":
        network.unlink()
    else:
        network.write_bytes(network.read_bytes()[:10_000])
    with serve(tmp_path, app=copy_of_the_product / "app.py") as (address, _):
        page = open_page(address)
        draw(page, DIGITS[3])
        page.get_by_test_id("stMain").get_by_text("get the project's assets folder again").wait_for()
        assert heading(page) == ""


def test_a_digit_too_small_for_its_pen_is_read(page):
    take_the_widest_pen(page)
    small = [[(0.3 + (x - 0.5) * 0.35, 0.7 + (y - 0.5) * 0.35) for x, y in stroke] for stroke in DIGITS[9]]
    with answered(page):
        draw(page, small)
        wait_for_rest(page)
    wait_for_heading(page, 9)
    rows, columns = np.nonzero(network_input(page))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20


def test_a_stroke_can_begin_anywhere(page):
    wait_for_network(page)
    for x in (0.6, 0.7, 0.8, 0.9):  # where the canvas keeps its own tools, which are hidden
        before = ink_on_canvas(page)
        with answered(page):
            draw(page, [[(x, 0.04), (x - 0.1, 0.3), (x, 0.6)]])
        assert ink_on_canvas(page) > before, f"the stroke that began at {x:.0%} was not drawn"
