"""A network of one's own: convolutions and dense layers as a recipe lists them, a small JSON file.

    {"convolutions": [{"filters": 16, "kernel": 3, "pool": true}], "dense": [64], "dropout": 0.25}

Its parameters and its work are known before it is built, so that what would take too much is refused at once.
"""

import json
import time
from dataclasses import asdict, dataclass
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from model.errors import InputError
from model.networks.network import CLASSES, INPUT_SHAPE, ONE_HOT, Network, Recipe

if TYPE_CHECKING:
    import keras

OWN = "own"  # what such a network is called, beside those of the table
MAX_CONVOLUTIONS, MAX_DENSE = 6, 4
MAX_FILTERS, MAX_UNITS = 256, 2_048
MAX_KERNEL = 11  # pixels a side
MAX_DROPOUT = 0.9
# Of a training on two cores: more would take an hour an epoch on MNIST, or gigabytes
MAX_PARAMETERS, MAX_PRODUCTS = 10_000_000, 500_000_000
# For the estimate, measured on two cores: training on an image takes this many times the products of reading it, plus
# this many seconds
PRODUCTS_TRAINED, OVERHEAD = 6.0, 2e-5
MEASURED = 384  # rows of a matrix
KEYS, CONVOLUTION_KEYS = ("convolutions", "dense", "dropout"), ("filters", "kernel", "pool")


OWN_TRAINING = Recipe(
    optimizer=lambda optimizers, rate: optimizers.Adam(rate),
    learning_rate=0.001,
    loss=ONE_HOT,
    epochs=5,
    batch_size=128,
)


@dataclass(frozen=True)
class Convolution:
    """A convolution that keeps the size of its maps, with ReLU."""

    filters: int
    kernel: int
    """Its height and width in pixels."""
    pool: bool
    """Whether the maps are halved after it."""


@dataclass(frozen=True)
class OwnNetwork:
    """The layers of a network; a dense layer with an output for each digit follows."""

    convolutions: tuple[Convolution, ...]
    dense: tuple[int, ...]
    """The units of each dense layer, with ReLU."""
    dropout: float
    """The share of values left out before the last layer, while it trains."""

    @property
    def side(self) -> int:
        """The height and width of the maps after all convolutions."""
        return INPUT_SHAPE[0] >> sum(each.pool for each in self.convolutions)

    @property
    def parameters(self) -> int:
        """How many weights it learns."""
        return sum(weights + biases for weights, biases, _ in self._sizes())

    @property
    def products(self) -> int:
        """How many multiplications it takes to read an image."""
        return sum(weights * places for weights, _, places in self._sizes())

    def _sizes(self) -> list[tuple[int, int, int]]:
        """Of each layer: its weights, its biases, and the places that it is applied to."""
        sizes, channels, side = [], INPUT_SHAPE[2], INPUT_SHAPE[0]
        for each in self.convolutions:
            sizes.append((each.kernel**2 * channels * each.filters, each.filters, side**2))
            channels, side = each.filters, side // 2 if each.pool else side
        channels *= side**2
        for units in (*self.dense, CLASSES):
            sizes.append((channels * units, units, 1))
            channels = units
        return sizes

    def to_text(self) -> str:
        """The recipe, in JSON."""
        return json.dumps(asdict(self))

    def network(self) -> Network:
        """The network as those of the table are."""
        return Network(
            title="A network of your own",
            source="its layers are yours",
            parameters=self.parameters,
            layers=self._layers,
            recipe=OWN_TRAINING,
        )

    def _layers(self, layers: ModuleType) -> "list[keras.Layer]":
        made = []
        for each in self.convolutions:
            made.append(layers.Conv2D(each.filters, each.kernel, padding="same", activation="relu"))
            if each.pool:
                made.append(layers.MaxPooling2D(2))
        made.append(layers.Flatten())
        made += [layers.Dense(units, activation="relu") for units in self.dense]
        if self.dropout:
            made.append(layers.Dropout(self.dropout))
        return [*made, layers.Dense(CLASSES, activation="softmax")]


def seconds_per_epoch(network: OwnNetwork, images: int) -> float:
    """About how long an epoch of so many images takes on this machine, from how fast it multiplies.

    An estimate: TensorFlow is better at large layers than at small ones.
    """
    return images * (PRODUCTS_TRAINED * network.products / _products_per_second() + OVERHEAD)


@cache
def _products_per_second() -> float:
    """The best of some multiplications of matrices, which take some hundredths of a second in all."""
    matrix = np.ones((MEASURED, MEASURED), np.float32)
    best = 1.0
    for _ in range(5):
        began = time.perf_counter()
        np.matmul(matrix, matrix)
        best = min(best, time.perf_counter() - began)
    return MEASURED**3 / best


def read_recipe(text: str) -> OwnNetwork:
    """The network that a recipe describes. Raises InputError, with what is wrong in a sentence, if there is none."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError(f"The recipe is not JSON: {_example()}") from None
    if not isinstance(content, dict):
        raise InputError(f"The recipe is not a JSON object: {_example()}")
    _check_keys("The recipe", content, KEYS)
    convolutions = [
        _convolution(number, each) for number, each in enumerate(_list("convolutions", content, MAX_CONVOLUTIONS), 1)
    ]
    dense = [
        _whole(f"dense layer {number}'s number of units", each, MAX_UNITS)
        for number, each in enumerate(_list("dense", content, MAX_DENSE), 1)
    ]
    dropout = content.get("dropout", 0)
    if isinstance(dropout, bool) or not isinstance(dropout, int | float) or not 0 <= dropout <= MAX_DROPOUT:
        raise InputError(f"The recipe's dropout must be a number from 0 to {MAX_DROPOUT}, not {_said(dropout)}.")
    network = OwnNetwork(tuple(convolutions), tuple(dense), float(dropout))
    check_own(network)
    return network


def check_own(network: OwnNetwork) -> None:
    """Raises InputError if a network would take too much to train, or halves its maps away."""
    if not network.side:
        raise InputError("The recipe halves the maps too often: at most four convolutions can pool, from 28×28 to 1×1.")
    if network.parameters > MAX_PARAMETERS:
        raise InputError(
            f"The recipe makes {network.parameters:,} parameters, more than {MAX_PARAMETERS:,}: choose fewer filters "
            "or units, or pool more often."
        )
    if network.products > MAX_PRODUCTS:
        raise InputError(
            f"The recipe takes {network.products:,} multiplications for an image, more than {MAX_PRODUCTS:,}: choose "
            "fewer filters or smaller kernels, or pool earlier."
        )


def _convolution(number: int, content: Any) -> Convolution:  # noqa: ANN401 - whatever the file holds
    name = f"Convolution {number} of the recipe"
    if not isinstance(content, dict):
        raise InputError(f'{name} must be an object such as {{"filters": 16, "kernel": 3}}, not {_said(content)}.')
    _check_keys(name, content, CONVOLUTION_KEYS)
    pool = content.get("pool", False)
    if not isinstance(pool, bool):
        raise InputError(f"{name}: pool must be true or false, not {_said(pool)}.")
    filters = _whole(f"convolution {number}'s number of filters", content.get("filters"), MAX_FILTERS)
    kernel = _whole(f"convolution {number}'s kernel", content.get("kernel", 3), MAX_KERNEL)
    return Convolution(filters, kernel, pool)


def _check_keys(name: str, content: dict[str, Any], known: tuple[str, ...]) -> None:
    if unknown := [key for key in content if key not in known]:
        raise InputError(f"{name} has {_said(unknown[0])}, which is not known: it takes {', '.join(known)}.")


def _list(name: str, content: dict[str, Any], most: int) -> list[Any]:
    value = content.get(name, [])
    if not isinstance(value, list) or len(value) > most:
        said = f"{len(value)} of them" if isinstance(value, list) else _said(value)
        raise InputError(f"The recipe's {name} must be a list of up to {most} layers, not {said}.")
    return value


def _whole(name: str, value: object, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise InputError(f"The recipe's {name} must be a whole number from 1 to {most}, not {_said(value)}.")
    return value


def _said(value: object) -> str:
    """A wrong value as an error repeats it."""
    shown = "".join(each if each.isprintable() else "?" for each in repr(value)[:60])
    return "nothing" if value is None else shown


def _example() -> str:
    return 'write it as {"convolutions": [{"filters": 16, "kernel": 3, "pool": true}], "dense": [64], "dropout": 0.25}.'
