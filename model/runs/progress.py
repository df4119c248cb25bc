"""How far a training has come: its callbacks report it, run.json keeps it, and the page shows it."""

import math
from dataclasses import asdict, dataclass, fields
from typing import Any

MAX_PHASE = 80  # characters of a phase that are shown


@dataclass(frozen=True)
class Progress:
    """One report. Each is a new object, so that the thread that writes run.json never sees half of one."""

    phase: str = ""
    """What the trainer is doing while it trains no batch, in a word or two."""
    epoch: float | None = None
    """The epoch under way, from 1."""
    epochs: float | None = None
    batch: float | None = None
    """The batch of this epoch that was trained last, from 1."""
    batches: float | None = None
    """How many batches an epoch has; None before the first one."""
    fraction: float | None = None
    """How much of the whole training is done, 0–1; in cross-validation, of all folds."""
    fold: float | None = None
    """The fold under way, from 1; None outside cross-validation."""
    folds: float | None = None
    images_per_second: float | None = None
    seconds_left: float | None = None

    @classmethod
    def from_json(cls, content: object) -> "Progress":
        """The progress in a run.json; whatever is damaged is left out. Numbers are finite, and the phase is short."""
        entries = content if isinstance(content, dict) else {}
        numbers = {each.name: finite(entries.get(each.name)) for each in fields(cls) if each.name != "phase"}
        phase = entries.get("phase")
        return cls(phase=phase[:MAX_PHASE] if isinstance(phase, str) else "", **numbers)

    def to_json(self) -> dict[str, Any]:
        """The progress as run.json keeps it, without what is None."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def in_short(self) -> str:
        """The fold or else the epoch under way, in a few words."""
        if self.folds:
            return f"fold {self.fold or 1:.0f} of {self.folds:.0f}"
        return f"epoch {self.epoch or 0:.0f} of {self.epochs or 0:.0f}" if self.batches else "starting"

    def in_words(self) -> str:
        """A line with epoch and batch, images per second and time left; with the phase before the first batch."""
        words = [f"Fold {self.fold or 1:.0f} of {self.folds:.0f}"] if self.folds else []
        if not self.batches:
            return " · ".join(filter(None, [*words, self.phase]))
        words.append(f"Epoch {self.epoch or 0:.0f} of {self.epochs or 0:.0f}")
        words.append(self.phase or f"batch {self.batch or 0:,.0f} of {self.batches:,.0f}")
        if self.images_per_second:
            words.append(f"{self.images_per_second:,.0f} images/s")
        if self.seconds_left is not None:
            words.append(f"{duration(self.seconds_left)} left")
        return " · ".join(words)


def finite(value: object) -> float | None:
    """The value if it is a number of a believable size, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) and abs(value) < 1e12 else None


def duration(seconds: float) -> str:
    """Seconds in words: 8 s, 3 min 20 s, 2 h 5 min."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
