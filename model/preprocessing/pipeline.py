"""Turns a drawing or a picture into the 28×28 image that the network reads.

The procedure is the one that made MNIST (http://yann.lecun.com/exdb/mnist): find the ink, crop to it, resize it to a
longer side of 20 pixels, and put its centre of mass at the centre of 28×28. One step is our own: MNIST was written with
one kind of pen, so strokes much thicker or thinner than MNIST's are first brought into its range.

Each step can be skipped, to see what it is good for: a network that is trained like that has its drawings prepared so.

All functions are pure. Until the last step, ink is uint8: 0 for background, 255 for full ink.
"""

from collections.abc import Collection
from typing import NamedTuple

import cv2
import numpy as np

from model.preprocessing.extraction import Extraction
from model.preprocessing.ink import check_picture, find_ink
from model.preprocessing.parts import MAX_PARTS, find_parts
from model.preprocessing.sizes import DIGIT_SIZE, SIZE, WHOLE, Box, ink_box, scale_to, scaled_shape
from model.preprocessing.thickness import WORKING_SIZE, normalise_thickness

STEPS = ("threshold", "crop", "resize", "centre")  # what can be skipped
# A part of the drawing is a speck if it is shorter than this fraction of the longest part. Near that, a short part may
# be the bar of a 5 or half an 8; far from it, it is a slip of the pen.
SPECK_NEAR, SPECK_FAR = 0.15, 0.4
NEAR = 0.25  # of the longest part: the largest gap that counts as near


class Steps(NamedTuple):
    """What each step makes of a picture: ink, uint8 (H, W) from 0 (background) to 255, except for `image`."""

    threshold: np.ndarray  # the whole picture, with nothing left of its background
    crop: np.ndarray  # cut to the digit, without specks
    resized: np.ndarray  # strokes as thick as MNIST's, longer side 20 pixels
    image: np.ndarray  # float32 (28, 28) in 0–1, centred: what the network sees
    place: Box  # the part of the picture that `image` shows
    way: str = ""  # how the picture was understood, in words, if not in the usual way
    within: Box = WHOLE  # the part of the picture that `threshold` shows
    start: tuple[int, int] = (0, 0)  # the row and the column of `threshold` at which `crop` begins
    parts: int = 1  # how many unconnected parts the crop has that are about as long as the longest


def prepare_in_steps(picture: np.ndarray, skipped: Collection[str] = ()) -> Steps | None:
    """All steps from a picture, uint8 (H, W), (H, W, 3) RGB or (H, W, 4) RGBA, to 28×28; None if it is blank.

    Those of STEPS that are `skipped` are left out. Raises InputError for any other shape or type.
    """
    ink = find_ink(check_picture(picture), "threshold" not in skipped)
    return None if ink is None else prepare_ink(Extraction(ink), skipped)


def prepare_ink(found: Extraction, skipped: Collection[str] = ()) -> Steps:
    """All steps from the ink of a picture, of which there must be some, to 28×28, but for those that are `skipped`.

    What is not cropped keeps its specks. What is not resized is as large and as thick as it is drawn when the whole
    picture becomes 28×28, and what is not centred stays where it is there. The threshold is up to who finds the ink.
    """
    crop, start, parts = _find_digit(found.ink)
    if "crop" in skipped:
        rows, columns = ink_box(found.ink)
        crop, start = found.ink[rows, columns], (rows.start, columns.start)
    if "resize" in skipped:
        thickened = crop
        resized = scale_to(crop, max(1, round(SIZE * max(crop.shape) / max(found.ink.shape))))
    else:
        thickened = normalise_thickness(crop)
        resized = resize(thickened)
    corner = _corner_where_drawn(found.ink, crop, start, resized) if "centre" in skipped else _corner(resized)
    image = _put(resized, corner).astype(np.float32) / 255
    place = _place(found.ink, crop, start, None if "resize" in skipped else thickened, resized, corner)
    return Steps(found.ink, crop, resized, image, place.within(found.box), found.way, found.box, start, parts)


def _place(
    ink: np.ndarray,
    crop: np.ndarray,
    start: tuple[int, int],
    thickened: np.ndarray | None,
    resized: np.ndarray,
    corner: tuple[int, int],
) -> Box:
    """The part of the picture that the image shows: every step on the way to it scales and moves, and no more.

    `thickened` is None if the crop was only scaled.
    """
    starts, sizes = [], []
    if thickened is None:
        thickened, scaled = crop, crop.shape
        box = (slice(0, crop.shape[0]), slice(0, crop.shape[1]))
    else:
        scaled, box = scaled_shape(crop.shape, WORKING_SIZE), ink_box(thickened)
    for axis in (0, 1):
        scale = crop.shape[axis] / scaled[axis]  # pixels of the picture for one of `thickened`
        padding = (thickened.shape[axis] - scaled[axis]) // 2  # the same on either side
        pixel = scale * (box[axis].stop - box[axis].start) / resized.shape[axis]  # of the picture for one of the image
        first = start[axis] + scale * (box[axis].start - padding) - pixel * corner[axis]
        starts.append(first / ink.shape[axis])
        sizes.append(pixel * SIZE / ink.shape[axis])
    return Box(starts[1], starts[0], sizes[1], sizes[0])


def prepare(picture: np.ndarray, skipped: Collection[str] = ()) -> np.ndarray | None:
    """The image that the network sees, float32 (28, 28) in 0–1, white ink on black; None for a blank picture.

    Takes the same as `prepare_in_steps` and raises the same InputError.
    """
    steps = prepare_in_steps(picture, skipped)
    return None if steps is None else steps.image


def to_bytes(image: np.ndarray) -> np.ndarray:
    """An image in 0–1 as uint8, 0–255."""
    return np.rint(image * 255).astype(np.uint8)


def crop_to_digit(ink: np.ndarray) -> np.ndarray:
    """The ink without specks, cut to its bounding box.

    Specks are recognised by length, not by area: the separate bar of a 5 holds little ink but is long.
    """
    return _find_digit(ink)[0]


def _find_digit(ink: np.ndarray) -> tuple[np.ndarray, tuple[int, int], int]:
    """What `crop_to_digit` returns, the row and the column of the ink at which it starts, and its number of parts."""
    rows, columns = ink_box(ink)
    top, left = rows.start, columns.start
    ink = ink[rows, columns]
    found = find_parts(ink > 0)
    if found is None:
        return ink, (top, left), MAX_PARTS
    start, size = found.start, found.size
    length = size.max(axis=1)
    length[0] = 0  # the background
    main = length.argmax()
    gap = np.maximum(start - (start + size)[main], start[main] - (start + size)).max(axis=1)
    smallest = np.where(gap <= NEAR * length[main], SPECK_NEAR, SPECK_FAR) * length[main]
    kept = length >= smallest
    parts = int((length >= SPECK_FAR * length[main]).sum())
    if kept[1:].all():
        return ink, (top, left), parts
    ink = np.where(kept[found.labels], ink, np.uint8(0))
    rows, columns = ink_box(ink)
    return ink[rows, columns], (top + rows.start, left + columns.start), parts


def resize(ink: np.ndarray) -> np.ndarray:
    """The digit, cut to its ink and resized to a longer side of 20 pixels; its proportions are kept."""
    return scale_to(ink[ink_box(ink)], DIGIT_SIZE)


def _corner(digit: np.ndarray) -> tuple[int, int]:
    """The row and the column at which a digit, at most 28 pixels a side, starts once it is centred on 28×28.

    Its centre of mass is then at pixel (14, 14), where MNIST has it. It moves by whole pixels, so that nothing blurs,
    and never over the edge.
    """
    moments = cv2.moments(digit)
    corner = []
    for side, moment in zip(digit.shape, (moments["m01"], moments["m10"]), strict=True):
        middle = moment / moments["m00"]
        corner.append(min(max(round(SIZE / 2 - middle), 0), SIZE - side))
    return corner[0], corner[1]


def _corner_where_drawn(
    ink: np.ndarray, crop: np.ndarray, start: tuple[int, int], resized: np.ndarray
) -> tuple[int, int]:
    """The row and the column at which the digit starts if its middle stays where it is in the picture."""
    corner = []
    for axis in (0, 1):
        before = (max(ink.shape) - ink.shape[axis]) / 2  # what makes the picture square
        middle = SIZE * (before + start[axis] + crop.shape[axis] / 2) / max(ink.shape)
        side = resized.shape[axis]
        corner.append(min(max(round(middle - side / 2), 0), SIZE - side))
    return corner[0], corner[1]


def _put(digit: np.ndarray, corner: tuple[int, int]) -> np.ndarray:
    """The digit on 28×28, starting at this row and this column."""
    placed = np.zeros((SIZE, SIZE), np.uint8)
    placed[corner[0] : corner[0] + digit.shape[0], corner[1] : corner[1] + digit.shape[1]] = digit
    return placed
