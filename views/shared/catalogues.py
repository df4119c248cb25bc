"""Data sets and their search indexes: loading them takes seconds, so it happens once for all sessions, in background
jobs."""

from pathlib import Path
from typing import NamedTuple

from model.analysis import Index, build_index
from model.data import Dataset, Facts, describe, load_data, mnist_file
from model.runs import Settings, learned_numbers
from views.shared.jobs import Job, forget, start


class Catalogue(NamedTuple):
    """A data set, with the facts about its training and its test images."""

    data: Dataset
    train: Facts
    test: Facts


def load_catalogue(source: str) -> Job[Catalogue]:
    """The catalogue of `digits`, or of `mnist` or the path of a file, which must be on this machine.

    The first call starts to load it.
    """
    return start("data", ("catalogue", source, _version(source)), lambda _: _load(source))


def load_index(source: str, catalogue: Catalogue, learned: Settings | None = None) -> Job[Index]:
    """The training images of a source, ready to be searched. The first call starts to make it.

    `learned`: only those that a network trained with these settings has learned from.
    """
    images = catalogue.data.train
    chosen = None if learned is None else (learned.network, learned.images, learned.seed)

    def build() -> Index:
        return build_index(images, None if learned is None else learned_numbers(learned, len(images.labels)))

    return start("data", ("index", source, _version(source), chosen), lambda _: build())


def forget_catalogue(source: str) -> None:
    """Lets the catalogue of a source be tried again."""
    forget("data", ("catalogue", source, _version(source)))


def _version(source: str) -> int:
    """When the file was last changed, in nanoseconds: part of the key, so that a changed file is loaded again."""
    try:
        return 0 if source == "digits" else (mnist_file() if source == "mnist" else Path(source)).stat().st_mtime_ns
    except OSError:
        return 0


def _load(source: str) -> Catalogue:
    data = load_data(source)
    return Catalogue(data, describe(data.train), describe(data.test))
