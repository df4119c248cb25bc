"""Data sets and their search indexes: loading them takes seconds, so it happens once for all sessions, in background
jobs."""

from typing import NamedTuple

from model.analysis import Index, build_index
from model.data import Dataset, Facts, describe, load_data, mnist_file
from views.shared.jobs import Job, forget, start


class Catalogue(NamedTuple):
    """A data set, with the facts about its training and its test images."""

    data: Dataset
    train: Facts
    test: Facts


def load_catalogue(source: str) -> Job[Catalogue]:
    """The catalogue of `mnist`, which must be on this machine, or of `digits`. The first call starts loading it."""
    return start("data", ("catalogue", source, _version(source)), lambda _: _load(source))


def load_index(source: str) -> Job[Index]:
    """The training images of a source, ready to be searched. The first call starts to make it.

    Building it waits for the catalogue, which the other thread of the same lane loads.
    """
    catalogue = load_catalogue(source)
    return start("data", ("index", source, _version(source)), lambda _: build_index(catalogue.result().data.train))


def forget_catalogue(source: str) -> None:
    """Lets what failed be tried again, the catalogue and the index of a source."""
    for kind in ("catalogue", "index"):
        forget("data", (kind, source, _version(source)))


def _version(source: str) -> int:
    """When the file was last changed, in nanoseconds: part of the key, so that a changed file is loaded again."""
    try:
        return mnist_file().stat().st_mtime_ns if source == "mnist" else 0
    except OSError:
        return 0


def _load(source: str) -> Catalogue:
    data = load_data(source)
    return Catalogue(data, describe(data.train), describe(data.test))
