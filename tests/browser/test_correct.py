"""The row "Was that right?" and the card below it: a wrong answer is put right, and stays right."""

import re

from playwright.sync_api import expect

from tests.support.digits import DIGITS
from tests.support.hasty import hasty_six
from tests.support.mouse import MAIN, draw, press, wait_for_heading, wait_for_network
from tests.support.row import READY, ROW, draw_afresh, say, wait_for_row
from tests.support.server import PATIENCE
from tests.support.traffic import answered

expect.set_options(timeout=PATIENCE)

CARD = ".st-key-correction"
PLACES = """() => ["canvas", "tools", "answer", "probabilities", "correct"].map((part) => {
    const { x, y, width, height } = document.querySelector(`.st-key-${part}`).getBoundingClientRect();
    return [part, x, y, width, height];
})"""


def test_the_row_comes_with_the_answer_in_sight_and_nothing_moves(own_page):
    page = own_page
    page.set_viewport_size({"width": 1280, "height": 720})
    wait_for_network(page)
    row = page.locator(ROW)
    expect(row).to_be_hidden()
    before = page.evaluate(PLACES)
    draw(page, hasty_six())
    wait_for_row(page, "Was that right?")
    place = row.bounding_box()
    assert place["y"] + place["height"] <= 720
    box = page.locator(MAIN).bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 25)
    expect(row).to_be_hidden()  # while the pen is down
    page.mouse.up()
    with answered(page):
        press(page, "undo")
    say(page, 6)
    wait_for_row(page, re.compile(r"^Kept as a 6\."))
    page.locator(CARD).wait_for()
    assert page.evaluate(PLACES) == before
    with answered(page):
        press(page, "clear")
    wait_for_heading(page, "")
    expect(row).to_be_hidden()
    page.locator(CARD).wait_for()  # it stays, so nothing moves under the pen
    assert page.evaluate(PLACES) == before


def test_the_keyboard_says_so_too_but_not_in_a_field(own_page):
    page = own_page
    draw_afresh(page, DIGITS[7], 7)
    page.locator(".st-key-settings summary").first.click()
    field = page.locator(".st-key-epochs input")
    field.fill("")
    field.press("1")
    expect(field).to_have_value("1")
    field.press("Enter")
    wait_for_row(page, "Was that right?")
    page.locator("h1").click()
    page.keyboard.press("Enter")
    wait_for_row(page, re.compile(r"^Kept as a 7\."))
    page.keyboard.press("1")
    wait_for_row(page, re.compile(r"^Kept as a 1\."))
    page.locator(f"{ROW} [data-digit='7']").focus()
    page.keyboard.press("Enter")  # presses the button, and not what Enter means elsewhere
    wait_for_row(page, re.compile(r"^Kept as a 7\."))


def test_a_press_can_be_changed_and_undone_and_the_card_says_why_and_what_it_says_now(own_page):
    page = own_page
    draw_afresh(page, hasty_six(), 5)
    say(page, 6)
    card = page.locator(CARD)
    expect(card).to_contain_text("A 6, not a 5")
    expect(card).to_contain_text(
        re.compile(r"It said 5 \(9\d\.\d %\)\. With this example, it says 6 \((> )?99\.\d %\)\.")
    )
    expect(card.get_by_alt_text("Blue where its ink spoke for a 5, orange where against")).to_be_visible()
    expect(card.get_by_alt_text("Blue where its ink spoke for a 6, orange where against")).to_be_visible()
    wait_for_heading(page, 6)
    say(page, 8)
    wait_for_heading(page, 8)
    undo = page.locator(f"{READY} [data-do=undo]")
    undo.click()
    wait_for_heading(page, 6)
    undo.click()
    wait_for_heading(page, 5)
    wait_for_row(page, "Was that right?")
    expect(card).to_have_count(0)
    say(page, 6)
    draw_afresh(page, hasty_six(0.88, 0.06), 6)
    say(page, 5)
    expect(card).to_contain_text("A 5, not a 6")
    expect(card.get_by_alt_text("a 6, yours")).to_be_visible()
    with answered(page):
        press(page, "dismiss")
    expect(card).to_have_count(0)
