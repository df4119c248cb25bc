"""What the settings of a training choose: the network, how it is trained, and the images that it learns from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.data import choose_numbers
from model.errors import InputError
from model.networks import NETWORKS, OWN, Network, read_recipe, vary

if TYPE_CHECKING:
    from model.runs.settings import Settings

HELD_OUT_TO_STOP = 5_000  # images held out to decide when to stop, where a network holds out none by itself
SWEEP_HELD_OUT = 10_000  # images on which the trials of a sweep are compared, where a network holds out none by itself
HELD_OUT_DIVISOR = 6  # at most one image in so many is held out for validation


def chosen_network(settings: Settings) -> Network:
    """The network that a training with these settings trains, and how.

    Raises InputError if its recipe cannot be used.
    """
    network = look_up(settings.network, settings.recipe)
    own = network.recipe.held_out
    held_out = settings.held_out or ((own or HELD_OUT_TO_STOP) if settings.patience else own)
    return vary(network, settings.optimizer, settings.dropout, settings.label_smoothing, held_out)


def look_up(name: str, recipe: str | None) -> Network:
    """The network of this name as it is by itself; `recipe` describes one's own. Raises InputError if it cannot be."""
    if name != OWN:
        return NETWORKS[name]
    if recipe is None:
        raise InputError("A network of your own needs its layers: name the recipe with --recipe.")
    return read_recipe(recipe).network()


def held_out_count(settings: Settings, images: int) -> int:
    """How many of a data set's training images, `images` in all, a run holds out for validation."""
    return min(chosen_network(settings).recipe.held_out, images // HELD_OUT_DIVISOR)


def learned_numbers(settings: Settings, images: int) -> np.ndarray:
    """The indices of the training images, `images` in all, that a run with these settings learns from."""
    available = images - held_out_count(settings, images)
    return choose_numbers(available, settings.images, np.random.default_rng(settings.seed))
