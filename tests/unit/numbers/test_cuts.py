import cv2
import numpy as np
import pytest

from model.numbers.cuts import FINENESS, SHARED_ALONG, cut
from model.numbers.pieces import Piece, join, trimmed


def two_rings(gap=-6, height=90):
    """Two rings of which the second begins `gap` pixels after the first, on a canvas of their own."""
    picture = np.zeros((height, 2 * height + gap), np.uint8)
    for middle in (height // 2, height + gap + height // 2):
        cv2.circle(picture, (middle, height // 2), height // 2 - 5, 255, 8)
    return picture


WAYS = FINENESS[:1], FINENESS


@pytest.mark.parametrize("fineness", WAYS)
def test_the_parts_make_up_the_piece_from_left_to_right(fineness):
    piece = trimmed(two_rings(), 40, 30)
    parts = cut(piece, 90, fineness)
    assert len(parts) > 2
    assert np.array_equal(join(parts).ink, piece.ink)
    assert (join(parts).left, join(parts).top) == (piece.left, piece.top)
    assert 1 <= sum(np.count_nonzero(part.ink) for part in parts) / np.count_nonzero(piece.ink) < 1.2
    middles = [part.left + part.width / 2 for part in parts]
    assert middles == sorted(middles)


def test_rings_that_touch_are_cut_where_they_touch():
    parts = cut(trimmed(two_rings(), 0, 0), 90, FINENESS[:1])
    assert any(abs(part.left - 84) <= 8 for part in parts)


def test_where_less_ink_is_cut_the_cost_is_lower():
    """A thin line from one ring to the other is less than the two strokes of a ring."""
    picture = two_rings(gap=10)
    picture[40:44, 80:110] = 255
    parts = cut(trimmed(picture, 0, 0), 90, FINENESS[:1])
    cheapest = min(parts[1:], key=lambda part: part.cut)
    assert 80 <= cheapest.left <= 110


@pytest.mark.parametrize("shape", [(1, 1), (5, 300), (300, 1), (9, 4000)])
def test_pieces_of_any_shape_can_be_cut(shape):
    piece = Piece(0, 0, np.full(shape, 255, np.uint8))
    parts = cut(piece, shape[0], FINENESS)
    assert np.array_equal(join(parts).ink, piece.ink)


@pytest.mark.parametrize("fineness", WAYS)
def test_a_bar_is_not_cut(fineness):
    """It would fall into dozens of pieces, and all that they can be joined to would be read."""
    picture = np.zeros((60, 240), np.uint8)
    cv2.line(picture, (20, 30), (220, 34), 255, 20)
    (part,) = cut(trimmed(picture, 0, 0), 24, fineness)
    assert part.width > 200


def test_finer_parts_make_up_the_coarser_ones():
    piece = trimmed(two_rings(), 40, 30)
    coarse, fine = cut(piece, 90, FINENESS[:1]), cut(piece, 90, FINENESS)
    joined = [join(fine[start:end]) for start in range(len(fine)) for end in range(start + 1, len(fine) + 1)]
    assert len(fine) > len(coarse)
    for part in coarse:
        assert any(
            (part.left, part.top) == (other.left, other.top) and np.array_equal(part.ink, other.ink) for other in joined
        )


def test_a_stroke_that_is_cut_lengthwise_belongs_in_part_to_both_sides():
    """A thick bar down from a thin one: what follows it down the middle of the bar cuts it in two."""
    picture = np.zeros((90, 120), np.uint8)
    picture[40:48] = 255
    picture[10:80, 50:66] = 255
    parts = cut(trimmed(picture, 0, 0), 90, FINENESS)
    rows = [np.flatnonzero(np.pad(part.ink[20 - part.top], (part.left, 0))) for part in parts if part.height > 60]
    assert len(rows) >= 2
    shared = np.intersect1d(rows[0], rows[1])
    assert 0 < len(shared) <= 2 * SHARED_ALONG * 16 + 2
