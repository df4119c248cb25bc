"""The tabs Data and Inside, which follow the drawing on the canvas."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from model import load_recognizer
from model.data import load_embedded_digits, mnist_is_local
from tests.support.digits import DIGITS
from tests.support.mouse import check_phone, draw, press, wait_for_heading, wait_for_network
from tests.support.server import PATIENCE

expect.set_options(timeout=PATIENCE)


@pytest.fixture
def open_tab(page):
    def open_tab(name):
        wait_for_network(page)
        page.get_by_role("tab", name=name, exact=True).click()
        return page

    return open_tab


def draw_instead(page, digit):
    press(page, "clear")
    wait_for_heading(page, "")
    draw(page, DIGITS[digit])
    wait_for_heading(page, digit)


def test_the_inside_and_the_neighbours_follow_the_drawing(open_tab):
    page = open_tab("Inside")
    wait_for_network(page)  # until Keras is there, OpenCV answers, whose last decimal may be another
    region = page.locator(".st-key-inside")
    expect(region).to_contain_text("Draw a digit to see which parts of it spoke for the answer")
    model = load_recognizer().model
    expect(region.locator("table")).to_contain_text(f"{model.count_params():,}")
    expect(region.locator("tbody tr")).to_have_count(len(model.layers) + 1)

    draw(page, DIGITS[7])
    evidence = region.locator(".evidence figure > img")
    expect(evidence).to_have_attribute("alt", re.compile("for a 7"))
    wait_for_heading(page, 7)
    expect(region.locator(".words b").first).to_have_text(page.locator(".st-key-answer .probability").inner_text())
    convolutions = sum(type(layer).__name__ == "Conv2D" for layer in model.layers)
    expect(region.locator(".sheets img")).to_have_count(convolutions)

    region.get_by_role("radio", name="1", exact=True).click()
    expect(evidence).to_have_attribute("alt", re.compile("for a 1"))
    draw_instead(page, 3)
    expect(region).to_contain_text("The answer, 3")
    region.get_by_role("radio", name=re.compile("The answer")).click()
    expect(evidence).to_have_attribute("alt", re.compile("for a 3"))
    press(page, "clear")
    expect(evidence).to_have_count(0)
    press(page, "undo")
    expect(evidence).to_have_count(1)
    check_phone(page)

    page.set_viewport_size({"width": 1200, "height": 900})
    page.get_by_role("tab", name="Data", exact=True).click()
    _check_neighbours(page.locator(".st-key-neighbours"), 3)
    press(page, "clear")
    expect(page.locator(".st-key-neighbours")).to_contain_text("Draw a digit to see")
    draw(page, DIGITS[7])
    _check_neighbours(page.locator(".st-key-neighbours"), 7)
    check_phone(page)


def _check_neighbours(region, digit):
    """Those of the built-in network; only MNIST, which it has learned from, says something about its answer."""
    if mnist_is_local():
        expect(region).to_contain_text(f"The network answers {digit}")
    else:
        expect(region).to_contain_text(re.compile(rf"nearest neighbours, .*{digit}"))
        expect(region).not_to_contain_text("The network answers")
    expect(region.locator("figure")).to_have_count(11)
    neighbours = region.locator("figcaption b", has_text=re.compile(rf"^{digit}$"))
    neighbours.nth(5).wait_for()  # more than half of them


def _choose_scans(page):
    page.get_by_role("radio", name="Small scans").click()
    expect(
        page.get_by_text("1,438 training images", exact=True).first
    ).to_be_visible()  # for a moment, there are two of them


def test_the_images_one_by_one(open_tab):
    page = open_tab("Data")
    _choose_scans(page)
    one, grid, digits = (
        page.locator(".st-key-one_image"),
        page.locator(".st-key-image_grid"),
        load_embedded_digits().train,
    )
    counts = [f"{digit}{times}" for digit, times in enumerate(np.bincount(digits.labels))]
    expect(page.locator(".counts span")).to_have_text(counts)
    one.locator("input").fill("1000")
    one.locator("input").press("Enter")
    expect(one).to_contain_text(f"Image 1000 of the training set is a {digits.labels[1000]}.")
    page.locator(".st-key-pixel_values summary").click()
    cells = one.locator(".pixels td")
    expect(cells).to_have_count(28 * 28)
    assert [int(text) for text in cells.all_inner_texts()] == digits.images[1000].ravel().tolist()

    grid.get_by_role("radio", name="4", exact=True).click()
    expect(grid.locator("[data-index]").first).to_have_attribute("aria-label", re.compile("a 4$"))
    shown = [int(each.get_attribute("data-index")) for each in grid.locator("[data-index]").all()]
    assert shown == np.flatnonzero(digits.labels == 4)[: len(shown)].tolist()
    grid.get_by_role("button", name="Page 2", exact=True).click()
    following = str(np.flatnonzero(digits.labels == 4)[len(shown)])
    grid.locator(f'[data-index="{following}"]').click()
    expect(one).to_contain_text(f"Image {following} of the training set is a 4.")
    expect(grid.locator(f'[data-index="{following}"]')).to_have_attribute("aria-pressed", "true")

    before = page.locator(".st-key-variants img").first.get_attribute("src")
    press(page, "more_variants")
    expect(page.locator(".st-key-variants img").first).not_to_have_attribute("src", before)
    expect(page.locator(".st-key-variants img")).to_have_count(10)
    check_phone(page)
    assert page.locator(".scroller:has(.pixels)").evaluate("each => each.scrollWidth > each.clientWidth")
