import numpy as np
import pytest

from model.data import write_forms
from model.data.forms import FORMS, hurried, line
from model.preprocessing import draw_strokes, prepare


@pytest.mark.parametrize(("digit", "form"), FORMS)
def test_each_form_stays_in_its_box_and_never_comes_out_the_same(digit, form):
    rng = np.random.default_rng(0)
    written = [np.concatenate(form(rng)) for _ in range(20)]
    assert all(points.min() > -0.1 and points.max() < 1.1 for points in written)
    heights = {round(float(np.ptp(points[:, 1])), 6) for points in written}
    assert min(heights) > 0.5
    assert len({points.tobytes() for points in written}) == len(written)


def test_every_form_can_be_drawn_and_prepared():
    written = write_forms(3, np.random.default_rng(0))
    assert sorted({entry.digit for entry in written}) == [1, 4, 7, 8, 9]
    assert len(written) == 3 * len(FORMS)
    assert all(prepare(draw_strokes(entry.strokes, 20)) is not None for entry in written)


def test_the_same_seed_writes_the_same_strokes():
    first, second = (write_forms(1, np.random.default_rng(5)) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        assert all(np.array_equal(*pair) for pair in zip(one.strokes, other.strokes, strict=True))


def test_haste_rounds_a_corner_and_keeps_the_ends():
    corner = line((0, 0), (1, 0), (1, 1))
    rounded = hurried(corner, np.random.default_rng(1))
    assert np.linalg.norm(rounded - (1, 0), axis=1).min() > 0
    assert np.abs(rounded[[0, -1]] - corner[[0, -1]]).max() < 0.1
