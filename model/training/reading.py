"""Reads many images with a network while it trains, or before and after that."""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from model.networks import INPUT_SHAPE
from model.training.batches import to_input

BATCH_SIZE = 500

Read = Callable[[tf.Tensor], tf.Tensor]  # from images, float32 (N, 28, 28, 1), to a network's answers


def trace_network(network: keras.Model) -> Read:
    """The network as a function, which reads with the weights that it has at each call.

    One trace serves all that read it: the callbacks, and what is measured before and after the training.
    """
    read = tf.function(lambda images: network(images, training=False), autograph=False)
    return read.get_concrete_function(tf.TensorSpec((None, *INPUT_SHAPE), tf.float32))


def read_images(read: Read, images: np.ndarray) -> np.ndarray:
    """The answers, float32 (N, …), for images, uint8 (N, 28, 28)."""
    starts = range(0, len(images), BATCH_SIZE)
    return np.concatenate([read(tf.constant(to_input(images[i : i + BATCH_SIZE]))).numpy() for i in starts])
