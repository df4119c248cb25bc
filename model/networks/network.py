"""What a network is, how it is trained, and how it is built.

Nothing here imports TensorFlow before `build()` is called: the page lists the networks before TensorFlow is loaded.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from model.networks.backend import FLOAT32, MIXED_BFLOAT16, dtype_policy, has_bfloat16, import_keras

if TYPE_CHECKING:
    import keras

    Rate = float | keras.optimizers.schedules.LearningRateSchedule

INPUT_SHAPE = (28, 28, 1)  # grey values from 0 (background) to 1 (ink)
CLASSES = 10
ORIGINS = 2  # where a digit comes from: scanned from paper, or drawn on a screen
ANSWERS = ORIGINS * CLASSES + 1  # of a network that tells origins apart: each digit as a scan, as a drawing; no digit
MERGING_LAYER = "both_origins"  # the layer that adds up the probabilities of the two origins
ONE_HOT, SPARSE = "categorical_crossentropy", "sparse_categorical_crossentropy"
# A one-cycle learning rate climbs from 1/25 of its peak during the first fifth of the steps.
WARM_UP_DIVISOR, START_DIVISOR = 5, 25


@dataclass(frozen=True)
class Recipe:
    """How a network is trained."""

    optimizer: Callable[[ModuleType, Rate], keras.Optimizer]
    """Makes the optimizer, given the module keras.optimizers and a learning rate or a schedule."""
    learning_rate: float
    """The peak, if it is a one-cycle learning rate."""
    loss: str
    """ONE_HOT or SPARSE."""
    epochs: int
    batch_size: int
    fold_batch_size: int | None = None
    """The batch size in cross-validation, if the source uses a different one there."""
    one_cycle: bool = False
    """The learning rate climbs for a fifth of the training, then falls to zero."""
    label_smoothing: float = 0.0
    """Only with ONE_HOT."""
    augment: bool = False
    """Distorts each image at random, differently in every epoch."""
    prepared: bool = False
    """Shows each image a second time, as the page's own preprocessing makes it."""
    strokes: bool = False
    """Trains on the file of pen strokes that DIGITS_STROKES names as well."""
    nondigits: bool = False
    """Trains on non-digits as well, and gets a threshold that rejects them."""
    mixed: bool = False
    """Trains in mixed precision (bfloat16, weights in float32) on processors with matrix units for it."""
    origins: bool = False
    """Learns scanned and drawn digits as separate classes, and non-digits as one more: ANSWERS in all.

    For reading, the digits are added up in pairs, and what is no digit is shared out among the ten.
    """
    replayed: int = 6_000
    """How many images of the data are shown again while it is taught somebody's drawings."""
    held_out: int = 0
    """Training images held out for validation, so that no decision is made on test images."""


@dataclass(frozen=True)
class Network:
    """An entry of the table: a network that can be built and trained."""

    title: str
    source: str
    """Where it comes from, and what accuracy is claimed there."""
    parameters: int
    """A literal, because the page shows it before the network can be built; a test checks it against the network."""
    layers: Callable[[ModuleType], list[keras.Layer]]
    """Makes the layers, given the module keras.layers."""
    recipe: Recipe

    def build(
        self, learning_rate: float | None = None, steps: int | None = None, for_training: bool = False
    ) -> keras.Model:
        """A new, compiled model of this network, untrained. The first call takes seconds, to import TensorFlow.

        `steps`, the batches of the whole training, are needed for a one-cycle learning rate. If the recipe says so, a
        model `for_training` computes in mixed precision, which is a little less exact, and has an output for each digit
        of each origin.
        """
        keras, recipe = import_keras(), self.recipe
        with dtype_policy(MIXED_BFLOAT16 if for_training and recipe.mixed and has_bfloat16() else FLOAT32):
            model = keras.Sequential([keras.Input(INPUT_SHAPE), *self.layers(keras.layers)])
        if recipe.origins and not for_training:
            _merge_origins(model)
        rate = recipe.learning_rate if learning_rate is None else learning_rate
        if recipe.one_cycle and steps:
            warm_up = max(1, steps // WARM_UP_DIVISOR)
            rate = keras.optimizers.schedules.CosineDecay(
                rate / START_DIVISOR, max(1, steps - warm_up), warmup_target=rate, warmup_steps=warm_up
            )
        loss = keras.losses.CategoricalCrossentropy(label_smoothing=recipe.label_smoothing)
        model.compile(
            optimizer=recipe.optimizer(keras.optimizers, rate),
            loss=loss if recipe.label_smoothing else recipe.loss,
            metrics=[digit_accuracy()(name="accuracy") if recipe.nondigits else "accuracy"],
        )
        return model


@cache
def digit_accuracy() -> type[keras.Metric]:
    """A metric: the accuracy over the ten digits, whatever their origin. Non-digits are left out.

    Calling this registers it with Keras, which must know it to load a model that was compiled with it.
    """
    keras = import_keras()

    @keras.saving.register_keras_serializable("digits")
    class AccuracyOfDigits(keras.metrics.CategoricalAccuracy):
        def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:  # noqa: ANN401
            origins = y_true.shape[-1] // CLASSES
            y_true, y_pred = (
                keras.ops.sum(keras.ops.reshape(answers[:, : origins * CLASSES], (-1, origins, CLASSES)), axis=1)
                for answers in (y_true, y_pred)
            )
            is_digit = keras.ops.cast(keras.ops.max(y_true, axis=-1) > 0.5, "float32")
            super().update_state(y_true, y_pred, is_digit)

    return AccuracyOfDigits


def for_inference(model: keras.Model) -> keras.Model:
    """The same network with ten outputs, in full precision and without its optimizer, so a third of the size.

    The layers of a Sequential are numbered from 1 by kind; Keras goes on counting from network to network.
    """
    config = json.loads(json.dumps(model.get_config()).replace(MIXED_BFLOAT16, FLOAT32))
    counts = Counter()
    for layer in config["layers"] if type(model).__name__ == "Sequential" else ():
        kind = re.sub(r"_\d+$", "", layer["config"]["name"])
        counts[kind] += 1
        layer["config"]["name"] = f"{kind}_{counts[kind]}" if kind != MERGING_LAYER else MERGING_LAYER
    network = type(model).from_config(config)  # unlike a clone, it is not compiled
    network.set_weights(model.get_weights())
    if tells_origins(network):
        _merge_origins(network)
    return network


def tells_origins(model: keras.Model) -> bool:
    """Whether a network answers for each origin, as in training; an older one has no answer for non-digits."""
    return model.output_shape in ((None, ANSWERS), (None, ANSWERS - 1))


def _merge_origins(model: keras.Model) -> None:
    """Appends a layer that adds up the probabilities of each digit as a scan and as a drawing.

    The probability of no digit, if there is one, is shared out equally, so that no digit's is high.
    """
    nothing = model.output_shape[1] - ORIGINS * CLASSES
    last = import_keras().layers.Dense(CLASSES, use_bias=False, trainable=False, name=MERGING_LAYER)
    model.add(last)
    shares = [*[np.eye(CLASSES)] * ORIGINS, np.full((nothing, CLASSES), 1 / CLASSES)]
    last.set_weights([np.concatenate(shares).astype(np.float32)])
