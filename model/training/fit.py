"""Trains one network: fits it, resumes it, and finishes it for use."""

from collections.abc import Sequence
from pathlib import Path

import keras

from model.data import Images
from model.errors import InputError, first_line
from model.networks import (
    MERGING_LAYER,
    ONE_HOT,
    Network,
    for_inference,
    inspect_network,
    load_model,
    save_network,
)
from model.runs import (
    MODEL_FILE,
    Record,
    Settings,
    chosen_network,
    keep_history,
    keep_snapshots,
    read_history,
    split_paths,
)
from model.training.batches import make_batches, to_input, to_target
from model.training.calibration import settle_threshold
from model.training.callbacks import VALIDATION_BATCH_SIZE, RecordEpochs, ShowProgress, StopEarly, measure, stops_early
from model.training.images import load_images
from model.training.reading import trace_network
from model.training.snapshots import KeepSnapshots
from model.training.tensorboard import LogForTensorBoard
from model.training.watching import RecordMoments, TakeWishes


def train(
    folder: Path, record: Record, wishes: Path | None = None, callbacks: Sequence[keras.callbacks.Callback] = ()
) -> None:
    """Trains as the record's settings say, from the last complete epoch if there is one, and saves the network.

    It pauses as wished in the folder `wishes`, else in `folder`. Keeps the record's progress and metrics up to date.
    Raises InputError if the data cannot be used.
    """
    settings = record.settings
    network = chosen_network(settings)
    record.enter("Loading the images")
    training, validation, test, scans = load_images(settings, record.enter)
    on_test_images = validation is test
    weights = fit(folder, record, training, validation, scans, on_test_images, None, wishes, callbacks).get_weights()
    record.enter("Finishing")
    model = network.build()  # in full precision, whatever it was trained in
    model.set_weights([*weights, *model.get_weights()[len(weights) :]])  # the layer that merges origins keeps its own
    threshold = settle_threshold(model, validation, split_paths(settings.strokes)) if network.recipe.nondigits else None
    if on_test_images:  # the last epoch tested it already, even if the run was killed right after that
        last = read_history(folder)[-1]
        accuracy, loss = last["val_accuracy"], last["val_loss"]
    else:
        inputs, targets = to_input(test.images), to_target(test.labels, network.recipe.loss == ONE_HOT)
        loss, accuracy = model.evaluate(
            inputs,
            targets,
            batch_size=VALIDATION_BATCH_SIZE,
            verbose=0,  # pyright: ignore[reportArgumentType] - 0 is silent
        )
    finished = for_inference(model)
    metrics = measure(accuracy, loss, len(test.labels), finished, settings.skipped)
    record.metrics = metrics | {"training_images": len(training.labels)}
    save_network(finished, folder / MODEL_FILE, threshold)


def fit(
    folder: Path,
    record: Record,
    training: Images,
    validation: Images,
    scans: int,
    on_test_images: bool = False,
    fold: int | None = None,
    wishes: Path | None = None,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> keras.Model:
    """The network of the run, fitted to `training` and validated after each epoch.

    The first `scans` training images come from the data set; the others are drawings and non-digits. `folder` receives
    the network and its history, epoch by epoch; if it holds a network already, that one is trained on. Each fold,
    counted from 1, has its own seed. Raises InputError if the run cannot be resumed, or if the loss is no longer a
    number.
    """
    settings, network = record.settings, chosen_network(record.settings)
    seed = settings.seed + (fold or 0)
    keras.utils.set_random_seed(seed)
    steps = -(-len(training.labels) // settings.batch_size)  # per epoch
    if (folder / MODEL_FILE).exists():
        model = _resume(folder / MODEL_FILE, network)
        if not model.compiled:  # it was finished for use, so it is trained
            return model
    else:
        model = _begin(network, settings, steps)
    done = int(model.optimizer.iterations.numpy()) // steps
    keep_history(folder, done)
    keep_snapshots(folder, done)
    if settings.patience and stops_early(read_history(folder), settings.patience):
        return model  # it was killed between its last epoch and its end
    record.enter("Preparing the network")
    drawn = False if network.recipe.origins else None  # validation images are scans
    targets = to_target(validation.labels, network.recipe.loss == ONE_HOT, drawn)
    read = trace_network(model)
    own = [
        RecordEpochs(model, folder, record, len(validation.labels) if on_test_images else None),
        RecordMoments(model, read, folder, settings.epochs, steps, validation, targets),
        ShowProgress(record, len(training.labels), len(validation.labels), done, fold),
        TakeWishes(folder.parent if fold else wishes or folder, record),
        KeepSnapshots(model, read, folder, record, steps, done),
    ]
    if settings.patience:
        own.append(StopEarly(folder, settings.patience))
    if settings.tensorboard:
        own.append(LogForTensorBoard(folder))
    model.fit(
        make_batches(training, scans, settings, seed, done),
        steps_per_epoch=steps,
        shuffle=False,  # the batches are shuffled already
        validation_data=(to_input(validation.images), targets),
        validation_batch_size=VALIDATION_BATCH_SIZE,
        initial_epoch=done,
        epochs=settings.epochs,
        callbacks=[*own, *callbacks],
        verbose=0,  # pyright: ignore[reportArgumentType] - 0 is silent
    )
    return model


def _begin(network: Network, settings: Settings, steps: int) -> keras.Model:
    model = network.build(settings.learning_rate, steps * settings.epochs, for_training=True)
    if settings.start:
        _start_from(model, settings.start)
    model.optimizer.build(model.trainable_variables)  # in the first step's graph, it would take longer
    return model


def _start_from(model: keras.Model, path: str) -> None:
    """Gives a network the weights of the one in a .keras file. Raises InputError if they do not fit."""
    try:
        inspect_network(Path(path), "give --start another file")
        start = load_model(path)
        model.set_weights(start.get_weights()[: -1 if start.layers[-1].name == MERGING_LAYER else None])
    except Exception as error:  # see load_model
        raise InputError(
            f"{path} is damaged or holds another network ({first_line(error)}): give --start another file."
        ) from None


def load_unfinished(path: Path) -> keras.Model:
    """The network with its optimizer, as the last complete epoch left them; finished for use, it has no optimizer.

    Raises InputError if it is damaged.
    """
    try:
        return load_model(path, with_optimizer=True)
    except Exception as error:  # see load_model
        raise InputError(
            f"{path} is damaged, so the run cannot be resumed ({first_line(error)}): start a new run."
        ) from None


def _resume(path: Path, network: Network) -> keras.Model:
    """The network in a file, ready to be trained on. Raises InputError if it cannot go on."""
    model = load_unfinished(path)
    done = int(model.optimizer.iterations.numpy()) if model.compiled else 0
    expected = network.build(for_training=model.compiled)
    if [weights.shape for weights in model.weights] != [weights.shape for weights in expected.weights]:
        raise InputError(
            f"{path} has other layers than this network has now, so the run cannot be resumed: start a new run."
        )
    for layer in model.layers:  # Keras saves a dropout layer's seed, but not how many numbers it has drawn
        if (generator := getattr(layer, "seed_generator", None)) is not None:
            generator.state.assign([int(generator.state[0]), done])
    return model
