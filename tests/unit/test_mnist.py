"""What only real MNIST can show. Skipped where DIGITS_MNIST does not name it."""

import os

import cv2
import numpy as np
import pytest

from model.data import load_data
from model.preprocessing import measure_thickness, prepare
from model.preprocessing.thickness import SCALE

pytestmark = pytest.mark.skipif("DIGITS_MNIST" not in os.environ, reason="DIGITS_MNIST names no mnist.npz")
COUNT = 1_000


@pytest.fixture(scope="module")
def test_images():
    images, labels = load_data("mnist").test
    return images[:COUNT], labels[:COUNT]


def enlarge(image, interpolation):
    return cv2.cvtColor(cv2.resize(image, None, fx=10, fy=10, interpolation=interpolation), cv2.COLOR_GRAY2RGBA)


@pytest.mark.parametrize("interpolation", [cv2.INTER_NEAREST, cv2.INTER_CUBIC])
def test_the_preparation_costs_hardly_any_accuracy(test_images, recognizer, interpolation):
    images, labels = test_images
    direct = recognizer.predict(images.astype(np.float32) / 255).argmax(axis=1)
    readings = recognizer.read_many([enlarge(image, interpolation) for image in images])
    prepared = np.array([reading.digit for reading in readings])
    assert (direct == labels).mean() > 0.985
    # All 10,000 lose at most 0.1 points (`python -m bench.accuracy`); among 1,000, chance may add three images.
    assert (direct == labels).sum() - (prepared == labels).sum() <= 4


def test_an_enlarged_image_comes_back_as_itself(test_images):
    changed = [np.abs(prepare(enlarge(image, cv2.INTER_NEAREST)) - image / 255).mean() for image in test_images[0]]
    assert np.median(changed) < 0.02


def test_thick_and_thin_strokes_come_into_range(test_images):
    prepared = [prepare(image) for image in test_images[0][:300]]
    enlarged = [cv2.resize(image, None, fx=SCALE, fy=SCALE, interpolation=cv2.INTER_CUBIC) for image in prepared]
    measured = [measure_thickness(np.clip(image * 255, 0, 255).astype(np.uint8)) / SCALE for image in enlarged]
    assert 1.47 < np.percentile(measured, 5) <= np.percentile(measured, 95) < 3.65
