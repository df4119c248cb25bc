"""Augmentation distorts images, draws strokes in many ways, and prepares all as the page prepares a drawing."""

import numpy as np

from model.data import (
    Images,
    augment,
    augment_images,
    draw_augmented,
    draw_varied,
    enlarge_image,
    few_of_each,
    prepare_again,
)
from model.preprocessing import SIZE, StrokeDigit, draw_strokes, prepare, to_bytes
from tests.support.digits import DIGITS


def test_the_same_seed_distorts_images_in_the_same_way():
    images = np.stack([draw_strokes(strokes, 3, SIZE) for strokes in DIGITS.values()])
    one, same, other = (augment_images(images, np.random.default_rng(seed)) for seed in (0, 0, 1))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    assert one.dtype == np.uint8
    assert all(0.4 < after.mean() / before.mean() < 2.5 for before, after in zip(images, one, strict=True))


def test_drawings_are_distorted_more_than_scans():
    """In a batch that holds both, each is distorted as it would be among its own kind."""
    images = np.stack([draw_strokes(strokes, 3, SIZE) for strokes in DIGITS.values()]).repeat(40, axis=0)
    drawn = np.arange(len(images)) % 2 == 1
    together, less, more = (augment_images(images, np.random.default_rng(0), which) for which in (drawn, False, True))
    assert np.array_equal(together[drawn], more[drawn])
    assert np.array_equal(together[~drawn], less[~drawn])
    change = np.abs(together.astype(float) - images).mean(axis=(1, 2))
    assert change[drawn].mean() > 1.1 * change[~drawn].mean()


def tilts(images):
    """How much further down each level line, uint8 (N, H, W), is at its right end than at its left."""
    columns = np.arange(images.shape[2]) / images.shape[2] - 0.5
    rows = np.arange(images.shape[1])[:, None]
    weights = images / images.sum(axis=(1, 2), keepdims=True)
    return (weights * (rows - (weights * rows).sum(axis=(1, 2), keepdims=True)) * columns).sum(axis=(1, 2))


def test_a_1_and_a_7_are_turned_less_than_the_others():
    """Turned as far as the others, each would look like the other."""
    level = [np.array([[0.2, 0.5], [0.8, 0.5]])]
    images = np.repeat(draw_strokes(level, 3, SIZE)[None], 200, axis=0)
    augmented = {
        digit: augment_images(images, np.random.default_rng(0), True, np.full(200, digit)) for digit in range(10)
    }
    drawn = {
        digit: np.stack([draw_varied(level, np.random.default_rng(seed), digit) for seed in range(100)])
        for digit in range(10)
    }
    for made in (augmented, drawn):
        tilt = {digit: tilts(each.astype(float)).std() for digit, each in made.items()}
        assert max(tilt[1], tilt[7]) < 0.8 * min(tilt[digit] for digit in (0, 2, 3, 4, 5, 6, 8, 9))


def test_images_are_bent_smoothly_and_as_far_as_is_wanted():
    bends = augment._bends(np.array([0.5, 2.0]), np.random.default_rng(0))
    assert np.allclose(bends.std(axis=(1, 2)), [0.5, 2.0], rtol=1e-4)
    fields = bends.reshape(2, 2, SIZE, SIZE)
    assert (np.abs(np.diff(fields, axis=-1)).mean(axis=(1, 2, 3)) < 0.3 * bends.std(axis=(1, 2))).all()


def test_strokes_become_training_images():
    entries = [StrokeDigit(digit, 0, strokes) for digit, strokes in DIGITS.items()]
    images, labels = draw_augmented(entries, 2, np.random.default_rng(0))
    assert images.shape == (20, SIZE, SIZE)
    assert images.max(axis=(1, 2)).min() > 150
    assert labels.tolist() == [entry.digit for entry in entries for _ in range(2)]


def test_images_are_prepared_as_the_page_would():
    """A thick digit comes out thinner, each as one of its two enlargements, and a blank one is left out."""
    thick = np.stack(
        [draw_strokes(strokes, 5, SIZE) for strokes in DIGITS.values()] + [np.zeros((SIZE, SIZE), np.uint8)]
    )
    labels = np.array([*DIGITS, 0], np.uint8)
    prepared = prepare_again(Images(thick, labels), np.random.default_rng(0))
    assert prepared.labels.tolist() == list(DIGITS)
    for before, after in zip(thick, prepared.images, strict=False):
        ways = [to_bytes(prepare(enlarge_image(before, way))) for way in (0, 2)]  # nearest, bicubic
        assert any(np.array_equal(after, way) for way in ways)
    assert prepared.images.sum() < 0.9 * thick.sum()


def test_nobody_who_wrote_a_lot_dominates():
    groups = ["many"] * 90 + ["few"] * 10
    chosen = few_of_each(groups, 20, np.random.default_rng(0))
    assert np.bincount(chosen >= 90).tolist() == [20, 10]
    assert len(set(chosen.tolist())) == 30
    other = few_of_each(groups, 20, np.random.default_rng(1))
    assert set(chosen.tolist()) != set(other.tolist())
    assert few_of_each([], 20, np.random.default_rng(0)).tolist() == []
