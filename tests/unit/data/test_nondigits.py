import numpy as np
import pytest

from model.data import TRAINING_KINDS, UNSEEN_KINDS, Images, draw_nondigits
from model.preprocessing import prepare, to_bytes
from tests.support.digits import DIGITS, on_canvas

OWN = Images(
    np.stack([to_bytes(prepare(on_canvas(digit, 0.6))) for digit in DIGITS]),
    np.array(list(DIGITS), np.uint8),
)


@pytest.mark.parametrize("kind", [*TRAINING_KINDS, *UNSEEN_KINDS])
def test_each_kind_makes_varied_images(kind):
    maker = (TRAINING_KINDS | UNSEEN_KINDS)[kind]
    images = draw_nondigits({kind: maker}, 6, OWN, np.random.default_rng(0))
    assert images.shape == (6, 28, 28)
    assert images.dtype == np.uint8
    assert images.max(axis=(1, 2)).min() > 100
    assert len(np.unique(images, axis=0)) > 1
    assert np.array_equal(images, draw_nondigits({kind: maker}, 6, OWN, np.random.default_rng(0)))


def test_kinds_that_cannot_be_made_are_left_out():
    ones = Images(OWN.images[OWN.labels == 1], np.array([1], np.uint8))
    assert (
        len(draw_nondigits(TRAINING_KINDS, 2 * len(TRAINING_KINDS), ones, np.random.default_rng(0)))
        == 2 * len(TRAINING_KINDS) - 2
    )
    assert draw_nondigits(TRAINING_KINDS, 0, OWN, np.random.default_rng(0)).shape == (0, 28, 28)


def test_no_kind_is_both_trained_on_and_tested_with():
    assert not TRAINING_KINDS.keys() & UNSEEN_KINDS.keys()
