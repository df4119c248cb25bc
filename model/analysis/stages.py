"""A few of a network's layers, with the maps that a drawing excites most: its way from the image to the answer."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from model.analysis.layers import kind
from model.analysis.pictures import to_grey
from model.analysis.tracing import Tapped, trace
from model.preprocessing import WHOLE, Box
from model.recognizer import Recognizer

MAX_STAGES = 3
MAX_STRONGEST = 12  # maps of a stage


class Stage(NamedTuple):
    """One layer, and what it makes of an image."""

    layer: int  # its number among the convolutions and hidden dense layers, from 0; `examine_kernel` takes it
    name: str  # of the layer
    convolution: bool  # if not, it is a dense layer
    number: int  # of this layer among the convolutions, or among the dense layers, from 1
    kind: str
    through: tuple[str, ...]  # the kinds of the later layers that the values have passed through
    shape: tuple[int, ...]  # of all its values: (height, width, filters), or (neurons,)
    box: Box  # the part of the image that each map covers
    channels: tuple[int, ...]  # the maps that the drawing excites most, strongest first; none for a dense layer
    pictures: np.ndarray  # uint8 (N, H, W): these maps; for a dense layer, one picture with a pixel for each neuron


def find_stages(recognizer: Recognizer, image: np.ndarray) -> list[Stage]:
    """The first, a middle and the last convolution, and what they make of an image, float32 (28, 28) in 0–1.

    A network with fewer than three convolutions shows dense layers after them, if it has any between input and answer.
    All maps of a layer have one scale of grey. What excites a map is measured against the same map for a blank image.
    """
    traced = trace(recognizer)
    outputs = traced.run(image)
    return [
        _make(i, traced.tapped, outputs[i][1], traced.blank[i]) for i in _choose([e.convolution for e in traced.tapped])
    ]


def _choose(convolutions: Sequence[bool]) -> list[int]:
    """The layers to show, in the order of computation; for each layer, whether it is a convolution."""
    first = _some([i for i, is_one in enumerate(convolutions) if is_one], MAX_STAGES)
    rest = _some([i for i, is_one in enumerate(convolutions) if not is_one], MAX_STAGES - len(first))
    return sorted(first + rest)


def _some(numbers: list[int], most: int) -> list[int]:
    """At most so many of the numbers: the last and the first of them and, as the third, one in between.

    That one is nearer to the first, because maps become smaller from layer to layer, and harder to recognise.
    """
    if len(numbers) <= most:
        return numbers
    chosen = [numbers[-1], numbers[0], numbers[round((len(numbers) - 1) / MAX_STAGES)]]
    return sorted(chosen[:most])


def _make(index: int, tapped: Sequence[Tapped], values: np.ndarray, blank: np.ndarray) -> Stage:
    layer = tapped[index]
    channels: tuple[int, ...] = ()
    if layer.convolution:
        excitement = np.maximum(values - blank, 0).mean(axis=(0, 1))
        strongest = np.argsort(-excitement, kind="stable")[:MAX_STRONGEST]
        channels = tuple(int(channel) for channel in strongest if excitement[channel] > 0)
        pictures = to_grey(values)[..., list(channels)].transpose(2, 0, 1)
    else:
        pictures = _cells(to_grey(values))[None]
    return Stage(
        index,
        layer.operation.name,
        layer.convolution,
        sum(each.convolution == layer.convolution for each in tapped[: index + 1]),
        kind(layer.operation),
        tuple(map(kind, layer.through)),
        values.shape,
        layer.grid.box(*values.shape[:2]) if layer.convolution else WHOLE,
        channels,
        pictures,
    )


def _cells(values: np.ndarray) -> np.ndarray:
    """The values of a dense layer, uint8 (N,), row by row as a picture about twice as wide as high."""
    rows = max(1, round(math.sqrt(len(values) / 2)))
    columns = math.ceil(len(values) / rows)
    return np.pad(values, (0, rows * columns - len(values))).reshape(rows, columns)
