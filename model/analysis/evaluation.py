"""Evaluates a network on test images: its accuracy, which digits it confuses, and its most confident mistakes.

An evaluation is kept in a file named after checksums of the network's file and of the images. So the same network is
never evaluated on the same images twice, and a different network under the same name always is.
"""

import contextlib
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from model import preprocessing
from model.data import Images, Score, datasets, load_data, mnist_file, mnist_is_local, real_drawings
from model.errors import InputError
from model.files import atomic_write, explaining_os_errors
from model.networks import CLASSES
from model.paths import REAL_DRAWINGS
from model.recognizer import Recognizer

BATCH_SIZE = 50  # small, because a drawing that is read meanwhile may have to wait for one batch
PAUSE = 0.3  # of the time that a batch took: left to whoever draws meanwhile
MIN_PROBABILITY = 1e-7  # as in Keras: without it, one mistake made with certainty would make the loss infinite
FOLDER = ".evaluations"  # in the folder of runs
DRAWINGS = "drawings"  # the source that is the shared set of real drawings
IMAGES = "images-"  # prefix of the files that hold test images
MAX_KEPT = 100  # evaluations, at most 400 kB each; the oldest are deleted


@dataclass(frozen=True)
class Evaluation:
    """What a network answered for each of a set of images. All figures are computed from these two arrays."""

    probabilities: np.ndarray  # float32 (N, 10)
    labels: np.ndarray  # uint8 (N,), the digit each image shows

    @property
    def answers(self) -> np.ndarray:
        """The digit that each image was read as, (N,)."""
        return self.probabilities.argmax(axis=1)

    @property
    def score(self) -> Score:
        """How many images were read correctly."""
        return Score(int((self.answers == self.labels).sum()), len(self.labels))

    @property
    def accuracy(self) -> float:
        """The share of images read correctly, 0–1."""
        return self.score.share

    @property
    def loss(self) -> float:
        """The mean cross-entropy, in nats."""
        given = self.probabilities[np.arange(len(self.labels)), self.labels]
        return float(-np.log(np.maximum(given, MIN_PROBABILITY)).mean())

    @property
    def confusion(self) -> np.ndarray:
        """The confusion matrix (10, 10): counts of images by the digit they show (rows) and were read as (columns)."""
        from sklearn.metrics import confusion_matrix

        return confusion_matrix(self.labels, self.answers, labels=np.arange(CLASSES))

    def per_digit(self) -> list[dict[str, float]]:
        """For each `digit` its number of `images`, its `precision` and `recall`, 0–1; NaN where no image counts."""
        confusion = self.confusion
        right, answered, images = confusion.diagonal(), confusion.sum(axis=0), confusion.sum(axis=1)
        with np.errstate(invalid="ignore"):  # 0 / 0 is NaN
            precision, recall = right / answered, right / images
        return [
            {"digit": digit, "images": int(images[digit]), "precision": precision[digit], "recall": recall[digit]}
            for digit in range(CLASSES)
        ]

    def mistakes(self) -> np.ndarray:
        """The indices of the images that were misread, the most confident mistake first."""
        wrong = np.flatnonzero(self.answers != self.labels)
        return wrong[np.argsort(-self.probabilities[wrong].max(axis=1), kind="stable")]

    def cell(self, label: int, answer: int) -> np.ndarray:
        """The indices of the images in one cell of the confusion matrix, the most interesting first.

        The most confident mistakes come first or, among images that were read correctly, the least confident answers.
        """
        found = np.flatnonzero((self.labels == label) & (self.answers == answer))
        sure = self.probabilities[found, answer]
        return found[np.argsort(sure if label == answer else -sure, kind="stable")]


def local_source() -> str:
    """The source of test images that needs no download: `mnist` if this machine has it, else `digits`."""
    return "mnist" if mnist_is_local() else "digits"


def evaluate(
    recognizer: Recognizer, images: Images, tell: Callable[[float], None], wanted: Callable[[], bool]
) -> Evaluation | None:
    """Evaluates a network on prepared images, batch by batch. Returns None as soon as the result is no longer `wanted`.

    `tell` is called with the fraction done, 0–1. Pauses between batches, so that drawings are still read without delay.
    """
    parts, count = [], len(images.labels)
    for start in range(0, count, BATCH_SIZE):
        began = time.perf_counter()
        parts.append(recognizer.predict(images.images[start : start + BATCH_SIZE].astype(np.float32) / 255))
        tell(min(1.0, (start + BATCH_SIZE) / count))
        if not wanted():
            return None
        time.sleep(PAUSE * (time.perf_counter() - began))
    return Evaluation(np.concatenate(parts), images.labels)


def evaluation_file(runs: Path, network: Path, source: str) -> Path:
    """The file for the evaluation of a network's file on the test images of a source, or on real drawings.

    It is named after checksums of both.

    Raises InputError if one of them cannot be read.
    """
    return runs / FOLDER / f"{_fingerprint((network,))}-{_fingerprint_of_data(source)}.npz"


def _fingerprint_of_data(source: str) -> str:
    """The checksum of a source's file, and of the code that prepares its images if they do not come prepared."""
    if source == "mnist":
        return _fingerprint((mnist_file(),))
    own = (REAL_DRAWINGS, Path(real_drawings.__file__)) if source == DRAWINGS else ()
    return _fingerprint((*own, Path(datasets.__file__), *sorted(Path(preprocessing.__file__).parent.glob("*.py"))))


def _fingerprint(paths: tuple[Path, ...]) -> str:
    try:
        versions = tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in paths)
        return _digest(versions)
    except OSError as error:
        raise InputError(
            f"{paths[0]} cannot be read ({error.strerror or error}): choose another network, or put the file back."
        ) from None


@lru_cache(maxsize=64)
def _digest(versions: tuple[tuple[Path, int, int], ...]) -> str:
    """A checksum of the contents of files. Their times and sizes are only there to tell when it can be reused."""
    digest = hashlib.sha256()
    for path, _, _ in versions:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:24]


def load_test_images(runs: Path, source: str) -> Images:
    """The test images of a source, kept in a file as well: to load or prepare the whole data set takes seconds.

    Raises InputError if they are not available.
    """
    path = runs / FOLDER / f"{IMAGES}{_fingerprint_of_data(source)}.npz"
    kept = _load(path, "images", "labels")
    if kept is not None and kept[0].shape == (len(kept[1]), 28, 28) and kept[0].dtype == kept[1].dtype == np.uint8:
        return Images(*kept)
    images = load_data(source).test
    with contextlib.suppress(InputError):  # a full disk is no reason not to show the results
        _keep(path, images=images.images, labels=images.labels)
    return images


def load_evaluation(path: Path) -> Evaluation | None:
    """A kept evaluation; None if it is missing or damaged."""
    kept = _load(path, "probabilities", "labels")
    if kept is None:
        return None
    probabilities, labels = kept
    valid = probabilities.dtype == np.float32 and labels.dtype == np.uint8 and len(labels) > 0
    if not valid or probabilities.shape != (len(labels), CLASSES) or labels.max() >= CLASSES:
        return None
    return Evaluation(probabilities, labels) if np.isfinite(probabilities).all() else None


def keep_evaluation(path: Path, evaluation: Evaluation) -> None:
    """Writes an evaluation for next time and deletes the oldest ones. Raises InputError if it cannot be written."""
    _keep(path, probabilities=evaluation.probabilities, labels=evaluation.labels)
    with contextlib.suppress(OSError):
        evaluations = [each for each in path.parent.glob("*.npz") if not each.name.startswith(IMAGES)]
        kept = sorted(evaluations, key=lambda each: each.stat().st_mtime)
        for old in kept[:-MAX_KEPT]:
            old.unlink()


def _load(path: Path, *names: str) -> list[np.ndarray] | None:
    try:
        with np.load(path, allow_pickle=False) as file:
            return [file[name] for name in names]
    except Exception:  # a damaged file can raise nearly anything in its decoder
        return None


def _keep(path: Path, **arrays: np.ndarray) -> None:
    with explaining_os_errors("The evaluation cannot be kept"):
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as new, new.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **arrays)
