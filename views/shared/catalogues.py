"""The images of a data set and their index, which take seconds: made once for all sessions, in the background."""

from typing import NamedTuple

from model.analysis import Index, build_index
from model.data import Dataset, Facts, describe, load_data, mnist_file
from views.shared.jobs import Job, start


class Catalogue(NamedTuple):
    """A data set and what there is to say about it."""

    data: Dataset
    train: Facts
    test: Facts


def load_catalogue(source: str) -> Job[Catalogue]:
    """That of `mnist`, if it is on this machine, or of `digits`. The first call starts to load it."""
    return start("data", ("catalogue", source, _version(source)), lambda _: _load(source))


def load_index(source: str) -> Job[Index]:
    """The training images of a source, ready to be searched. The first call starts to make it.

    It waits for the catalogue in a thread of its lane, whose other thread loads that.
    """
    catalogue = load_catalogue(source)
    return start("data", ("index", source, _version(source)), lambda _: build_index(catalogue.result().data.train))


def _version(source: str) -> int:
    """When the file was changed, in nanoseconds: then it is loaded again."""
    try:
        return mnist_file().stat().st_mtime_ns if source == "mnist" else 0
    except OSError:
        return 0


def _load(source: str) -> Catalogue:
    data = load_data(source)
    return Catalogue(data, describe(data.train), describe(data.test))
