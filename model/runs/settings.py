"""The settings of a training: the one list that flags, run.json and the page's form are made from."""

import os
import zlib
from dataclasses import Field, asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, get_args

import numpy as np

from model.data import KERAS_CACHE, choose_numbers, load_npz, load_scans, mnist_file
from model.errors import InputError
from model.networks import NETWORKS
from model.preprocessing import load_strokes, load_symbols

FILES = ("strokes", "scans", "nondigits")  # settings that name files to learn from besides the data
MAX_FOLDS = 100  # each is a training of its own
HELD_OUT_DIVISOR = 6  # at most one image in so many is held out for validation
EMBEDDED_TRAINING_IMAGES = 1_438  # of `digits`; a literal, because preparing them takes seconds


@dataclass(frozen=True)
class Bounds:
    """Which values of a number a training can use."""

    low: float
    high: float | None = None
    above: bool = False
    """Whether `low` itself is too low."""


@dataclass(frozen=True)
class FormField:
    """How the page asks for a setting. What is None is left to Streamlit or to the bounds."""

    label: str
    hint: str
    noun: str | None = None
    """What to call it in a sentence; the label in small letters if None."""
    low: float | None = None
    high: float | None = None
    step: float | None = None
    format: str | None = None
    placeholder: str | None = None


def _setting(
    help: str,  # noqa: A002 - argparse's own word
    metavar: str | None = None,
    bounds: Bounds | None = None,
    form: FormField | None = None,
) -> Any:  # noqa: ANN401 - a field, which a dataclass declares as a value
    """A field with what flags, checks and forms need to know about it."""
    return field(metadata={"help": help, "metavar": metavar, "bounds": bounds, "form": form})


@dataclass(frozen=True)
class Settings:
    """Everything that decides how a training goes. `Settings.of` fills in the network's own values."""

    network: str = _setting("one of those below (default: quick)", "NAME")
    data: str = _setting(
        "mnist (the default; downloaded if need be), digits (1,797 small scans, always there), or the path of an "
        "mnist.npz; DIGITS_MNIST names the file that mnist stands for"
    )
    epochs: int = _setting(
        "how many times each image is seen (default: the network's own)",
        "N",
        Bounds(1),
        FormField("Epochs", "How many times each image is seen.", noun="number of epochs", high=1_000),
    )
    batch_size: int = _setting(
        "images per update of the weights (default: the network's own)",
        "N",
        Bounds(1),
        FormField("Batch size", "Images per update of the weights.", high=4_096),
    )
    learning_rate: float = _setting(
        "how large each update is (default: the network's own)",
        "RATE",
        Bounds(0, 10, above=True),
        FormField("Learning rate", "How large each update is.", low=1e-6, high=10.0, step=0.0005, format="%.6g"),
    )
    images: int | None = _setting(
        "train on only N of the training images, chosen at random",
        "N",
        Bounds(1),
        FormField(
            "Training images",
            "Train on only this many of them, chosen at random.",
            high=60_000,
            step=1000,
            placeholder="all",
        ),
    )
    augment: bool = _setting(
        "distort each image at random: rotate, bend, thicken, thin (default: the network's own choice)",
        form=FormField("Augment the images", "Rotate, bend, thicken and thin each one at random. Takes longer."),
    )
    strokes: str | None = _setting(
        f"files of pen strokes to train on, separated by {os.pathsep} (default for reader: DIGITS_STROKES)", "PATHS"
    )
    scans: str | None = _setting(
        "an .npz of scanned digits to train on as well (default for reader: DIGITS_SCANS)", "PATH"
    )
    nondigits: str | None = _setting(
        "a file of what is no digit, in place of most made-up kinds (reader only; default: DIGITS_NONDIGITS)", "PATH"
    )
    start: str | None = _setting(
        "start from the weights of this network, a .keras file (default: random weights)", "FILE"
    )
    seed: int = _setting(
        "the same seed gives the same curves (default: 0)",
        "N",
        Bounds(0, 2**31 - 1),
        FormField("Seed", "The same seed gives the same curves."),
    )
    folds: int | None = _setting(
        "cross-validation: divide the training images into K folds; for each, train a fresh network on all the others "
        "and validate it on that one",
        "K",
        Bounds(2, MAX_FOLDS),
        FormField(
            "Folds",
            "How many networks are trained, each without one part of the images, on which it is then validated.",
            noun="number of folds",
            high=20,
        ),
    )

    @classmethod
    def of(cls, network: str, folds: int | None = None, **chosen: Any) -> "Settings":  # noqa: ANN401
        """A network's own settings, with or without cross-validation, except for those that are chosen.

        Raises InputError if there is no such network. Leaves everything else to `check_settings`.
        """
        if network not in NETWORKS:
            raise InputError(f"There is no network {network}: choose one of {', '.join(NETWORKS)}.")
        recipe = NETWORKS[network].recipe
        own = cls(
            network=network,
            data="mnist",
            epochs=recipe.epochs,
            batch_size=(folds and recipe.fold_batch_size) or recipe.batch_size,
            learning_rate=recipe.learning_rate,
            images=None,
            augment=recipe.augment,
            strokes=os.environ.get("DIGITS_STROKES") if recipe.strokes and not folds else None,
            scans=os.environ.get("DIGITS_SCANS") if recipe.strokes and not folds else None,
            nondigits=os.environ.get("DIGITS_NONDIGITS") if recipe.nondigits and not folds else None,
            start=None,
            seed=0,
            folds=folds,
        )
        return replace(own, **chosen)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "Settings":
        """The settings in a run.json. Raises InputError if no training can use them.

        A run from before there was augmentation does without it.
        """
        values: dict[str, Any] = {each.name: content.get(each.name) for each in fields(cls)}
        values["augment"] = False if content.get("augment") is None else content["augment"]
        settings = cls(**values)
        check_settings(settings)
        return settings

    def to_json(self) -> dict[str, Any]:
        """The settings as run.json keeps them: every field by name."""
        return asdict(self)


def split_paths(paths: str | os.PathLike | None) -> list[str]:
    """The paths in a setting that may hold several, separated as in PATH; none for None.

    A single file whose name holds the separator is one path.
    """
    if not paths:
        return []
    return [str(paths)] if Path(paths).is_file() else [path for path in str(paths).split(os.pathsep) if path]


def setting(name: str) -> Field:
    """The field of a setting. Its `metadata` holds what flags and forms are made from."""
    return next(each for each in fields(Settings) if each.name == name)


def flag(name: str) -> str:
    """The flag of train.py for a setting, such as --batch-size for batch_size."""
    return f"--{name.replace('_', '-')}"


def to_flags(settings: Settings) -> list[str]:
    """The command-line arguments that give train.py these settings."""
    flags = []
    for name, value in settings.to_json().items():
        if isinstance(value, bool):
            flags.append(flag(name) if value else flag(f"no_{name}"))
        elif value is not None:
            flags += [flag(name), str(value)]
    return flags


def check_settings(settings: Settings) -> None:
    """Raises InputError for settings that no training can use. `check_data` checks the files they name."""
    if not isinstance(settings.network, str) or settings.network not in NETWORKS:
        raise InputError(f"There is no network {settings.network}: choose one of {', '.join(NETWORKS)}.")
    for each in fields(Settings):
        if each.metadata["bounds"] is not None:
            _check_number(each, each.metadata["bounds"], getattr(settings, each.name))
    for name in ("data", *FILES, "start"):
        value = getattr(settings, name)
        if not isinstance(value, str) and not (name != "data" and value is None):
            raise InputError(f"{flag(name)} must be a name or a path, not {value}.")
    if not isinstance(settings.augment, bool):
        raise InputError(f"{flag('augment')} must be true or false, not {settings.augment}.")
    for name in FILES:
        if settings.folds is not None and getattr(settings, name) is not None:
            raise InputError(f"--folds divides only the images of the data: leave {flag(name)} out.")
    if settings.nondigits is not None and not NETWORKS[settings.network].recipe.nondigits:
        raise InputError(f"{settings.network} does not learn what is no digit: leave --nondigits out.")
    if settings.folds is not None and settings.start is not None:
        raise InputError("--folds trains a fresh network for each fold: leave --start out.")


def _check_number(each: Field, bounds: Bounds, value: object) -> None:
    if value is None and _is_optional(each):
        return
    whole = each.type is not float
    if isinstance(value, int if whole else int | float) and not isinstance(value, bool):
        high_enough = value > bounds.low if bounds.above else value >= bounds.low
        if high_enough and (bounds.high is None or value <= bounds.high):
            return
    kind = f"{'a whole number' if whole else 'a number'} {'above' if bounds.above else 'from'} {bounds.low}"
    to = "" if bounds.high is None else f" {'up ' if bounds.above else ''}to {bounds.high}"
    raise InputError(f"{flag(each.name)} must be {kind}{to}, not {value}.")


def _is_optional(each: Field) -> bool:
    """Whether a setting may be None."""
    return type(None) in get_args(each.type)


def held_out_count(network: str, images: int) -> int:
    """How many of a data set's training images, `images` in all, a network holds out for validation."""
    return min(NETWORKS[network].recipe.held_out, images // HELD_OUT_DIVISOR)


def learned_numbers(settings: Settings, images: int) -> np.ndarray:
    """The indices of the training images, `images` in all, that a run with these settings learns from."""
    available = images - held_out_count(settings.network, images)
    return choose_numbers(available, settings.images, np.random.default_rng(settings.seed))


def check_data(settings: Settings) -> None:
    """Raises InputError if the files that the settings name cannot be used, or hold too few images.

    Downloads nothing. Takes half a second.
    """
    available = _available_images(settings.data)
    if NETWORKS[settings.network].recipe.held_out and not settings.folds:
        if available < HELD_OUT_DIVISOR:
            raise InputError(
                f"{settings.network} holds out one in {HELD_OUT_DIVISOR} images for validation: give it at least "
                f"{HELD_OUT_DIVISOR}, not {available}."
            )
        available -= held_out_count(settings.network, available)
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
    if settings.start and not Path(settings.start).is_file():
        raise InputError(f"There is no network at {settings.start}: give --start the .keras file of a finished run.")


def _available_images(source: str) -> int:
    if source == "digits":
        return EMBEDDED_TRAINING_IMAGES
    if source == "mnist" and mnist_file() == KERAS_CACHE and not KERAS_CACHE.exists():
        return 60_000  # once it is downloaded
    return len(load_npz(mnist_file() if source == "mnist" else Path(source)).train.labels)


def checksums(settings: Settings) -> dict[str, int | None]:
    """The CRC-32 of each file that a run learns from; None if there is no file, or it has yet to be downloaded."""
    data = {"mnist": mnist_file(), "digits": None}.get(settings.data, settings.data)
    files = {"data": split_paths(data)} | {name: split_paths(getattr(settings, name)) for name in FILES}
    return {name: _checksum(paths) if paths else None for name, paths in files.items()}


def _checksum(paths: list[str]) -> int | None:
    """The CRC-32 of the files, one after the other; None if one is missing."""
    checksum = 0
    for path in map(Path, paths):
        if not path.is_file():
            return None
        checksum = zlib.crc32(path.read_bytes(), checksum)
    return checksum
