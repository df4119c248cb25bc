"""The shared set of real drawings, on which every network is scored so that networks can be compared.

assets/real-drawings.md says whose drawings these are, and how they were chosen. Nothing learns from them.
"""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np

from model.data.datasets import Images, prepare_all
from model.paths import REAL_DRAWINGS
from model.preprocessing import USUAL_PEN, load_strokes, replay


class Score(NamedTuple):
    """How many of a number of images a network reads correctly."""

    right: int
    images: int

    @property
    def share(self) -> float:
        """The accuracy, 0–1."""
        return self.right / self.images

    def in_words(self) -> str:
        """Such as "9,970 of 10,000"."""
        return f"{self.right:,} of {self.images:,}"


@cache
def load_real_drawings(skipped: tuple[str, ...] = ()) -> Images:
    """The drawings as networks see them, drawn with the usual pen and prepared like any drawing. Read-only.

    The preparation does without the `skipped` steps. It takes half a second, and happens once. Raises InputError if
    their file cannot be read.
    """
    drawn = ((replay(each.strokes, USUAL_PEN), each.digit) for each in load_strokes(REAL_DRAWINGS))
    drawings = prepare_all(drawn, skipped)
    for array in drawings:
        array.setflags(write=False)
    return drawings


def score_drawings(predict: Callable[[np.ndarray], np.ndarray], skipped: tuple[str, ...] = ()) -> Score:
    """How many of the drawings are read correctly, prepared without the `skipped` steps.

    `predict` takes images, float32 (N, 28, 28) in 0–1, and returns the probabilities, (N, 10). Whether they reach a
    threshold is not asked, because not every network has one.
    """
    drawings = load_real_drawings(skipped)
    answers = predict(drawings.images.astype(np.float32) / 255).argmax(axis=1)
    return Score(int((answers == drawings.labels).sum()), len(drawings.labels))
