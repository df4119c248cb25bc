"""The layers of a network, and the feature maps of its convolutions.

Works from any thread and with any Keras network that takes 28×28 grey values and gives ten probabilities: Sequential or
functional, nested or not, with or without convolutions.
"""

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from model.networks import INPUT_SHAPE, import_keras
from model.recognizer import Recognizer

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

# Layers after a convolution that still belong to its map: they change how strong the map is, not what it shows.
STRENGTH = ("BatchNormalization", "LayerNormalization", "GroupNormalization", "Activation", "ReLU", "LeakyReLU")
STRENGTH += ("PReLU", "ELU", "Relu", "Gelu", "Silu")
POOLING = ("MaxPooling2D", "AveragePooling2D")  # belong to it only if one of the layers above follows
CONVOLUTIONS = ("Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Conv2DTranspose")


class Layer(NamedTuple):
    """One row of the layer table."""

    name: str
    kind: str  # its class with its main settings, such as "Conv2D 5×5, relu"
    shape: tuple[int | None, ...]  # of its output, without the batch dimension; None where it varies
    parameters: int  # its own; 0 if an earlier row has counted them


class Maps(NamedTuple):
    """The feature maps of one convolution for one image."""

    name: str  # of the convolution
    through: tuple[str, ...]  # the kinds of the later layers that the values have passed through
    values: np.ndarray  # float32 (height, width, filters)


class _Call(NamedTuple):
    """One operation of a network as it is traced."""

    operation: Any
    inputs: list["tf.Tensor"]
    output: "tf.Tensor"


class _Traced(NamedTuple):
    # From (1, 28, 28, 1) to (1, height, width, filters) for each convolution
    run: Callable[[np.ndarray], list["tf.Tensor"]]
    layers: tuple[Layer, ...]
    convolutions: tuple[tuple[str, tuple[str, ...]], ...]  # Maps.name and Maps.through


_traced: WeakKeyDictionary[Recognizer, _Traced] = WeakKeyDictionary()
_tracing = Lock()


def describe_layers(recognizer: Recognizer) -> tuple[Layer, ...]:
    """All layers of a network in the order of computation; a nested network appears as its own layers."""
    return _trace(recognizer).layers


def feature_maps(recognizer: Recognizer, image: np.ndarray) -> list[Maps]:
    """The feature maps of each convolution for an image, float32 (28, 28) in 0–1; empty without convolutions."""
    traced = _trace(recognizer)
    outputs = traced.run(image[None, :, :, None]) if traced.convolutions else []
    return [
        Maps(name, through, output.numpy()[0])
        for (name, through), output in zip(traced.convolutions, outputs, strict=True)
    ]


def _trace(recognizer: Recognizer) -> _Traced:
    """The network with its feature maps as outputs: traced once for each recognizer and discarded with it."""
    with _tracing:
        if recognizer not in _traced:
            _traced[recognizer] = _make(recognizer.model)
        return _traced[recognizer]


def _make(model: "keras.Model") -> _Traced:
    import tensorflow as tf

    calls: list[_Call] = []
    titles: list[tuple[str, tuple[str, ...]]] = []

    def inner(images: "tf.Tensor") -> list["tf.Tensor"]:
        _walk(_graph_of(model), [images], calls)
        found = [_follow(call, calls) for call in calls if type(call.operation).__name__ in CONVOLUTIONS]
        titles.extend((call.operation.name, through) for call, through, _ in found)
        return [output for *_, output in found]

    signature = tf.TensorSpec((None, *INPUT_SHAPE), tf.float32)
    run = tf.function(inner, autograph=False).get_concrete_function(signature)
    return _Traced(lambda images: run(tf.convert_to_tensor(images)), tuple(_to_layers(calls)), tuple(titles))


def _walk(graph: Any, inputs: list["tf.Tensor"], calls: list[_Call]) -> Any:  # noqa: ANN401
    """The outputs of a model's graph. Every operation on the way is appended to `calls`.

    This is how Keras itself runs the graph, and it leaves the model as it was. A second model built from the same
    layers would change them, and would not show what is inside a nested model.
    """
    keras = import_keras()

    def record(operation: Any) -> Callable[..., Any]:  # noqa: ANN401
        def call(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            given = keras.tree.flatten(args)
            if (nested := _graph_of(operation)) is not None:
                return _walk(nested, given, calls)
            output = operation(*args, **kwargs)
            calls.append(_Call(operation, given, keras.tree.flatten(output)[0]))
            return output

        return call

    return graph._run_through_graph(inputs, operation_fn=record)


def _graph_of(operation: Any) -> Any | None:  # noqa: ANN401
    """The graph that Keras runs for a model (a Sequential keeps it inside); None for a layer."""
    graph = getattr(operation, "_functional", None) or operation
    return graph if hasattr(graph, "_run_through_graph") else None


def _follow(call: _Call, calls: list[_Call]) -> tuple[_Call, tuple[str, ...], "tf.Tensor"]:
    """A convolution, the kinds of layers that still belong to its map, and the map after the last of them."""
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
    """The class of a layer with its main settings: "Conv2D 5×5, relu"."""
    words = type(operation).__name__
    for name in ("kernel_size", "pool_size"):
        if size := getattr(operation, name, None):
            words += f" {'×'.join(map(str, size))}"
    if isinstance(rate := getattr(operation, "rate", None), float):
        words += f" {rate:g}"
    activation = getattr(getattr(operation, "activation", None), "__name__", "linear")
    return words if activation == "linear" else f"{words}, {activation}"
