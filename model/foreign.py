"""Networks that somebody else has trained: what they need is found out by trying them on known digits.

Nobody can tell from a network whether it was trained on values from 0 to 1 or to 255, on white on black or the other
way round. So it reads the embedded digits in each of these ways, and the one in which it is right most often counts.

    python -m model.foreign PATH [NEW]

loads a network and reads with it; if it cannot be used, it prints the reason. As NEW, it saves it as a network that
takes what ours take, and prints what it needed and how it reads, in JSON. See `model.checking`.
"""

import json
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from model.errors import InputError, first_line
from model.networks import CLASSES, INPUT_SHAPE, import_keras, open_network, save_network

if TYPE_CHECKING:
    import keras

TRIED = 100  # known digits
MIN_RIGHT = 0.4  # of them, to be used at all: any network for digits reads these, though they are coarse
MIN_GAIN = 0.1  # of them, by which a less usual way must be better: of smaller differences, chance decides
SHAPES = ((28, 28), (28, 28, 1), (784,))
REMEDY = "give a .keras or .h5 file of a network that reads digits"


class Way(NamedTuple):
    """How images, 0 (background) to 1 (ink), are given to a network: multiplied, then added to."""

    scale: float
    offset: float
    words: str


# The most usual first
WAYS = (
    Way(1, 0, ""),
    Way(255, 0, "It is given values from 0 to 255"),
    Way(-1, 1, "It is given black ink on white"),
    Way(-255, 255, "It is given black ink on white, in values from 0 to 255"),
    Way(2, -1, "It is given values from −1 to 1"),
    Way(-2, 1, "It is given black ink on white, in values from −1 to 1"),
    Way(1 / 0.3081, -0.1307 / 0.3081, "It is given values less MNIST's mean, in its standard deviations"),
)

# What a network's answers are, and what is done about it
KINDS = {
    "": "",
    "logits": "It answers with logits, not probabilities, so a softmax follows",
    "sigmoids": "Its answers do not add up to 1, so they are divided by their sum",
}


class Understood(NamedTuple):
    """A network that takes what ours take, float32 (N, 28, 28, 1) in 0–1, and returns probabilities (N, 10)."""

    model: "keras.Model"
    notes: tuple[str, ...]  # what it needed, in sentences


def load_foreign(path: Path) -> tuple["keras.Model", float, tuple[str, ...]]:
    """The network in a .keras or .h5 file as one that takes what ours take, its threshold, and what it needed.

    Raises InputError if it cannot be used.
    """
    model, threshold = open_network(path, REMEDY)
    model, notes = understand(model, path)
    return model, threshold, notes


def understand(model: "keras.Model", path: Path) -> Understood:
    """A Keras network, with what it needs before and after it. Raises InputError if that cannot be found out.

    One that takes and returns what ours do is not refused for reading few digits: its training may only have begun.
    """
    try:
        shape = _input_shape(model)
        way, kind, right = _find_way(model, shape)
    except InputError as error:
        raise InputError(f"{path} cannot be used: {error}.") from None
    except Exception as error:  # anything may go wrong in somebody else's layers
        raise InputError(f"{path} cannot be used: reading a digit with it fails ({first_line(error)}).") from None
    as_ours = way == WAYS[0] and kind == "" and shape == INPUT_SHAPE
    if right < MIN_RIGHT and not as_ours:
        raise InputError(
            f"{path} cannot be used: it reads only {right:.0%} of {TRIED} known digits, however they are given to it."
        )
    notes = [f"{note}." for note in (way.words, KINDS[kind]) if note]
    if as_ours:
        return Understood(model, ())
    return Understood(_wrap(model, shape, way, kind), tuple(notes))


def _input_shape(model: "keras.Model") -> tuple[int, ...]:
    """The shape of an image that it takes, one of SHAPES. Raises InputError, to go on after "it cannot be used: "."""
    if len(model.inputs) != 1:
        raise InputError(f"it takes {len(model.inputs)} inputs, not one image")
    if len(model.outputs) != 1:
        raise InputError(f"it returns {len(model.outputs)} answers, not ten probabilities")
    given, returned = tuple(model.inputs[0].shape), tuple(model.outputs[0].shape)
    sides = tuple((28 if place < 2 else 0) if side is None else int(side) for place, side in enumerate(given[1:]))
    if sides not in SHAPES or returned[1:] != (CLASSES,):
        raise InputError(f"it takes {given} and returns {returned}, not 28×28 grey images and ten probabilities")
    return sides


def _find_way(model: "keras.Model", shape: tuple[int, ...]) -> tuple[Way, str, float]:
    """How the known digits are given to it so that most are read, what its answers are, and how many are right, 0–1."""
    images, labels = _known_digits()
    answers = [_answers(model, (images * way.scale + way.offset).reshape(-1, *shape)) for way in WAYS]
    right = [float((each.argmax(axis=1) == labels).mean()) for each in answers]
    best = next(place for place, each in enumerate(right) if each > max(right) - MIN_GAIN)
    if right[best] < MIN_RIGHT:
        best = 0
    return WAYS[best], _kind(answers[best]), right[best]


def _answers(model: "keras.Model", images: np.ndarray) -> np.ndarray:
    found: Any = model(images, training=False)
    if isinstance(found, dict | list | tuple):
        raise InputError("it returns its answer by name or in a list, not as ten probabilities")
    if not hasattr(found, "dtype") or "float" not in str(found.dtype):
        raise InputError(f"it answers with whole numbers ({getattr(found, 'dtype', type(found))}), not probabilities")
    answers = np.asarray(found, np.float32)
    if not np.isfinite(answers).all():
        raise InputError("it answers NaN or infinity, so its weights are damaged or its training has failed")
    return answers


def _kind(answers: np.ndarray) -> str:
    if answers.min() < -1e-4 or answers.max() > 1 + 1e-4:
        return "logits"
    return "" if np.allclose(answers.sum(axis=1), 1, atol=1e-2) else "sigmoids"


def _wrap(model: "keras.Model", shape: tuple[int, ...], way: Way, kind: str) -> "keras.Model":
    keras = import_keras()
    given = images = keras.Input(INPUT_SHAPE)
    if way != WAYS[0]:
        images = keras.layers.Rescaling(way.scale, way.offset)(images)
    if shape != INPUT_SHAPE:
        images = keras.layers.Reshape(shape)(images)
    answers: Any = model(images)
    if kind == "logits":
        answers = keras.layers.Softmax()(answers)
    elif kind == "sigmoids":
        answers = answers / (keras.ops.sum(answers, axis=-1, keepdims=True) + 1e-9)
    return keras.Model(given, answers)


@cache
def _known_digits() -> tuple[np.ndarray, np.ndarray]:
    """Digits that are known to be right: float32 (N, 28, 28) in 0–1, and their labels."""
    from model.data import load_embedded_digits  # with all that reads data sets, which `import model` does without

    digits = load_embedded_digits().test
    return digits.images[:TRIED].astype(np.float32) / 255, digits.labels[:TRIED]


def adopt(path: Path, new: Path) -> dict[str, Any]:
    """Saves the network in a file as one that takes what ours take.

    Returns what it needed, in sentences, and its score on the shared set of real drawings, as run.json keeps them.
    Raises InputError if it cannot be used.
    """
    from model.data import score_drawings

    model, threshold, notes = load_foreign(path)
    try:
        score = score_drawings(lambda images: np.asarray(model(images[..., None], training=False)))
        save_network(model, new, threshold or None)
    except InputError:
        raise
    except Exception as error:  # anything may go wrong in somebody else's layers
        raise InputError(f"{path} cannot be used: saving it fails ({first_line(error)}).") from None
    return {"needs": list(notes), "real_drawings": score._asdict()}


def main(path: str, new: str | None = None) -> int:
    """Returns the exit status: 0, or 2 if the network cannot be used."""
    try:
        if new is None:
            load_foreign(Path(path))
        else:
            print(json.dumps(adopt(Path(path), Path(new))))
    except InputError as error:
        print(error)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
