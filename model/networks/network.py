"""What a network is, how it is trained, and how it is built.

Nothing here imports TensorFlow before `build()` is called: the page lists the networks before TensorFlow is there.
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
ORIGINS = 2  # where a digit comes from: scanned from paper, or drawn with a pen on a screen
MERGING_LAYER = "both_origins"  # the layer that adds up the probabilities of the two origins
ONE_HOT, SPARSE = "categorical_crossentropy", "sparse_categorical_crossentropy"
# A one-cycle learning rate climbs for a fifth of the steps, from 1/25 of its peak.
WARM_UP_DIVISOR, START_DIVISOR = 5, 25


@dataclass(frozen=True)
class Recipe:
    """How a network is trained."""

    optimizer: Callable[[ModuleType, Rate], keras.Optimizer]
    """Makes it from the module keras.optimizers and a learning rate or a schedule."""
    learning_rate: float
    loss: str
    """ONE_HOT or SPARSE."""
    epochs: int
    batch_size: int
    fold_batch_size: int | None = None
    """The batch size in cross-validation, where the source uses another one."""
    one_cycle: bool = False
    """The learning rate climbs for a fifth of the training, then falls to zero."""
    label_smoothing: float = 0.0
    """Only with ONE_HOT."""
    augment: bool = False
    """Each image is distorted at random, anew in every epoch."""
    prepared: bool = False
    """Each image is seen a second time, as the page's own preprocessing makes it."""
    strokes: bool = False
    """Trains on the pen strokes that DIGITS_STROKES names, too."""
    nondigits: bool = False
    """Trains on drawings that are no digits, too, and gets a threshold for telling them apart."""
    mixed: bool = False
    """Computes in bfloat16, with weights in float32, where the processor has instructions for it."""
    origins: bool = False
    """Learns scanned and drawn digits as separate classes, 20 in all, which are added up in pairs for reading."""
    held_out: int = 0
    """Training images set aside for validation, so that no decision is made on test images."""


@dataclass(frozen=True)
class Network:
    """A network of the table."""

    title: str
    source: str
    """Where it comes from, and what accuracy is claimed there."""
    parameters: int
    """A literal, because the page shows it before the network can be built; a test compares the two."""
    layers: Callable[[ModuleType], list[keras.Layer]]
    """Makes them from the module keras.layers."""
    recipe: Recipe

    def build(
        self, learning_rate: float | None = None, steps: int | None = None, for_training: bool = False
    ) -> keras.Model:
        """This network, untrained and compiled. A one-cycle learning rate needs the `steps` of the whole training.

        For training, it may compute in mixed precision, which reads a little less exactly, and has an output for each
        digit of each origin, if its recipe says so.
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
    """A metric: the accuracy over the ten digits, whichever their origin. Non-digits are left out.

    Keras loads a model that was compiled with it only after this was called.
    """
    keras = import_keras()

    @keras.saving.register_keras_serializable("digits")
    class AccuracyOfDigits(keras.metrics.CategoricalAccuracy):
        def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:  # noqa: ANN401
            y_true, y_pred = (
                keras.ops.sum(keras.ops.reshape(answers, (-1, answers.shape[-1] // CLASSES, CLASSES)), axis=1)
                for answers in (y_true, y_pred)
            )
            is_digit = keras.ops.cast(keras.ops.max(y_true, axis=-1) > 0.5, "float32")
            super().update_state(y_true, y_pred, is_digit)

    return AccuracyOfDigits


def for_inference(model: keras.Model) -> keras.Model:
    """The same network with ten outputs, in full precision and without its optimizer: a third of the size.

    The layers of a Sequential are numbered by kind, from 1; Keras counts those of all networks made by the process.
    """
    config = json.loads(json.dumps(model.get_config()).replace(MIXED_BFLOAT16, FLOAT32))
    counts = Counter()
    for layer in config["layers"] if type(model).__name__ == "Sequential" else ():
        kind = re.sub(r"_\d+$", "", layer["config"]["name"])
        counts[kind] += 1
        layer["config"]["name"] = f"{kind}_{counts[kind]}" if kind != MERGING_LAYER else MERGING_LAYER
    network = type(model).from_config(config)  # a clone would be compiled, too
    network.set_weights(model.get_weights())
    if network.output_shape == (None, ORIGINS * CLASSES):
        _merge_origins(network)
    return network


def _merge_origins(model: keras.Model) -> None:
    """Appends a layer that adds up the probabilities of a digit as a scan and as a drawing."""
    last = import_keras().layers.Dense(CLASSES, use_bias=False, trainable=False, name=MERGING_LAYER)
    model.add(last)
    last.set_weights([np.tile(np.eye(CLASSES, dtype=np.float32), (ORIGINS, 1))])
