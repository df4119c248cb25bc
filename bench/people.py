"""Measures how a network reads many people's hands, and what it turns away of what they draw besides digits.

`python -m bench.accuracy` prints it. Every figure is from pictures alone, with one pen.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import cv2
import numpy as np
from sklearn.metrics import roc_auc_score

from model import Case, Recognizer
from model.data.forms import FORMS
from model.preprocessing import SIZE, USUAL_PEN, StrokeDigit, StrokeSymbol, draw_strokes, prepare, replay, to_bytes
from model.verdict import judge

BATCH = 500
BINS = 15  # of the expected calibration error
ENOUGH, LOW = 30, 0.95  # a person with so many digits counts among those read worse than this
WORST = 10  # people
TAKEN = 0.98  # of the digits: the threshold at which non-digits are compared
EACH_FORM = 100
ROW = 16  # images in a row of a contact sheet
MAX_MISTAKES = 480

Row = tuple[str, str]  # what was measured, and the figure


class Answers(NamedTuple):
    """What a network makes of drawings."""

    images: np.ndarray  # uint8 (N, 28, 28): what it saw
    probabilities: np.ndarray  # float32 (N, 10)

    @property
    def highest(self) -> np.ndarray:
        """The probability of each best guess, (N,)."""
        return self.probabilities.max(axis=1)

    def right(self, labels: np.ndarray) -> np.ndarray:
        """Which best guesses are right, bool (N,)."""
        return self.probabilities.argmax(axis=1) == labels


def read_all(recognizer: Recognizer, written: Sequence[StrokeDigit | StrokeSymbol]) -> Answers:
    """The answers to strokes, replayed with one pen."""
    return read_drawings(recognizer, (replay(entry.strokes, USUAL_PEN) for entry in written))


def read_drawings(recognizer: Recognizer, drawings: Iterator[np.ndarray]) -> Answers:
    """The answers to drawings; a blank one is answered as a blank image."""
    images = [np.zeros((SIZE, SIZE), np.float32) if (image := prepare(each)) is None else image for each in drawings]
    stacked = np.stack(images)
    return Answers(to_bytes(stacked), recognizer.predict(stacked))


def people(recognizer: Recognizer, digits: list[StrokeDigit], found: Answers) -> Iterator[Row]:
    """Digits by many people: how many are read right and taken for digits, and whose are not."""
    labels, writers = (np.array([getattr(digit, name) for digit in digits]) for name in ("digit", "writer"))
    right, taken = found.right(labels), found.highest >= recognizer.threshold
    yield f"{len(digits):,} digits by many people, {USUAL_PEN} px wide: read right", f"{right.mean():.2%}"
    yield "of them taken for digits", f"{taken.mean():.2%}"
    yield "wrong and sure: another digit, over the threshold", f"{np.mean(~right & taken):.2%}"
    yield "calibration error on them", f"{calibration_error(found.probabilities, labels):.2%}"
    yield "in words, and right", in_words(found.probabilities, labels, recognizer.threshold)
    yield "of each digit, right", per_group(right, labels)
    yield "of each digit, taken", per_group(taken, labels)
    yield "of each source, right", per_group(right, np.array([digit.source for digit in digits]))
    each = {writer: right[writers == writer] for writer in np.unique(writers)}
    shares = sorted((float(own.mean()), len(own), writer) for writer, own in each.items() if len(own) >= ENOUGH)
    low = sum(share < LOW for share, *_ in shares)
    yield f"people with {ENOUGH} digits or more who are read below {LOW:.0%}", f"{low} of {len(shares)}"
    worst = " · ".join(f"{writer}: {share:.1%} of {count}" for share, count, writer in shares[:WORST])
    yield "the worst of them", worst


def in_words(probabilities: np.ndarray, labels: np.ndarray, threshold: float) -> str:
    """How many answers are of each case, and in how many of them one of the digits that are named is right."""
    cases = np.array([judge(each, threshold).value for each in probabilities])
    ranks = np.argsort(-probabilities, axis=1)
    parts = []
    for case, named in ((Case.CERTAIN, 1), (Case.PROBABLE, 1), (Case.EITHER, 2)):
        of_it = cases == case.value
        right = int((ranks[of_it, :named] == labels[of_it, None]).any(axis=1).sum())
        parts.append(f"{case.value} {int(of_it.sum()):,}, {right:,} right")
    return " · ".join([*parts, f"unknown {int((cases == Case.UNKNOWN.value).sum()):,}"])


def deciding_people(digits: list[StrokeDigit], found: Answers) -> Iterator[Row]:
    """The digits of those whom a collection of hands holds out."""
    labels, writers = (np.array([getattr(digit, name) for digit in digits]) for name in ("digit", "writer"))
    right = found.right(labels)
    yield f"{len(digits):,} digits by {len(set(writers))} hands held out, {USUAL_PEN} px wide", f"{right.mean():.2%}"
    yield "of each digit", per_group(right, labels)


def turned_away(digits: Answers, others: dict[str, np.ndarray]) -> Iterator[Row]:
    """The share of non-digits below the threshold that 98 % of the digits reach, whatever the network's own is.

    `others` are the highest probabilities of non-digits, by kind.
    """
    threshold = float(np.quantile(digits.highest, 1 - TAKEN))
    yield f"the threshold that {TAKEN:.0%} of them reach", f"{threshold:.3f}"
    for name, highest in others.items():
        truth = np.r_[np.ones(len(digits.highest)), np.zeros(len(highest))]
        area = roc_auc_score(truth, np.r_[digits.highest, highest])
        yield f"turned away there: {len(highest):,} {name}", f"{np.mean(highest < threshold):.1%}, AUROC {area:.4f}"
    together = np.concatenate(list(others.values()))
    yield "turned away there: all of these", f"{np.mean(together < threshold):.1%}"


def worst_symbols(recognizer: Recognizer, symbols: list[StrokeSymbol], found: Answers) -> Iterator[Row]:
    """The symbols that are taken for digits most often."""
    passed = found.highest >= recognizer.threshold
    names = np.array([symbol.label for symbol in symbols])
    each = {str(name): passed[names == name] for name in np.unique(names)}
    worst = sorted(each, key=lambda name: each[name].sum(), reverse=True)[:WORST]
    yield "symbols by many people, turned away", f"{np.mean(~passed):.1%}"
    line = " · ".join(f"{name}: {each[name].sum()} of {len(each[name])}" for name in worst)
    yield "most often taken for digits", line


def written_forms(recognizer: Recognizer) -> Iterator[Row]:
    """Each form that is written by rule: how often it is read right and taken for a digit."""
    rng = np.random.default_rng(0)
    for digit, form in FORMS:
        found = read_drawings(recognizer, (draw_strokes(form(rng), USUAL_PEN) for _ in range(EACH_FORM)))
        right, taken = found.right(np.full(EACH_FORM, digit)), found.highest >= recognizer.threshold
        yield f"{digit}, {form.__name__.replace('_', ' ')}", f"{right.mean():.0%} right, {taken.mean():.0%} taken"


def calibration_error(answers: np.ndarray, labels: np.ndarray) -> float:
    """The expected calibration error, 0–1: the mean gap between confidence and accuracy, over bins of equal width."""
    highest, right = answers.max(axis=1), answers.argmax(axis=1) == labels
    bins = np.minimum((highest * BINS).astype(int), BINS - 1)
    sums = [np.bincount(bins, weights, BINS) for weights in (highest, right)]
    return float(np.abs(sums[0] - sums[1]).sum() / len(labels))


def per_group(right: np.ndarray, groups: np.ndarray) -> str:
    """The share that is read correctly in each group, as a line."""
    return " · ".join(f"{group}: {right[groups == group].mean():.1%}" for group in np.unique(groups))


def contact_sheet(found: Answers, labels: np.ndarray) -> np.ndarray | None:
    """What the network saw of each mistake, by digit, with what it was and what it was taken for; None without any."""
    guesses = found.probabilities.argmax(axis=1)
    wrong = np.flatnonzero(guesses != labels)[:MAX_MISTAKES]
    in_order = wrong[np.lexsort((guesses[wrong], labels[wrong]))]
    texts = [f"{labels[place]} as {guesses[place]} {found.highest[place]:.0%}" for place in in_order]
    return sheet(found.images[in_order], texts)


def sheet(images: np.ndarray, texts: Sequence[str]) -> np.ndarray | None:
    """Images, uint8 (N, 28, 28), enlarged, with a text below each, in rows: uint8 (H, W); None if there are none."""
    tiles = []
    for image, text in zip(images, texts, strict=True):
        enlarged = cv2.resize(image, (84, 84), interpolation=cv2.INTER_NEAREST)
        framed = cv2.copyMakeBorder(enlarged, 1, 19, 1, 1, cv2.BORDER_CONSTANT, value=90)
        tiles.append(cv2.putText(framed, text, (4, 99), cv2.FONT_HERSHEY_SIMPLEX, 0.4, 255))
    if not tiles:
        return None
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % ROW)
    return np.concatenate([np.concatenate(tiles[start : start + ROW], axis=1) for start in range(0, len(tiles), ROW)])
