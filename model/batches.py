"""Training images in batches, shuffled anew and, if wanted, varied for each epoch, while the network trains."""

from typing import TYPE_CHECKING

import numpy as np

from model.augment import vary
from model.backend import import_keras
from model.data import Images

if TYPE_CHECKING:
    import tensorflow as tf

AHEAD = 16  # batches made before they are needed
CLASSES = 10
WORKERS = 2  # that vary images at a time


def make_batches(
    data: Images, batch_size: int, seed: int, first_epoch: int, augment: bool, one_hot: bool
) -> "tf.data.Dataset":
    """Epoch after epoch without end, from `first_epoch` on: float32 images (N, 28, 28, 1) in 0–1 with their labels.

    The same for the same seed and epoch, whichever epoch is the first: so a resumed training sees what it would have
    seen. (A keras.utils.PyDataset does not promise that: it makes some batches before it is told that an epoch ended.)
    """
    import_keras()
    import tensorflow as tf

    images, targets = tf.constant(data.images), tf.constant(to_target(data.labels, one_hot))
    count = len(data.labels)

    def order(epoch: np.int64) -> np.ndarray:
        return np.random.default_rng([seed, epoch]).permutation(count)

    def varied(chosen: np.ndarray, epoch: np.int64, index: np.int64) -> np.ndarray:
        return vary(chosen, np.random.default_rng([seed, epoch, index]))

    def one_epoch(epoch: tf.Tensor) -> tf.data.Dataset:
        shuffled = tf.ensure_shape(tf.numpy_function(order, [epoch], tf.int64), (count,))
        batches = tf.data.Dataset.from_tensor_slices(shuffled).batch(batch_size).enumerate()
        return batches.map(lambda index, places: (epoch, index, places))

    def pick(epoch: tf.Tensor, index: tf.Tensor, places: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        chosen = tf.gather(images, places)
        if augment:
            chosen = tf.numpy_function(varied, [chosen, epoch, index], tf.uint8)
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


def to_target(labels: np.ndarray, one_hot: bool) -> np.ndarray:
    """As the loss wants the labels. One-hot, a drawing that is no digit is all ten equally."""
    if not one_hot:
        return labels
    rows = np.concatenate([np.eye(CLASSES), np.full((1, CLASSES), 1 / CLASSES)])  # the last is NOT_A_DIGIT
    return rows.astype(np.float32)[labels]
