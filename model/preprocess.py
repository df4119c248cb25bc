"""A drawing or a picture becomes the 28×28 image that the network reads.

The procedure is the one that made MNIST (http://yann.lecun.com/exdb/mnist): find the ink, crop to it, resize so that
the longer side is 20 pixels, put the centre of mass at the centre of 28×28. One step is ours: MNIST was written with
one kind of pen, so strokes much thicker or thinner than MNIST's are first brought into its range.

All functions are pure. Until the last step a picture of ink is uint8, 0 for ground and 255 for full ink.
"""

from typing import NamedTuple

import cv2
import numpy as np

from model.errors import InputError
from model.photograph import examine
from model.photograph import find_ink as find_ink_of_photograph

SIZE = 28  # the network's input, pixels a side
DIGIT_SIZE = 20  # the longer side of the digit inside it, as in MNIST
SCALE = 8  # stroke thickness is measured and changed at this many times the final resolution
WORKING_SIZE = DIGIT_SIZE * SCALE

# The strokes of MNIST's training digits are 1.5 to 3.65 pixels thick (5th to 95th percentile; `python -m
# bench.thickness`). What is thinner or thicker than these two is brought to them; what lies between is left alone.
THINNEST, THICKEST = 1.9, 3.0
THINNED = 2.4  # what a stroke that is too thick becomes: less than it must, since its corners stay thicker

MIN_CONTRAST = 8  # of 255: colours no further from the ground are taken for it, as nobody would see them
INK_THRESHOLD = 0.15  # of full ink: keeps the soft edge of a stroke, drops the noise around it

# A part of the drawing is a speck if it is shorter than this fraction of the longest part. What lies near may be the
# bar of a 5 or half an 8, what lies far off is a slip of the pen.
SPECK_NEAR, SPECK_FAR = 0.15, 0.4
NEAR = 0.25  # a gap of at most this fraction of the longest part


class Steps(NamedTuple):
    """What each step made of a picture: uint8 ink (255) on 0 of any size, but for `image`."""

    threshold: np.ndarray  # the whole picture, the ground at 0
    crop: np.ndarray  # cut to the digit, without specks
    resized: np.ndarray  # stroke thickness in MNIST's range, longer side 20 pixels
    image: np.ndarray  # float32 (28, 28) in 0–1, centred: what the network sees


def steps(image: np.ndarray) -> Steps | None:
    """All steps from a uint8 picture, (H, W), (H, W, 3) RGB or (H, W, 4) RGBA, to 28×28; None if it is blank.

    Raises InputError for any other shape or type.
    """
    ink = find_ink(check_picture(image))
    if ink is None:
        return None
    crop = crop_to_digit(ink)
    resized = resize(normalise_thickness(crop))
    return Steps(ink, crop, resized, centre(resized).astype(np.float32) / 255)


def prepare(image: np.ndarray) -> np.ndarray | None:
    """The float32 (28, 28) image in 0–1 that the network sees, white ink on black; None for a blank picture."""
    made = steps(image)
    return None if made is None else made.image


def to_bytes(image: np.ndarray) -> np.ndarray:
    """An image in 0–1 as uint8, 0–255."""
    return np.rint(image * 255).astype(np.uint8)


def check_picture(image: np.ndarray) -> np.ndarray:
    """The array itself if it is a picture that can be read, else InputError."""
    if not isinstance(image, np.ndarray):
        raise InputError(f"A picture must be a NumPy array, not {type(image).__name__}: use numpy.asarray(picture).")
    if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] not in (3, 4)):
        raise InputError(
            f"A picture must have the shape (height, width), (height, width, 3) or (height, width, 4), not "
            f"{image.shape}: give one picture, grey, RGB or RGBA."
        )
    if image.size == 0:
        raise InputError(f"The picture has no pixels (its shape is {image.shape}): give one of at least 1×1.")
    if image.dtype != np.uint8:
        raise InputError(
            f"A picture must hold whole numbers from 0 to 255 (uint8), not {image.dtype}: scale it to 0–255 without "
            f"NaN and convert it with .astype('uint8')."
        )
    return image


def find_ink(image: np.ndarray) -> np.ndarray | None:
    """How much ink each pixel of a picture holds: (H, W) uint8, 0 under the threshold; None without any ink.

    Ink is whatever differs from the ground, in any channel and either direction, so its colour does not matter. A
    photograph, whose ground is of no one colour, has ways of its own, and its ink may be of fewer pixels.
    """
    colours = flatten(image)
    border = np.concatenate([colours[0], colours[:, -1], colours[-1, ::-1], colours[::-1, 0]]).astype(np.float32)
    photograph = examine(colours, border)
    if photograph is not None:
        return find_ink_of_photograph(photograph)
    ground = _ground(colours, border)
    distance = np.abs(np.arange(256)[:, None] - np.rint(ground)).astype(np.uint8)  # of each grey value, per channel
    channels = [cv2.LUT(channel, distance[:, i]) for i, channel in enumerate(cv2.split(colours))]
    distance = channels[0] if len(channels) == 1 else cv2.max(cv2.max(channels[0], channels[1]), channels[2])
    # Paper has grain: a normal spread, told from how neighbours on the border differ. None of it reaches six times its
    # standard deviation, which is about the median difference.
    grain = 6 * np.median(np.abs(np.diff(border, axis=0)))
    differing = distance[distance > max(MIN_CONTRAST, grain)]
    if differing.size == 0:
        return None
    full = np.percentile(differing, 75)  # the lower values are the soft edges of the strokes
    ink = cv2.convertScaleAbs(distance, alpha=255 / full)
    threshold = 255 * max(grain / full, INK_THRESHOLD)
    return cv2.threshold(ink, threshold, 255, cv2.THRESH_TOZERO)[1]


def flatten(image: np.ndarray) -> np.ndarray:
    """A picture without transparency, (H, W) or (H, W, 3).

    What is transparent goes over black or white, whichever differs more from what is opaque.
    """
    if image.ndim == 2 or image.shape[2] == 3:
        return image
    colours, alpha = image[:, :, :3], image[:, :, 3]
    if alpha.min() == 255:
        return np.ascontiguousarray(colours)
    if alpha.max() == 0:
        return np.zeros(alpha.shape, np.uint8)
    bright = np.mean(cv2.mean(colours, alpha)[:3]) > 127
    seen = cv2.multiply(colours if bright else ~colours, cv2.merge([alpha] * 3), scale=1 / 255)
    return seen if bright else ~seen


def _ground(colours: np.ndarray, border: np.ndarray) -> np.ndarray:
    """The colour of the ground, a number for each channel.

    It is that of the four corners, if they agree: a 1 cut out closely leaves little else. Otherwise it is the median of
    the border, of which a drawing covers less than half.
    """
    corners = colours[[0, 0, -1, -1], [0, -1, 0, -1]].astype(np.float32)
    if np.ptp(corners, axis=0).max() <= MIN_CONTRAST:
        return np.atleast_1d(np.median(corners, axis=0))
    return np.atleast_1d(np.median(border, axis=0))


def crop_to_digit(ink: np.ndarray) -> np.ndarray:
    """Ink cut to its bounding box, without the specks around it.

    Specks go by their length, not their area: a separate bar of a 5 is short of ink but long, a slip of the pen is not.
    """
    ink = ink[_box(ink)]
    _, labels, stats, _ = cv2.connectedComponentsWithStats((ink > 0).astype(np.uint8), connectivity=8)
    start = stats[:, [cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP]]
    size = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    length = size.max(axis=1)
    length[0] = 0  # the ground
    main = length.argmax()
    gap = np.maximum(start - (start + size)[main], start[main] - (start + size)).max(axis=1)
    smallest = np.where(gap <= NEAR * length[main], SPECK_NEAR, SPECK_FAR) * length[main]
    kept = length >= smallest
    if kept[1:].all():
        return ink
    ink = np.where(kept[labels], ink, np.uint8(0))
    return ink[_box(ink)]


def _box(ink: np.ndarray) -> tuple[slice, slice]:
    """The rows and columns of the smallest box that holds all ink."""
    left, top, width, height = cv2.boundingRect((ink > 0).astype(np.uint8))
    return slice(top, top + height), slice(left, left + width)


def thickness(ink: np.ndarray) -> float:
    """The median thickness of the strokes, in pixels of `ink`.

    Twice the distance to the ground, along the ridge of the distance map: the middle of the strokes.
    """
    solid = cv2.copyMakeBorder((ink > ink.max() // 2).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    distance = cv2.distanceTransform(solid, cv2.DIST_L2, cv2.DIST_MASK_5)
    ridge = (distance > 0) & (distance >= cv2.dilate(distance, np.ones((3, 3), np.uint8)))
    return 2 * float(np.median(distance[ridge])) - 1 if ridge.any() else 0.0


def normalise_thickness(crop: np.ndarray) -> np.ndarray:
    """The digit with a longer side of about 160 pixels, its strokes between THINNEST and THICKEST once it is 20.

    A digit drawn small under a thick pen loses its counters, a large one under a thin pen fades away when it is made
    28×28. Both are cured here: ink is worn off, or put on, all around.
    """
    shrinking = max(crop.shape) // WORKING_SIZE
    if shrinking > 1:  # a stroke thinner than a pixel of the smaller picture would fade from it
        # The sides one after the other: of a square, OpenCV would need as much room all around a narrow picture.
        crop = cv2.dilate(cv2.dilate(crop, np.ones((shrinking, 1), np.uint8)), np.ones((1, shrinking), np.uint8))
    ink = _resize(crop, WORKING_SIZE)
    found = thickness(ink) / SCALE
    if THINNEST <= found <= THICKEST:
        return ink
    wanted = THINNEST if found < THINNEST else THINNED
    # The digit shrinks or grows with its strokes and is then resized to 20 again, so they change by a little more.
    change = SCALE * (found - wanted) / 2 / (1 - wanted / DIGIT_SIZE)
    return _wear_off(ink, change) if change > 0 else _put_on(ink, -change)


def _wear_off(ink: np.ndarray, depth: float) -> np.ndarray:
    """The ink without its outermost `depth` pixels; less where a limb thinner than the rest would go with them.

    A pinhole grows with it: that is what a thick pen has left of a counter. What hangs together stays so: an 8 whose
    counters are gone would come apart at its waist.
    """
    ink = cv2.copyMakeBorder(ink, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    size, parts = _size(ink), _parts(ink)
    while (radius := round(depth)) > 0:
        worn = cv2.erode(ink, _disc(radius))
        # a pixel of the last picture may go with a corner
        if (_size(worn) >= size - 2 * radius - SCALE).all() and _parts(worn) == parts:
            return worn
        depth *= 0.7
    return ink


def _size(ink: np.ndarray) -> np.ndarray:
    """Width and height of the box that holds all solid ink."""
    return np.array(cv2.boundingRect((ink > 127).astype(np.uint8))[2:])


def _parts(ink: np.ndarray) -> int:
    """How many pieces of solid ink there are, and one for the ground."""
    return cv2.connectedComponents((ink > 127).astype(np.uint8), connectivity=8)[0]


def _put_on(ink: np.ndarray, depth: float) -> np.ndarray:
    """The ink with `depth` more pixels all around."""
    radius = round(depth)
    room = cv2.copyMakeBorder(ink, radius, radius, radius, radius, cv2.BORDER_CONSTANT, value=0)
    return cv2.dilate(room, _disc(radius))


def _disc(radius: int) -> np.ndarray:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))


def resize(ink: np.ndarray) -> np.ndarray:
    """The digit cut to its ink, its longer side 20 pixels, its proportions kept."""
    return _resize(ink[_box(ink)], DIGIT_SIZE)


def _resize(ink: np.ndarray, longer_side: int) -> np.ndarray:
    """Resized by area where it shrinks, and smoothly where it grows."""
    scale = longer_side / max(ink.shape)
    height, width = (max(1, round(side * scale)) for side in ink.shape)
    return cv2.resize(ink, (width, height), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)


def centre(digit: np.ndarray) -> np.ndarray:
    """The digit, at most 28 pixels a side, on 28×28 with its centre of mass at pixel 14, 14, where MNIST has it.

    Moved by whole pixels, so that nothing blurs, and never over the edge.
    """
    moments = cv2.moments(digit)
    placed = np.zeros((SIZE, SIZE), np.uint8)
    corner = []
    for side, moment in zip(digit.shape, (moments["m01"], moments["m10"]), strict=True):
        middle = moment / moments["m00"]
        corner.append(min(max(round(SIZE / 2 - middle), 0), SIZE - side))
    placed[corner[0] : corner[0] + digit.shape[0], corner[1] : corner[1] + digit.shape[1]] = digit
    return placed
