"""Drawing, the answer, and what a drawing survives."""

import base64
import re

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect

from tests.support.digits import DIGITS
from tests.support.loading import hold_up_loading
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
from tests.support.runs import make_usable_run
from tests.support.server import PATIENCE, serve
from tests.support.traffic import answered, canvas_runs, confirmations, wait_for

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


def picture_of_all(page):
    """What the network sees of the whole drawing. The end of a stroke may not have been on the last picture of it."""
    for tool in ("undo", "redo"):
        with answered(page):
            press(page, tool)
    return network_input(page)


def wait_until_it_sees(page, whole, seen=True):
    """Waits until the network sees that picture, or another one. A stroke drawn anew may differ by a few edges."""

    def differs():
        return np.abs(network_input(page).astype(int) - whole).sum() > 0.1 * whole.sum()

    wait_for(page, lambda: differs() != seen)


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


def test_a_non_digit_is_named_as_such_with_grey_bars_and_other_digits_are_read(page):
    with answered(page):
        draw(page, [[(0.2, 0.5), (0.8, 0.5)], [(0.5, 0.2), (0.5, 0.8)]])
    wait_for_heading(page, "?")
    expect(page.locator(".st-key-answer")).to_contain_text("Not a digit I know")
    assert sum(probabilities(page)) == pytest.approx(1, abs=0.01)
    expect(page.locator(".st-key-probabilities .named")).to_have_count(0)
    press(page, "clear")
    wait_for_heading(page, "")
    for digit in (2, 4, 5, 8):
        draw(page, DIGITS[digit])
        wait_for_heading(page, digit)
        press(page, "clear")
        wait_for_heading(page, "")


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


def test_the_pen_width_changes_the_next_stroke_the_eraser_can_be_undone_and_a_digit_too_small_is_read(page):
    draw(page, LINE)
    wait_for_heading(page, 1)
    thin = ink_on_canvas(page)
    slider = page.locator(".st-key-pen_width input")
    assert slider.get_attribute("value") == "20"
    assert (slider.get_attribute("min"), slider.get_attribute("max")) == ("4", "40")
    take_the_widest_pen(page)
    assert ink_on_canvas(page) == thin
    press_eraser(page)
    draw(page, [[(0.49, 0.05), (0.51, 0.3), (0.49, 0.6), (0.51, 0.95)]])
    wait_for_heading(page, "")
    press(page, "undo")
    wait_for_heading(page, 1)
    press_eraser(page)
    with answered(page):
        draw(page, [[(0.2, 0.15), (0.2, 0.85)]])
    assert ink_on_canvas(page) > 2.5 * thin
    with answered(page):
        press(page, "clear")
    small = [[(0.3 + (x - 0.5) * 0.35, 0.7 + (y - 0.5) * 0.35) for x, y in stroke] for stroke in DIGITS[9]]
    with answered(page):
        draw(page, small)
        wait_for_rest(page)
    wait_for_heading(page, 9)  # too small for its pen
    rows, columns = np.nonzero(network_input(page))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20


def press_eraser(page):
    with answered(page):
        page.locator(".st-key-eraser label").click()


def test_an_example_is_one_click_away_and_the_steps_are_shown_on_demand(page):
    press(page, "example")
    wait_for_heading(page, 7)
    expect(page.locator(".st-key-example")).to_have_count(0)
    page.get_by_text("How the drawing became this picture").click()
    expect(page.locator(".st-key-steps img")).to_have_count(4)
    for step in ("Threshold", "Crop", "Resize", "Centre"):
        expect(page.locator(".st-key-steps")).to_contain_text(step)


def test_a_reload_keeps_the_drawing_and_two_tabs_keep_theirs_apart(open_page, page, address):
    other = open_page(address)
    draw(other, DIGITS[2])
    wait_for_heading(other, 2)
    page.bring_to_front()
    with answered(page):
        draw(page, DIGITS[5])
        wait_for_rest(page)
    wait_for_heading(page, 5)
    whole = picture_of_all(page)
    page.wait_for_url("**drawing=*")
    page.reload()
    page.locator(MAIN).wait_for()
    wait_for_heading(page, 5)
    with answered(page):
        press(page, "undo")
    wait_until_it_sees(page, whole, seen=False)  # without its bar
    assert network_input(page).any()
    press(page, "redo")
    wait_until_it_sees(page, whole)
    for _ in range(2):  # nothing is drawn between these
        page.wait_for_url("**drawing=*")
        page.reload()
        page.locator(MAIN).wait_for()
        wait_for_heading(page, 5)
    assert heading(other) == "2"


def test_drawings_outlive_the_loading_of_the_network_and_the_end_of_their_server(
    open_page, tmp_path, copy_of_the_product
):
    """With a network of one's own in use: until it is there, nothing answers in its place."""
    gate = tmp_path / "gate"
    hold_up_loading(copy_of_the_product, gate)
    app, runs = copy_of_the_product / "app.py", tmp_path / "runs"
    make_usable_run(runs, "mine")
    with serve(runs, app=app) as (address, server):
        page = open_page(address, init_script="document.cookie = 'draw-a-digit-network=mine; path=/'")
        draw(page, DIGITS[3])
        assert heading(page) == ""  # drawn before there is anything to answer
        assert "loading" in answer(page)
        gate.touch()
        wait_for_heading(page, 3)
        press(page, "clear")
        wait_for_heading(page, "")
        press(page, "undo")
        wait_for_heading(page, 3)
        ink = ink_on_canvas(page)
        another = open_page(address)
        wait_for_network(another)
        for strokes in ([DIGITS[4][0]], [DIGITS[4][1]]):
            with answered(another):
                draw(another, strokes)
                wait_for_rest(another)
        wait_for_heading(another, 4)
        whole, left = picture_of_all(another), another.url
        another.goto("about:blank")
        gate.unlink()
        server.terminate()  # what is being written is written to the end
        server.wait()
    with serve(runs, app=app, port=int(address.rsplit(":", 1)[1])):
        page.wait_for_function("document.querySelector('.st-key-answer').innerText.includes('loading')")
        gate.touch()
        wait_for_heading(page, 3)
        assert ink_on_canvas(page) == pytest.approx(ink, rel=0.02)
        draw(page, [[(0.05, 0.9), (0.95, 0.9)]])
        page.wait_for_function("document.querySelector('.st-key-undo button').ariaDisabled === 'false'")
        press(page, "clear")
        wait_for_heading(page, "")

        another.goto(left)
        wait_for_heading(another, 4)
        wait_until_it_sees(another, whole)
        press(another, "undo")
        wait_until_it_sees(another, whole, seen=False)
        press(another, "redo")
        wait_until_it_sees(another, whole)
        press(another, "undo")
        press(another, "undo")
        wait_for_heading(another, "")


def test_nothing_runs_because_the_canvas_confirms_what_it_was_told(page):
    wait_for_network(page)
    with answered(page):
        draw(page, DIGITS[7])
        wait_for_rest(page)
    runs, known = canvas_runs(page), confirmations(page)
    press(page, "clear")
    wait_for_heading(page, "")
    wait_for(page, lambda: confirmations(page) > known)
    with answered(page):
        draw(page, DIGITS[3])
        wait_for_rest(page)
    wait_for_heading(page, 3)
    assert canvas_runs(page) == runs + 2  # for the tool, and for the stroke


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


def test_a_damaged_network_is_reported_in_a_sentence(open_page, tmp_path, copy_of_the_product):
    network = copy_of_the_product / "assets" / "reader.keras"
    network.write_bytes(network.read_bytes()[:10_000])
    with serve(tmp_path, app=copy_of_the_product / "app.py") as (address, _):
        page = open_page(address)
        draw(page, DIGITS[3])
        page.get_by_test_id("stMain").get_by_text("get the project's assets folder again").wait_for()
        assert heading(page) == ""


def test_a_stroke_can_begin_anywhere(page):
    wait_for_network(page)
    for x in (0.6, 0.7, 0.8, 0.9):  # where the canvas keeps its own tools, which are hidden
        before = ink_on_canvas(page)
        with answered(page):
            draw(page, [[(x, 0.04), (x - 0.1, 0.3), (x, 0.6)]])
        assert ink_on_canvas(page) > before, f"the stroke that began at {x:.0%} was not drawn"


WATCH_BOXES = """() => {
    window.changes = 0;
    new MutationObserver((some) => (changes += some.length))
        .observe(document.querySelector(".digit-boxes"), { subtree: true, childList: true, attributes: true });
}"""
READ_AGAIN = """() => {
    const { sampler } = [...document.querySelectorAll("*")].find((each) => each.reading).reading;
    sampler.changed = true;
    sampler.look();
}"""


def read_again(page):
    """Has the drawing read once more, as it is."""
    answer = page.locator(".st-key-probabilities [data-root]")
    last = answer.get_attribute("data-sample")
    page.evaluate(READ_AGAIN)
    expect(answer).not_to_have_attribute("data-sample", last)


def test_a_number_is_read_and_each_of_its_digits_has_a_box_and_bars(page):
    for digit, corner in ((4, (0, 0.25)), (2, (0.5, 0.25))):
        draw(page, [stroke * 0.45 + np.array(corner) for stroke in DIGITS[digit]])
    wait_for_heading(page, 42)
    boxes = page.locator(".st-key-canvas .digit-boxes > div")
    expect(boxes).to_have_count(2)
    wait_for_rest(page)
    read_again(page)  # the last picture may have lacked the end of a stroke
    canvas, places = page.locator(MAIN).bounding_box(), [boxes.nth(place).bounding_box() for place in (0, 1)]
    middles = [(place["x"] + place["width"] / 2 - canvas["x"]) / canvas["width"] for place in places]
    assert middles == pytest.approx([0.225, 0.725], abs=0.05)
    expect(boxes.nth(1)).to_have_class("chosen")  # it was drawn last
    assert probabilities(page).index(max(probabilities(page))) == 2
    page.mouse.move(canvas["x"] + 0.22 * canvas["width"], canvas["y"] + 0.5 * canvas["height"])
    expect(boxes.nth(0)).to_have_class("chosen")
    assert probabilities(page).index(max(probabilities(page))) == 4
    page.evaluate(WATCH_BOXES)
    read_again(page)
    assert page.evaluate("changes") == 0
    expect(boxes.nth(0)).to_have_class("chosen")
    page.mouse.move(5, 5)
    expect(boxes.nth(1)).to_have_class("chosen")
    press(page, "clear")
    wait_for_heading(page, "")
    expect(boxes).to_have_count(0)
