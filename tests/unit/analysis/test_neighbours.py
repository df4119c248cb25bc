import time

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from model.analysis import BEYOND, WORDS, build_index, find_nearest
from model.data import Images, augment_images, load_embedded_digits


@pytest.fixture(scope="module")
def digits():
    return load_embedded_digits().train


@pytest.fixture(scope="module")
def index(digits):
    return build_index(digits)


def as_input(image):
    return image.astype(np.float32) / 255


@pytest.mark.parametrize("own", [0, 35, 1437])
def test_a_training_image_is_its_own_nearest_neighbour(index, digits, own):
    nearest = find_nearest(index, as_input(digits.images[own]))
    first = nearest[0]
    assert (first.index, first.label, first.distance, first.word) == (own, digits.labels[own], 0.0, WORDS[0][0])
    assert len(nearest) == 10


def test_the_nearest_by_all_pixels_are_found(index, digits):
    """The components only choose candidates: the result is that of a search over all pixels."""
    augmented = augment_images(digits.images[::240], np.random.default_rng(0))
    for image in map(as_input, augmented):
        distances = np.linalg.norm((digits.images / 255 - image).reshape(len(digits.labels), -1), axis=1)
        found = find_nearest(index, image)
        assert [each.distance for each in found] == pytest.approx(np.sort(distances)[:10], rel=1e-4)
        assert [each.label for each in found] == [digits.labels[each.index] for each in found]


def test_words_follow_the_distance(index, digits):
    order = [word for word, _ in WORDS] + [BEYOND]
    nearest = find_nearest(index, as_input(digits.images[5]), 100)
    words = [order.index(each.word) for each in nearest]
    assert words == sorted(words)
    noise = np.random.default_rng(0).random((28, 28), np.float32)
    assert {each.word for each in find_nearest(index, noise)} == {BEYOND}


def test_only_the_numbers_that_are_asked_for_are_searched(digits):
    numbers = np.random.default_rng(0).permutation(len(digits.labels))[:150]
    index = build_index(digits, numbers)
    found = find_nearest(index, as_input(digits.images[numbers[7]]))
    assert (found[0].index, found[0].label, found[0].distance) == (numbers[7], digits.labels[numbers[7]], 0.0)
    assert {each.index for each in found} <= set(numbers.tolist())


def test_a_few_images_are_enough():
    images = Images(np.eye(28, dtype=np.uint8)[None] * np.array([9, 99, 255], np.uint8)[:, None, None], np.arange(3))
    found = find_nearest(build_index(images), as_input(images.images[1]))
    assert [each.index for each in found] == [1, 0, 2]


def test_a_search_is_faster_than_comparing_all_pixels():
    images = Images(np.random.default_rng(0).integers(0, 256, (20_000, 28, 28), np.uint8), np.zeros(20_000, np.uint8))
    index, wanted = build_index(images), as_input(images.images[0])
    pixels = images.images.reshape(len(images.labels), -1).astype(np.float32) / 255

    def seconds(search):
        """Of this thread at work, so that it does not matter what else the machine does."""
        started = time.thread_time()
        search()
        return time.thread_time() - started

    with threadpool_limits(1):
        searches = [seconds(lambda: find_nearest(index, wanted)) for _ in range(7)]
        comparisons = [seconds(lambda: np.linalg.norm(pixels - wanted.ravel(), axis=1).argsort()) for _ in range(7)]
    assert min(searches) < min(comparisons)
