"""Strokes varied as people vary: the digit stays where it is and as large, but nobody writes it the same way twice."""

import numpy as np
import pytest

from model.data.variation import draw_unevenly, resample, vary_strokes
from model.preprocessing import bounds, draw_strokes
from tests.support.digits import DIGITS


@pytest.mark.parametrize("digit", DIGITS)
def test_a_digit_stays_about_where_it_is_and_never_comes_out_the_same(digit):
    rng = np.random.default_rng(digit)
    low, high = bounds(DIGITS[digit])
    size = (high - low).max()
    varied = [vary_strokes(DIGITS[digit], rng) for _ in range(30)]
    assert all(len(strokes) == len(DIGITS[digit]) for strokes in varied)
    for strokes in varied:
        new_low, new_high = bounds(strokes)
        assert np.abs((new_low + new_high) / 2 - (low + high) / 2).max() < 0.25 * size
        assert 0.7 * size < (new_high - new_low).max() < 1.5 * size
    assert len({np.concatenate(strokes).tobytes() for strokes in varied}) > 25


def test_the_given_strokes_stay_as_they_are():
    strokes = [stroke.copy() for stroke in DIGITS[4]]
    vary_strokes(strokes, np.random.default_rng(0))
    assert all(np.array_equal(*pair) for pair in zip(strokes, DIGITS[4], strict=True))


def test_a_dot_and_a_stroke_without_length_can_be_varied():
    dot, still = np.array([[0.5, 0.5]]), np.array([[0.5, 0.5], [0.5, 0.5]])
    for seed in range(30):
        varied = vary_strokes([dot, still], np.random.default_rng(seed))
        assert all(np.isfinite(stroke).all() for stroke in varied)
        draw_unevenly(varied, 10, np.random.default_rng(seed))


def test_points_are_spread_evenly_and_the_ends_stay():
    stroke = np.array([[0, 0], [0.1, 0], [1, 0]])
    even = resample(stroke, 0.25)
    assert even[:, 0] == pytest.approx([0, 0.25, 0.5, 0.75, 1])
    assert np.array_equal(resample(stroke[:1], 0.25), stroke[:1])


def test_an_uneven_pen_is_thinner_in_places_and_thicker_in_others():
    bar = [np.array([[0.2, 0.5], [0.8, 0.5]])]
    even = (draw_strokes(bar, 20)[:, 70:210] > 127).sum(axis=0)
    drawn = [draw_unevenly(bar, 20, np.random.default_rng(seed)) for seed in range(10)]
    widths = np.array([(picture[:, 70:210] > 127).sum(axis=0) for picture in drawn])
    assert np.ptp(even) <= 1
    assert np.ptp(widths, axis=1).min() >= 2
    assert np.ptp(widths, axis=1).max() >= 6
    assert widths.mean() == pytest.approx(even.mean(), abs=2.5)
