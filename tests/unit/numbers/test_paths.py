import numpy as np
import pytest

from model.numbers import find_numbers
from model.preprocessing import Extraction, PenStroke, draw_with_pens
from model.reading import Reading

SHAPE = (100, 100)


def halves_of_a_ring():
    angle = np.linspace(-np.pi / 2, np.pi / 2, 20)
    right = np.stack([np.cos(angle) * 30 + 50, np.sin(angle) * 40 + 50], axis=1)
    return [PenStroke(np.array([100, 0]) + right * (-1, 1), 6), PenStroke(right, 6)]


def interpreter(whole, half):
    """Takes for a 0, as probable as `whole`, what has a width, and for a 1, as probable as `half`, what is narrow."""

    def read(steps):
        height, width = steps.crop.shape
        digit, probability = (0, whole) if width > 0.6 * height else (1, half)
        probabilities = np.full(10, (1 - probability) / 9, np.float32)
        probabilities[digit] = probability
        return Reading(digit, probabilities, steps.image, steps, is_digit=True)

    return lambda prepared: [read(steps) for steps in prepared]


@pytest.mark.parametrize(("whole", "half", "value"), [(0.8, 0.9, "0"), (0.45, 0.99, "11")])
def test_a_doubtful_digit_of_two_strokes_stays_whole_unless_both_are_much_surer(whole, half, value):
    strokes = halves_of_a_ring()
    found = Extraction(draw_with_pens(strokes, 100))
    (number,) = find_numbers(found, SHAPE, interpreter(whole, half), strokes)
    assert number.value == value


def test_nothing_is_read_twice():
    """What a finer cut leaves together is what a coarser one has cut."""
    ink = draw_with_pens([PenStroke(stroke.points * (3, 1), 6) for stroke in halves_of_a_ring()], 300)
    seen = []

    def read(prepared):
        seen.extend((steps.threshold.shape, steps.place, steps.threshold.tobytes()) for steps in prepared)
        return interpreter(0.5, 0.5)(prepared)

    find_numbers(Extraction(ink), ink.shape, read)
    assert len(seen) > 20
    assert len(set(seen)) == len(seen)
