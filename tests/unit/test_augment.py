"""Training images are varied, drawn from strokes, and prepared as the page prepares a drawing."""

import dataclasses
import json

import numpy as np
import pytest

from model import InputError
from model.data import NON_DIGIT, Images, augment_images, draw_augmented, enlarge_image, prepare_again
from model.networks import NETWORKS, SPARSE
from model.preprocessing import SIZE, StrokeDigit, draw_strokes, prepare, to_bytes
from model.runs.settings import default_settings
from model.training.batches import make_batches
from model.training.fit import fit as training
from model.training.images import STROKE_COPIES, load_images
from tests.support.digits import DIGITS


def test_the_same_chance_varies_images_in_the_same_way():
    images = np.stack([draw_strokes(strokes, 3, SIZE) for strokes in DIGITS.values()])
    one, same, other = (augment_images(images, np.random.default_rng(seed)) for seed in (0, 0, 1))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    assert one.dtype == np.uint8
    assert all(0.4 < after.mean() / before.mean() < 2.5 for before, after in zip(images, one, strict=True))


def test_what_was_drawn_from_strokes_is_varied_more():
    """In one batch with scans, and each as it would be alone."""
    images = np.stack([draw_strokes(strokes, 3, SIZE) for strokes in DIGITS.values()]).repeat(40, axis=0)
    drawn = np.arange(len(images)) % 2 == 1
    together, less, more = (augment_images(images, np.random.default_rng(0), which) for which in (drawn, False, True))
    assert np.array_equal(together[drawn], more[drawn])
    assert np.array_equal(together[~drawn], less[~drawn])
    change = np.abs(together.astype(float) - images).mean(axis=(1, 2))
    assert change[drawn].mean() > 1.1 * change[~drawn].mean()


def test_batches_know_which_images_were_drawn():
    """Those of label 1, behind 300 scans of the same 1."""
    images = np.repeat(draw_strokes(DIGITS[1], 3, SIZE)[None], 600, axis=0)
    labels = np.repeat(np.array([0, 1], np.uint8), 300)
    settings = default_settings("quick") | {"augment": True, "batch_size": 100}
    sparse = dataclasses.replace(NETWORKS["quick"], loss=SPARSE)
    batches = make_batches(Images(images, labels), 300, sparse, settings, 0, 0)
    pairs = [(np.abs(made[..., 0] * 255 - images[0]).mean(axis=(1, 2)), of) for made, of in batches.take(6)]
    change, label = np.concatenate([pair[0] for pair in pairs]), np.concatenate([pair[1] for pair in pairs])
    assert change[label == 1].mean() > 1.1 * change[label == 0].mean()


def test_drawings_are_seldomer_in_the_last_epochs_of_a_network_of_two_origins():
    """In 3 of 4 epochs each image is seen once; in the last, a quarter of the drawings, and all scans."""
    labels = np.repeat(np.array([0, 1, NON_DIGIT], np.uint8), [400, 300, 100])
    images = np.arange(800, dtype=np.uint16).view(np.uint8).reshape(800, 1, 2).repeat(28, axis=1).repeat(14, axis=2)
    settings = default_settings("reader") | {"augment": False, "batch_size": 100, "epochs": 4}
    batches = make_batches(Images(images, labels), 400, NETWORKS["reader"], settings, 0, 0).take(4 * 8)
    targets = np.concatenate([target for _, target in batches]).reshape(4, 800, 20)
    seen = np.concatenate([made.numpy()[:, 0, ::27, 0] * 255 for made, _ in batches]).reshape(4, 800, 2)
    assert [len(np.unique(epoch, axis=0)) for epoch in seen] == [800, 800, 800, 500]
    of_scans, of_drawn = targets[..., 0].sum(axis=1), targets[..., 11].sum(axis=1)
    assert of_scans[:3] == pytest.approx(np.full(3, 400 + 100 / 20))
    assert of_drawn[:3] == pytest.approx(np.full(3, 300 + 100 / 20))
    assert of_scans[3] > 700
    assert 50 < of_drawn[3] < 100
    assert np.allclose(targets.sum(axis=-1), 1)
    resumed = make_batches(Images(images, labels), 400, NETWORKS["reader"], settings, 0, 3).take(8)
    assert np.array_equal(np.concatenate([target for _, target in resumed]), targets[3])


def test_strokes_become_training_images():
    entries = [StrokeDigit(digit, 0, strokes) for digit, strokes in DIGITS.items()]
    images, labels = draw_augmented(entries, 2, np.random.default_rng(0))
    assert images.shape == (20, SIZE, SIZE)
    assert images.max(axis=(1, 2)).min() > 150
    assert labels.tolist() == [entry.digit for entry in entries for _ in range(2)]


def test_images_are_prepared_as_the_page_would():
    """A thick digit comes out thinner, each as one of its two enlargements, and a blank one not at all."""
    thick = np.stack(
        [draw_strokes(strokes, 5, SIZE) for strokes in DIGITS.values()] + [np.zeros((SIZE, SIZE), np.uint8)]
    )
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


def test_scans_come_first_and_strokes_and_what_is_no_digit_after_them(tmp_path, monkeypatch):
    monkeypatch.setattr(training, "FORM_COPIES", 1)
    settings = write_file(tmp_path / "mine.json", *[(1, DIGITS[7])] * 3)
    parts = load_images(settings, NETWORKS["reader"])
    assert parts.scans == 2 * 50  # each once more, as the page prepares it
    assert parts.training.labels[: parts.scans].max() < 10
    after = parts.training.labels[parts.scans :]
    assert (after == 7).sum() >= 3 * STROKE_COPIES
    assert (after == NON_DIGIT).any()
    quick = load_images(default_settings("quick") | {"data": "digits", "images": 50}, NETWORKS["quick"])
    assert quick.scans == len(quick.training.labels) == 50


def test_strokes_to_decide_on_alone_are_refused(tmp_path):
    with pytest.raises(InputError, match="give yours another number"):
        load_images(write_file(tmp_path / "mine.json", (25, DIGITS[7])), NETWORKS["reader"])
