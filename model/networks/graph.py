"""A network's operations one by one, as Keras runs them, and the features that its answer is made from.

Works with any Keras network: Sequential or functional, nested or not.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from model.networks.backend import import_keras
from model.networks.network import MERGING_LAYER

if TYPE_CHECKING:
    import keras
    import tensorflow as tf


CONVOLUTIONS = ("Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Conv2DTranspose")
FIELDS = 3  # a side, over which features are averaged: as many as the last maps of `reader` have


class Call(NamedTuple):
    """One operation of a network as it is traced."""

    operation: Any
    inputs: list["tf.Tensor"]
    output: "tf.Tensor"


def walk(model: "keras.Model", inputs: list["tf.Tensor"], calls: list[Call]) -> Any:  # noqa: ANN401
    """The outputs of a model. Every operation on the way is appended to `calls`.

    This is how Keras itself runs the graph, and it leaves the model as it was. A second model built from the same
    layers would change them, and would not show what is inside a nested model.
    """
    return _walk(_graph_of(model), inputs, calls)


def answer_and_features(model: "keras.Model", images: "tf.Tensor") -> tuple["tf.Tensor", "tf.Tensor"]:
    """The probabilities (N, 10) and the features (N, F) for images (N, 28, 28, 1), in one pass.

    The features are what a network sees before it decides: the maps that its last convolution reads, averaged over
    3×3 fields. There, how a digit was written can still be told; the layers after it forget that, because they have
    learned that it does not matter. Without maps between two convolutions, they are what the last dense layer reads.
    """
    import tensorflow as tf

    calls: list[Call] = []
    (answer,) = import_keras().tree.flatten(walk(model, [images], calls))
    maps = [call.inputs[0] for call in calls if type(call.operation).__name__ in CONVOLUTIONS]
    if maps and maps[-1] is not images:
        features = tf.image.resize(maps[-1], (FIELDS, FIELDS), tf.image.ResizeMethod.AREA)
    else:
        features = next((call for call in reversed(calls) if _decides(call)), calls[-1]).inputs[0]
    return answer, tf.reshape(features, (tf.shape(images)[0], -1))


def _decides(call: Call) -> bool:
    return type(call.operation).__name__ == "Dense" and call.operation.name != MERGING_LAYER


def _walk(graph: Any, inputs: list["tf.Tensor"], calls: list[Call]) -> Any:  # noqa: ANN401
    keras = import_keras()

    def record(operation: Any) -> Callable[..., Any]:  # noqa: ANN401
        def call(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            given = keras.tree.flatten(args)
            if (nested := _graph_of(operation)) is not None:
                return _walk(nested, given, calls)
            output = operation(*args, **kwargs)
            calls.append(Call(operation, given, keras.tree.flatten(output)[0]))
            return output

        return call

    return graph._run_through_graph(inputs, operation_fn=record)


def _graph_of(operation: Any) -> Any | None:  # noqa: ANN401
    """The graph that Keras runs for a model (a Sequential keeps it inside); None for a layer."""
    graph = getattr(operation, "_functional", None) or operation
    return graph if hasattr(graph, "_run_through_graph") else None
