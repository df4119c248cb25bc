"""Makes batches of training images, shuffled and perhaps augmented afresh in each epoch, while the network trains."""

import numpy as np
import tensorflow as tf

from model.data import Images, augment_images
from model.networks import ANSWERS, CLASSES, ONE_HOT
from model.runs import Settings, chosen_network

PREFETCH = 16  # batches
AUGMENTING_THREADS = 2
# In its last epochs, a network of two origins sees fewer drawings and non-digits and more scans: by then the former
# have taught it what they can, while it can still improve on the latter.
LAST_EPOCHS = 0.25  # of all epochs
LEFT = 0.8  # of the drawings and non-digits


def make_batches(data: Images, scans: int, settings: Settings, seed: int, first_epoch: int) -> tf.data.Dataset:
    """Endless epochs, from `first_epoch` on: batches of images, float32 (N, 28, 28, 1) in 0–1, with their targets.

    The first `scans` images of `data` come from the data set; the others are drawings and non-digits. With the same
    seed, an epoch is always the same, whichever one came first, so a resumed training sees what it would have seen. (A
    keras.utils.PyDataset does not guarantee that: it makes some batches before it learns that an epoch has ended.)
    """
    recipe = chosen_network(settings).recipe
    count = len(data.labels)
    drawn = np.arange(count) >= scans
    target = to_target(data.labels, recipe.loss == ONE_HOT, drawn if recipe.origins else None)
    images, targets = tf.constant(data.images), tf.constant(target)

    def order(epoch: np.int64) -> np.ndarray:
        last = recipe.origins and int(epoch) >= round((1 - LAST_EPOCHS) * settings.epochs)
        return shuffle(count, scans, np.random.default_rng([seed, int(epoch)]), last)

    def augment(chosen: np.ndarray, places: np.ndarray, epoch: np.int64, index: np.int64) -> np.ndarray:
        rng = np.random.default_rng([seed, int(epoch), int(index)])
        return augment_images(chosen, rng, drawn[places], data.labels[places])

    @tf.autograph.experimental.do_not_convert
    def one_epoch(epoch: tf.Tensor) -> tf.data.Dataset:
        shuffled = tf.ensure_shape(tf.numpy_function(order, [epoch], tf.int64), (count,))
        numbered = tf.data.Dataset.from_tensor_slices(shuffled).batch(settings.batch_size).enumerate()
        return numbered.map(with_epoch(epoch))

    def with_epoch(epoch: tf.Tensor):  # noqa: ANN202 - a function
        return tf.autograph.experimental.do_not_convert(lambda index, places: (epoch, index, places))

    @tf.autograph.experimental.do_not_convert
    def pick(epoch: tf.Tensor, index: tf.Tensor, places: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        chosen = tf.gather(images, places)
        if settings.augment:
            chosen = tf.numpy_function(augment, [chosen, places, epoch, index], tf.uint8)
        chosen = tf.ensure_shape(chosen, (None, 28, 28))
        return tf.cast(chosen, tf.float32)[..., None] / 255, tf.gather(targets, places)

    epochs = tf.data.Dataset.counter(first_epoch)
    threads = AUGMENTING_THREADS if settings.augment else 1
    batches = epochs.flat_map(one_epoch).map(pick, threads, deterministic=True).prefetch(PREFETCH)
    options = tf.data.Options()
    options.autotune.enabled = False  # there is nothing to tune, and its thread can hold up the end for seconds
    return batches.with_options(options)


def shuffle(count: int, scans: int, rng: np.random.Generator, last: bool) -> np.ndarray:
    """The order in which an epoch sees `count` images, the first `scans` of them scans: int (count,).

    In one of the `last` epochs, some drawings and non-digits make room for scans, which come twice.
    """
    if not last:
        return rng.permutation(count)
    few = rng.permutation(np.arange(scans, count))[: round(LEFT * (count - scans))]
    return rng.permutation(np.concatenate([few, np.resize(rng.permutation(scans), count - len(few))]))


def to_input(images: np.ndarray) -> np.ndarray:
    """Images, uint8 (N, 28, 28), as networks take them: float32 (N, 28, 28, 1) in 0–1."""
    return images[..., None].astype(np.float32) / 255


def to_target(labels: np.ndarray, one_hot: bool, drawn: np.ndarray | bool | None = None) -> np.ndarray:
    """Labels, uint8 (N,), as the loss takes them: unchanged, or one-hot, float32 (N, 10), a non-digit as 0.1 each.

    For a network of two origins, `drawn` says which are drawings rather than scans, for all at once or for each, (N,).
    The targets are then (N, ANSWERS): scans, drawings, and last what is no digit.
    """
    if not one_hot:
        return labels
    if drawn is None:
        rows = np.concatenate([np.eye(CLASSES), np.full((1, CLASSES), 1 / CLASSES)])  # the last is NON_DIGIT
        return rows.astype(np.float32)[labels]
    answers = np.where(labels < CLASSES, labels + CLASSES * np.asarray(drawn), ANSWERS - 1)
    return np.eye(ANSWERS, dtype=np.float32)[answers]
