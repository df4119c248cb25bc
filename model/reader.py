"""Reads pictures with a network, whatever computes it."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np

from model.errors import InputError
from model.networks import CLASSES
from model.numbers import box_of_ink, find_numbers
from model.preprocessing import (
    SIZE,
    Extraction,
    PenStroke,
    Steps,
    agree,
    check_picture,
    extract,
    is_lookalike,
    prepare_ink,
    redraw,
    window,
)
from model.reading import BLANK, Number, Reading
from model.verdict import Case, judge

MAX_PARTS = 3  # of one digit: people write it in one or two, and a coarse scan may break it into more
SURE_ALONE = 0.98  # the probability from which what is taken for a digit is not looked at again
APART = 0.1  # of the height: the least room between the digits of what is then taken for a number
BATCH_SIZE = 500  # limits the memory a call takes; larger batches are no faster


class Reader:
    """Reads pictures with a network. Any number of threads may read with it at once."""

    def __init__(
        self, infer: Callable[[np.ndarray], np.ndarray], threshold: float, skipped: Collection[str] = ()
    ) -> None:
        """`infer` gives the probabilities, float32 (N, 10), for images, float32 (N, 28, 28, 1), from any thread.

        `threshold`, 0–1: a drawing whose highest probability is below it is a non-digit. `skipped` are the steps that
        the preparation of a drawing does without.
        """
        self._infer, self.threshold, self.skipped = infer, threshold, frozenset(skipped)

    def predict(self, batch: np.ndarray) -> np.ndarray:
        """The probabilities, float32 (N, 10), for images, float32 (N, 28, 28) in 0–1, white ink on black.

        Raises InputError for any other array.
        """
        return self._answer(batch)[0]

    def _answer(self, batch: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The probabilities, (N, 10), and how much of them comes from examples of a hand, (N,) in 0–1."""
        parts = [self._infer(part) for part in in_batches(batch)]
        probabilities = np.concatenate(parts) if parts else np.zeros((0, CLASSES), np.float32)
        return probabilities, np.zeros(len(batch), np.float32)

    def read(self, image: np.ndarray, strokes: list[PenStroke] | None = None, cut: bool = True) -> Reading:
        """Reads a picture, uint8 (H, W), (H, W, 3) RGB or (H, W, 4) RGBA, of any size and either polarity.

        The strokes it was drawn with, if known, help where a digit is too small for its pen, or where digits touch.
        Without `cut`, digits that touch are not told apart: whatever is no digit is then read several times as fast.
        Raises InputError for anything but such a picture.
        """
        return self._examine(image, strokes, cut)[0]

    def read_number(self, image: np.ndarray, strokes: list[PenStroke] | None = None) -> list[Number]:
        """Reads the whole numbers in a picture, one for each line of digits, from top to bottom.

        Takes what `read` takes. What `read` takes for a digit is a number of one digit. None for a blank picture, and
        for one that falls into too many pieces; `is_number` is False for what does not look like a number.
        """
        reading, numbers = self._examine(image, strokes)
        if reading.steps is None:
            return []
        if reading.is_digit:
            box = box_of_ink(_extraction(reading.steps), image.shape)
            return [Number((replace(reading, box=box),), True)]
        return numbers

    def _examine(
        self, image: np.ndarray, strokes: list[PenStroke] | None, cut: bool = True
    ) -> tuple[Reading, list[Number]]:
        """What a picture shows, and if that is no digit, the numbers that it looks most like."""
        picture = redraw(check_picture(image), strokes) if strokes and not self.skipped else image
        tried = self._try([picture])[0]
        if not tried:
            return BLANK, []
        if not tried[0].is_digit and strokes and agree(image, strokes):
            reading, numbers = self._with_numbers(max(tried, key=_sureness), image.shape, strokes, cut)
        else:
            reading, numbers = max(
                (self._with_numbers(each, image.shape, None, cut) for each in tried), key=_preference
            )
        if picture is image or reading.steps is None or not strokes:
            return reading, numbers
        place = reading.steps.place.within(window(strokes, image.shape))
        return replace(reading, steps=reading.steps._replace(place=place)), numbers

    def read_many(self, images: list[np.ndarray]) -> list[Reading]:
        """Reads pictures of any sizes, as `read` does one, with few passes through the network.

        Each is understood in the first way in which it shows a digit or else numbers or, if there is none, in the way
        in which it looks most like a digit.
        """
        return [self._settle(tried, image.shape) for tried, image in zip(self._try(images), images, strict=True)]

    def read_ways(self, image: np.ndarray) -> list[Reading]:
        """The readings of a picture in all ways in which it can be understood; that of `read` is the first."""
        readings = self._interpret([prepare_ink(way, self.skipped) for way in self._extract(image)])
        if not readings:
            return [BLANK]
        digit = next((reading for reading in readings if reading.is_digit), None)
        examined = [self._with_numbers(reading, image.shape) for reading in readings]
        first = examined[readings.index(digit)] if digit else max(examined, key=_preference)
        return [first[0], *(other[0] for other in examined if other is not first)]

    def _try(self, images: list[np.ndarray]) -> list[list[Reading]]:
        """How each picture can be read as a single digit: just that, or all ways if it is none; none if it is blank."""
        ways = [self._extract(image) for image in images]
        tried: list[list[Reading]] = [[] for _ in images]
        undecided = list(range(len(images)))
        while found := {
            place: prepare_ink(way, self.skipped) for place in undecided if (way := next(ways[place], None))
        }:
            for place, reading in zip(found, self._interpret(list(found.values())), strict=True):
                tried[place] = [reading] if reading.is_digit else [*tried[place], reading]
            undecided = [place for place in found if not tried[place][0].is_digit]
        return tried

    def _extract(self, image: np.ndarray) -> Iterator[Extraction]:
        return extract(image, thresholded="threshold" not in self.skipped)

    def _settle(self, tried: list[Reading], shape: tuple[int, ...]) -> Reading:
        """What a picture of this shape shows, from the ways in which it can be read."""
        if not tried:
            return BLANK
        return max((self._with_numbers(each, shape) for each in tried), key=_preference)[0]

    def _interpret(self, prepared: list[Steps]) -> list[Reading]:
        """What single digits the pictures show that were prepared in these steps."""
        if not prepared:
            return []
        readings = []
        answers = self._answer(np.stack([steps.image for steps in prepared]))
        for probabilities, share, steps in zip(*answers, prepared, strict=True):
            digit = int(probabilities.argmax())
            none = steps.parts > MAX_PARTS or is_lookalike(digit, steps)
            case = Case.UNKNOWN if none else judge(probabilities, self.threshold)
            is_digit = bool(probabilities.max() >= self.threshold) and case is not Case.UNKNOWN
            readings.append(Reading(digit, probabilities, steps.image, steps, is_digit, case=case, share=float(share)))
        return readings

    def _with_numbers(
        self, reading: Reading, shape: tuple[int, ...], strokes: list[PenStroke] | None = None, cut: bool = True
    ) -> tuple[Reading, list[Number]]:
        """The reading, with the numbers that it shows if there are several digits; and what numbers it looks most like.

        `shape` is that of the picture. What is taken for a digit is looked at again if it may be two that stand apart.
        """
        alone = reading.is_digit
        if reading.steps is None or (alone and (_sureness(reading) >= SURE_ALONE or reading.steps.parts == 1)):
            return reading, []
        if alone and not self.threshold:
            return reading, []
        found = Extraction(np.empty(shape[:2], np.uint8)) if strokes else _extraction(reading.steps)
        numbers = find_numbers(found, shape, self._interpret, strokes, cut and not alone)
        several = sum(len(number.digits) for number in numbers) > 1 and all(number.is_number for number in numbers)
        if alone and not (several and len(numbers) == 1 and _is_rather(numbers[0], reading)):
            return reading, []
        if not several:
            return reading, numbers
        return replace(reading, is_digit=False, numbers=tuple(numbers), case=Case.SEVERAL), numbers


def _extraction(steps: Steps) -> Extraction:
    """How the picture was understood that these steps prepared."""
    return Extraction(steps.threshold, steps.within, steps.way)


def _preference(found: tuple[Reading, list[Number]]) -> tuple[int, float]:
    """The way in which a picture without a single digit is understood has the highest: that with the most digits."""
    return len(found[0].several), _sureness(found[0])


def _is_rather(number: Number, reading: Reading) -> bool:
    """Whether what was taken for a digit is rather a number, whose digits stand well apart."""
    boxes = [digit.box for digit in number.digits if digit.box]
    room = min(right[0] - left[0] - left[2] for left, right in pairwise(boxes))
    return number.probability > _sureness(reading) and room >= APART * max(height for *_, height in boxes)


def _sureness(reading: Reading) -> float:
    return float(reading.probabilities.max())


def in_batches(images: np.ndarray) -> list[np.ndarray]:
    """Images, float32 (N, 28, 28) in 0–1, as batches that networks take, (up to BATCH_SIZE, 28, 28, 1).

    Raises InputError for any other array.
    """
    images = check_images(images)[..., None]
    return [images[start : start + BATCH_SIZE] for start in range(0, len(images), BATCH_SIZE)]


def check_images(batch: np.ndarray) -> np.ndarray:
    wanted = f"give float32 of the shape (N, {SIZE}, {SIZE}) from 0 (background) to 1 (ink)"
    if not isinstance(batch, np.ndarray) or batch.dtype != np.float32:
        raise InputError(f"The images are {getattr(batch, 'dtype', type(batch).__name__)}: {wanted}.")
    if batch.ndim != 3 or batch.shape[1:] != (SIZE, SIZE):
        raise InputError(f"The images have the shape {batch.shape}: {wanted}.")
    if batch.size and not (batch.min() >= 0 and batch.max() <= 1):  # comparisons with NaN are false, too
        raise InputError(f"The images hold NaN or values outside 0–1: {wanted}.")
    return batch
