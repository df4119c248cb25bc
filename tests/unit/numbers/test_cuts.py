import cv2
import numpy as np
import pytest

from model.numbers.cuts import FINENESS, cut
from model.numbers.pieces import Piece, join, trimmed


def two_rings(gap=-6, height=90):
    """Two rings of which the second begins `gap` pixels after the first, on a canvas of their own."""
    picture = np.zeros((height, 2 * height + gap), np.uint8)
    for middle in (height // 2, height + gap + height // 2):
        cv2.circle(picture, (middle, height // 2), height // 2 - 5, 255, 8)
    return picture


@pytest.mark.parametrize("fineness", FINENESS)
def test_the_parts_make_up_the_piece_from_left_to_right(fineness):
    piece = trimmed(two_rings(), 40, 30)
    parts = cut(piece, 90, fineness)
    assert len(parts) > 2
    assert np.array_equal(join(parts).ink, piece.ink)
    assert (join(parts).left, join(parts).top) == (piece.left, piece.top)
    assert sum(np.count_nonzero(part.ink) for part in parts) == np.count_nonzero(piece.ink)
    middles = [part.left + part.width / 2 for part in parts]
    assert middles == sorted(middles)


def test_rings_that_touch_are_cut_where_they_touch():
    parts = cut(trimmed(two_rings(), 0, 0), 90, FINENESS[0])
    assert any(abs(part.left - 84) <= 8 for part in parts)


def test_where_less_ink_is_cut_the_cost_is_lower():
    """A thin line from one ring to the other is less than the two strokes of a ring."""
    picture = two_rings(gap=10)
    picture[40:44, 80:110] = 255
    parts = cut(trimmed(picture, 0, 0), 90, FINENESS[0])
    cheapest = min(parts[1:], key=lambda part: part.cut)
    assert 80 <= cheapest.left <= 110


@pytest.mark.parametrize("shape", [(1, 1), (5, 300), (300, 1), (9, 4000)])
def test_pieces_of_any_shape_can_be_cut(shape):
    piece = Piece(0, 0, np.full(shape, 255, np.uint8))
    parts = cut(piece, shape[0], FINENESS[-1])
    assert np.array_equal(join(parts).ink, piece.ink)


@pytest.mark.parametrize("fineness", FINENESS)
def test_a_bar_is_not_cut(fineness):
    """It would fall into dozens of pieces, and all that they can be joined to would be read."""
    picture = np.zeros((60, 240), np.uint8)
    cv2.line(picture, (20, 30), (220, 34), 255, 20)
    (part,) = cut(trimmed(picture, 0, 0), 24, fineness)
    assert part.width > 200
