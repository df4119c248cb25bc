"""Teachers: trained networks that a new one learns from, beside the labels.

G. Hinton et al. (2015), Distilling the Knowledge in a Neural Network. A label says 4; teachers say how much it
looks like a 9, turned, bent and blurred as it is just now, and together they are wrong less often than each alone.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from model.backend import has_bfloat16, import_keras
from model.networks import MIXED
from model.recognizer import load_network

if TYPE_CHECKING:
    import tensorflow as tf

LEAST = 1e-6  # probability that a teacher gives to a digit: no single one can rule it out


def load_teachers(paths: list[str]) -> "Callable[[tf.Tensor], tf.Tensor]":
    """From images, float32 (N, 28, 28, 1) in 0–1, to what the .keras files answer together, float32 (N, 10).

    That is the mean of their log-probabilities, so that one which is sure counts for more than one which is not. Each
    costs a fifth to a third of what training on the images costs, if it is as large as the network that learns. Raises
    InputError if one of the files cannot be used.
    """
    import_keras()
    import tensorflow as tf

    teachers = [load_network(path)[0] for path in paths]
    for teacher in teachers if has_bfloat16() else ():
        for layer in teacher.layers[:-1]:
            layer.dtype_policy = MIXED

    def ask(images: "tf.Tensor") -> "tf.Tensor":
        logs = [tf.math.log(tf.maximum(teacher(images, training=False), LEAST)) for teacher in teachers]
        return tf.nn.softmax(sum(logs) / len(logs))

    return ask
