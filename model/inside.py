"""What happens inside a network while it reads: its layers, the maps of its convolutions, and which ink counted.

Everything here works with any Keras network from 28×28 grey values to ten probabilities, Sequential or functional,
nested or not, with convolutions or without; and from any thread.
"""

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from model.backend import import_keras
from model.networks import CLASSES, INPUT_SHAPE
from model.preprocess import SIZE
from model.recognizer import Recognizer

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

# What follows a convolution and still belongs to its map: it changes how strong the map is, not what it shows.
STRENGTH = ("BatchNormalization", "LayerNormalization", "GroupNormalization", "Activation", "ReLU", "LeakyReLU")
STRENGTH += ("PReLU", "ELU", "Relu", "Gelu", "Silu")
POOLING = ("MaxPooling2D", "AveragePooling2D")  # only if such a one comes after it
CONVOLUTIONS = ("Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Conv2DTranspose")

# An erased square is about as wide as a stroke, so that erasing one breaks the stroke there and leaves the rest. Each
# step is half of it: every pixel is then erased four times, each time with other neighbours.
PATCH, STRIDE = 4, 2  # pixels
SMALLEST_PROBABILITY = 1e-7  # below, the probabilities of a softmax in float32 are noise
BATCH = 32  # pictures with a square erased that go through the network at a time; more are no faster


class Layer(NamedTuple):
    """One row of the layer table."""

    name: str
    kind: str  # the name of its class, and what it was given
    shape: tuple[int, ...]  # of its output, without the batch
    parameters: int  # of its own; 0 if an earlier row already counts them


class Maps(NamedTuple):
    """What the filters of one convolution make of a drawing."""

    name: str  # of the convolution
    through: tuple[str, ...]  # the kinds of the layers after it that the values have passed, too
    values: np.ndarray  # float32 (height, width, filters)


class Evidence(NamedTuple):
    """Which ink speaks for each digit and which against it."""

    credit: np.ndarray  # float32 (10, 28, 28): above 0 for ink that speaks for the digit, below against; 0 without ink
    probabilities: np.ndarray  # float32 (10,): the answer to the whole drawing
    without_best: np.ndarray  # float32 (10,): of each digit, once the square that speaks for it most is erased


class _Call(NamedTuple):
    """One operation of a network, while it is traced."""

    operation: Any
    inputs: list["tf.Tensor"]
    output: "tf.Tensor"


class _Traced(NamedTuple):
    run: Callable[[np.ndarray], list["tf.Tensor"]]  # from (1, 28, 28, 1) to one (1, height, width, filters) each
    layers: tuple[Layer, ...]
    convolutions: tuple[tuple[str, tuple[str, ...]], ...]  # Maps.name and Maps.through


_traced: WeakKeyDictionary[Recognizer, _Traced] = WeakKeyDictionary()
_tracing = Lock()


def layers(recognizer: Recognizer) -> tuple[Layer, ...]:
    """Every layer in the order in which the network works; of a network inside the network, its layers."""
    return _trace(recognizer).layers


def feature_maps(recognizer: Recognizer, image: np.ndarray) -> list[Maps]:
    """The maps of each convolution for an image, float32 (28, 28) in 0–1. An empty list without convolutions."""
    traced = _trace(recognizer)
    outputs = traced.run(image[None, :, :, None]) if traced.convolutions else []
    return [
        Maps(name, through, output.numpy()[0])
        for (name, through), output in zip(traced.convolutions, outputs, strict=True)
    ]


def occlude(recognizer: Recognizer, image: np.ndarray) -> Evidence:
    """Erases the ink of an image, float32 (28, 28) in 0–1, square by square, and sees how each answer changes.

    That is occlusion (Zeiler and Fergus, "Visualizing and understanding convolutional networks", 2014), with ground in
    the place of their grey. It needs nothing of a network but its answers. The change is one of log-odds: the
    probability itself hardly moves while the network is nearly sure. A pixel has the mean of the squares over it.
    """
    squares = [square for square in _squares() if image[square].any()]
    erased = np.repeat(image[None], len(squares) + 1, axis=0)  # the last one stays whole
    for picture, square in zip(erased, squares, strict=False):
        picture[square] = 0
    # A batch at a time, so that a stroke that comes meanwhile is read in between
    answers = [recognizer.predict(erased[start : start + BATCH]) for start in range(0, len(erased), BATCH)]
    probabilities = np.concatenate(answers)
    odds = _log_odds(probabilities)
    drops = odds[-1] - odds[:-1]  # (squares, 10)
    total, times = np.zeros((CLASSES, SIZE, SIZE), np.float32), np.zeros((SIZE, SIZE), np.float32)
    for drop, square in zip(drops, squares, strict=True):
        total[:, *square] += drop[:, None, None]
        times[square] += 1
    credit = np.where(image > 0, total / np.maximum(times, 1), 0)
    best = probabilities[drops.argmax(axis=0), np.arange(CLASSES)] if squares else probabilities[-1]
    return Evidence(credit, probabilities[-1], best)


def _squares() -> list[tuple[slice, slice]]:
    starts = range(STRIDE - PATCH, SIZE, STRIDE)
    sides = [slice(max(0, start), start + PATCH) for start in starts]
    return [(rows, columns) for rows in sides for columns in sides]


def _log_odds(probabilities: np.ndarray) -> np.ndarray:
    """Of each digit against all others: float32 (N, 10) → (N, 10). Exact where 1 − p would be rounded to nothing."""
    others = probabilities @ (1 - np.eye(CLASSES, dtype=np.float32))
    return np.log(np.maximum(probabilities, SMALLEST_PROBABILITY)) - np.log(np.maximum(others, SMALLEST_PROBABILITY))


def _trace(recognizer: Recognizer) -> _Traced:
    """The network with its inner values as outputs: made once for each, and gone with it."""
    with _tracing:
        if recognizer not in _traced:
            _traced[recognizer] = _make(recognizer.model)
        return _traced[recognizer]


def _make(model: "keras.Model") -> _Traced:
    import tensorflow as tf

    calls: list[_Call] = []
    titles: list[tuple[str, tuple[str, ...]]] = []

    def inner(images: "tf.Tensor") -> list["tf.Tensor"]:
        _walk(model, [images], calls)
        found = [_follow(call, calls) for call in calls if type(call.operation).__name__ in CONVOLUTIONS]
        titles.extend((call.operation.name, through) for call, through, _ in found)
        return [output for *_, output in found]

    signature = tf.TensorSpec((None, *INPUT_SHAPE), tf.float32)
    run = tf.function(inner, autograph=False).get_concrete_function(signature)
    return _Traced(lambda images: run(tf.convert_to_tensor(images)), tuple(_to_layers(calls)), tuple(titles))


def _walk(model: "keras.Model", inputs: list["tf.Tensor"], calls: list[_Call]) -> Any:  # noqa: ANN401
    """The outputs of a model; `calls` gets what it did on the way.

    Keras' own way through the graph, which leaves the model as it is: a second model made of the same layers would
    not, and could not look into a nested one.
    """
    keras = import_keras()

    def record(operation: Any) -> Callable[..., Any]:  # noqa: ANN401
        def call(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            given = keras.tree.flatten(args)
            if _graph(operation) is not None:
                return _walk(operation, given, calls)
            output = operation(*args, **kwargs)
            calls.append(_Call(operation, given, keras.tree.flatten(output)[0]))
            return output

        return call

    return _graph(model)._run_through_graph(inputs, operation_fn=record)


def _graph(operation: Any) -> Any | None:  # noqa: ANN401
    """What Keras runs a model by; None for a layer. A Sequential keeps it inside."""
    graph = getattr(operation, "_functional", None) or operation
    return graph if hasattr(graph, "_run_through_graph") else None


def _follow(call: _Call, calls: list[_Call]) -> tuple[_Call, tuple[str, ...], "tf.Tensor"]:
    """A convolution, what its values have passed when they are ready for the next layer, and these values."""
    path, taken = [call], 1
    while True:
        after = [each for each in calls if any(each_input is path[-1].output for each_input in each.inputs)]
        if len(after) != 1 or type(after[0].operation).__name__ not in STRENGTH + POOLING:
            break
        path.append(after[0])
        if type(path[-1].operation).__name__ in STRENGTH:
            taken = len(path)
    path = path[:taken]
    return call, tuple(_kind(each.operation) for each in path[1:]), path[-1].output


def _to_layers(calls: list[_Call]) -> list[Layer]:
    rows, seen = [], set()
    for operation, _, output in calls:
        counted = operation in seen or not hasattr(operation, "count_params")
        rows.append(
            Layer(operation.name, _kind(operation), tuple(output.shape[1:]), 0 if counted else operation.count_params())
        )
        seen.add(operation)
    return rows


def _kind(operation: Any) -> str:  # noqa: ANN401
    """The class of a layer with what tells it from others of its class: "Conv2D 5×5, relu"."""
    words = type(operation).__name__
    for name in ("kernel_size", "pool_size"):
        if size := getattr(operation, name, None):
            words += f" {'×'.join(map(str, size))}"
    if isinstance(rate := getattr(operation, "rate", None), float):
        words += f" {rate:g}"
    activation = getattr(getattr(operation, "activation", None), "__name__", "linear")
    return words if activation == "linear" else f"{words}, {activation}"
