import numpy as np
import pytest

from model.analysis import MAX_MAPS, evidence_picture, evidence_scale, map_sheet
from model.analysis.pictures import AGAINST, FOR, NEUTRAL
from model.data import Images, describe, image_page


def test_facts():
    images = np.full((5, 28, 28), 7, np.uint8)
    images[3, 0, 0] = 250
    assert describe(Images(images, np.array([1, 1, 9, 0, 1]))) == ((5, 28, 28), 7, 250, (1, 3, 0, 0, 0, 0, 0, 0, 0, 1))


@pytest.mark.parametrize(
    ("digit", "page", "expected"),
    [(None, 1, ([0, 1], 3)), (None, 3, ([4], 3)), (None, 99, ([4], 3)), (1, 1, ([0, 1], 2)), (1, 2, ([4], 2)),
     (5, 1, ([], 1)), (9, 0, ([2], 1))],
)  # fmt: skip
def test_pages(digit, page, expected):
    assert image_page(np.array([1, 1, 9, 0, 1], np.uint8), digit, page, 2) == expected


def test_maps_keep_their_places_and_share_one_scale():
    values = np.zeros((3, 4, 10), np.float32)
    values[..., 0], values[..., 9] = 1, 0.5
    sheet = map_sheet(values)
    assert sheet.shape == (2 * 4 + 1, 8 * 5 + 1)
    assert (sheet[1:4, 1:5] == 255).all()
    assert (sheet[1:4, 6:10] == 0).all()
    assert (sheet[5:8, 6:10] == 128).all()


def test_values_below_nothing_are_the_darkest():
    sheet = map_sheet(np.array([[[-1.0, 1.0]]], np.float32))
    assert (sheet[1, 1], sheet[1, 3]) == (0, 255)


@pytest.mark.parametrize("values", [np.zeros((2, 2, 3)), np.ones((7, 7, 512)), np.full((1, 1, 1), -3.0)])
def test_no_maps_are_too_plain_or_too_many(values):
    sheet = map_sheet(values.astype(np.float32))
    assert sheet.size <= (7 + 1) ** 2 * MAX_MAPS * 2


def test_evidence_has_a_colour_for_each_way():
    image, credit = np.zeros((28, 28), np.float32), np.zeros((28, 28), np.float32)
    image[0, :4] = 1, 1, 1, 0.5
    credit[0, :4] = 2, -2, 0, 2
    picture = evidence_picture(credit, image)
    assert picture[0, :4].tolist() == [[*FOR], [*AGAINST], [*NEUTRAL], [round(each / 2) for each in FOR]]
    assert not picture[1:].any()
    assert evidence_picture(credit * 0, image)[0, 0].tolist() == [*NEUTRAL]
    assert evidence_scale()[0, [0, -1]].tolist() == [[*AGAINST], [*FOR]]


def test_for_and_against_differ_in_more_than_red_and_green():
    """Blue against orange: the colour-blind see them apart by their blue."""
    assert FOR[2] - AGAINST[2] > 150
