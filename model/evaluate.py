"""What a network makes of the test images: how often it is right, what it takes for what, and its worst mistakes.

An evaluation is kept in a file whose name is made of the content of the network's file and of the images: the same
network is never evaluated on the same images twice, and another one under the same name always is.
"""

import contextlib
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from model.data import Images, load_data, mnist_at_hand, mnist_file
from model.errors import InputError
from model.files import replacing, telling
from model.networks import CLASSES
from model.recognizer import Recognizer

BATCH = 50  # images at a time: a drawing that is read meanwhile waits for a part of it at most
REST = 0.3  # of the time that a batch took, left to whoever draws meanwhile
SMALLEST_PROBABILITY = 1e-7  # as Keras counts, so that one certain mistake does not make the loss infinite
FOLDER = ".evaluations"  # in the folder of runs
IMAGES = "images-"  # how the names of kept test images begin
KEPT = 100  # evaluations, at most 400 kB each; the oldest go


@dataclass(frozen=True)
class Evaluation:
    """All figures come from the two arrays."""

    probabilities: np.ndarray  # float32 (N, 10)
    labels: np.ndarray  # uint8 (N,): what each image is

    @property
    def answers(self) -> np.ndarray:
        """The digit that each image was taken for, (N,)."""
        return self.probabilities.argmax(axis=1)

    @property
    def accuracy(self) -> float:
        return float((self.answers == self.labels).mean())

    @property
    def loss(self) -> float:
        """Cross-entropy, in nats."""
        given = self.probabilities[np.arange(len(self.labels)), self.labels]
        return float(-np.log(np.maximum(given, SMALLEST_PROBABILITY)).mean())

    @property
    def confusion(self) -> np.ndarray:
        """How many images of each digit (rows) were taken for each (columns): (10, 10)."""
        from sklearn.metrics import confusion_matrix

        return confusion_matrix(self.labels, self.answers, labels=np.arange(CLASSES))

    def per_digit(self) -> list[dict[str, float]]:
        """For each digit its `images`, `precision` (of what was taken for it, the part that is it) and `recall` (of
        its images, the part that was taken for it). NaN where there is nothing to divide by."""
        from sklearn.metrics import precision_recall_fscore_support

        precision, recall, _, images = precision_recall_fscore_support(
            self.labels, self.answers, labels=np.arange(CLASSES), zero_division=np.nan
        )
        return [
            {"digit": digit, "images": int(images[digit]), "precision": precision[digit], "recall": recall[digit]}
            for digit in range(CLASSES)
        ]

    def mistakes(self) -> np.ndarray:
        """The images that were read wrong, by number, the surest first."""
        wrong = np.flatnonzero(self.answers != self.labels)
        return wrong[np.argsort(-self.probabilities[wrong].max(axis=1), kind="stable")]

    def cell(self, label: int, answer: int) -> np.ndarray:
        """The images of one cell of the confusion matrix, by number: the surest first; of right ones, the least sure,
        for those are worth a look."""
        found = np.flatnonzero((self.labels == label) & (self.answers == answer))
        sure = self.probabilities[found, answer]
        return found[np.argsort(sure if label == answer else -sure, kind="stable")]


def data_at_hand() -> str:
    """`mnist`, if it is on this machine already, else `digits`."""
    return "mnist" if mnist_at_hand() else "digits"


def evaluate(
    recognizer: Recognizer, images: Images, tell: Callable[[float], None], wanted: Callable[[], bool]
) -> Evaluation | None:
    """Reads all images as they are, for those of a data set are prepared already. None if nobody wants it any more.

    `tell` hears the share that is done. Takes breaks, so that drawings are read meanwhile as fast as ever.
    """
    parts, count = [], len(images.labels)
    for start in range(0, count, BATCH):
        began = time.perf_counter()
        parts.append(recognizer.predict(images.images[start : start + BATCH].astype(np.float32) / 255))
        tell(min(1.0, (start + BATCH) / count))
        if not wanted():
            return None
        time.sleep(REST * (time.perf_counter() - began))
    return Evaluation(np.concatenate(parts), images.labels)


def evaluation_file(runs: Path, network: Path, source: str) -> Path:
    """Where the evaluation of a network's file on the test images of a source is kept, by the content of both.

    Raises InputError if one of them cannot be read.
    """
    return runs / FOLDER / f"{_fingerprint((network,))}-{_fingerprint_of_data(source)}.npz"


def _fingerprint_of_data(source: str) -> str:
    """Of a file, its content; the embedded digits come out of the programs that prepare them."""
    if source == "mnist":
        return _fingerprint((mnist_file(),))
    here = Path(__file__).parent
    return _fingerprint(tuple(here / f"{name}.py" for name in ("data", "preprocess", "photograph")))


def _fingerprint(paths: tuple[Path, ...]) -> str:
    try:
        versions = tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in paths)
        return _digest(versions)
    except OSError as error:
        raise InputError(
            f"{paths[0]} cannot be read ({error.strerror or error}): choose another model, or put the file back."
        ) from None


@lru_cache(maxsize=64)
def _digest(versions: tuple[tuple[Path, int, int], ...]) -> str:
    """Of the content of files; their time and size only save reading them again."""
    digest = hashlib.sha256()
    for path, _, _ in versions:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:24]


def load_test_images(runs: Path, source: str) -> Images:
    """The test images of a source. Kept, too: to read them from the whole data set, or to prepare them, takes seconds.

    Raises InputError if they cannot be had.
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
    """A kept evaluation; None if there is none, or it is damaged."""
    kept = _load(path, "probabilities", "labels")
    if kept is None:
        return None
    probabilities, labels = kept
    whole = probabilities.dtype == np.float32 and labels.dtype == np.uint8 and len(labels) > 0
    if not whole or probabilities.shape != (len(labels), CLASSES) or labels.max() >= CLASSES:
        return None
    return Evaluation(probabilities, labels) if np.isfinite(probabilities).all() else None


def keep_evaluation(path: Path, evaluation: Evaluation) -> None:
    """Writes it for the next time, and drops the oldest. Raises InputError if it cannot be written."""
    _keep(path, probabilities=evaluation.probabilities, labels=evaluation.labels)
    with contextlib.suppress(OSError):
        evaluations = [each for each in path.parent.glob("*.npz") if not each.name.startswith(IMAGES)]
        kept = sorted(evaluations, key=lambda each: each.stat().st_mtime)
        for old in kept[:-KEPT]:
            old.unlink()


def _load(path: Path, *names: str) -> list[np.ndarray] | None:
    try:
        with np.load(path, allow_pickle=False) as file:
            return [file[name] for name in names]
    except Exception:  # a damaged file can raise nearly anything in its decoder
        return None


def _keep(path: Path, **arrays: np.ndarray) -> None:
    with telling("What was evaluated cannot be kept"):
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as new, new.open("wb") as file:
            np.savez_compressed(file, **arrays)
