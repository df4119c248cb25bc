"""The networks as one table: five from well-known tutorials, exactly as published there, and two of our own."""

from types import ModuleType
from typing import TYPE_CHECKING

from model.networks.network import ANSWERS, ONE_HOT, SPARSE, Network, Recipe

if TYPE_CHECKING:
    import keras

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
        recipe=Recipe(
            optimizer=lambda optimizers, rate: optimizers.SGD(rate, momentum=0.9),
            learning_rate=0.01,
            loss=ONE_HOT,
            epochs=20,
            batch_size=32,
        ),
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
        recipe=Recipe(
            optimizer=lambda optimizers, rate: optimizers.Adam(rate),
            learning_rate=0.001,
            loss=ONE_HOT,
            epochs=10,
            batch_size=200,
            fold_batch_size=32,
        ),
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
        recipe=Recipe(
            optimizer=lambda optimizers, rate: optimizers.RMSprop(rate),
            learning_rate=0.001,
            loss=SPARSE,
            epochs=5,
            batch_size=128,
        ),
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
        recipe=Recipe(
            optimizer=lambda optimizers, rate: optimizers.Adam(rate),
            learning_rate=0.001,
            loss=SPARSE,
            epochs=10,
            batch_size=32,
        ),
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
        recipe=Recipe(
            optimizer=lambda optimizers, rate: optimizers.Adam(rate),
            learning_rate=0.001,
            loss=SPARSE,
            epochs=10,
            batch_size=128,
        ),
    ),
    "quick": Network(
        title="Quick: seconds to 99 %",
        source="our own: few operations and a one-cycle learning rate (Smith, 2018)",
        parameters=72_154,
        layers=lambda layers: [
            layers.Cropping2D(2),
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
        recipe=Recipe(
            optimizer=lambda optimizers, rate: optimizers.Adam(rate),
            learning_rate=0.015,
            loss=ONE_HOT,
            epochs=1,
            batch_size=128,
            one_cycle=True,
            label_smoothing=0.03,
        ),
    ),
    "reader": Network(
        title="Reader: the built-in network",
        source="our own, for what people really draw",
        parameters=1_171_335,
        layers=lambda layers: [
            *_normalised_convolution(layers, 32, 5),
            *_normalised_convolution(layers, 64, 3, pool=True),
            *_normalised_convolution(layers, 64, 3),
            *_normalised_convolution(layers, 128, 3, pool=True),
            *_normalised_convolution(layers, 128, 3),
            *_normalised_convolution(layers, 256, 3, pool=True),
            *_normalised_convolution(layers, 256, 3),
            layers.GlobalAveragePooling2D(),
            layers.Dense(ANSWERS, activation="softmax", dtype="float32"),
        ],
        recipe=Recipe(
            optimizer=lambda optimizers, rate: optimizers.AdamW(rate, weight_decay=0.01),
            learning_rate=0.003,
            loss=ONE_HOT,
            epochs=20,
            batch_size=128,
            one_cycle=True,
            label_smoothing=0.03,
            augment=True,
            prepared=True,
            strokes=True,
            nondigits=True,
            mixed=True,
            origins=True,
            replayed=1_400,
            held_out=1_000,
        ),
    ),
}


def _normalised_convolution(layers: ModuleType, *shape: int, pool: bool = False) -> "list[keras.Layer]":
    """The block that `reader` is made of: a convolution without bias, batch normalisation and ReLU.

    Pooling comes before the latter two: as long as the scale is positive, the result is the same for a quarter of the
    work.
    """
    return [
        layers.Conv2D(*shape, padding="same", use_bias=False, kernel_initializer="he_normal"),
        *([layers.MaxPooling2D(2)] if pool else []),
        layers.BatchNormalization(momentum=0.9),
        layers.Activation("relu"),
    ]
