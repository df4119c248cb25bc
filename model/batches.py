"""Training images in batches, shuffled anew and, if wanted, varied for each epoch, while the network trains."""

from typing import TYPE_CHECKING, Any

import numpy as np

from model.augment import vary
from model.backend import import_keras
from model.data import Images
from model.networks import CLASSES, ONE_HOT, Network

if TYPE_CHECKING:
    import tensorflow as tf

AHEAD = 16  # batches made before they are needed
WORKERS = 2  # that vary images at a time
LAST = 0.25  # of the epochs of a network of two origins,
SELDOMER = 4  # in which so many times fewer drawings, and of what is no digit, are seen, and more scans instead


def make_batches(
    data: Images, scans: int, network: Network, settings: dict[str, Any], seed: int, first_epoch: int
) -> "tf.data.Dataset":
    """Epoch after epoch without end, from `first_epoch` on: float32 images (N, 28, 28, 1) in 0–1 with their labels.

    The first `scans` images are a data set's; the others are drawings, and what is no digit. A network of two origins
    sees the latter seldomer in its last epochs: they have taught it what they can, and it has still to gain on scans.

    The same for the same seed and epoch, whichever epoch is the first: so a resumed training sees what it would have
    seen. (A keras.utils.PyDataset does not promise that: it makes some batches before it is told that an epoch ended.)
    """
    import_keras()
    import tensorflow as tf

    count, batch_size, augment = len(data.labels), settings["batch_size"], settings["augment"]
    drawn = np.arange(count) >= scans
    last_from = round((1 - LAST) * settings["epochs"]) if network.origins else settings["epochs"]
    target = to_target(data.labels, network.loss == ONE_HOT, drawn if network.origins else None)
    images, targets = tf.constant(data.images), tf.constant(target)

    def order(epoch: np.int64) -> np.ndarray:
        rng = np.random.default_rng([seed, epoch])
        if epoch < last_from:
            return rng.permutation(count)
        few = rng.permutation(np.arange(scans, count))[: (count - scans) // SELDOMER]
        return rng.permutation(np.concatenate([few, np.resize(rng.permutation(scans), count - len(few))]))

    def varied(chosen: np.ndarray, places: np.ndarray, epoch: np.int64, index: np.int64) -> np.ndarray:
        return vary(chosen, np.random.default_rng([seed, epoch, index]), drawn[places])

    def one_epoch(epoch: tf.Tensor) -> tf.data.Dataset:
        shuffled = tf.ensure_shape(tf.numpy_function(order, [epoch], tf.int64), (count,))
        batches = tf.data.Dataset.from_tensor_slices(shuffled).batch(batch_size).enumerate()
        return batches.map(lambda index, places: (epoch, index, places))

    def pick(epoch: tf.Tensor, index: tf.Tensor, places: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        chosen = tf.gather(images, places)
        if augment:
            chosen = tf.numpy_function(varied, [chosen, places, epoch, index], tf.uint8)
        chosen = tf.ensure_shape(chosen, (None, 28, 28))
        return tf.cast(chosen, tf.float32)[..., None] / 255, tf.gather(targets, places)

    epochs = tf.data.Dataset.counter(first_epoch)
    batches = epochs.flat_map(one_epoch).map(pick, WORKERS if augment else 1, deterministic=True).prefetch(AHEAD)
    options = tf.data.Options()
    options.autotune.enabled = False  # nothing is left to tune, and its thread may hold up the end for seconds
    return batches.with_options(options)


def to_input(images: np.ndarray) -> np.ndarray:
    """What every network reads: float32 (N, 28, 28, 1) in 0–1, from uint8 (N, 28, 28)."""
    return images[..., None].astype(np.float32) / 255


def to_target(labels: np.ndarray, one_hot: bool, drawn: np.ndarray | bool | None = None) -> np.ndarray:
    """As the loss wants the labels. One-hot, what is no digit is every digit equally.

    For a network of two origins, `drawn` says which labels are of drawings, all or each; the others are of scans.
    """
    if not one_hot:
        return labels
    rows = np.concatenate([np.eye(CLASSES), np.full((1, CLASSES), 1 / CLASSES)])  # the last is NOT_A_DIGIT
    digits = rows.astype(np.float32)[labels]
    if drawn is None:
        return digits
    share = np.where(labels < CLASSES, drawn, 0.5).astype(np.float32)[:, None]
    return np.concatenate([digits * (1 - share), digits * share], axis=1)
