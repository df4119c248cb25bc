import cv2
import numpy as np
import pytest

from model.numbers.pieces import join, trimmed
from model.numbers.traces import MAX_STROKES, WAYS, thin, trace

CROSS = [[(10, 50), (90, 50)], [(50, 10), (50, 90)]]
FORK = [[(10, 10), (90, 10)], [(50, 10), (50, 90)]]
TWO_CROSSES = [[(10, 50), (160, 50)], [(50, 10), (50, 90)], [(120, 10), (120, 90)]]


def drawn(lines, pen=8, size=(110, 180)):
    picture = np.zeros(size, np.uint8)
    for line in lines:
        cv2.polylines(picture, [np.array(line, np.int32)], False, 255, pen, cv2.LINE_AA)
    return trimmed(picture, 0, 0, 0.5)


def boxes(pieces):
    return {(piece.left, piece.top, piece.right, piece.bottom) for piece in pieces}


def near(box, other, pixels=6):
    return bool(np.abs(np.subtract(box, other)).max() <= pixels)


@pytest.mark.parametrize("lines", [CROSS, TWO_CROSSES])
@pytest.mark.parametrize("pen", [4, 8, 12])
def test_lines_that_cross_are_a_stroke_each(lines, pen):
    expected = [drawn([line], pen) for line in lines]
    for parts in trace(drawn(lines, pen)):
        assert len(parts) == len(lines)
        assert all(any(near(box, other) for box in boxes(parts)) for other in boxes(expected))


def test_a_line_that_ends_at_the_side_of_another_divides_it():
    assert {len(parts) for parts in trace(drawn(FORK))} == {3}


@pytest.mark.parametrize("lines", [CROSS, FORK, TWO_CROSSES])
def test_strokes_make_up_the_piece_with_its_bumps(lines):
    """All of them together must not be read as another digit than the piece."""
    piece = drawn([*lines, [(50, 30), (55, 30)]])
    for parts in trace(piece):
        assert len(parts) > 1
        assert np.array_equal(join(parts).ink, piece.ink)


def test_what_lies_above_others_comes_before_them_in_one_way_and_after_them_in_another():
    places = [[part.width > part.height for part in parts].index(True) for parts in trace(drawn(CROSS, 6))]
    assert sorted(set(places)) == [0, 1]
    assert all(parts[0].cut == 0.5 and parts[1].cut > 0.5 for parts in trace(drawn(CROSS, 6)))


def test_what_has_no_junctions_too_many_or_no_room_for_them_is_one_piece():
    ring = np.zeros((100, 100), np.uint8)
    cv2.circle(ring, (50, 50), 40, 255, 8)
    fence = [[(x, 10), (x, 100)] for x in range(10, 10 + 20 * (MAX_STROKES + 1), 20)] + [[(5, 50), (400, 50)]]
    dot = np.full((8, 12), 255, np.uint8)
    for piece in (trimmed(ring, 0, 0), drawn([[(10, 10), (80, 90)]]), drawn(fence, 4, (110, 420)), trimmed(dot, 3, 4)):
        ways = trace(piece)
        assert len(ways) == WAYS
        assert all(len(parts) == 1 and np.array_equal(parts[0].ink, piece.ink) for parts in ways)


def test_bumps_at_the_edge_of_a_line_are_no_strokes():
    piece = drawn([[(20, 10), (20, 100)], [(20, 40), (25, 40)], [(20, 70), (15, 68)]], 10)
    assert {len(parts) for parts in trace(piece)} == {1}


def test_what_is_thinned_is_as_connected_and_one_pixel_wide():
    mask = np.pad((drawn(TWO_CROSSES, 12).ink > 127).astype(np.uint8), 1)
    thinned = thin(mask)
    assert (thinned <= mask).all()
    assert cv2.connectedComponents(thinned)[0] == 2
    assert not cv2.erode(thinned, np.ones((2, 2), np.uint8)).any()


def test_a_scribble_takes_no_long():
    """Every line crosses every other."""
    rng = np.random.default_rng(0)
    ways = trace(drawn([rng.integers(5, 105, (60, 2)).tolist()], 2))
    assert len(ways) == WAYS
