"""A convolution, looked at closely: what it reads, its weights, and the sums of their products."""

from typing import Any, NamedTuple

import numpy as np

from model.analysis.geometry import padding_before
from model.analysis.layers import kind
from model.analysis.tracing import Tapped, trace
from model.preprocessing import Box
from model.recognizer import Recognizer


class Kernel(NamedTuple):
    """One filter of a convolution, applied to one image.

    Its value at (row, column) is the sum, over all channels and all places (y, x) of the kernel, of
    `weights[y, x] * inputs[row * strides[0] + y * dilation[0] - padding[0], …]`, plus `bias`; what lies outside of
    `inputs` is 0.
    """

    name: str  # of the layer
    kind: str
    channel: int  # the filter's number
    filters: int  # how many there are
    inputs: np.ndarray  # float32 (H, W, channels): what the filter reads
    first_input: int  # the number of the first of these channels; not 0 only in a convolution with groups
    weights: np.ndarray  # float32 (height, width, channels)
    bias: float
    strides: tuple[int, int]
    dilation: tuple[int, int]
    padding: tuple[int, int]  # rows above and columns to the left
    values: np.ndarray  # float32 (rows, columns): these sums, before any activation
    box: Box  # the part of the image that they cover
    input_box: Box
    through: tuple[str, ...]  # what the values pass through on their way to the map
    map: np.ndarray  # float32 (height, width): the map, which is what the next layers get
    map_box: Box


def examine_kernel(recognizer: Recognizer, image: np.ndarray, layer: int, channel: int) -> Kernel | None:
    """A filter of a layer, numbered as in `find_stages`, for an image, float32 (28, 28) in 0–1.

    None if there is no such filter, or if the layer does something other than a plain convolution.
    """
    traced = trace(recognizer)
    tapped = traced.tapped[layer] if 0 <= layer < len(traced.tapped) else None
    if tapped is None or not has_kernels(tapped.operation) or not 0 <= channel < tapped.operation.filters:
        return None
    reads, maps = traced.run(image)[layer]
    return _examine(tapped, reads, maps[..., channel], channel)


def has_kernels(operation: Any) -> bool:  # noqa: ANN401
    """Whether a layer is a convolution that `examine_kernel` can show."""
    return type(operation).__name__ == "Conv2D" and operation.data_format == "channels_last"


def _examine(layer: Tapped, reads: np.ndarray, map_after: np.ndarray, channel: int) -> Kernel:
    operation = layer.operation
    weights = np.asarray(operation.kernel)[..., channel]
    first = channel // (operation.filters // operation.groups) * weights.shape[-1]
    inputs = reads[..., first : first + weights.shape[-1]]
    bias = float(np.asarray(operation.bias)[channel]) if operation.use_bias else 0.0
    strides, dilation = tuple(operation.strides), tuple(operation.dilation_rate)
    padding = padding_before(operation, reads.shape)
    rows, columns = operation.compute_output_shape((1, *reads.shape))[1:3]
    values = _slide(inputs, weights, (rows, columns), strides, dilation, padding) + bias
    own = getattr(operation.activation, "__name__", "linear")
    return Kernel(
        operation.name,
        kind(operation),
        channel,
        operation.filters,
        inputs,
        first,
        weights,
        bias,
        strides,
        dilation,
        padding,
        values.astype(np.float32),
        layer.own_grid.box(rows, columns),
        layer.input_grid.box(*reads.shape[:2]),
        (*(() if own == "linear" else (own,)), *map(kind, layer.through)),
        map_after,
        layer.grid.box(*map_after.shape),
    )


def _slide(
    inputs: np.ndarray,
    weights: np.ndarray,
    size: tuple[int, int],
    strides: tuple[int, int],
    dilation: tuple[int, int],
    padding: tuple[int, int],
) -> np.ndarray:
    """The sums of products at all places, float64 (rows, columns)."""
    reach = [(size[i] - 1) * strides[i] + (weights.shape[i] - 1) * dilation[i] + 1 for i in (0, 1)]
    after = [max(0, reach[i] - padding[i] - inputs.shape[i]) for i in (0, 1)]
    padded = np.pad(inputs.astype(np.float64), [(padding[0], after[0]), (padding[1], after[1]), (0, 0)])
    sums = np.zeros(size)
    for y in range(weights.shape[0]):
        for x in range(weights.shape[1]):
            top, left = y * dilation[0], x * dilation[1]
            rows = slice(top, top + (size[0] - 1) * strides[0] + 1, strides[0])
            columns = slice(left, left + (size[1] - 1) * strides[1] + 1, strides[1])
            sums += padded[rows, columns] @ weights[y, x].astype(np.float64)
    return sums
