"""Networks as somebody else trained and saved them, and files that were tampered with."""

import io
import json
import tempfile
import zipfile
from functools import cache
from pathlib import Path

import numpy as np

from model.data import load_embedded_digits
from model.networks import import_keras


@cache
def training():
    """Digits to learn from: float32 (N, 28, 28, 1) in 0–1, and their labels."""
    digits = load_embedded_digits().train
    return digits.images[..., None].astype(np.float32) / 255, digits.labels


def dense(shape, activation="softmax", answers=10, first=()):
    """A network of two dense layers. It begins with the same weights each time: some beginnings lead nowhere."""
    keras = import_keras()
    keras.utils.set_random_seed(1)
    layers = keras.layers
    last = [layers.Flatten(), layers.Dense(64, "relu"), layers.Dense(answers, activation)]
    return keras.Sequential([keras.Input(shape), *first, *last])


def functional():
    """A network of one convolution that is a graph, not a row of layers, and has a scale of its own."""
    keras = import_keras()
    keras.utils.set_random_seed(1)
    image = keras.Input((28, 28, 1))
    hidden = keras.layers.Conv2D(8, 3, 2, activation="relu")(1 - image / 255)
    return keras.Model(image, keras.layers.Dense(10, "softmax")(keras.layers.Flatten()(hidden)))


def rescaling():
    return dense((28, 28, 1), first=[import_keras().layers.Rescaling(1 / 255)])


def logits():
    return import_keras().losses.SparseCategoricalCrossentropy(from_logits=True)


# A file's name, what makes the network, what is done to the digits that it learns from, what makes its loss if it is
# not the usual one, and what is said of what it needs
KINDS = {
    "rows": ("a.keras", lambda: dense((28, 28)), lambda images: images[..., 0], None, []),
    "a channel, .h5": ("a.h5", lambda: dense((28, 28, 1)), lambda images: images, None, []),
    "flat": ("a.keras", lambda: dense((784,)), lambda images: images.reshape(-1, 784), None, []),
    "Rescaling": ("a.h5", rescaling, lambda images: images * 255, None, ["from 0 to 255"]),
    "inverted": ("a.keras", lambda: dense((28, 28, 1)), lambda images: 1 - images, None, ["black ink on white"]),
    "a graph": ("a.keras", functional, lambda images: 255 - images * 255, None, ["black ink on white", "to 255"]),
    "logits": ("a.keras", lambda: dense((28, 28, 1), None), lambda images: images, logits, ["a softmax follows"]),
    "sigmoids": (
        "a.h5",
        lambda: dense((784,), "sigmoid"),
        lambda images: 1 - images.reshape(-1, 784),
        None,
        ["black ink on white", "divided by their sum"],
    ),
}


def fitted(path, model, change=lambda images: images, loss=None):
    """Trains a network on digits that were changed, and saves it."""
    images, labels = training()
    keras = import_keras()
    keras.utils.set_random_seed(1)
    model.compile(keras.optimizers.Adam(0.003), loss or "sparse_categorical_crossentropy")
    model.fit(change(images), labels, epochs=8, batch_size=64, verbose=0)
    model.save(path)
    return path


@cache
def plain():
    """The content of a .keras file of two layers, untrained."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plain.keras"
        dense((28, 28, 1)).save(path)
        return path.read_bytes()


def changed(path, change=lambda config: None, members=(), weights=None):
    """The same file with another configuration, more members, or other weights."""
    with zipfile.ZipFile(io.BytesIO(plain())) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "config.json":
                config = json.loads(content)
                change(config)
                content = json.dumps(config).encode()
            if name == "model.weights.h5" and weights:
                content = weights
            new.writestr(name, content)
        for name, content in members:
            new.writestr(name, content)
    return path
