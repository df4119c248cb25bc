"""The layers of a network, and the feature maps of its convolutions."""

from typing import Any, NamedTuple

import numpy as np

from model.analysis.tracing import trace
from model.recognizer import Recognizer


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


def describe_layers(recognizer: Recognizer) -> tuple[Layer, ...]:
    """All layers of a network in the order of computation; a nested network appears as its own layers."""
    rows, seen = [], set()
    for operation, _, output in trace(recognizer).calls:
        counted = operation in seen or not hasattr(operation, "count_params")
        rows.append(
            Layer(operation.name, kind(operation), tuple(output.shape[1:]), 0 if counted else operation.count_params())
        )
        seen.add(operation)
    return tuple(rows)


def feature_maps(recognizer: Recognizer, image: np.ndarray) -> list[Maps]:
    """The feature maps of each convolution for an image, float32 (28, 28) in 0–1; empty without convolutions."""
    traced = trace(recognizer)
    return [
        Maps(each.operation.name, tuple(map(kind, each.through)), values)
        for each, (_, values) in zip(traced.tapped, traced.run(image), strict=True)
        if each.convolution
    ]


def kind(operation: Any) -> str:  # noqa: ANN401
    """The class of a layer with its main settings: "Conv2D 5×5, relu"."""
    words = type(operation).__name__
    for name in ("kernel_size", "pool_size"):
        if size := getattr(operation, name, None):
            words += f" {'×'.join(map(str, size))}"
    if isinstance(rate := getattr(operation, "rate", None), float):
        words += f" {rate:g}"
    activation = getattr(getattr(operation, "activation", None), "__name__", "linear")
    return words if activation == "linear" else f"{words}, {activation}"
