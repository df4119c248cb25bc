import dataclasses

import numpy as np

from model.data import NON_DIGIT, Images
from model.networks import NETWORKS, SPARSE
from model.preprocessing import SIZE, draw_strokes
from model.runs import Settings
from model.training.batches import make_batches
from tests.support.digits import DIGITS


def test_batches_know_which_images_are_drawings(monkeypatch):
    """Those with the label 1, behind 300 scans of the same 1."""
    images = np.repeat(draw_strokes(DIGITS[1], 3, SIZE)[None], 600, axis=0)
    labels = np.repeat(np.array([0, 1], np.uint8), 300)
    quick = NETWORKS["quick"]
    sparse = dataclasses.replace(quick, recipe=dataclasses.replace(quick.recipe, loss=SPARSE))
    monkeypatch.setitem(NETWORKS, "quick", sparse)
    settings = Settings.of("quick", augment=True, batch_size=100)
    batches = make_batches(Images(images, labels), 300, settings, 0, 0)
    pairs = [(np.abs(batch[..., 0] * 255 - images[0]).mean(axis=(1, 2)), label) for batch, label in batches.take(6)]
    change, label = np.concatenate([pair[0] for pair in pairs]), np.concatenate([pair[1] for pair in pairs])
    assert change[label == 1].mean() > 1.1 * change[label == 0].mean()


def test_a_network_of_two_origins_sees_fewer_drawings_in_its_last_epochs():
    """In 3 of 4 epochs, each image is seen once; in the last, four fifths of the drawings, and more scans."""
    labels = np.repeat(np.array([0, 1, NON_DIGIT], np.uint8), [400, 300, 100])
    images = np.arange(800, dtype=np.uint16).view(np.uint8).reshape(800, 1, 2).repeat(28, axis=1).repeat(14, axis=2)
    settings = Settings.of("reader", augment=False, batch_size=100, epochs=4)
    batches = list(make_batches(Images(images, labels), 400, settings, 0, 0).take(4 * 8))
    targets = np.concatenate([target for _, target in batches]).reshape(4, 800, 21)
    seen = np.concatenate([batch.numpy()[:, 0, ::27, 0] * 255 for batch, _ in batches]).reshape(4, 800, 2)
    assert [len(np.unique(epoch, axis=0)) for epoch in seen] == [800, 800, 800, 400 + 320]
    scans, drawings = targets[..., 0].sum(axis=1), targets[..., 11].sum(axis=1)
    assert scans.tolist() == [400, 400, 400, 480]
    assert drawings[:3].tolist() == [300, 300, 300]
    assert 215 < drawings[3] < 265
    assert targets[..., 20].sum(axis=1)[:3].tolist() == [100, 100, 100]
    assert np.allclose(targets.sum(axis=-1), 1)
    resumed = make_batches(Images(images, labels), 400, settings, 0, 3).take(8)
    assert np.array_equal(np.concatenate([target for _, target in resumed]), targets[3])
