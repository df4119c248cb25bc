"""Loads a network once, then reads drawings with it from any thread."""

import hashlib
import os
from collections.abc import Collection, Sequence
from copy import copy
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from model.adaptation import Hand, blend, centre_of, describe, learn
from model.checking import check_in_process
from model.errors import InputError, first_line
from model.files import read_json
from model.light import load_light_reader
from model.networks import CLASSES, INPUT_SHAPE, answer_and_features, inspect_network, load_network
from model.paths import SHIPPED_NETWORK
from model.preprocessing import SIZE, STEPS, PenStroke, check_picture, prepare
from model.reader import Reader, check_images, in_batches
from model.reading import Number, Reading
from model.verdict import Case, judge

if TYPE_CHECKING:
    import keras

RUN_FILE = "run.json"  # beside the network of a run: its settings
MODEL_VARIABLE = "DIGITS_MODEL"  # the environment variable that names a network to use for the built-in one
MAX_FEATURES = 10_000  # images whose features are kept: a few times as many as a person ever teaches


class Recognizer(Reader):
    """A trained network in Keras, traced once for all batch sizes. It can be looked into: see `model.analysis`.

    It may also know examples of one hand, which `adapted` teaches it.
    """

    def __init__(self, model: "keras.Model", threshold: float = 0.0, skipped: Collection[str] = ()) -> None:
        """`threshold` and `skipped` are those of a `Reader`."""
        import tensorflow as tf

        self.model = model
        self.notes: tuple[str, ...] = ()  # what somebody else's network needs, in sentences
        self._hand: Hand | None = None
        self._plain: Recognizer | None = None  # without examples, if there are some
        self._feature_centre: np.ndarray | None = None
        self._features: dict[bytes, np.ndarray] = {}  # of images that were examples
        signature = tf.TensorSpec((None, *INPUT_SHAPE), tf.float32)
        # A concrete function is never traced again and needs no Keras state, so any thread may call it.
        self._run = tf.function(
            lambda images: answer_and_features(model, images), autograph=False
        ).get_concrete_function(signature)
        self._to_tensor = tf.convert_to_tensor
        super().__init__(lambda images: self._run(self._to_tensor(images))[0].numpy(), threshold, skipped)
        for count in (1, 2):  # the first call with either shape builds its kernels, which takes tens of milliseconds
            self.predict(np.zeros((count, SIZE, SIZE), np.float32))

    @property
    def plain(self) -> "Recognizer":
        """The recognizer with the same network that knows no examples."""
        return self._plain or self

    def adapted(self, examples: Sequence[tuple[np.ndarray, int]]) -> "Recognizer":
        """A recognizer that knows these examples of one hand, (image, digit) each, and no others.

        An image is float32 (28, 28) in 0–1, like `Reading.image`, or a picture as `read` takes it. If one comes more
        than once, its last digit counts; a blank one is left out. The network is shared and does not change. An image
        that was an example before costs next to nothing. Raises InputError for anything else.
        """
        digits, images = {}, {}
        for image, digit in examples:
            key = _check_example(image, digit)
            digits[key], images[key] = digit, image
        features = self._features_of(images)
        adapted = copy(self)
        adapted._plain, adapted._hand = self.plain, None
        if features:
            labels = [digits[key] for key in features]
            adapted._hand = learn(np.stack(list(features.values())), labels, self.feature_centre())
        return adapted

    def _features_of(self, images: dict[bytes, np.ndarray]) -> dict[bytes, np.ndarray]:
        """The features, (F,), of each example that is not blank; they are kept for the next time."""
        kept = self._features  # replaced below, never modified, since other threads may look something up in it
        found = {key: kept[key] for key in images if key in kept}
        prepared = {key: _prepare(image, self.skipped) for key, image in images.items() if key not in kept}
        readable = {key: image for key, image in prepared.items() if image is not None}
        if readable:
            found |= zip(readable, self.examine(np.stack(list(readable.values())))[1], strict=True)
        self._features = (kept if len(kept) < MAX_FEATURES else {}) | found
        return found

    def _answer(self, batch: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The probabilities, (N, 10), and how much of them comes from examples, (N,) in 0–1."""
        return super()._answer(batch) if self._hand is None else blend(*self.examine(batch), self._hand)

    def _examine(
        self, image: np.ndarray, strokes: list[PenStroke] | None, cut: bool = True
    ) -> tuple[Reading, list[Number]]:
        """As a `Reader` does it. A network without a threshold takes any picture for one digit: the built-in one then
        says where there are several, and this one reads each of them.
        """
        reading, numbers = super()._examine(image, strokes, cut)
        if self.threshold or reading.digit is None:
            return reading, numbers
        seen, proposed = _guide()._examine(image, strokes, cut)
        if not seen.numbers:
            return reading, numbers
        numbers = [self._reread(number) for number in proposed]
        whole = self._with_answer(seen, *(answer[0] for answer in self._answer(seen.image[None])))
        return replace(whole, case=Case.SEVERAL, numbers=tuple(numbers)), numbers

    def _reread(self, number: Number) -> Number:
        """A number, each of its digits read by this network."""
        answers = zip(*self._answer(np.stack([digit.image for digit in number.digits])), strict=True)
        digits = zip(number.digits, answers, strict=True)
        return replace(number, digits=tuple(self._with_answer(digit, *answer) for digit, answer in digits))

    def _with_answer(self, reading: Reading, probabilities: np.ndarray, share: float) -> Reading:
        digit, case = int(probabilities.argmax()), judge(probabilities, self.threshold)
        return replace(reading, digit=digit, probabilities=probabilities, case=case, share=float(share))

    def read_ways(self, image: np.ndarray) -> list[Reading]:
        """As a `Reader` does it."""
        readings = super().read_ways(image)
        if self.threshold or not (first := self.read(image)).numbers:
            return readings
        known = first.steps and first.steps.way
        return [first, *(each for each in readings if each.steps and each.steps.way != known)]

    def feature_centre(self) -> np.ndarray:
        """The middle of what ordinary digits are compared by, (F,): of the ten example drawings.

        The first call takes some 50 ms. Raises InputError if their file cannot be read.
        """
        if self._feature_centre is None:
            from model.data import example_images  # with all that reads data sets, which `import model` does without

            images = example_images(tuple(sorted(self.skipped))).astype(np.float32) / 255
            self._feature_centre = centre_of(self.examine(images)[1])
        return self._feature_centre

    def examine(self, batch: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The network's own probabilities, (N, 10), and what drawings are compared by, (N, F), whatever is known.

        Takes what `predict` takes. `model.adaptation.describe` and `model.networks.answer_and_features` say what is
        compared.
        """
        count = len(check_images(batch))
        if not count:
            batch = np.zeros((1, SIZE, SIZE), np.float32)  # TensorFlow cannot normalise a batch of none
        parts = []
        for part in in_batches(batch):
            probabilities, features = self._run(self._to_tensor(part))
            parts.append((probabilities.numpy(), describe(features.numpy(), part[..., 0])))
        probabilities, features = (np.concatenate(each)[:count] for each in zip(*parts, strict=True))
        return probabilities, features


@cache
def _guide() -> Reader:
    return load_light_reader()


def _check_example(image: np.ndarray, digit: int) -> bytes:
    """A key for the image of an example, the same for the same image. Raises InputError if it cannot be one."""
    if not isinstance(digit, int | np.integer) or isinstance(digit, bool) or not 0 <= digit < CLASSES:
        raise InputError(f"An example shows the digit {digit!r}: give a whole number from 0 to 9.")
    if isinstance(image, np.ndarray) and image.dtype == np.float32:
        check_images(image[None])
    else:
        check_picture(image)
    return hashlib.sha1(f"{image.shape}{image.dtype}".encode() + image.tobytes(), usedforsecurity=False).digest()


def _prepare(image: np.ndarray, skipped: Collection[str]) -> np.ndarray | None:
    """The image of an example as the network sees it, float32 (28, 28); None if it is blank."""
    if image.dtype == np.float32:
        return image if image.any() else None
    return prepare(image, skipped)


def load_recognizer(path: str | os.PathLike | None = None) -> Recognizer:
    """A recognizer with the network in a .keras or .h5 file or, without a path, with the one that DIGITS_MODEL names.

    If it names none, that is the built-in network. Somebody else's network may take images in other ways: which one it
    needs is found out, and told in `notes`. If it may be large, it is first tried in a process of its own. The first
    call takes seconds. Raises InputError if the file is missing, damaged or holds another kind of network, or one that
    could run a program or takes too much memory or time.
    """
    path = Path(path or default_network())
    if _is_own(path):
        return Recognizer(*load_network(None if path == SHIPPED_NETWORK else path), skipped_by(path.parent))
    from model.foreign import REMEDY, load_foreign

    if path.is_file() and not inspect_network(path, REMEDY).is_small:
        check_in_process(path)
    model, threshold, notes = load_foreign(path)
    try:
        recognizer = Recognizer(model, threshold)
    except Exception as error:  # anything may go wrong in somebody else's layers
        raise InputError(f"{path} cannot be used: reading a digit with it fails ({first_line(error)}).") from None
    recognizer.notes = notes
    return recognizer


def default_network() -> Path:
    """The file of the network to read with if none is chosen: the one that DIGITS_MODEL names, or the built-in one."""
    return Path(os.environ.get(MODEL_VARIABLE) or SHIPPED_NETWORK)


def skipped_by(run: Path) -> tuple[str, ...]:
    """The steps without which drawings are prepared for the network of a run, as its settings say; usually none."""
    settings = read_json(run / RUN_FILE).get("settings")
    return tuple(step for step in STEPS if isinstance(settings, dict) and settings.get(step) is False)


def _is_own(path: Path) -> bool:
    """Whether a network is known to take what ours take: the built-in one, and those that are in their run's folder."""
    return path == SHIPPED_NETWORK or (path.parent / RUN_FILE).is_file()
