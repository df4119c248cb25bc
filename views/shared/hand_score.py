"""How a hand is read: each of its drawings with the help of the others, but not of itself, which would be no test."""

from collections.abc import Sequence
from typing import NamedTuple

from model import BLANK, InputError, Reading, Recognizer
from model.preprocessing import decode_picture, flatten
from views.shared.hand import Example, Look
from views.shared.jobs import Job, find, start

PATIENCE = 0.3  # seconds, in which forty drawings are read


class Score(NamedTuple):
    """How the drawings of a hand are read, each without itself as an example."""

    examples: tuple[Example, ...]
    readings: tuple[Reading, ...]  # one for each example

    @property
    def read(self) -> int:
        """How many are read as what they are."""
        return sum(map(is_read, self.examples, self.readings))


def is_read(example: Example, reading: Reading) -> bool:
    """Whether a drawing is read as what it is."""
    return reading.is_digit and reading.digit == example.kept.digit


def score(look: Look) -> Job[Score | None] | None:
    """The score of a hand, worked out in the background; None if that was given up because nobody waited for it."""
    key = ("hand", look.hand, look.version, look.network)
    start("tabs", key, lambda job: _work(job, look), PATIENCE)
    return find("tabs", key)


def _work(job: Job, look: Look) -> Score | None:
    readings = []
    for number, example in enumerate(look.examples):
        if not job.wanted():
            return None
        job.tell(number / len(look.examples), "Reading your drawings")
        readings.append(_read(look.network, example, look.examples))
    return Score(look.examples, tuple(readings))


def _read(network: Recognizer, example: Example, examples: Sequence[Example]) -> Reading:
    others = [(each.image, each.kept.digit) for each in examples if each is not example and each.kept.digit is not None]
    try:
        return network.adapted(others).read(flatten(decode_picture(example.kept.png)))
    except InputError:
        return BLANK  # it is no picture
