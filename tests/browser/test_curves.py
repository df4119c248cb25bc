"""The curves in a real browser: wherever one points, they tell the values of the nearest epoch."""

import re

import pytest
from playwright.sync_api import expect

from model.runs import append_history, claim_training
from tests.support.runs import ROW, make_usable_run
from tests.support.server import PATIENCE, serve

expect.set_options(timeout=PATIENCE)


COLOURS = {"light": {"#2563eb", "#c2570c"}, "dark": {"#6ea0ff", "#f28e2b"}}


@pytest.fixture
def trained(tmp_path):
    """The address of a page whose last training had three epochs."""
    runs = tmp_path / "runs"
    folder = make_usable_run(runs, "mine")
    for epoch in (2, 3):
        append_history(folder, ROW | {"epoch": epoch, "val_accuracy": 0.6 + epoch / 100})
    claim_training(runs, "mine")
    with serve(runs) as (address, _):
        yield address


def test_pointing_anywhere_at_a_curve_tells_the_values_of_the_nearest_epoch(open_page, trained):
    for scheme, colours in COLOURS.items():
        page = open_page(trained, color_scheme=scheme)
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
