r"""Measures how well a network reads a person of whom it knows some digits, without being trained on them.

    python -m bench.hands --strokes strokes.json.gz hands.json.gz --people many-hands.json.gz \
        --symbols many-symbols.json.gz --left left.png

For each writer with enough digits, a few of each are drawn by lot as examples, and the writer's other digits are read
with and without them; so are other people's digits and symbols. The writers of a stroke file who decide were never
trained on. What the built-in network makes of the others shows little, because it was.
"""

import argparse
from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np

from bench.people import Row, calibration_error, sheet
from model import Recognizer, load_recognizer
from model.adaptation import Hand, blend, learn
from model.preprocessing import (
    SIZE,
    USUAL_PEN,
    StrokeDigit,
    StrokeSymbol,
    load_strokes,
    load_symbols,
    prepare,
    replay,
    to_bytes,
)

ENOUGH = 30  # digits of a writer
EXAMPLES = (1, 2, 5)  # of each digit
DRAWS = 10  # how often the examples of a writer are drawn
OTHERS = 500  # digits or symbols of other people that are read with a writer's examples, each time
IN_A_ROW = 250  # digits, of which only those are taught that are read wrong
GAINING = 10  # writers to show
LEFT_SHARE = 0.5  # of the draws: a digit misread in so many of them is on the sheet of what is left


class Seen(NamedTuple):
    """What a network makes of drawings, and who made them."""

    images: np.ndarray  # float32 (N, 28, 28)
    probabilities: np.ndarray  # float32 (N, 10)
    features: np.ndarray  # float32 (N, F)
    labels: np.ndarray  # int (N,); −1 for what is no digit
    writers: np.ndarray  # str (N,)

    @property
    def wrong(self) -> np.ndarray:
        """Which are misread without any examples, bool (N,)."""
        return self.probabilities.argmax(axis=1) != self.labels


class Outcome(NamedTuple):
    """A writer's digits, or other people's, once examples are known."""

    places: np.ndarray  # int (N,): which they are
    probabilities: np.ndarray  # float32 (N, 10)
    wrong: np.ndarray  # bool (N,)


def main() -> None:
    parser = argparse.ArgumentParser(description="Prints what examples of a person's digits are worth, as a table.")
    parser.add_argument("--strokes", nargs="+", default=[], help="stroke files that the network may have learned from")
    parser.add_argument("--people", help="a stroke file that nobody learned from")
    parser.add_argument("--symbols", help="a file of what the same people drew besides digits")
    parser.add_argument("--model", help="a .keras file, instead of the built-in network")
    parser.add_argument("--left", metavar="FILE", help="a PNG to write: digits of --people still misread with examples")
    given = parser.parse_args()
    recognizer = load_recognizer(given.model)
    symbols = see(recognizer, load_symbols(given.symbols)) if given.symbols else None
    print("| digits | measured | figure |\n| --- | --- | --- |")
    for path in given.strokes:
        digits = load_strokes(path)
        for name, kept in (("decide", True), ("were trained on", False)):
            chosen = [digit for digit in digits if digit.decides == kept]
            if chosen:
                show(f"{path}, writers who {name}", figures(recognizer, see(recognizer, chosen)))
    if given.people:
        seen = see(recognizer, load_strokes(given.people))
        show(given.people, figures(recognizer, seen, symbols))
        if given.left and (image := sheet_of_what_is_left(recognizer, seen)) is not None:
            cv2.imwrite(given.left, image)


def show(name: str, rows: Iterator[Row]) -> None:
    """Prints rows of the table as soon as they are measured."""
    for what, figure in rows:
        print(f"| {name} | {what} | {figure} |", flush=True)


def see(recognizer: Recognizer, written: list[StrokeDigit] | list[StrokeSymbol]) -> Seen:
    """What the network makes of strokes, replayed with one pen. Blank drawings become blank images."""
    drawn = (prepare(replay(each.strokes, USUAL_PEN)) for each in written)
    images = np.stack([np.zeros((SIZE, SIZE), np.float32) if image is None else image for image in drawn])
    labels = np.array([each.digit if isinstance(each, StrokeDigit) else -1 for each in written])
    return Seen(images, *recognizer.examine(images), labels, np.array([f"{e.source} {e.writer}" for e in written]))


def figures(recognizer: Recognizer, seen: Seen, symbols: Seen | None = None) -> Iterator[Row]:
    """What examples change for each writer with enough digits, for all others, and for symbols."""
    people = writers(seen)
    own = np.concatenate(list(people.values()))
    yield (
        f"writers with {ENOUGH} digits or more",
        f"{len(people)}, {len(own):,} digits, {seen.wrong[own].sum()} misread",
    )
    centre, rng = recognizer.feature_centre(), np.random.default_rng(0)
    gains = dict.fromkeys(people, 0.0)
    for count in EXAMPLES:
        mine, others, passed = [], [], []
        for writer, places in people.items():
            for _ in range(DRAWS):
                examples, rest = divide(seen.labels, places, count, rng)
                hand = learn(seen.features[examples], seen.labels[examples], centre)
                mine.append(outcome(seen, rest, hand))
                gains[writer] += int(seen.wrong[rest].sum()) - int(mine[-1].wrong.sum())
                strangers = rng.choice(np.flatnonzero(seen.writers != writer), OTHERS)
                others.append(outcome(seen, strangers, hand))
                if symbols is not None:
                    passed.append(outcome(symbols, rng.choice(len(symbols.labels), OTHERS), hand))
        name = f"{count} of each digit known"
        yield f"{name}: errors left of the writers' other digits", left(seen, mine)
        yield f"{name}: taken for digits; calibration error", taken(recognizer, seen, mine)
        yield f"{name}: others' digits", change(seen, others)
        if symbols is not None:
            yield f"{name}: symbols taken for digits", turned(recognizer, symbols, passed)
    yield f"errors of {DRAWS * len(EXAMPLES)} draws saved, those who gain most", most(gains)
    before, after, taught = taught_in_turn(seen, people, centre)
    yield (
        f"teaching only what is misread of {IN_A_ROW} digits in a row",
        f"{after} corrections instead of {before} errors",
    )
    yield "most corrections of one writer", most(taught)


def writers(seen: Seen) -> dict[str, np.ndarray]:
    """The places of the digits of each writer with enough of them."""
    names = [str(name) for name in np.unique(seen.writers)]
    places = {name: np.flatnonzero(seen.writers == name) for name in names}
    return {name: own for name, own in places.items() if len(own) >= ENOUGH}


def divide(
    labels: np.ndarray, places: np.ndarray, count: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """`count` of each digit by lot, fewer where there are not so many, and all the others."""
    mixed = rng.permutation(places)
    examples = np.concatenate([mixed[labels[mixed] == digit][:count] for digit in range(10)])
    return examples, np.setdiff1d(places, examples)


def outcome(seen: Seen, places: np.ndarray, hand: Hand) -> Outcome:
    """These drawings, read with the hand known."""
    probabilities, _ = blend(seen.probabilities[places], seen.features[places], hand)
    return Outcome(places, probabilities, probabilities.argmax(axis=1) != seen.labels[places])


def left(seen: Seen, outcomes: list[Outcome]) -> str:
    """The errors that are left, as a share of those before."""
    before = sum(int(seen.wrong[each.places].sum()) for each in outcomes)
    after = sum(int(each.wrong.sum()) for each in outcomes)
    digits = sum(len(each.places) for each in outcomes)
    share = f"{after / before:.2f}: " if before else ""
    return f"{share}{before / digits:.2%} → {after / digits:.2%} of them misread"


def change(seen: Seen, outcomes: list[Outcome]) -> str:
    """How many more are read right, in percentage points."""
    gained = np.concatenate([seen.wrong[each.places].astype(int) - each.wrong for each in outcomes])
    return f"{100 * gained.mean():+.3f} points read right"


def taken(recognizer: Recognizer, seen: Seen, outcomes: list[Outcome]) -> str:
    """The share that is taken for digits, before and after, and how far confidence is from accuracy."""
    places = np.concatenate([each.places for each in outcomes])
    after = np.concatenate([each.probabilities for each in outcomes])
    before, labels = seen.probabilities[places], seen.labels[places]
    shares = " → ".join(f"{np.mean(each.max(axis=1) >= recognizer.threshold):.2%}" for each in (before, after))
    return f"{shares}; {calibration_error(before, labels):.2%} → {calibration_error(after, labels):.2%}"


def turned(recognizer: Recognizer, symbols: Seen, outcomes: list[Outcome]) -> str:
    """The share of symbols that passes for digits, before and after."""
    before = np.concatenate([symbols.probabilities[each.places] for each in outcomes])
    after = np.concatenate([each.probabilities for each in outcomes])
    return " → ".join(f"{np.mean(each.max(axis=1) >= recognizer.threshold):.2%}" for each in (before, after))


def taught_in_turn(seen: Seen, people: dict[str, np.ndarray], centre: np.ndarray) -> tuple[int, int, dict[str, float]]:
    """The errors without examples, the corrections when each error is taught at once, and these by writer."""
    taught, before = {}, 0
    for writer, places in people.items():
        row = np.random.default_rng(0).permutation(places)[:IN_A_ROW]
        before += int(seen.wrong[row].sum())
        known: list[int] = []
        for place in row:
            hand = learn(seen.features[known], seen.labels[known], centre) if known else None
            wrong = outcome(seen, np.array([place]), hand).wrong[0] if hand else seen.wrong[place]
            if wrong:
                known.append(place)
        taught[writer] = float(len(known))
    return before, int(sum(taught.values())), taught


def most(of_each: dict[str, float]) -> str:
    """The writers with the highest figures, as a line."""
    ranked = sorted(of_each, key=lambda writer: -of_each[writer])[:GAINING]
    return " · ".join(f"{writer}: {of_each[writer]:g}" for writer in ranked if of_each[writer])


def sheet_of_what_is_left(recognizer: Recognizer, seen: Seen) -> np.ndarray | None:
    """The digits that are mostly misread even with the most examples, with their label and in how many of the draws."""
    missed, read, rng = np.zeros(len(seen.labels)), np.zeros(len(seen.labels)), np.random.default_rng(0)
    centre = recognizer.feature_centre()
    for places in writers(seen).values():
        for _ in range(DRAWS):
            examples, rest = divide(seen.labels, places, EXAMPLES[-1], rng)
            found = outcome(seen, rest, learn(seen.features[examples], seen.labels[examples], centre))
            read[rest] += 1
            missed[rest] += found.wrong
    shares = missed / np.maximum(read, 1)
    places = np.argsort(-shares, kind="stable")
    places = places[shares[places] >= LEFT_SHARE]
    return sheet(to_bytes(seen.images[places]), [f"{seen.labels[place]}: {shares[place]:.0%}" for place in places])


if __name__ == "__main__":
    main()
