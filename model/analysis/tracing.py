"""Runs a network in such a way that what its layers compute can be seen.

Works from any thread and with any Keras network that takes 28×28 grey values and gives ten probabilities: Sequential or
functional, nested or not, with or without convolutions.
"""

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from model.analysis.geometry import START, Grid, grid_after
from model.networks import CONVOLUTIONS, INPUT_SHAPE, MERGING_LAYER, Call, walk
from model.recognizer import Recognizer

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

# Layers after a convolution that still belong to its map: they change how strong the map is, not what it shows.
STRENGTH = ("BatchNormalization", "LayerNormalization", "GroupNormalization", "Activation", "ReLU", "LeakyReLU")
STRENGTH += ("PReLU", "ELU", "Relu", "Gelu", "Silu")
POOLING = ("MaxPooling2D", "AveragePooling2D")  # belong to it only if one of the layers above follows


class Tapped(NamedTuple):
    """A convolution, or a dense layer between the input and the answer, whose output can be seen."""

    operation: Any
    convolution: bool
    through: tuple[Any, ...]  # the later operations that belong to its output, in order
    input_grid: Grid  # where the values that it reads are in the image; only of use for a convolution
    own_grid: Grid  # where its own values are
    grid: Grid  # where they are after the operations of `through`


class Traced(NamedTuple):
    """A network that shows what its layers compute."""

    calls: tuple[Call, ...]  # all operations in the order of computation
    tapped: tuple[Tapped, ...]
    run: Callable[[np.ndarray], list[tuple[np.ndarray, np.ndarray]]]
    """For each tapped layer, what it reads and its output after `through`; each float32 without a batch dimension."""
    blank: tuple[np.ndarray, ...]  # these outputs for a blank image


_traced: WeakKeyDictionary[Recognizer, Traced] = WeakKeyDictionary()
_tracing = Lock()


def trace(recognizer: Recognizer) -> Traced:
    """The network with the outputs of its layers: traced once, whatever examples are known, and discarded with it.

    The first call takes a tenth of a second.
    """
    plain = recognizer.plain
    with _tracing:
        if plain not in _traced:
            _traced[plain] = _make(plain.model)
        return _traced[plain]


def is_traced(recognizer: Recognizer) -> bool:
    return recognizer.plain in _traced


def _make(model: "keras.Model") -> Traced:
    import tensorflow as tf

    calls: list[Call] = []
    tapped: list[Tapped] = []

    def inner(images: "tf.Tensor") -> list["tf.Tensor"]:
        walk(model, [images], calls)
        grids = _grids(images, calls)
        outputs = []
        for call in (each for each in calls if _is_tapped(each, calls)):
            through, last = _follow(call, calls)
            reads, convolution = call.inputs[0], type(call.operation).__name__ in CONVOLUTIONS
            places = (grids.get(id(each), START) for each in (reads, call.output, last))
            tapped.append(Tapped(call.operation, convolution, through, *places))
            outputs += [reads, last]
        return outputs

    signature = tf.TensorSpec((None, *INPUT_SHAPE), tf.float32)
    traced = tf.function(inner, autograph=False).get_concrete_function(signature)

    def run(image: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        flat = [each.numpy()[0] for each in traced(tf.convert_to_tensor(image[None, :, :, None]))] if tapped else []
        return list(zip(flat[::2], flat[1::2], strict=True))

    blank = tuple(output for _, output in run(np.zeros(INPUT_SHAPE[:2], np.float32)))
    return Traced(tuple(calls), tuple(tapped), run, blank)


def _is_tapped(call: Call, calls: list[Call]) -> bool:
    if type(call.operation).__name__ in CONVOLUTIONS:
        return True
    dense = [each for each in calls if _is_hidden(each)]
    return any(each is call for each in dense[:-1])  # the last of them gives the answer


def _is_hidden(call: Call) -> bool:
    dense = type(call.operation).__name__ == "Dense" and len(call.output.shape) == 2  # one value for each neuron
    return dense and call.operation.name != MERGING_LAYER


def _grids(images: "tf.Tensor", calls: list[Call]) -> dict[int, Grid]:
    """Where in the image the values of each tensor are, by the tensor's id."""
    grids = {id(images): START}
    for operation, inputs, output in calls:
        grids[id(output)] = grid_after(
            operation, grids.get(id(inputs[0]), START), tuple(inputs[0].shape[1:]), tuple(output.shape[1:])
        )
    return grids


def _follow(call: Call, calls: list[Call]) -> tuple[tuple[Any, ...], "tf.Tensor"]:
    """The later operations that still belong to a layer's output, and the output after the last of them."""
    path, taken = [call], 1
    while True:
        after = [each for each in calls if any(each_input is path[-1].output for each_input in each.inputs)]
        if len(after) != 1 or type(after[0].operation).__name__ not in STRENGTH + POOLING:
            break
        path.append(after[0])
        if type(path[-1].operation).__name__ in STRENGTH:
            taken = len(path)
    path = path[:taken]
    return tuple(each.operation for each in path[1:]), path[-1].output
