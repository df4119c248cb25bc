"""How far a training has come: its callbacks report it, run.json keeps it, and the page shows it."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from model.runs.values import finite, text

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
    """How much of the whole training is done, 0–1; of all folds, or of all trials of a sweep."""
    fold: float | None = None
    """The fold under way, from 1; None outside cross-validation."""
    folds: float | None = None
    trial: float | None = None
    """The trial of a sweep under way, from 1; None outside sweeps."""
    trials: float | None = None
    at_once: float | None = None
    """How many folds or trials are under way, if they are several; all else is said of the last of them."""
    images_per_second: float | None = None
    seconds_left: float | None = None

    @classmethod
    def from_json(cls, content: object) -> "Progress":
        """The progress in a run.json; whatever is damaged is left out. Numbers are finite, and the phase is short."""
        entries = content if isinstance(content, dict) else {}
        numbers = {each.name: finite(entries.get(each.name)) for each in fields(cls) if each.name != "phase"}
        return cls(phase=text(entries.get("phase"), MAX_PHASE) or "", **numbers)

    def to_json(self) -> dict[str, Any]:
        """The progress as run.json keeps it, without what is None."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def in_short(self) -> str:
        """The fold, the trial or else the epoch under way, in a few words."""
        if part := self._part():
            return part
        return f"epoch {self.epoch or 0:.0f} of {self.epochs or 0:.0f}" if self.batches else "starting"

    def in_words(self) -> str:
        """A line with epoch and batch, images per second and time left; with the phase before the first batch."""
        part = self._part()
        words = [part[:1].upper() + part[1:]] if part else []
        if not self.batches:
            return " · ".join(filter(None, [*words, self.phase[:1].upper() + self.phase[1:]]))
        words.append(f"Epoch {self.epoch or 0:.0f} of {self.epochs or 0:.0f}")
        words.append(self.phase or f"batch {self.batch or 0:,.0f} of {self.batches:,.0f}")
        if self.images_per_second:
            words.append(f"{self.images_per_second:,.0f} images/s")
        if self.seconds_left is not None:
            words.append(f"{duration(self.seconds_left)} left")
        return " · ".join(words)

    def _part(self) -> str:
        """The fold or the trial under way; empty for a training of one part."""
        for noun, part, parts in (("fold", self.fold, self.folds), ("trial", self.trial, self.trials)):
            if parts:
                several = f" ({self.at_once:.0f} at once)" if self.at_once else ""
                return f"{noun} {part or 1:.0f} of {parts:.0f}{several}"
        return ""


def duration(seconds: float) -> str:
    """Seconds in words: 8 s, 3 min 20 s, 2 h 5 min."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
