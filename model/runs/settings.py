"""The settings of a training: the one list that flags, run.json and the page's form are made from."""

import json
import os
from dataclasses import Field, asdict, dataclass, fields, replace
from typing import Any

from model.data import mnist_is_local
from model.errors import InputError
from model.networks import NETWORKS, OPTIMIZERS, OWN
from model.preprocessing import STEPS
from model.runs.checks import (
    ENGINES,
    LOCAL,
    MAX_EPOCHS,
    MAX_FOLDS,
    MAX_IMAGES,
    MAX_TRIALS,
    SWEPT,
    check_settings,
)
from model.runs.chosen import HELD_OUT_DIVISOR, SWEEP_HELD_OUT, look_up
from model.runs.fields import Bounds, FormField, described

PREPARING = "How its drawings are prepared"
# To be taught somebody's drawings, a network goes on in smaller steps: the divisor is that of its learning rate.
TEACHING_EPOCHS, TEACHING_BATCH_SIZE, TEACHING_DIVISOR = 3, 128, 10
EMBEDDED_TRAINING_IMAGES = 1_438  # of `digits`; a literal, because preparing them takes seconds


@dataclass(frozen=True)
class Settings:
    """Everything that decides how a training goes. `Settings.of` fills in the network's own values."""

    network: str = described(
        "one of those below (default: quick), or own, which --recipe describes", "NAME", choices=(*NETWORKS, OWN)
    )
    recipe: str | None = described(
        "train a network of your own, from a recipe such as "
        '{"convolutions": [{"filters": 16, "kernel": 3, "pool": true}], "dense": [64], "dropout": 0.25}: '
        "a JSON file, or the JSON itself",
        "FILE",
    )
    data: str = described(
        "mnist (the default; downloaded if need be), digits (1,797 small scans, always there), or the path of your "
        "own: an .npz, a table like Kaggle's train.csv, idx files, a stroke file, or a folder or zip of pictures by "
        "digit; DIGITS_MNIST names the file that mnist stands for"
    )
    mend: bool = described(
        "set right what looks inverted, transposed, turned or mirrored in data of your own, and say so (default: yes)"
    )
    epochs: int = described(
        "how many times each image is seen (default: the network's own)",
        "N",
        Bounds(1, MAX_EPOCHS),
        FormField("Epochs", "How many times each image is seen.", noun="number of epochs", high=1_000),
    )
    batch_size: int = described(
        "images per update of the weights (default: the network's own)",
        "N",
        Bounds(1, MAX_IMAGES),
        FormField("Batch size", "Images per update of the weights.", high=4_096),
    )
    learning_rate: float = described(
        "how large each update is (default: the network's own)",
        "RATE",
        Bounds(0, 10, above=True),
        FormField("Learning rate", "How large each update is.", low=1e-6, high=10.0, step=0.0005, format="%.6g"),
    )
    optimizer: str | None = described(
        f"how errors become updates of the weights: {', '.join(OPTIMIZERS)}; each with its usual learning rate unless "
        "you give one (default: the network's own)",
        "NAME",
        form=FormField(
            "Optimizer",
            "How errors become updates of the weights: plain SGD takes the same small step for every weight, the "
            "others remember earlier steps. Each has its usual learning rate.",
            placeholder="the network's own",
        ),
        choices=OPTIMIZERS,
    )
    dropout: float | None = described(
        "the share of values left out at random while it trains, in the network's layers of dropout or else before its "
        "last layer, so that no answer hangs on a few (default: the network's own)",
        "SHARE",
        Bounds(0, 0.9),
        FormField(
            "Dropout",
            "The share of values left out at random while it trains, so that no answer hangs on a few of them.",
            low=0.0,
            step=0.05,
            placeholder="the network's own",
        ),
    )
    label_smoothing: float | None = described(
        "the share of certainty that each label gives up to the other digits, so that the network is less sure of "
        "itself (default: the network's own)",
        "SHARE",
        Bounds(0, 0.9),
        FormField(
            "Label smoothing",
            "The share of certainty that each label gives up to the other digits: the network is less sure of itself, "
            "and its loss stays above 0.",
            low=0.0,
            step=0.05,
            placeholder="the network's own",
        ),
    )
    shuffled_labels: float | None = described(
        "the share of training labels exchanged among each other at random: what it then still learns, it learns by "
        "heart (default: none)",
        "SHARE",
        Bounds(0, 1),
        FormField(
            "Shuffled labels",
            "The share of training labels exchanged at random: what it still learns of these, it learns by heart.",
            low=0.0,
            high=1.0,
            step=0.1,
            placeholder="none",
        ),
    )
    patience: int | None = described(
        "stop early, once the loss on validation images has not fallen for N epochs; a part of the training images is "
        "held out for that (default: never)",
        "N",
        Bounds(1, MAX_EPOCHS),
        FormField(
            "Stop early",
            "Once the loss on held-out images has not fallen for this many epochs. The last epoch is kept.",
            noun="number of epochs",
            high=100,
            placeholder="never",
        ),
    )
    images: int | None = described(
        "train on only N of the training images, chosen at random",
        "N",
        Bounds(1, MAX_IMAGES),
        FormField(
            "Training images",
            "Train on only this many of them, chosen at random.",
            high=60_000,
            step=1000,
            placeholder="all",
        ),
    )
    augment: bool = described(
        "distort each image at random: rotate, bend, thicken, thin (default: the network's own choice)",
        form=FormField("Augment the images", "Rotate, bend, thicken and thin each one at random. Takes longer."),
    )
    threshold: bool = described(
        "prepare drawings with a threshold: whatever is fainter than a sixth of full ink is background (default: yes)",
        form=FormField("Threshold", "Whatever is much fainter than the ink is background.", group=PREPARING),
    )
    crop: bool = described(
        "prepare drawings without specks, cut to the digit (default: yes)",
        form=FormField("Crop", "Specks are left out, so that only the digit is measured.", group=PREPARING),
    )
    resize: bool = described(
        "prepare drawings as large as MNIST's digits, with strokes as thick; otherwise, the whole picture is scaled "
        "down (default: yes)",
        form=FormField(
            "Resize",
            "The digit gets the size and the strokes of MNIST's; without, it is as large as drawn.",
            group=PREPARING,
        ),
    )
    centre: bool = described(
        "prepare drawings with their centre of mass in the middle; otherwise, they stay where they were drawn "
        "(default: yes)",
        form=FormField("Centre", "The middle of the ink moves to the middle of the image.", group=PREPARING),
    )
    tensorboard: bool = described(
        "keep a log for TensorBoard in the run's folder as well: pip install tensorboard, then "
        "tensorboard --logdir runs (default: no)",
        form=FormField(
            "Log for TensorBoard", "Kept in the run's folder: pip install tensorboard, then tensorboard --logdir runs."
        ),
    )
    strokes: str | None = described(
        f"files of pen strokes to train on, separated by {os.pathsep} (default for reader: DIGITS_STROKES)", "PATHS"
    )
    scans: str | None = described(
        "an .npz of scanned digits to train on as well (default for reader: DIGITS_SCANS)", "PATH"
    )
    nondigits: str | None = described(
        "a file of what is no digit, in place of most made-up kinds (reader only; default: DIGITS_NONDIGITS)", "PATH"
    )
    start: str | None = described(
        "start from the weights of this network, a .keras file (default: random weights)", "FILE"
    )
    drawings: str | None = described(
        "the name of a hand, whose kept drawings the network of --start is taught beside a replay of what it knew",
        "HAND",
    )
    seed: int = described(
        "the same seed gives the same curves (default: 0)",
        "N",
        Bounds(0, 2**31 - 1),
        FormField("Seed", "The same seed gives the same curves."),
    )
    folds: int | None = described(
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
    held_out: int | None = described(
        "hold N training images out for validation (default: the network's own; in a sweep, "
        f"{SWEEP_HELD_OUT:,} or one in {HELD_OUT_DIVISOR})",
        "N",
        Bounds(1, MAX_IMAGES),
    )
    sweep: str | None = described(
        f"train once for each combination of values of these settings ({', '.join(SWEPT)}), and keep the network that "
        "reads the held-out images best; may be repeated",
        "NAME=V1,V2",
    )
    seeds: int | None = described(
        "train each combination of a sweep with N seeds (default: 1)",
        "N",
        Bounds(1, MAX_TRIALS),
        FormField("Seeds", "How often each combination is trained: a single result may be luck.", high=20),
    )
    engine: str = described(
        "where the folds or the trials of a sweep train: local (the default), or ray, on the cluster that RAY_ADDRESS "
        "names or else on all cores of this machine",
        "NAME",
        choices=ENGINES,
    )

    @classmethod
    def of(cls, network: str, folds: int | None = None, **chosen: Any) -> "Settings":  # noqa: ANN401
        """A network's own settings, with or without cross-validation, except for those that are chosen.

        To be taught the `drawings` of a hand, a network goes on from `start`, in small steps and without the files
        that it was first trained on. Raises InputError if there is no such network. Leaves everything else to
        `check_settings`.
        """
        if network not in (*NETWORKS, OWN):
            raise InputError(f"There is no network {network}: choose one of {', '.join(NETWORKS)}.")
        recipe, taught = look_up(network, chosen.get("recipe")).recipe, bool(chosen.get("drawings"))
        optimizer = OPTIMIZERS.get(str(chosen.get("optimizer")))
        files = not folds and not taught
        own = cls(
            network=network,
            recipe=None,
            data="mnist" if not taught or mnist_is_local() else "digits",
            mend=True,
            epochs=recipe.epochs,
            batch_size=(folds and recipe.fold_batch_size) or recipe.batch_size,
            learning_rate=optimizer.learning_rate if optimizer else recipe.learning_rate,
            optimizer=None,
            dropout=None,
            label_smoothing=None,
            shuffled_labels=None,
            patience=None,
            images=None,
            augment=recipe.augment,
            threshold=True,
            crop=True,
            resize=True,
            centre=True,
            tensorboard=False,
            strokes=os.environ.get("DIGITS_STROKES") if recipe.strokes and files else None,
            scans=os.environ.get("DIGITS_SCANS") if recipe.strokes and files else None,
            nondigits=os.environ.get("DIGITS_NONDIGITS") if recipe.nondigits and files else None,
            start=None,
            drawings=None,
            seed=0,
            folds=folds,
            held_out=(recipe.held_out or SWEEP_HELD_OUT) if chosen.get("sweep") else None,
            sweep=None,
            seeds=1 if chosen.get("sweep") else None,
            engine=LOCAL,
        )
        if taught:
            rate = recipe.learning_rate / TEACHING_DIVISOR
            own = replace(own, epochs=TEACHING_EPOCHS, batch_size=TEACHING_BATCH_SIZE, learning_rate=rate)
        return replace(own, **chosen)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "Settings":
        """The settings in a run.json. Raises InputError if no training can use them.

        A run from before there was augmentation, mending or a log does without it, and its drawings are prepared whole.
        """
        values: dict[str, Any] = {each.name: content.get(each.name) for each in fields(cls)}
        for each in fields(cls):
            if each.type is bool and values[each.name] is None:
                values[each.name] = each.name in STEPS
        values["engine"] = LOCAL if values["engine"] is None else values["engine"]
        if isinstance(values["recipe"], dict):
            values["recipe"] = json.dumps(values["recipe"])
        settings = cls(**values)
        check_settings(settings)
        return settings

    def to_json(self) -> dict[str, Any]:
        """The settings as run.json keeps them: every field by name."""
        return asdict(self) | ({} if self.recipe is None else {"recipe": json.loads(self.recipe)})

    @property
    def skipped(self) -> tuple[str, ...]:
        """The steps that the preparation of its network's drawings does without."""
        return tuple(step for step in STEPS if not getattr(self, step))


def setting(name: str) -> Field:
    """The field of a setting. Its `metadata` holds what flags and forms are made from."""
    return next(each for each in fields(Settings) if each.name == name)
