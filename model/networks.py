"""The networks, as one table: five from the tutorials that most people learn from, and two of ours.

Each entry is the literal list of layers that its source shows. Nothing here imports TensorFlow: `build()` does, because
the page shows the table before TensorFlow is there.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from model.backend import has_bfloat16, import_keras

if TYPE_CHECKING:
    import keras

    Rate = float | keras.optimizers.schedules.LearningRateSchedule

INPUT_SHAPE = (28, 28, 1)  # grey values from 0 (ground) to 1 (ink)
CLASSES = 10
ORIGINS = 2  # of digits: scans of paper, and what was drawn with a pen on a screen
BOTH = "both_origins"  # the layer that adds their probabilities up
EXACT, MIXED = "float32", "mixed_bfloat16"  # Keras dtype policies
ONE_HOT, SPARSE = "categorical_crossentropy", "sparse_categorical_crossentropy"


@dataclass(frozen=True)
class Network:
    """One network with the settings that its source trains it with."""

    title: str
    source: str  # where it comes from, and what it is said to reach there
    parameters: int  # a literal: the page shows it before the network can be built; a test compares
    layers: Callable[[ModuleType], list[keras.Layer]]  # from the module keras.layers
    optimizer: Callable[[ModuleType, Rate], keras.Optimizer]  # from keras.optimizers and a learning rate or schedule
    learning_rate: float
    loss: str
    epochs: int
    batch_size: int
    fold_batch_size: int | None = None  # where the source takes another one for its folds
    one_cycle: bool = False  # the learning rate climbs for a fifth of the training and then falls to nothing
    label_smoothing: float = 0.0  # only with ONE_HOT
    augment: bool = False
    prepared: bool = False  # sees each image a second time, as it comes out of the page's own preparation
    strokes: bool = False  # trains on the strokes that DIGITS_STROKES names, too
    nondigits: bool = False  # learns what is no digit, and with which certainty to say so
    mixed: bool = False  # trains in bfloat16, the weights in float32, where the processor has instructions for it
    origins: bool = False  # learns scans and drawings of a digit apart: 20 answers, which are added up to read
    held_out: int = 0  # training images kept back to decide on

    def build(
        self, learning_rate: float | None = None, steps: int | None = None, to_train: bool = False
    ) -> keras.Model:
        """This network, untrained and compiled. `steps`, of the whole training, lay out the one-cycle rate.

        To train, a network that may computes in mixed precision, which reads a little less exactly, and one of two
        origins has an answer for each.
        """
        keras = import_keras()
        with computing_in(MIXED if to_train and self.mixed and has_bfloat16() else EXACT):
            model = keras.Sequential([keras.Input(INPUT_SHAPE), *self.layers(keras.layers)])
        if self.origins and not to_train:
            _add_up_origins(model)
        rate = self.learning_rate if learning_rate is None else learning_rate
        if self.one_cycle and steps:
            climb = max(1, steps // 5)
            rate = keras.optimizers.schedules.CosineDecay(
                rate / 25, max(1, steps - climb), warmup_target=rate, warmup_steps=climb
            )
        loss = keras.losses.CategoricalCrossentropy(label_smoothing=self.label_smoothing)
        model.compile(
            optimizer=self.optimizer(keras.optimizers, rate),
            loss=loss if self.label_smoothing else self.loss,
            metrics=[accuracy_of_digits()(name="accuracy") if self.nondigits else "accuracy"],
        )
        return model


@contextlib.contextmanager
def computing_in(policy: str) -> Iterator[None]:
    """Layers made meanwhile compute in this Keras dtype policy, later too."""
    config = import_keras().config
    before = config.dtype_policy()
    config.set_dtype_policy(policy)
    try:
        yield
    finally:
        config.set_dtype_policy(before)


@cache
def accuracy_of_digits() -> type[keras.Metric]:
    """The accuracy of the ten digits, of either origin; what is no digit, with one target for all, is left out."""
    keras = import_keras()

    @keras.saving.register_keras_serializable("digits")
    class AccuracyOfDigits(keras.metrics.CategoricalAccuracy):
        def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:  # noqa: ANN401
            y_true, y_pred = (
                keras.ops.sum(keras.ops.reshape(answers, (-1, answers.shape[-1] // CLASSES, CLASSES)), axis=1)
                for answers in (y_true, y_pred)
            )
            certain = keras.ops.cast(keras.ops.max(y_true, axis=-1) > 0.5, "float32")
            super().update_state(y_true, y_pred, certain)

    return AccuracyOfDigits


def to_read_with(model: keras.Model) -> keras.Model:
    """The same network in full precision, and without its optimizer: a third of the size. Its answers are ten.

    The layers of a Sequential are counted by kind, from 1; Keras counts those of all networks that the process made.
    """
    config = json.loads(json.dumps(model.get_config()).replace(MIXED, EXACT))
    counts = Counter()
    for layer in config["layers"] if type(model).__name__ == "Sequential" else ():
        kind = re.sub(r"_\d+$", "", layer["config"]["name"])
        counts[kind] += 1
        layer["config"]["name"] = f"{kind}_{counts[kind]}" if kind != BOTH else BOTH
    network = type(model).from_config(config)  # a clone would be compiled, too
    network.set_weights(model.get_weights())
    if network.output_shape == (None, ORIGINS * CLASSES):
        _add_up_origins(network)
    return network


def _add_up_origins(model: keras.Model) -> None:
    """Gives it a last layer: a digit is as probable as it is as a scan and as a drawing together."""
    last = import_keras().layers.Dense(CLASSES, use_bias=False, trainable=False, name=BOTH)
    model.add(last)
    last.set_weights([np.tile(np.eye(CLASSES, dtype=np.float32), (ORIGINS, 1))])


def _normalised(layers: ModuleType, *shape: int, pool: bool = False) -> list[keras.Layer]:
    """A convolution without bias, batch norm and relu: the block of `reader`.

    Pooling comes before them: the same for a positive scale, and a quarter of the work.
    """
    return [
        layers.Conv2D(*shape, padding="same", use_bias=False, kernel_initializer="he_normal"),
        *([layers.MaxPooling2D(2)] if pool else []),
        layers.BatchNormalization(momentum=0.9),
        layers.Activation("relu"),
    ]


NETWORKS = {
    "cnn-sgd": Network(
        title="CNN trained with SGD",
        source='Medium, CodeX: "Recognising written digits with machine learning"; said to reach 99 %',
        parameters=348_698,
        layers=lambda layers: [
            layers.Conv2D(32, 5, activation="relu"),
            layers.MaxPooling2D(3),
            layers.Conv2D(64, 2, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(500, activation="relu"),
            layers.Dense(100, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ],
        optimizer=lambda optimizers, rate: optimizers.SGD(rate, momentum=0.9),
        learning_rate=0.01,
        loss=ONE_HOT,
        epochs=20,
        batch_size=32,
    ),
    "he-cnn": Network(
        title="Deep CNN with He initialisation",
        source='Analytics Vidhya: "Handwritten digit recognition using Python and MNIST"; 98.96 ± 0.097 % in five '
        "folds, 99.73 % claimed",
        parameters=159_254,
        layers=lambda layers: [
            layers.Conv2D(32, 3, activation="relu", kernel_initializer="he_uniform"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu", kernel_initializer="he_uniform"),
            layers.Conv2D(64, 3, activation="relu", kernel_initializer="he_uniform"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(100, activation="relu", kernel_initializer="he_uniform"),
            layers.Dense(10, activation="softmax"),
        ],
        optimizer=lambda optimizers, rate: optimizers.Adam(rate),
        learning_rate=0.001,
        loss=ONE_HOT,
        epochs=10,
        batch_size=200,
        fold_batch_size=32,
    ),
    "dense-512": Network(
        title="One dense layer of 512",
        source="CSDN: machine learning, recognising handwritten digits; said to reach 98.9 % in training",
        parameters=407_050,
        layers=lambda layers: [
            layers.Flatten(),
            layers.Dense(512, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ],
        optimizer=lambda optimizers, rate: optimizers.RMSprop(rate),
        learning_rate=0.001,
        loss=SPARSE,
        epochs=5,
        batch_size=128,
    ),
    "dense-128x2": Network(
        title="Two dense layers of 128",
        source='DataDrivenInvestor: "How I learned to code an AI in a week"; said to reach 97.7 %',
        parameters=118_282,
        layers=lambda layers: [
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ],
        optimizer=lambda optimizers, rate: optimizers.Adam(rate),
        learning_rate=0.001,
        loss=SPARSE,
        epochs=10,
        batch_size=32,
    ),
    "keras-cnn": Network(
        title="Keras CNN with dropout",
        source="SitePoint: Keras digit recognition tutorial; said to reach 99.19 %",
        parameters=1_199_882,
        layers=lambda layers: [
            layers.Conv2D(32, 3, activation="relu"),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Dropout(0.25),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ],
        optimizer=lambda optimizers, rate: optimizers.Adam(rate),
        learning_rate=0.001,
        loss=SPARSE,
        epochs=10,
        batch_size=128,
    ),
    "quick": Network(
        title="Quick: seconds to 99 %",
        source="ours: few operations and a one-cycle learning rate (Smith, 2018)",
        parameters=109_018,
        layers=lambda layers: [
            layers.Conv2D(16, 5, use_bias=False),
            layers.MaxPooling2D(2),
            layers.BatchNormalization(momentum=0.9),
            layers.Activation("relu"),
            layers.Conv2D(32, 3, use_bias=False),
            layers.MaxPooling2D(2),
            layers.BatchNormalization(momentum=0.9),
            layers.Activation("relu"),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ],
        optimizer=lambda optimizers, rate: optimizers.Adam(rate),
        learning_rate=0.01,
        loss=ONE_HOT,
        epochs=3,
        batch_size=256,
        one_cycle=True,
    ),
    "reader": Network(
        title="Reader: the network that ships",
        source="ours: for what people really draw",
        parameters=1_171_068,
        layers=lambda layers: [
            *_normalised(layers, 32, 5),
            *_normalised(layers, 64, 3, pool=True),
            *_normalised(layers, 64, 3),
            *_normalised(layers, 128, 3, pool=True),
            *_normalised(layers, 128, 3),
            *_normalised(layers, 256, 3, pool=True),
            *_normalised(layers, 256, 3),
            layers.GlobalAveragePooling2D(),
            layers.Dense(ORIGINS * CLASSES, activation="softmax", dtype="float32"),
        ],
        optimizer=lambda optimizers, rate: optimizers.AdamW(rate, weight_decay=0.01),
        learning_rate=0.003,
        loss=ONE_HOT,
        epochs=16,
        batch_size=128,
        one_cycle=True,
        label_smoothing=0.05,
        augment=True,
        prepared=True,
        strokes=True,
        nondigits=True,
        mixed=True,
        origins=True,
        held_out=1_000,
    ),
}
