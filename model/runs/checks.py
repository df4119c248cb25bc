"""Whether a training can use its settings, whoever wrote them: a person, a form, or an old or damaged run.json."""

from __future__ import annotations

import math
import os
import sys
from dataclasses import Field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from model.errors import InputError
from model.files import is_file
from model.networks import NETWORKS, OWN, read_recipe
from model.runs.values import text

if TYPE_CHECKING:
    from model.runs.fields import Bounds
    from model.runs.settings import Settings

FILES = ("strokes", "scans", "nondigits")  # settings that name files to learn from besides the data
MAX_FOLDS = 100  # each is a training of its own
MAX_EPOCHS, MAX_IMAGES = 100_000, 1_000_000_000  # more than any training has
MAX_PATH = 10_000  # characters of a setting that names files
MAX_SAID = 60  # characters of a wrong value that an error repeats
SWEPT = ("learning_rate", "batch_size", "epochs", "images", "augment")  # settings that a sweep can vary
ENGINES = LOCAL, RAY = "local", "ray"  # where the parts of a training train
MAX_TRIALS = 100  # of a sweep: each is a training of its own
# What shapes a training from scratch, and so has no place in one that teaches drawings
OF_WHOLE_TRAININGS = ("optimizer", "dropout", "label_smoothing", "shuffled_labels", "patience", "held_out")


def flag(name: str) -> str:
    """The flag of train.py for a setting, such as --batch-size for batch_size."""
    return f"--{name.replace('_', '-')}"


def split_paths(paths: str | os.PathLike | None) -> list[str]:
    """The paths in a setting that may hold several, separated as in PATH; none for None.

    A single file whose name holds the separator is one path.
    """
    if not paths:
        return []
    return [str(paths)] if is_file(Path(paths)) else [path for path in str(paths).split(os.pathsep) if path]


def check_settings(settings: Settings) -> None:
    """Raises InputError for settings that no training can use. `check_data` checks the files they name."""
    if not isinstance(settings.network, str) or settings.network not in (*NETWORKS, OWN):
        raise InputError(f"There is no network {_said(settings.network)}: choose one of {', '.join(NETWORKS)}.")
    for each in fields(settings):
        if each.metadata["bounds"] is not None:
            _check_number(each, each.metadata["bounds"], getattr(settings, each.name))
    for name in ("data", *FILES, "start", "drawings", "sweep"):
        value = getattr(settings, name)
        if not (name != "data" and value is None) and not _is_path(value):
            raise InputError(f"{flag(name)} must be a name or a path, not {_said(value)}.")
    for each in fields(settings):
        value, choices = getattr(settings, each.name), each.metadata["choices"]
        if each.type is bool and not isinstance(value, bool):
            raise InputError(f"{flag(each.name)} must be true or false, not {_said(value)}.")
        if choices and value not in (None, *choices):
            raise InputError(f"{flag(each.name)} must be one of {', '.join(choices)}, not {_said(value)}.")
    if (settings.network == OWN) != (settings.recipe is not None):
        raise InputError("A recipe describes a network of your own: give --recipe with --network own, and only there.")
    if settings.recipe is not None:
        _check_recipe(settings.recipe)
    for name in (*FILES, "held_out"):
        if settings.folds is not None and getattr(settings, name) is not None:
            raise InputError(f"--folds divides only the images of the data: leave {flag(name)} out.")
    if settings.nondigits is not None and not (settings.network in NETWORKS and _learns_nondigits(settings.network)):
        raise InputError(f"{settings.network} does not learn what is no digit: leave --nondigits out.")
    if settings.drawings is not None:
        _check_teaching(settings)
    if settings.folds is not None and settings.patience is not None:
        raise InputError("Each fold is validated on what it would stop by: leave --patience out.")
    if settings.folds is not None and settings.start is not None:
        raise InputError("--folds trains a fresh network for each fold: leave --start out.")
    _check_parts(settings)


def _check_parts(settings: Settings) -> None:
    """The settings of what is trained in several parts: sweeps, and where parts train."""
    if settings.engine != LOCAL and settings.folds is None and settings.sweep is None:
        raise InputError("--engine ray trains folds or the trials of a sweep: give --folds or --sweep, too.")
    if settings.engine != LOCAL and settings.tensorboard:
        raise InputError("--engine ray keeps no log for TensorBoard: leave --tensorboard out.")
    if settings.sweep is None:
        if settings.seeds is not None:
            raise InputError("--seeds says how often each combination of a sweep is trained: give --sweep, too.")
        return
    for name in ("folds", "drawings"):
        if getattr(settings, name) is not None:
            raise InputError(f"--sweep trains a network for each combination: leave {flag(name)} out.")
    combinations = math.prod(map(len, swept_values(settings).values()))
    count = combinations * (settings.seeds or 1)
    if count > MAX_TRIALS:
        raise InputError(f"That makes {count:,} trainings, but a sweep has at most {MAX_TRIALS}: give fewer values.")


def swept_values(settings: Settings) -> dict[str, tuple[Any, ...]]:
    """The values that a sweep tries, by setting, in their order. Raises InputError if they cannot be understood."""
    found: dict[str, tuple[Any, ...]] = {}
    known = {each.name: each for each in fields(settings)}
    for part in (settings.sweep or "").split():
        name, equals, values = part.partition("=")
        name = name.strip("-").replace("-", "_")
        if name not in SWEPT or not equals:
            raise InputError(
                f"--sweep {_said(part)} cannot be understood: write it like --sweep {SWEPT[0]}=0.003,0.01, for one of "
                f"{', '.join(SWEPT)}."
            )
        if name in found:
            raise InputError(f"--sweep names {name} twice: give all its values at once.")
        found[name] = tuple(_swept_value(known[name], value) for value in values.split(","))
        if len(set(found[name])) < len(found[name]):
            raise InputError(f"--sweep gives {name} the same value twice: leave one out.")
    if not found:
        raise InputError(f"--sweep needs a setting and its values, such as {SWEPT[0]}=0.003,0.01.")
    return found


def _swept_value(each: Field, said: str) -> Any:  # noqa: ANN401 - of the setting's own type
    if each.type is bool:
        if said not in ("yes", "no"):
            raise InputError(f"--sweep {each.name} takes yes and no, not {_said(said)}.")
        return said == "yes"
    try:
        value = float(said) if each.type is float else int(said)
    except ValueError:
        value = said
    _check_number(each, each.metadata["bounds"], value)
    return value


def _check_teaching(settings: Settings) -> None:
    if settings.start is None:
        raise InputError("--drawings goes on training a network: name its .keras file with --start.")
    for name in (*FILES, *OF_WHOLE_TRAININGS, "folds"):
        if getattr(settings, name) is not None:
            raise InputError(f"--drawings teaches drawings beside images of the data: leave {flag(name)} out.")


def _learns_nondigits(network: str) -> bool:
    return NETWORKS[network].recipe.nondigits


def _check_recipe(recipe: object) -> None:
    if not isinstance(recipe, str) or len(recipe) > MAX_PATH:
        raise InputError(f"--recipe must be a recipe in JSON, not {_said(recipe)}.")
    read_recipe(recipe)


def _check_number(each: Field, bounds: Bounds, value: object) -> None:
    if value is None and _is_optional(each):
        return
    whole = float not in (each.type, *get_args(each.type))
    if isinstance(value, int if whole else int | float) and not isinstance(value, bool):
        high_enough = value > bounds.low if bounds.above else value >= bounds.low
        if high_enough and (bounds.high is None or value <= bounds.high):
            return
    kind = f"{'a whole number' if whole else 'a number'} {'above' if bounds.above else 'from'} {bounds.low}"
    to = "" if bounds.high is None else f" {'up ' if bounds.above else ''}to {bounds.high}"
    raise InputError(f"{flag(each.name)} must be {kind}{to}, not {_said(value)}.")


def _is_path(value: object) -> bool:
    """Whether it is a text that the system can look up as a file."""
    return isinstance(value, str) and len(value) <= MAX_PATH and "\0" not in value


def _said(value: object) -> str:
    """A wrong value as an error repeats it."""
    if isinstance(value, int) and abs(value) > sys.maxsize:
        return "one so large"  # Python refuses to write out a number of thousands of digits
    return text(str(value), MAX_SAID) or "nothing"


def _is_optional(each: Field) -> bool:
    """Whether a setting may be None."""
    return type(None) in get_args(each.type)
