"""The cached Keras CNN: load a network once, then read drawings with it, from any thread."""

import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from model.backend import import_keras
from model.certainty import read_threshold
from model.errors import InputError
from model.networks import CLASSES, EXACT, INPUT_SHAPE, ORIGINS, to_read_with
from model.preprocess import SIZE, Steps, check_picture, prepare, steps
from model.redraw import PenStroke, redraw
from model.several import split

if TYPE_CHECKING:
    import keras

SHIPPED = Path(__file__).parent.parent / "assets" / "reader.keras"
BATCH = 500  # images through the network at a time: bounds the memory, and more are no faster


@dataclass(frozen=True)
class Reading:
    """What the network makes of one picture."""

    digit: int | None  # None for a blank picture
    probabilities: np.ndarray  # float32 (10,), sums to 1; 0.1 each for a blank picture
    image: np.ndarray  # float32 (28, 28) in 0–1, white ink on black: what the network saw; zeros if blank
    steps: Steps | None  # how the picture became that image; None if blank
    is_digit: bool = False  # False when it does not look like a digit; `digit` stays the best guess
    several: tuple[int, ...] = ()  # the digits, row by row from left to right, if it is no digit but several


def _fixed(array: np.ndarray) -> np.ndarray:
    array.setflags(write=False)  # every blank picture shares it
    return array


BLANK = Reading(
    None, _fixed(np.full(CLASSES, 1 / CLASSES, np.float32)), _fixed(np.zeros((SIZE, SIZE), np.float32)), None
)


class Recognizer:
    """A trained network, traced once for every batch size. Any number of threads may read with it at a time."""

    def __init__(self, model: "keras.Model", threshold: float = 0.0) -> None:
        """What does not reach the threshold with its highest probability is no digit."""
        import tensorflow as tf

        self.model, self.threshold = model, threshold
        signature = tf.TensorSpec((None, *INPUT_SHAPE), tf.float32)
        # A concrete function cannot be traced again, and needs no state of Keras' to run.
        self._infer = tf.function(lambda images: model(images, training=False), autograph=False).get_concrete_function(
            signature
        )
        self._to_tensor = tf.convert_to_tensor
        for count in (1, 2):  # the first call of each shape builds its kernels: tens of milliseconds
            self.predict(np.zeros((count, SIZE, SIZE), np.float32))

    def predict(self, batch: np.ndarray) -> np.ndarray:
        """Float32 (N, 28, 28) in 0–1, white ink on black, to probabilities, float32 (N, 10)."""
        batch = _check_batch(batch)[..., None]
        parts = [
            self._infer(self._to_tensor(batch[start : start + BATCH])).numpy() for start in range(0, len(batch), BATCH)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, CLASSES), np.float32)

    def read(self, image: np.ndarray, strokes: list[PenStroke] | None = None) -> Reading:
        """A picture, uint8 (H, W), (H, W, 3) RGB or (H, W, 4) RGBA, of any size and either polarity.

        The strokes that it was drawn with, if given, help where the digit is too small for its pen. Raises InputError
        for anything that is no such picture.
        """
        return self.read_many([redraw(check_picture(image), strokes) if strokes else image])[0]

    def read_many(self, images: list[np.ndarray]) -> list[Reading]:
        """A reading of each picture, with one pass through the network for all."""
        made = [steps(image) for image in images]
        readable = [each.image for each in made if each is not None]
        answers = iter(self.predict(np.stack(readable)) if readable else ())
        return [BLANK if each is None else self._judge(next(answers), each) for each in made]

    def _judge(self, probabilities: np.ndarray, made: Steps) -> Reading:
        is_digit = bool(probabilities.max() >= self.threshold)
        several = () if is_digit else self._read_several(made.crop)
        return Reading(int(probabilities.argmax()), probabilities, made.image, made, is_digit, several)

    def _read_several(self, ink: np.ndarray) -> tuple[int, ...]:
        """The digits that there are; none if it is one thing, or something among them is no digit."""
        parts = split(ink)
        if len(parts) < 2:
            return ()
        answers = self.predict(np.stack([prepare(part) for part in parts]))
        return tuple(answers.argmax(axis=1).tolist()) if (answers.max(axis=1) >= self.threshold).all() else ()


def _check_batch(batch: np.ndarray) -> np.ndarray:
    wanted = f"give float32 of the shape (N, {SIZE}, {SIZE}) from 0 (ground) to 1 (ink)"
    if not isinstance(batch, np.ndarray) or batch.dtype != np.float32:
        raise InputError(f"The images are {getattr(batch, 'dtype', type(batch).__name__)}: {wanted}.")
    if batch.ndim != 3 or batch.shape[1:] != (SIZE, SIZE):
        raise InputError(f"The images have the shape {batch.shape}: {wanted}.")
    if batch.size and not (batch.min() >= 0 and batch.max() <= 1):  # false for NaN, too
        raise InputError(f"The images hold NaN or values outside 0–1: {wanted}.")
    return batch


def load_recognizer(path: str | os.PathLike | None = None) -> Recognizer:
    """The shipped network, or the one in a .keras file, ready to read. Takes seconds the first time.

    Raises InputError if the file is missing, damaged or of another kind of network.
    """
    return Recognizer(*load_network(path))


def load_network(path: str | os.PathLike | None = None) -> tuple["keras.Model", float]:
    """The same as Keras knows it, and the probability from which it takes something for a digit."""
    given, path = path is not None, Path(path or SHIPPED)
    remedy = "give the .keras file of a finished run" if given else "get the project's assets folder again"
    if not path.is_file():
        raise InputError(f"There is no network at {path}: {remedy}.")
    if not zipfile.is_zipfile(path):
        raise InputError(f"{path} is cut short or no .keras file: {remedy}.")
    keras = import_keras()
    try:
        model = keras.models.load_model(path, compile=False, safe_mode=True)
        threshold = read_threshold(path)
        mixed = any(layer.compute_dtype != EXACT for layer in model.layers)
        if mixed or model.output_shape == (None, ORIGINS * CLASSES):  # its training did not come to its end
            model = to_read_with(model)
    except Exception as error:  # zip, JSON, HDF5 and Keras each raise their own
        reason = str(error).strip().split("\n")[0]
        raise InputError(f"{path} cannot be loaded as a Keras network ({reason}): {remedy}.") from None
    if model.input_shape != (None, *INPUT_SHAPE) or model.output_shape != (None, CLASSES):
        raise InputError(
            f"{path} reads {model.input_shape} and answers {model.output_shape}, not 28×28 grey images and ten "
            f"probabilities: {remedy}."
        )
    return model, threshold
