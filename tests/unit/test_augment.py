"""Training images are varied, drawn from strokes, and prepared as the page prepares a drawing."""

import json

import numpy as np
import pytest

from model import training
from model.augment import draw_varied, enlarge_image, prepare_again, vary
from model.data import Images
from model.errors import InputError
from model.networks import NETWORKS
from model.preprocess import SIZE, prepare, to_bytes
from model.settings import default_settings
from model.strokes import StrokeDigit, draw
from model.training import STROKE_COPIES, load_images
from tests.drawings import DIGITS


def test_the_same_chance_varies_images_in_the_same_way():
    images = np.stack([draw(strokes, 3, SIZE) for strokes in DIGITS.values()])
    one, same, other = (vary(images, np.random.default_rng(seed)) for seed in (0, 0, 1))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    assert one.dtype == np.uint8
    assert all(0.4 < after.mean() / before.mean() < 2.5 for before, after in zip(images, one, strict=True))


def test_strokes_become_training_images():
    entries = [StrokeDigit(digit, 0, strokes) for digit, strokes in DIGITS.items()]
    images, labels = draw_varied(entries, 2, np.random.default_rng(0))
    assert images.shape == (20, SIZE, SIZE)
    assert images.max(axis=(1, 2)).min() > 150
    assert labels.tolist() == [entry.digit for entry in entries for _ in range(2)]


def test_images_are_prepared_as_the_page_would():
    """A thick digit comes out thinner, each as one of its two enlargements, and a blank one not at all."""
    thick = np.stack([draw(strokes, 5, SIZE) for strokes in DIGITS.values()] + [np.zeros((SIZE, SIZE), np.uint8)])
    labels = np.array([*DIGITS, 0], np.uint8)
    made = prepare_again(Images(thick, labels), np.random.default_rng(0))
    assert made.labels.tolist() == list(DIGITS)
    for before, after in zip(thick, made.images, strict=False):
        ways = [to_bytes(prepare(enlarge_image(before, way))) for way in (0, 2)]  # nearest, bicubic
        assert any(np.array_equal(after, way) for way in ways)
    assert made.images.sum() < 0.9 * thick.sum()


def test_only_the_reader_sees_each_image_twice():
    for name, times in (("reader", 2), ("quick", 1)):
        settings = default_settings(name) | {"data": "digits", "images": 50, "strokes": None}
        images = load_images(settings, NETWORKS[name])[0]
        assert (images.labels < 10).sum() == times * 50


def write_file(path, *entries):
    """A stroke file of (writer, strokes), each a 7."""
    content = [
        {"digit": 7, "writer": writer, "strokes": [each.tolist() for each in strokes]} for writer, strokes in entries
    ]
    path.write_text(json.dumps(content), encoding="utf-8")
    return default_settings("reader") | {"data": "digits", "images": 50, "strokes": str(path)}


@pytest.mark.parametrize("writer", [0, 1, 31])
def test_whoever_is_not_kept_to_decide_on_is_trained_on(tmp_path, monkeypatch, writer):
    monkeypatch.setattr(training, "FORM_COPIES", 1)
    mine = [write_file(tmp_path / f"{count}.json", *[(writer, DIGITS[7])] * count) for count in (1, 11)]
    few, more = (load_images(settings, NETWORKS["reader"])[0] for settings in mine)
    assert (more.labels == 7).sum() - (few.labels == 7).sum() == 10 * STROKE_COPIES


def test_strokes_to_decide_on_alone_are_refused(tmp_path):
    with pytest.raises(InputError, match="give yours another number"):
        load_images(write_file(tmp_path / "mine.json", (25, DIGITS[7])), NETWORKS["reader"])
