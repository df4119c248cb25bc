import numpy as np
import pytest

from model.analysis import MAX_MAPS, evidence_picture, evidence_scale, map_sheet
from model.analysis.pictures import AGAINST, FOR, NEUTRAL


def test_maps_stand_in_order_and_share_one_scale():
    values = np.zeros((3, 4, 10), np.float32)
    values[..., 0], values[..., 9] = 1, 0.5
    sheet = map_sheet(values)
    assert sheet.shape == (2 * 4 + 1, 8 * 5 + 1)
    assert (sheet[1:4, 1:5] == 255).all()
    assert (sheet[1:4, 6:10] == 0).all()
    assert (sheet[5:8, 6:10] == 128).all()


def test_negative_values_are_the_darkest():
    sheet = map_sheet(np.array([[[-1.0, 1.0]]], np.float32))
    assert (sheet[1, 1], sheet[1, 3]) == (0, 255)


@pytest.mark.parametrize("values", [np.zeros((2, 2, 3)), np.ones((7, 7, 512)), np.full((1, 1, 1), -3.0)])
def test_uniform_and_many_maps_make_a_sheet_of_bounded_size(values):
    sheet = map_sheet(values.astype(np.float32))
    assert sheet.size <= (7 + 1) ** 2 * MAX_MAPS * 2


def test_evidence_for_and_against_have_their_colours():
    image, credit = np.zeros((28, 28), np.float32), np.zeros((28, 28), np.float32)
    image[0, :4] = 1, 1, 1, 0.5
    credit[0, :4] = 2, -2, 0, 2
    picture = evidence_picture(credit, image)
    assert picture[0, :4].tolist() == [[*FOR], [*AGAINST], [*NEUTRAL], [round(each / 2) for each in FOR]]
    assert not picture[1:].any()
    assert evidence_picture(credit * 0, image)[0, 0].tolist() == [*NEUTRAL]
    assert evidence_scale()[0, [0, -1]].tolist() == [[*AGAINST], [*FOR]]


def test_for_and_against_can_be_told_apart_by_the_colour_blind():
    """Blue against orange: they differ in blue, not only in red and green."""
    assert FOR[2] - AGAINST[2] > 150
