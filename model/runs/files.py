"""The files that a training learns from: whether they can be used, and whether they are still the same."""

import os
import zlib
from dataclasses import replace
from pathlib import Path

from model.data import KERAS_CACHE, OwnData, load_described, load_scans, mnist_file
from model.errors import InputError
from model.files import is_file
from model.preprocessing import load_strokes, load_symbols
from model.runs.checks import FILES, split_paths
from model.runs.chosen import HELD_OUT_DIVISOR, chosen_network, held_out_count
from model.runs.settings import EMBEDDED_TRAINING_IMAGES, Settings

MNIST_TRAINING_IMAGES = 60_000  # once it is downloaded


def notes_on_data(settings: Settings) -> tuple[str, ...]:
    """What is to be said about the data, in sentences: what was mended, and what is strange. Downloads nothing.

    Raises InputError if it cannot be used.
    """
    data = _data(settings)
    return () if data is None else data.notes


def check_data(settings: Settings) -> None:
    """Raises InputError if the files that the settings name cannot be used, or hold too few images.

    Downloads nothing. Takes half a second; for data of one's own that has to be prepared, longer, but only once.
    """
    data = _data(settings)
    expected = EMBEDDED_TRAINING_IMAGES if settings.data == "digits" else MNIST_TRAINING_IMAGES
    available = expected if data is None else len(data.data.train.labels)
    if chosen_network(settings).recipe.held_out and not settings.folds:
        if available < HELD_OUT_DIVISOR:
            raise InputError(
                f"Up to one in {HELD_OUT_DIVISOR} images is held out for validation: give it at least "
                f"{HELD_OUT_DIVISOR}, not {available}."
            )
        available -= held_out_count(settings, available)
    if (settings.images or 0) > available:
        raise InputError(f"There are only {available:,} images to train on, not {settings.images:,}: choose fewer.")
    images = settings.images or available
    if (settings.folds or 0) > images:
        raise InputError(f"There are only {images:,} images to divide into {settings.folds} folds: choose fewer folds.")
    for path in split_paths(settings.strokes):
        load_strokes(path)
    if settings.scans:
        load_scans(settings.scans)
    if settings.nondigits:
        load_symbols(settings.nondigits)
    if settings.start and not is_file(Path(settings.start)):
        raise InputError(f"There is no network at {settings.start}: give --start the .keras file of a finished run.")


def _data(settings: Settings) -> OwnData | None:
    """The data set; None for the embedded digits, and for MNIST if it has yet to be downloaded."""
    if settings.data == "digits":
        return None
    if settings.data == "mnist" and mnist_file() == KERAS_CACHE and not KERAS_CACHE.exists():
        return None
    return load_described(settings.data, mend=settings.mend)


def with_absolute_paths(settings: Settings) -> Settings:
    """The settings, whose files are found from any folder: a run may be resumed from another one."""
    named = {name: getattr(settings, name) for name in ("data", *FILES, "start")}
    absolute = {
        name: os.pathsep.join(str(Path(path).absolute()) for path in split_paths(paths))
        for name, paths in named.items()
        if paths not in (None, "mnist", "digits")
    }
    return replace(settings, **absolute)


def checksums(settings: Settings) -> dict[str, int | None]:
    """The CRC-32 of each file that a run learns from; None if there is no file, or it has yet to be downloaded."""
    data = {"mnist": mnist_file(), "digits": None}.get(settings.data, settings.data)
    files = {"data": split_paths(data)} | {name: split_paths(getattr(settings, name)) for name in FILES}
    return {name: _checksum(paths) if paths else None for name, paths in files.items()}


def _checksum(paths: list[str]) -> int | None:
    """The CRC-32 of the files, and of those in folders, one after the other; None if one is missing."""
    checksum = 0
    for path in map(Path, paths):
        files = sorted(each for each in path.rglob("*") if is_file(each)) if path.is_dir() else [path]
        if not all(is_file(each) for each in files):
            return None
        for each in files:
            checksum = zlib.crc32(each.read_bytes(), checksum)
    return checksum
