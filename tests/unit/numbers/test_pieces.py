import tracemalloc

import numpy as np
import pytest

from model.numbers.pieces import MAX_PIECES, by_strokes, join, lines, of_ink, of_strokes
from model.preprocessing import PenStroke, draw_with_pens


def bars(places, shape=(300, 600), size=(60, 12)):
    """Ink with a bar at each place, x and y."""
    ink = np.zeros(shape, np.uint8)
    for x, y in places:
        ink[y : y + size[0], x : x + size[1]] = 255
    return ink


def starts(line):
    return [(piece.left, piece.top) for piece in line]


def test_connected_ink_is_a_piece():
    pieces = of_ink(bars([(10, 20), (100, 20), (108, 60)]))
    assert sorted(starts(pieces)) == [(10, 20), (100, 20)]
    assert all(piece.ink.any(axis=0).all() for piece in pieces)


def test_lines_come_from_top_to_bottom_and_pieces_from_left_to_right():
    places = [(300, 120), (40, 20), (10, 110), (200, 30), (90, 210)]
    found = lines(of_ink(bars(places)))
    assert [starts(line) for line in found] == [[(40, 20), (200, 30)], [(10, 110), (300, 120)], [(90, 210)]]


def test_a_bar_belongs_to_the_line_that_it_is_nearest_to():
    ink = bars([(40, 20), (40, 160)])
    ink[150:156, 60:90] = 255
    assert [len(line) for line in lines(of_ink(ink))] == [1, 2]


def test_small_pieces_are_joined_to_their_neighbour_or_left_out():
    ink = bars([(40, 20), (200, 20)])
    ink[40:46, 56:62] = 255
    ink[40:46, 120:126] = 255
    (line,) = lines(of_ink(ink))
    assert [(piece.left, piece.right) for piece in line] == [(40, 62), (200, 212)]


def test_too_many_pieces_are_none():
    places = [(x, y) for x in range(5, 590, 18) for y in (5, 70, 135, 200, 235)]
    assert len(of_ink(bars(places[:100]))) <= MAX_PIECES
    assert of_ink(bars([(x, y) for x in range(2, 590, 16) for y in range(2, 290, 30)], size=(20, 10))) == []
    assert of_strokes([PenStroke(np.zeros((1, 2)), 3.0)] * (MAX_PIECES + 1)) == []


def test_strokes_that_touch_are_one_piece_until_it_is_divided():
    across, down, apart = (
        PenStroke(np.array(points, float), 6) for points in ([[20, 50], [80, 50]], [[40, 20], [40, 90]], [[120, 20]])
    )
    pieces = of_strokes([across, apart, down])
    assert [piece.strokes for piece in pieces] == [(across, down), (apart,)]
    assert [part.strokes for part in by_strokes(pieces[0])] == [(down,), (across,)]
    assert by_strokes(pieces[1]) == [pieces[1]]


def test_no_ink_makes_no_lines():
    assert lines(of_ink(np.zeros((40, 40), np.uint8))) == []


@pytest.mark.parametrize("width", [1, 9, 24])
def test_a_stroke_is_drawn_as_on_the_whole_picture(width):
    strokes = [
        PenStroke(np.array([[30.0, 40.0], [90.5, 60.25], [70.0, 120.0]]), width),
        PenStroke(np.array([[150.0, 80.0]]), width),
    ]
    whole = draw_with_pens(strokes, 200)
    joined = join(of_strokes(strokes))
    drawn = whole[joined.top : joined.bottom, joined.left : joined.right]
    assert np.abs(drawn.astype(int) - joined.ink).max() <= 60
    assert np.count_nonzero(whole) == np.count_nonzero(drawn)
    assert joined.strokes == tuple(strokes)


@pytest.mark.parametrize("far", [4_000, 50_000])
def test_strokes_far_outside_the_picture_take_no_memory(far):
    """A browser may say anything, and a table as large as what such strokes span would be enormous."""
    near = PenStroke(np.array([[10.0, 10.0], [20.0, 20.0]]), 20)
    away = PenStroke(np.array([[-far, -far], [-far + 3.0, -far]]), 20)
    long = PenStroke(np.array([[-far, 10.0], [far, far]]), 20)
    tracemalloc.start()
    assert of_strokes([near, away]) == of_strokes([near, long]) == []
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()
