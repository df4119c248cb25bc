"""Data sets and their search indexes: loading them takes seconds, so it happens once for all sessions, in background
jobs."""

from pathlib import Path
from typing import NamedTuple

from model.analysis import Index, build_index
from model.data import Change, Dataset, Facts, describe, load_described, mnist_file
from model.runs import Settings, learned_numbers
from views.shared.jobs import Job, forget, start


class Catalogue(NamedTuple):
    """A data set, with the facts about its training and its test images."""

    data: Dataset
    train: Facts
    test: Facts
    notes: tuple[str, ...] = ()
    """What is to be said about it, in sentences."""
    change: Change | None = None
    """What seems wrong with data of one's own."""


def load_catalogue(source: str, mend: bool = True) -> Job[Catalogue]:
    """The catalogue of `digits`, or of `mnist` or a path, which must be on this machine.

    What does not lie upright in data of one's own is set right, or left as it is. The first call starts to load it.
    """
    return start("data", ("catalogue", source, mend, _version(source)), lambda job: _load(source, mend, job))


def load_index(source: str, catalogue: Catalogue, learned: Settings | None = None) -> Job[Index]:
    """The training images of a source, ready to be searched. The first call starts to make it.

    `learned`: only those that a network trained with these settings has learned from.
    """
    images = catalogue.data.train
    chosen = (
        None if learned is None else (learned.network, learned.images, learned.seed, learned.mend, learned.held_out)
    )

    def build() -> Index:
        return build_index(images, None if learned is None else learned_numbers(learned, len(images.labels)))

    return start("data", ("index", source, _version(source), chosen), lambda _: build())


def forget_catalogue(source: str, mend: bool = True) -> None:
    """Lets the catalogue of a source be tried again."""
    forget("data", ("catalogue", source, mend, _version(source)))


def _version(source: str) -> int:
    """When the file was last changed, in nanoseconds: part of the key, so that a changed file is loaded again."""
    try:
        return 0 if source == "digits" else (mnist_file() if source == "mnist" else Path(source)).stat().st_mtime_ns
    except OSError:
        return 0


def _load(source: str, mend: bool, job: Job[Catalogue]) -> Catalogue:
    data, notes, change = load_described(source, lambda words: job.tell(0.0, words), mend=mend)
    return Catalogue(data, describe(data.train), describe(data.test), notes, change)
