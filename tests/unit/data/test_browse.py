import numpy as np
import pytest

from model.data import Images, describe, image_page


def test_facts_are_shape_range_and_counts():
    images = np.full((5, 28, 28), 7, np.uint8)
    images[3, 0, 0] = 250
    facts = describe(Images(images, np.array([1, 1, 9, 0, 1])))
    assert (facts.shape, facts.lowest, facts.highest) == ((5, 28, 28), 7, 250)
    assert facts.counts == (1, 3, 0, 0, 0, 0, 0, 0, 0, 1)


@pytest.mark.parametrize(
    ("digit", "page", "expected"),
    [
        (None, 1, ([0, 1], 3)),
        (None, 3, ([4], 3)),
        (None, 99, ([4], 3)),
        (1, 1, ([0, 1], 2)),
        (1, 2, ([4], 2)),
        (5, 1, ([], 1)),
        (9, 0, ([2], 1)),
    ],
)
def test_a_page_holds_the_images_of_a_digit_or_of_all(digit, page, expected):
    assert image_page(np.array([1, 1, 9, 0, 1], np.uint8), digit, page, 2) == expected
