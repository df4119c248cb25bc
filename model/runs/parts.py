"""The progress of a training that consists of parts, folds or the trials of a sweep, perhaps several at once."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from model.runs.control import PAUSED
from model.runs.progress import Progress

SETTLED = 2.0  # seconds from the first report until the rate says something about the time left


class Parts:
    """Which parts are done, and what is under way."""

    def __init__(self, noun: Literal["fold", "trial"], count: int, done: int) -> None:
        """`done` of `count` parts were finished earlier."""
        self.noun, self.count, self.done = noun, count, done
        self._began: tuple[float, float] | None = None  # when the first report came, and the fraction that it told

    def combine(self, under_way: Mapping[int, Progress], paused: float = 0.0) -> Progress:
        """The progress of the whole, which was paused for so many seconds, from that of each part by its number."""
        fraction = (self.done + sum(_own_fraction(progress) for progress in under_way.values())) / self.count
        fraction = round(min(fraction, 1.0), 4)
        numbers = {self.noun: min(self.done + 1, self.count), f"{self.noun}s": self.count}
        if not under_way:
            return Progress("Waiting for a free place", fraction=fraction, **numbers)
        several = len(under_way) if len(under_way) > 1 else None
        shown = max(under_way, key=lambda number: (under_way[number].phase != PAUSED, number))
        numbers[self.noun] = shown  # a part that goes on, if one does: the whole is paused once all are
        last = replace(under_way[shown], fraction=fraction, at_once=several, seconds_left=None, **numbers)
        rates = [progress.images_per_second or 0 for progress in under_way.values()]
        return replace(
            last,
            images_per_second=sum(rates) or None,
            seconds_left=None if last.phase == PAUSED else self._seconds_left(fraction, time.monotonic() - paused),
        )

    def _seconds_left(self, fraction: float, now: float) -> float | None:
        if self._began is None:
            self._began = now, fraction
        since, before = self._began
        if now - since < SETTLED or fraction <= before:
            return None
        return round((1 - fraction) / (fraction - before) * (now - since), 1)


def _own_fraction(progress: Progress) -> float:
    """How much of a part is done, 0–1; a fold reports how much of all folds would be, one after the other."""
    fraction = progress.fraction or 0.0
    if progress.folds:
        fraction = fraction * progress.folds - ((progress.fold or 1) - 1)
    return min(max(fraction, 0.0), 1.0)
