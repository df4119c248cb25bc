"""The picture of a drawing, as it comes from a browser."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from tests.support.digits import on_canvas

PREFIX = "data:image/png;base64,"


@pytest.fixture(scope="module")
def picture(drawing_module):
    return drawing_module("picture")


def png(picture):
    content = io.BytesIO()
    Image.fromarray(picture).save(content, "PNG")
    return content.getvalue()


def sent(picture):
    return PREFIX + base64.b64encode(png(picture)).decode("ascii")


def test_a_sharp_canvas_is_read_at_the_usual_size(picture):
    sharp = on_canvas(7, 0.6, size=560)
    assert picture.to_picture(png(sharp)).shape == (280, 280)
    assert picture.alike(png(sharp), png(picture.to_picture(png(sharp))))


def test_a_wide_canvas_is_read_at_its_own_size(picture):
    sharp = np.hstack([on_canvas(7, 0.6, size=560), np.zeros((560, 840), np.uint8)])
    read = picture.to_picture(png(sharp))
    assert read.shape == (280, 700)
    assert picture.from_browser(sent(read)) == png(read)
    assert not picture.alike(png(sharp), png(sharp[:, :560]))


@pytest.mark.parametrize("size", [(280, 1400), (280, 699), (700, 280), (560, 560)])
def test_only_the_two_sizes_that_are_read_come_from_a_browser(picture, size):
    assert picture.from_browser(sent(np.zeros(size, np.uint8))) is None


def test_what_was_drawn_on_a_wide_canvas_is_kept_on_a_square_one(picture, drawing_module):
    wide = np.hstack([np.zeros((280, 400), np.uint8), on_canvas(7, 0.6), np.zeros((280, 20), np.uint8)])
    kept = picture.to_small_png(png(wide), drawing_module("fitting").Fit(1.0, -800.0, 0.0))
    assert np.array_equal(picture.to_picture(kept), on_canvas(7, 0.6))


def test_pictures_are_alike_if_only_the_edges_of_a_stroke_differ(picture):
    seven = on_canvas(7, 0.6)
    softer = np.clip(seven.astype(int) - 60, 0, 255).astype(np.uint8)
    dotted = seven.copy()
    dotted[5:45, 5:45] = 255
    assert picture.alike(png(seven), png(softer))
    assert not picture.alike(png(seven), png(dotted))
    assert not picture.alike(png(seven), b"no picture")


def test_a_blank_picture_is_like_no_other(picture):
    blank, speck = np.zeros((280, 280), np.uint8), np.zeros((280, 280), np.uint8)
    speck[100:105, 100:105] = 255
    assert picture.alike(png(blank), png(blank))
    assert not picture.alike(png(blank), png(speck))


def test_a_picture_from_a_browser_is_taken(picture):
    assert picture.from_browser(sent(on_canvas(7, 0.6))) == png(on_canvas(7, 0.6))


@pytest.mark.parametrize(
    "sample",
    [
        None,
        7,
        "",
        PREFIX,
        PREFIX + "not base64",
        PREFIX + base64.b64encode(b"no picture").decode("ascii"),
        sent(on_canvas(7, 0.6)).replace("image/png", "text/html"),
        sent(np.zeros((28, 28), np.uint8)),
        sent(np.zeros((3000, 3000), np.uint8)),
        PREFIX + "A" * 1_000_000,
        {"image": "x"},
    ],
)
def test_anything_else_is_ignored(picture, sample):
    assert picture.from_browser(sample) is None
