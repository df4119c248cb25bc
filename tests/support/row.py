"""The row "Was that right?" in a browser."""

from playwright.sync_api import expect

from tests.support.mouse import draw, press, wait_for_heading, wait_for_rest
from tests.support.traffic import answered

ROW = ".st-key-correct .correct"
READY = f"{ROW}.there:not(.busy)"


def wait_for_row(page, words):
    """Waits until the row says this, and can be pressed."""
    expect(page.locator(READY).locator("[data-said]")).to_have_text(words)


def say(page, digit):
    """Draws nothing: says what the drawing on the canvas is, and waits until it is kept."""
    page.locator(READY).wait_for()
    page.locator(f"{ROW} [data-digit='{digit}']").click()
    page.locator(f"{READY} [data-digit='{digit}'][aria-pressed=true]").wait_for()


def draw_afresh(page, strokes, digit):
    """Draws on a cleared canvas, and waits for the answer and the row."""
    if page.locator(".st-key-clear button").get_attribute("aria-disabled") != "true":
        with answered(page):
            press(page, "clear")
        wait_for_heading(page, "")
    draw(page, strokes)
    wait_for_heading(page, digit)
    wait_for_rest(page)
    page.locator(READY).wait_for()
