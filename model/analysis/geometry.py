"""Where in the 28×28 image the values of a feature map are."""

from typing import Any, NamedTuple

from model.networks import INPUT_SHAPE
from model.preprocessing import Box

Shape = tuple[Any, ...]  # of an output without the batch dimension; for a map: height, width, filters


class Grid(NamedTuple):
    """Where the values of a map are: the middle of the first one and the step to the next, in pixels of the image.

    Each is (down, right); the middle of the first pixel is 0.5.
    """

    first: tuple[float, float]
    step: tuple[float, float]

    def box(self, height: int, width: int) -> Box:
        """The part of the image that a map of this size covers; each value covers one step."""
        top, left = (first - step / 2 for first, step in zip(self.first, self.step, strict=True))
        rows, columns = INPUT_SHAPE[:2]
        return Box(left / columns, top / rows, width * self.step[1] / columns, height * self.step[0] / rows)


START = Grid((0.5, 0.5), (1.0, 1.0))  # the image itself


def grid_after(operation: Any, before: Grid, given: Shape, made: Shape) -> Grid:  # noqa: ANN401
    """Where the values are after an operation that makes an output of the shape `made` from one of the shape `given`.

    Where that is not known (after a transposed convolution, say), the map is taken to cover the whole image.
    """
    if len(given) != 3 or len(made) != 3 or None in given + made:
        return START
    if (moved := _moved(operation)) is not None:
        down, right = (before.first[i] + moved[i] * before.step[i] for i in (0, 1))
        return Grid((down, right), before.step)
    size = getattr(operation, "kernel_size", None) or getattr(operation, "pool_size", None)
    if size is None or not hasattr(operation, "strides") or "Transpose" in type(operation).__name__:
        return before if given[:2] == made[:2] else _over_the_whole_image(made)
    padding = padding_before(operation, given)
    reach = [reached - 1 for reached in _reach(operation)]
    first = [before.first[i] + (reach[i] / 2 - padding[i]) * before.step[i] for i in (0, 1)]
    step = [before.step[i] * operation.strides[i] for i in (0, 1)]
    return Grid((first[0], first[1]), (step[0], step[1]))


def _moved(operation: Any) -> tuple[int, int] | None:  # noqa: ANN401
    """The rows and columns that cropping removes at the top and left; negative for padding, None for all else."""
    match type(operation).__name__:
        case "Cropping2D":
            (top, _), (left, _) = operation.cropping
            return top, left
        case "ZeroPadding2D":
            (top, _), (left, _) = operation.padding
            return -top, -left
    return None


def padding_before(operation: Any, given: Shape) -> tuple[int, int]:  # noqa: ANN401
    """The rows above and the columns to the left that a convolution or pooling adds to what it is given."""
    if operation.padding != "same":
        return 0, 0
    added = [
        max((-(-given[i] // operation.strides[i]) - 1) * operation.strides[i] + _reach(operation)[i] - given[i], 0)
        for i in (0, 1)
    ]
    return added[0] // 2, added[1] // 2


def _reach(operation: Any) -> tuple[int, int]:  # noqa: ANN401
    """The rows and the columns from the first value that a kernel or a pool takes in to the last."""
    size = getattr(operation, "kernel_size", None) or operation.pool_size
    dilation = getattr(operation, "dilation_rate", (1, 1))
    return (size[0] - 1) * dilation[0] + 1, (size[1] - 1) * dilation[1] + 1


def _over_the_whole_image(made: Shape) -> Grid:
    step = INPUT_SHAPE[0] / made[0], INPUT_SHAPE[1] / made[1]
    return Grid((step[0] / 2, step[1] / 2), step)
