"""A network of the table with parts of its recipe exchanged, to see what they are good for."""

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from model.networks.network import ONE_HOT, Network

if TYPE_CHECKING:
    import keras


class Optimizer(NamedTuple):
    """What changes the weights after each batch."""

    make: Callable[[ModuleType, Any], "keras.Optimizer"]
    """Given the module keras.optimizers and a learning rate or a schedule."""
    learning_rate: float
    """The usual one: each optimizer has its own measure of a step."""


OPTIMIZERS = {
    "adam": Optimizer(lambda optimizers, rate: optimizers.Adam(rate), 0.001),
    "adamw": Optimizer(lambda optimizers, rate: optimizers.AdamW(rate, weight_decay=0.01), 0.001),
    "rmsprop": Optimizer(lambda optimizers, rate: optimizers.RMSprop(rate), 0.001),
    "sgd": Optimizer(lambda optimizers, rate: optimizers.SGD(rate), 0.05),
    "momentum": Optimizer(lambda optimizers, rate: optimizers.SGD(rate, momentum=0.9, nesterov=True), 0.01),
}


def vary(
    network: Network,
    optimizer: str | None = None,
    dropout: float | None = None,
    label_smoothing: float | None = None,
    held_out: int | None = None,
) -> Network:
    """The network with another optimizer, dropout, label smoothing or number of images held out; None keeps its own."""
    recipe = network.recipe
    if optimizer is not None:
        recipe = replace(recipe, optimizer=OPTIMIZERS[optimizer].make)
    if label_smoothing is not None:  # which only one-hot targets can have
        recipe = replace(recipe, label_smoothing=label_smoothing, loss=ONE_HOT if label_smoothing else recipe.loss)
    if held_out is not None:
        recipe = replace(recipe, held_out=held_out)
    network = replace(network, recipe=recipe)
    return network if dropout is None else replace(network, layers=_with_dropout(network.layers, dropout))


def _with_dropout(
    make: Callable[[ModuleType], "list[keras.Layer]"], rate: float
) -> Callable[[ModuleType], "list[keras.Layer]"]:
    """What makes the same layers with this rate in all layers of dropout or, without any, in one before the last."""

    def make_others(layers: ModuleType) -> "list[keras.Layer]":
        made = make(layers)
        if not any(isinstance(each, layers.Dropout) for each in made):
            return [*made[:-1], *([layers.Dropout(rate)] if rate else []), made[-1]]
        return [layers.Dropout(rate) if isinstance(each, layers.Dropout) else each for each in made]

    return make_others
