"""What the curves of a training mean, in a sentence, when there is something to learn from them."""

from collections.abc import Sequence

Rows = Sequence[dict[str, float]]

EARLY = 2  # epochs: until then, a test curve far below the training curve is no overfitting yet
GAP = 0.1  # of accuracy
RISEN, FALLEN = 1.1, 0.9  # of the loss, since the best epoch
EASIER = 0.005  # of accuracy


def explain_curves(epochs: Rows, moments: Rows, second: str) -> str | None:
    """The sentence, or None if the curves need none. `second` says which images the second curve is of."""
    return _unsettled(moments, second) or _overfitting(epochs, second) or _easier(epochs, second)


def _unsettled(moments: Rows, second: str) -> str | None:
    """Soon after the start, the last reading of the sample is far worse than the batches before it."""
    if not moments or moments[-1]["epoch"] > EARLY:
        return None
    last = next((row for row in reversed(moments) if "val_accuracy" in row), None)
    if last is None or len(moments) < 3 or last["accuracy"] - last["val_accuracy"] < GAP:
        return None
    return (
        f"The curve of the {second} images is still far below that of the training images. This early, each batch "
        "changes the weights a lot; with batch normalisation, the averages over earlier batches lag behind as well. "
        "As the steps become smaller, the two usually meet."
    )


def _overfitting(epochs: Rows, second: str) -> str | None:
    """The loss on the second images has risen since its best epoch, while that on training images fell."""
    if len(epochs) < 3:
        return None
    best = min(epochs, key=lambda row: row["val_loss"])
    last = epochs[-1]
    if last["val_loss"] < RISEN * best["val_loss"] or last["loss"] > FALLEN * best["loss"]:
        return None
    return (
        f"Since epoch {best['epoch']:.0f}, the loss on {second} images has risen while that on training images has "
        "fallen: the network now learns its training images by heart. This is called overfitting; fewer epochs, more "
        "images or augmentation help."
    )


def _easier(epochs: Rows, second: str) -> str | None:
    """The second images are read better than the training images."""
    if not epochs or epochs[-1]["val_accuracy"] - epochs[-1]["accuracy"] < EASIER:
        return None
    return (
        f"The {second} images are read better than the training images: the latter are read while the network is "
        "still learning, and at a disadvantage where they are augmented or units are dropped (dropout)."
    )
