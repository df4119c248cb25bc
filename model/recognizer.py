"""Loads a network once, then reads drawings with it from any thread."""

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from model.errors import InputError
from model.networks import CLASSES, INPUT_SHAPE, load_network
from model.preprocessing import (
    SIZE,
    PenStroke,
    Steps,
    check_picture,
    prepare,
    prepare_in_steps,
    redraw,
    segment,
    window,
)
from model.verdict import Case, judge, say

if TYPE_CHECKING:
    import keras

BATCH_SIZE = 500  # limits the memory a call takes; larger batches are no faster


@dataclass(frozen=True)
class Reading:
    """What the network reads in one picture."""

    digit: int | None  # the best guess, 0–9; None for a blank picture
    probabilities: np.ndarray  # float32 (10,), sums to 1; 0.1 each for a blank picture
    image: np.ndarray  # float32 (28, 28) in 0–1, white ink on black: what the network saw; zeros if blank
    steps: Steps | None  # how the picture was prepared; None if blank
    is_digit: bool = False  # False if it does not look like a digit; `digit` stays the best guess
    several: tuple[int, ...] = ()  # the digits of a picture that holds several, row by row from left to right
    case: Case = Case.BLANK  # how sure the answer is

    def in_words(self) -> str:
        """The answer as people would say it, such as "Probably a 7 (88 %)"."""
        return say(self.case, self.probabilities, self.several)


def _read_only(array: np.ndarray) -> np.ndarray:
    array.setflags(write=False)
    return array


# All blank pictures share this reading, so its arrays are read-only.
BLANK = Reading(
    digit=None,
    probabilities=_read_only(np.full(CLASSES, 1 / CLASSES, np.float32)),
    image=_read_only(np.zeros((SIZE, SIZE), np.float32)),
    steps=None,
)


class Recognizer:
    """A trained network, traced once for all batch sizes. Any number of threads may read with it at once."""

    def __init__(self, model: "keras.Model", threshold: float = 0.0) -> None:
        """`threshold`, 0–1: a drawing whose highest probability is below it is a non-digit."""
        import tensorflow as tf

        self.model, self.threshold = model, threshold
        signature = tf.TensorSpec((None, *INPUT_SHAPE), tf.float32)
        # A concrete function is never traced again and needs no Keras state, so any thread may call it.
        self._infer = tf.function(lambda images: model(images, training=False), autograph=False).get_concrete_function(
            signature
        )
        self._to_tensor = tf.convert_to_tensor
        for count in (1, 2):  # the first call with either shape builds its kernels, which takes tens of milliseconds
            self.predict(np.zeros((count, SIZE, SIZE), np.float32))

    def predict(self, batch: np.ndarray) -> np.ndarray:
        """The probabilities, float32 (N, 10), for images, float32 (N, 28, 28) in 0–1, white ink on black.

        Raises InputError for any other array.
        """
        batch = _check_batch(batch)[..., None]
        parts = [
            self._infer(self._to_tensor(batch[start : start + BATCH_SIZE])).numpy()
            for start in range(0, len(batch), BATCH_SIZE)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, CLASSES), np.float32)

    def read(self, image: np.ndarray, strokes: list[PenStroke] | None = None) -> Reading:
        """Reads a picture, uint8 (H, W), (H, W, 3) RGB or (H, W, 4) RGBA, of any size and either polarity.

        The strokes it was drawn with, if known, help where the digit is too small for its pen. Raises InputError for
        anything but such a picture.
        """
        picture = redraw(check_picture(image), strokes) if strokes else image
        reading = self.read_many([picture])[0]
        if picture is image or reading.steps is None or not strokes:
            return reading
        place = reading.steps.place.within(window(strokes))
        return replace(reading, steps=reading.steps._replace(place=place))

    def read_many(self, images: list[np.ndarray]) -> list[Reading]:
        """Reads pictures of any sizes, as `read` does one, with a single pass through the network."""
        prepared = [prepare_in_steps(image) for image in images]
        readable = [steps.image for steps in prepared if steps is not None]
        answers = iter(self.predict(np.stack(readable)) if readable else ())
        return [BLANK if steps is None else self._interpret(next(answers), steps) for steps in prepared]

    def _interpret(self, probabilities: np.ndarray, steps: Steps) -> Reading:
        is_digit = bool(probabilities.max() >= self.threshold)
        several = () if is_digit else self._read_several(steps.crop)
        case = Case.SEVERAL if several else judge(probabilities, self.threshold)
        return Reading(int(probabilities.argmax()), probabilities, steps.image, steps, is_digit, several, case)

    def _read_several(self, ink: np.ndarray) -> tuple[int, ...]:
        """The digits that the ink falls into; none if it does not fall apart, or if one of the parts is a non-digit."""
        parts = segment(ink)
        if len(parts) < 2:
            return ()
        images = [image for part in parts if (image := prepare(part)) is not None]
        if len(images) < len(parts):
            return ()
        answers = self.predict(np.stack(images))
        return tuple(answers.argmax(axis=1).tolist()) if (answers.max(axis=1) >= self.threshold).all() else ()


def _check_batch(batch: np.ndarray) -> np.ndarray:
    wanted = f"give float32 of the shape (N, {SIZE}, {SIZE}) from 0 (background) to 1 (ink)"
    if not isinstance(batch, np.ndarray) or batch.dtype != np.float32:
        raise InputError(f"The images are {getattr(batch, 'dtype', type(batch).__name__)}: {wanted}.")
    if batch.ndim != 3 or batch.shape[1:] != (SIZE, SIZE):
        raise InputError(f"The images have the shape {batch.shape}: {wanted}.")
    if batch.size and not (batch.min() >= 0 and batch.max() <= 1):  # comparisons with NaN are false, too
        raise InputError(f"The images hold NaN or values outside 0–1: {wanted}.")
    return batch


def load_recognizer(path: str | os.PathLike | None = None) -> Recognizer:
    """A recognizer with the built-in network, or with the one in a .keras file. The first call takes seconds.

    Raises InputError if the file is missing, damaged or holds another kind of network.
    """
    return Recognizer(*load_network(path))
