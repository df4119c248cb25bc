import numpy as np
import pytest

from model.data import write_forms
from model.data.curves import curve, hurried, line
from model.data.forms import FORMS, SHARED_FORM, SHARES
from model.data.signs import comparison, crossed_ring, integral, root, total
from model.preprocessing import draw_strokes, prepare


@pytest.mark.parametrize(("digit", "form"), [*FORMS, (1, SHARED_FORM)])
def test_each_form_stays_in_its_box_and_never_comes_out_the_same(digit, form):
    rng = np.random.default_rng(0)
    written = [np.concatenate(form(rng)) for _ in range(20)]
    assert all(points.min() > -0.1 and points.max() < 1.1 for points in written)
    assert min(np.ptp(points, axis=0).max() for points in written) > 0.5
    assert len({points.tobytes() for points in written}) == len(written)


def test_every_form_can_be_drawn_and_prepared():
    written = write_forms(3, np.random.default_rng(0))
    assert sorted({entry.digit for entry in written}) == list(range(10))
    assert all(prepare(draw_strokes(entry.strokes, 20)) is not None for entry in written)


def test_a_form_that_two_digits_share_is_written_as_either():
    without_shared = np.bincount([digit for digit, _ in FORMS for _ in range(10)], minlength=10)
    more = np.bincount([entry.digit for entry in write_forms(10, np.random.default_rng(0))]) - without_shared
    assert {digit: count / 10 for digit, count in enumerate(more) if count} == SHARES


def test_the_same_seed_writes_the_same_strokes():
    first, second = (write_forms(1, np.random.default_rng(5)) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        assert all(np.array_equal(*pair) for pair in zip(one.strokes, other.strokes, strict=True))


def test_haste_rounds_a_corner_and_keeps_the_ends():
    corner = line((0, 0), (1, 0), (1, 1))
    rounded = hurried(corner, np.random.default_rng(1))
    assert np.linalg.norm(rounded - (1, 0), axis=1).min() > 0
    assert np.abs(rounded[[0, -1]] - corner[[0, -1]]).max() < 0.1


def test_a_curve_is_smooth_and_passes_through_its_knots():
    knots = np.array([(0.1, 0.1), (0.5, 0.9), (0.9, 0.1)])
    drawn = curve(*knots)
    assert all(np.linalg.norm(drawn - knot, axis=1).min() < 1e-9 for knot in knots)
    way = np.diff(drawn, axis=0)
    turns = np.abs(np.diff(np.unwrap(np.arctan2(way[:, 1], way[:, 0]))))
    assert turns.max() < np.pi / 3  # at a corner of straight lines it would be above a right angle


@pytest.mark.parametrize("sign", [integral, root, total, crossed_ring, comparison])
def test_each_sign_stays_in_its_box_and_never_comes_out_the_same(sign):
    rng = np.random.default_rng(0)
    written = [np.concatenate(sign(rng)) for _ in range(20)]
    assert all(points.min() > -0.15 and points.max() < 1.15 for points in written)
    assert len({points.tobytes() for points in written}) == len(written)
