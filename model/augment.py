"""How a training image is varied, so that the network meets more hands than the data holds."""

from typing import NamedTuple

import cv2
import numpy as np

from model.data import Images, prepare_all
from model.preprocess import SIZE
from model.strokes import CANVAS, StrokeDigit, bounds, draw, enlarge


class Variation(NamedTuple):
    """How much an image is varied: evenly by chance, between minus and plus the value where nothing else is said."""

    rotation: float  # degrees
    zoom: float
    shear: float
    shift: float  # pixels
    elastic: float  # pixels, the spread of a smooth displacement that differs from place to place
    thicken: float  # blended with a version one pixel thicker all around, by at most this much,
    thin: float  # or with one a pixel thinner, by at most this much


SCANS = Variation(rotation=10, zoom=0.05, shear=0.05, shift=1.5, elastic=1.0, thicken=0.3, thin=0.2)
# There are few strokes, and they were written by few people
DRAWN = Variation(rotation=12, zoom=0.12, shear=0.15, shift=2.0, elastic=1.2, thicken=0.5, thin=0.35)
ELASTIC_SMOOTHNESS = 5.0  # pixels over which the displacement changes
BLUR = 0.9  # pixels, of every second image: else a coarse scan, seldom among digits, would be taken for no digit

ENLARGED = 10  # times, before an image is prepared as a picture of it would be

# Of a digit drawn anew from its strokes:
STROKE_ROTATION, STROKE_SHEAR, STROKE_SQUEEZE = 15.0, 0.2, 0.2
STROKE_WIDTHS = (5, 32)  # pixels on the canvas
SMALLEST_IN_WIDTHS, LARGEST = 3.5, 0.9  # how large a digit is drawn: from so many pen widths to this part of the canvas


_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


def vary(images: np.ndarray, rng: np.random.Generator, drawn: np.ndarray | bool = False) -> np.ndarray:
    """Each image (N, 28, 28) uint8 turned, zoomed, sheared, moved, bent, blurred, made thicker or thinner by chance.

    `drawn` says which are no scans, all or each (N,): these are varied more.
    """
    count = len(images)
    drawn = np.broadcast_to(drawn, count)
    most = Variation(*(np.where(drawn, *limits) for limits in zip(DRAWN, SCANS, strict=True)))
    angle = np.deg2rad(rng.uniform(-most.rotation, most.rotation))
    zoom = rng.uniform(1 - most.zoom, 1 + most.zoom, (2, count)).T
    shear = rng.uniform(-most.shear, most.shear)
    shift = rng.uniform(-most.shift, most.shift, (2, count)).T
    turn = np.stack([np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)], axis=1).reshape(-1, 2, 2)
    lean = np.tile(np.eye(2), (count, 1, 1))
    lean[:, 0, 1] = shear
    affine = turn @ lean * zoom[:, None, :]
    thicken = rng.uniform(-most.thin, most.thicken)
    blur = rng.uniform(-BLUR, BLUR, count)

    grid = np.stack(np.meshgrid(np.arange(SIZE), np.arange(SIZE)), axis=-1) - (SIZE - 1) / 2  # x, y from the middle
    varied = np.empty_like(images)
    for i, image in enumerate(images):
        bend = rng.standard_normal((SIZE, SIZE, 2)).astype(np.float32)
        bend = cv2.GaussianBlur(bend, (0, 0), ELASTIC_SMOOTHNESS)
        bend *= most.elastic[i] / bend.std()
        places = (grid @ affine[i].T + shift[i] + (SIZE - 1) / 2).astype(np.float32) + bend
        other = cv2.dilate(image, _CROSS) if thicken[i] > 0 else cv2.erode(image, _CROSS)
        blended = cv2.addWeighted(image, 1 - abs(thicken[i]), other, abs(thicken[i]), 0)
        varied[i] = cv2.remap(blended, places, None, cv2.INTER_CUBIC)
        if blur[i] > 0:
            varied[i] = cv2.GaussianBlur(varied[i], (0, 0), blur[i])
    return varied


def prepare_again(digits: Images, rng: np.random.Generator) -> Images:
    """The images, enlarged with hard or with smooth edges by chance, and prepared as a drawing on the page is.

    A network that learned only the images of a data set would be a little less sure of them on the page, whose
    preparation changes what is very thick or thin. Blank ones are left out. Takes most of a millisecond each.
    """
    smooth = rng.integers(2, size=len(digits.labels))
    pictures = (
        enlarge_image(image, cv2.INTER_CUBIC if each else cv2.INTER_NEAREST)
        for image, each in zip(digits.images, smooth, strict=True)
    )
    return prepare_all(zip(pictures, digits.labels, strict=True))


def enlarge_image(image: np.ndarray, interpolation: int) -> np.ndarray:
    """A uint8 image (28, 28) as a picture of 280×280: the size of the page's canvas."""
    return cv2.resize(image, None, fx=ENLARGED, fy=ENLARGED, interpolation=interpolation)


def vary_strokes(strokes: list[np.ndarray], rng: np.random.Generator) -> list[np.ndarray]:
    """The strokes turned, sheared and squeezed by chance about their centre."""
    low, high = bounds(strokes)
    angle = np.deg2rad(rng.uniform(-STROKE_ROTATION, STROKE_ROTATION))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    lean = np.array([[1, rng.uniform(-STROKE_SHEAR, STROKE_SHEAR)], [0, 1]])
    squeeze = np.eye(2)
    side = rng.integers(2)
    squeeze[side, side] = rng.uniform(1 - STROKE_SQUEEZE, 1)
    middle = (low + high) / 2
    return [(stroke - middle) @ (turn @ lean @ squeeze).T + middle for stroke in strokes]


def place_strokes(
    strokes: list[np.ndarray],
    width: float,
    size: int,
    rng: np.random.Generator,
    smallest_in_widths: float = SMALLEST_IN_WIDTHS,
) -> list[np.ndarray]:
    """The strokes at a size and place by chance on a canvas of `size` pixels, for a pen `width` pixels wide."""
    smallest = (smallest_in_widths - 1) * width / size  # the pen adds its own width to the digit
    scaled = enlarge(strokes, rng.uniform(smallest, max(smallest, LARGEST - width / size)))
    low, high = bounds(scaled)
    margin = width / size / 2
    move = rng.uniform(margin - low, np.maximum(1 - margin - high, margin - low))
    return [stroke + move for stroke in scaled]


def draw_varied(digits: list[StrokeDigit], copies: int, rng: np.random.Generator) -> Images:
    """Each digit drawn `copies` times with another pen, size and slant, and prepared as a drawing on the page is."""

    def draw_one(strokes: list[np.ndarray]) -> np.ndarray:
        width = rng.uniform(*STROKE_WIDTHS)
        return draw(place_strokes(vary_strokes(strokes, rng), width, CANVAS, rng), width)

    return prepare_all((draw_one(entry.strokes), entry.digit) for entry in digits for _ in range(copies))
