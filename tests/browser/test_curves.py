"""The curves of the last training in a real browser: wherever one points, they tell the values of the nearest epoch."""

import re

import pytest
from playwright.sync_api import expect

from model.runs import append_history, claim_training
from tests.support.axe import check_with_axe
from tests.support.runs import ROW, make_usable_run
from tests.support.server import PATIENCE

expect.set_options(timeout=PATIENCE)


COLOURS = {"light": {"#2563eb", "#c2570c"}, "dark": {"#6ea0ff", "#f28e2b"}}


@pytest.fixture
def trained(server):
    """The address of a page whose last training had three epochs."""
    folder = make_usable_run(server.runs, "mine", seconds=4.5, results={"test_accuracy": 0.99})
    for epoch in (2, 3):
        append_history(folder, ROW | {"epoch": epoch, "val_accuracy": 0.6 + epoch / 100})
    claim_training(server.runs, "mine")
    return server.address


def test_pointing_anywhere_at_a_curve_tells_the_values_of_the_nearest_epoch(trained, open_page):
    for scheme, colours in COLOURS.items():
        page = open_page(trained, color_scheme=scheme, viewport={"width": 1280, "height": 720})
        page.get_by_text("Done after").wait_for()
        expect(page.locator(".st-key-curves svg.marks")).to_have_count(2)
        check_with_axe(page, "trained", [scheme])
        chart = page.locator(".st-key-curves svg.marks").first
        chart.scroll_into_view_if_needed()
        expect(chart.locator(".role-axis-label").first.locator("text")).to_have_text(["1", "2", "3"])
        lines = chart.locator(".mark-line path")
        assert {line.get_attribute("stroke") for line in lines.all()} == colours
        box, told = chart.bounding_box(), page.locator("#vg-tooltip-element.visible")
        for share, epoch, accuracy in ((0.35, 1, r"61\.23 %"), (0.6, 2, r"62\.00 %"), (0.9, 3, r"63\.00 %")):
            page.mouse.move(box["x"] + share * box["width"], box["y"] + 0.4 * box["height"], steps=5)
            expect(told).to_have_text(re.compile(rf"Epoch\s*{epoch}\s*training\s*50\.00 %\s*test\s*{accuracy}"))
        region = page.locator(".st-key-curves [role=graphics-document]").first
        expect(region).to_have_attribute("aria-label", re.compile(r"63\.00 % on test images after epoch 3"))
