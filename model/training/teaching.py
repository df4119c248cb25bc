"""Teaches a network the drawings of one hand: goes on training it, beside a replay of what it knew.

The replay is images that the network answered well before, with its own answers as targets, so that it keeps them: what
it learned from need not be there. Half of the drawings are held out, to say what has become of them.
"""

from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np

from model.data import (
    TRAINING_KINDS,
    Images,
    augment_images,
    draw_augmented,
    draw_nondigits,
    draw_varied,
    join_images,
    load_data,
    prepare_all,
    write_forms,
)
from model.drawings import KeptDrawing, open_drawings, picture_of
from model.errors import InputError
from model.networks import CLASSES, for_inference, load_network, save_network
from model.preprocessing import prepare, to_bytes
from model.runs import MODEL_FILE, Record, Settings, chosen_network, keep_history, keep_snapshots
from model.training.batches import to_input, to_target
from model.training.callbacks import VALIDATION_BATCH_SIZE, RecordEpochs, ShowProgress, measure
from model.training.fit import load_unfinished
from model.training.reading import Read, read_images, trace_network
from model.training.snapshots import KeepSnapshots
from model.training.tensorboard import LogForTensorBoard
from model.training.watching import RecordMoments, TakeWishes

# What only a network that has learned them is shown again: of each written form, and in all
FORM_COPIES, NONDIGITS = 8, 250
# A drawing is shown in so many versions in each epoch that all of them together are so many, within these bounds
VERSIONS, MIN_VERSIONS, MAX_VERSIONS = 500, 2, 40
# How far the network goes from what it was to what it has learned, which keeps most of either: M. Wortsman et al.
# (2022), Robust fine-tuning of zero-shot models.
STEP = 0.7
TINY = 1e-7  # the smallest probability, as in Keras's losses
SURE = 0.97  # the probability that a drawing's digit is to get; the network's own answers are seldom surer


class Drawing(NamedTuple):
    """A drawing of the hand."""

    digit: int
    image: np.ndarray  # uint8 (28, 28), as a network sees it
    strokes: list[np.ndarray]  # each (N, 2) in fractions of the canvas; none if they do not make up the picture


def teach(folder: Path, record: Record, hand: str) -> None:
    """Goes on training the network of the settings' `start` with the drawings of a hand, and saves it in `folder`.

    Keeps the record's progress and metrics up to date; `metrics["taught"]` says what has changed.
    Raises InputError if there are no drawings of it, or if the network or the data cannot be used.
    """
    settings = record.settings
    record.enter("Loading the drawings")
    taught, held_out = divide(load_drawings(hand, settings.skipped))
    before, threshold = load_network(settings.start)
    _check(before, settings)
    record.enter("Loading the images")
    data = load_data(settings.data, record.enter, mend=settings.mend)
    record.enter("Reading what it knows")
    read = trace_network(before)
    old = Readings.of(read, held_out, data.test)
    images, targets = gather(read, taught, data.train, settings)
    model = _fit(folder, record, before, read, images, targets, held_out or taught)
    record.enter("Finishing")
    new = Readings.of(read if model is before else trace_network(model), held_out, data.test)
    finished = for_inference(model)
    record.metrics = measure(new.accuracy, new.loss, len(data.test.labels), finished, settings.skipped) | {
        "training_images": len(images),
        "taught": compare(old, new, held_out, len(taught)),
    }
    save_network(finished, folder / MODEL_FILE, threshold or None)


def load_drawings(hand: str, skipped: tuple[str, ...] = ()) -> list[Drawing]:
    """The drawings that are kept of a hand, oldest first, without blank ones, prepared without the `skipped` steps.

    Raises InputError if there are none.
    """
    kept = open_drawings().of(hand)
    prepared = [(each, prepare(picture_of(each), skipped)) for each in kept]
    drawings = [
        Drawing(each.digit or 0, to_bytes(image), _strokes(each)) for each, image in prepared if image is not None
    ]
    if not drawings:
        raise InputError(
            f"No drawings are kept of the hand {hand}: correct an answer on the page, or name another hand."
        )
    return drawings


def _strokes(drawing: KeptDrawing) -> list[np.ndarray]:
    return [np.array(stroke["points"], np.float64).reshape(-1, 2) for stroke in drawing.strokes or ()]


def divide(drawings: list[Drawing]) -> tuple[list[Drawing], list[Drawing]]:
    """The drawings to teach and those to hold out: of each digit in turn, so that the first is always taught."""
    counts = dict.fromkeys(range(CLASSES), 0)
    parts: tuple[list[Drawing], list[Drawing]] = [], []
    for drawing in drawings:
        parts[counts[drawing.digit] % 2].append(drawing)
        counts[drawing.digit] += 1
    return parts


def gather(read: Read, taught: list[Drawing], data: Images, settings: Settings) -> tuple[np.ndarray, np.ndarray]:
    """What the network is trained on: images, uint8 (N, 28, 28), and their targets, float32 (N, 10).

    `read` is that network, traced.
    """
    rng = np.random.default_rng(settings.seed)
    versions = int(np.clip(VERSIONS // len(taught), MIN_VERSIONS, MAX_VERSIONS))
    drawn = vary(taught, versions, rng, settings.skipped)
    recipe = chosen_network(settings).recipe
    places = np.resize(rng.permutation(len(data.labels)), settings.images or recipe.replayed)  # few come repeatedly
    replayed = [data.images[places]]
    if recipe.strokes:
        replayed.append(draw_augmented(write_forms(FORM_COPIES, rng), 1, rng).images)
    if recipe.nondigits:
        replayed.append(draw_nondigits(TRAINING_KINDS, NONDIGITS, data, rng))
    known = np.concatenate(replayed)
    sure = np.full((len(drawn.labels), CLASSES), (1 - SURE) / (CLASSES - 1), np.float32)
    sure[np.arange(len(drawn.labels)), drawn.labels] = SURE
    return np.concatenate([drawn.images, known]), np.concatenate([sure, read_images(read, known)])


def vary(drawings: list[Drawing], versions: int, rng: np.random.Generator, skipped: tuple[str, ...] = ()) -> Images:
    """`versions` versions of each drawing: as it is, then drawn anew from its strokes or, if it has none, distorted."""
    own = Images(np.stack([each.image for each in drawings]), np.array([each.digit for each in drawings], np.uint8))
    again = [each for each in drawings if each.strokes] * (versions - 1)
    drawn = prepare_all(((draw_varied(each.strokes, rng), each.digit) for each in again), skipped)
    parts = [own, drawn]
    if chosen := [place for place, each in enumerate(drawings) if not each.strokes] * (versions - 1):
        parts.append(Images(augment_images(own.images[chosen], rng, True), own.labels[chosen]))
    return join_images(*parts)


class Readings(NamedTuple):
    """What a network answers before or after it is taught."""

    held_out: list[int]
    """Its answer to each drawing held out."""
    accuracy: float
    """0–1, on the test images of the data."""
    loss: float

    @classmethod
    def of(cls, read: Read, held_out: list[Drawing], test: Images) -> "Readings":
        """What a network answers. `read` is that network, traced."""
        drawn = read_images(read, np.stack([each.image for each in held_out])) if held_out else np.zeros((0, CLASSES))
        answers = read_images(read, test.images)
        of_right = answers[np.arange(len(test.labels)), test.labels]
        accuracy = float((answers.argmax(axis=1) == test.labels).mean())
        return cls(drawn.argmax(axis=1).tolist(), accuracy, float(-np.log(np.maximum(of_right, TINY)).mean()))


def compare(old: Readings, new: Readings, held_out: list[Drawing], taught: int) -> dict[str, Any]:
    """What has changed, as run.json keeps it."""
    digits = [each.digit for each in held_out]
    right = [sum(one == other for one, other in zip(each.held_out, digits, strict=True)) for each in (old, new)]
    answers = {
        str(digit): {
            name: [answer for answer, own in zip(each.held_out, digits, strict=True) if own == digit]
            for name, each in (("before", old), ("after", new))
        }
        for digit in sorted(set(digits))
    }
    return {
        "drawings": taught + len(held_out),
        "held_out": len(held_out),
        "before": right[0],
        "after": right[1],
        "per_digit": answers,
        "test_before": round(old.accuracy, 6),
        "test_after": round(new.accuracy, 6),
    }


def _check(network: keras.Model, settings: Settings) -> None:
    """Raises InputError if the network to start from is not the one that the settings name."""
    expected = chosen_network(settings).build().get_weights()
    if [each.shape for each in network.get_weights()] != [each.shape for each in expected]:
        raise InputError(f"{settings.start} does not hold the network {settings.network}: name its own with --network.")


def _fit(
    folder: Path,
    record: Record,
    network: keras.Model,
    read: Read,
    images: np.ndarray,
    targets: np.ndarray,
    validated: list[Drawing],
) -> keras.Model:
    """The network, taught: trained in place or, where the run was cut off, from where its last epoch left it.

    `read` is the network that it is trained from, traced.
    """
    settings, known = record.settings, network.get_weights()
    steps = -(-len(images) // settings.batch_size)  # per epoch
    keras.utils.set_random_seed(settings.seed)
    done = 0
    if (folder / MODEL_FILE).exists():
        network = load_unfinished(folder / MODEL_FILE)
        if not network.compiled:  # it was finished for use, so it is taught
            return network
        read = trace_network(network)
        done = int(network.optimizer.iterations.numpy()) // steps
    else:
        _prepare(network, settings, steps)
    keep_history(folder, done)
    keep_snapshots(folder, done)
    record.enter("Preparing the network")
    validation = Images(np.stack([each.image for each in validated]), np.array([each.digit for each in validated]))
    one_hot = to_target(validation.labels, True)
    network.fit(
        to_input(images),
        targets,
        batch_size=settings.batch_size,
        validation_data=(to_input(validation.images), one_hot),
        validation_batch_size=VALIDATION_BATCH_SIZE,
        initial_epoch=done,
        epochs=settings.epochs,
        callbacks=[
            RecordEpochs(network, folder, record, None),
            RecordMoments(network, read, folder, settings.epochs, steps, validation, one_hot),
            ShowProgress(record, len(images), len(validated), done),
            TakeWishes(folder, record),
            _StepBack(known),
            KeepSnapshots(network, read, folder, record, steps, done),
            *([LogForTensorBoard(folder)] if settings.tensorboard else []),
        ],
        verbose=0,  # pyright: ignore[reportArgumentType] - 0 is silent
    )
    return network


class _StepBack(keras.callbacks.Callback):
    """At the end of the training, moves the weights part of the way back to what they were."""

    def __init__(self, known: list[np.ndarray]) -> None:
        """`known` are the weights that it had before it was taught."""
        super().__init__()
        self.known = known

    def on_train_end(self, logs: dict | None = None) -> None:
        model: Any = self.model
        steps = zip(self.known, model.get_weights(), strict=True)
        model.set_weights([was + STEP * (now - was) for was, now in steps])


def _prepare(network: keras.Model, settings: Settings, steps: int) -> None:
    """Compiles the network for small steps that become smaller still.

    What normalises its maps stays as it is: so few drawings would say little about all that it reads.
    """
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    rate = keras.optimizers.schedules.CosineDecay(settings.learning_rate, steps * settings.epochs)
    network.compile(
        optimizer=chosen_network(settings).recipe.optimizer(keras.optimizers, rate),
        loss=keras.losses.CategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    network.optimizer.build(network.trainable_variables)  # in the first step's graph, it would take longer
