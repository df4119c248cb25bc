"""Training itself: the images of a run, the network, and what is saved of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from model.augment import draw_varied, prepare_again
from model.backend import import_keras
from model.batches import make_batches, to_input, to_target
from model.certainty import calibrate, find_threshold, write_threshold
from model.data import Images, hold_out, load_data
from model.errors import InputError
from model.files import replacing
from model.forms import write_forms
from model.history import keep_history, read_history
from model.networks import BOTH, NETWORKS, ONE_HOT, Network, accuracy_of_digits, to_read_with
from model.nondigits import NOT_A_DIGIT, TRAINED_ON, draw_nondigits
from model.preprocess import prepare
from model.progress import CHECK_BATCH, record_epochs, show_progress
from model.runs import MODEL_FILE
from model.settings import held_out_of
from model.strokes import JUDGE_WRITERS, WIDTHS, load_strokes, replay

if TYPE_CHECKING:
    import keras

STROKE_COPIES = 4  # how often each digit of a stroke file is drawn, each time differently
FORM_COPIES = 200  # how often each form is written, beside strokes; each is drawn as often as they are
DIGITS_A_NONDIGIT = 8  # so many digits are trained on for each drawing that is none


def train(folder: Path, run: dict[str, Any]) -> None:
    """Trains as run["settings"] says, from the last whole epoch if there is one, and saves network and curves.

    Keeps run["progress"] and run["metrics"] current. Raises InputError for data that cannot be used.
    """
    settings = run["settings"]
    network = NETWORKS[settings["network"]]
    enter(run, "Starting: loading TensorFlow")
    import_keras()
    enter(run, "Loading the images")
    training, curve, test, scans = load_images(settings, network, lambda words: enter(run, words))
    weights = fit(folder, run, training, curve, scans, on_test_images=curve is test).get_weights()
    enter(run, "Finishing")
    model = network.build()  # in full precision, whatever it was trained in
    model.set_weights([*weights, *model.get_weights()[len(weights) :]])  # what adds up origins is not trained
    threshold = _settle_certainty(model, curve, settings) if network.nondigits else None
    if curve is test:  # a run that was killed after its last epoch has no metrics of it
        last = read_history(folder)[-1]
        run["metrics"] = {"test_accuracy": last["val_accuracy"], "test_loss": last["val_loss"]}
    else:
        inputs, targets = to_input(test.images), to_target(test.labels, network.loss == ONE_HOT)
        loss, accuracy = model.evaluate(inputs, targets, batch_size=CHECK_BATCH, verbose=0)
        run["metrics"] = {"test_accuracy": round(accuracy, 6), "test_loss": round(loss, 6)}
    run["metrics"]["training_images"] = len(training.labels)
    save(to_read_with(model), folder, threshold)


def fit(
    folder: Path,
    run: dict[str, Any],
    training: Images,
    curve: Images,
    scans: int,
    on_test_images: bool = False,
    fold: int | None = None,
) -> "keras.Model":
    """The network of the run, trained on `training` and checked on `curve` after each epoch; both are kept in `folder`.

    The first `scans` images are a data set's; the others are drawings, and what is no digit. Goes on with the network
    that is there, if there is one. Each fold, counted from 1, has a seed of its own.
    """
    settings, keras = run["settings"], import_keras()
    network, seed = NETWORKS[settings["network"]], settings["seed"] + (fold or 0)
    one_hot, drawn = network.loss == ONE_HOT, False if network.origins else None  # the images to check on are scans
    keras.utils.set_random_seed(seed)
    batches = -(-len(training.labels) // settings["batch_size"])
    if (folder / MODEL_FILE).exists():
        model = _load_unfinished(folder / MODEL_FILE, network)
        if not model.compiled:  # it was saved for the last time already
            return model
    else:
        model = network.build(settings["learning_rate"], batches * settings["epochs"], to_train=True)
        if settings["start"]:
            _start_from(model, settings["start"])
    done = int(model.optimizer.iterations.numpy()) // batches
    keep_history(folder, done)
    enter(run, "Preparing the network")
    model.fit(
        make_batches(training, scans, network, settings, seed, done),
        steps_per_epoch=batches,
        shuffle=False,  # they are
        validation_data=(to_input(curve.images), to_target(curve.labels, one_hot, drawn)),
        validation_batch_size=CHECK_BATCH,
        initial_epoch=done,
        epochs=settings["epochs"],
        callbacks=[
            record_epochs(folder, run, save, on_test_images),
            show_progress(run, len(training.labels), len(curve.labels), done, fold),
        ],
        verbose=0,
    )
    return model


def enter(run: dict[str, Any], phase: str) -> None:
    """Says what is done now that no batch is trained."""
    run["progress"] = {**run["progress"], "phase": phase}


class Parts(NamedTuple):
    """The images of a run: those to draw the curve with and those to test on are the same if none are held out."""

    training: Images
    curve: Images
    test: Images
    scans: int  # so many of the training images are a data set's; drawings and what is no digit come after them


def load_images(settings: dict[str, Any], network: Network, tell: Any = None) -> Parts:  # noqa: ANN401
    """`tell` is called with a word or two about a download. Raises InputError if the data cannot be used."""
    dataset = load_data(settings["data"], tell)
    digits, curve = dataset.train, dataset.test
    if network.held_out:
        digits, curve = hold_out(digits, held_out_of(settings["network"], len(digits.labels)))
    rng = np.random.default_rng(settings["seed"])
    digits = choose_images(digits, settings["images"], rng)
    drawn = Images(digits.images[:0], digits.labels[:0])
    if settings["strokes"]:
        fitting = [digit for digit in load_strokes(settings["strokes"]) if digit.writer not in JUDGE_WRITERS]
        if not fitting:
            raise InputError(
                f"All digits of {settings['strokes']} are of writers {JUDGE_WRITERS[0]} to {JUDGE_WRITERS[-1]}, whom "
                "nobody trains on: give yours another number."
            )
        drawn = draw_varied(fitting + write_forms(FORM_COPIES, rng), STROKE_COPIES, rng)
    if network.nondigits:
        count = (len(digits.labels) + len(drawn.labels)) // DIGITS_A_NONDIGIT
        images = draw_nondigits(TRAINED_ON, count, digits, rng)
        drawn = _together(drawn, Images(images, np.full(len(images), NOT_A_DIGIT, np.uint8)))
    scans = _together(digits, prepare_again(digits, rng)) if network.prepared else digits
    return Parts(_together(scans, drawn), curve, dataset.test, len(scans.labels))


def _together(first: Images, second: Images) -> Images:
    return Images(*(np.concatenate(parts) for parts in zip(first, second, strict=True)))


def choose_images(images: Images, wanted: int | None, rng: np.random.Generator) -> Images:
    """So many of the images, by chance; all of them for None. Raises InputError if there are fewer."""
    if not wanted:
        return images
    if wanted > len(images.labels):
        raise InputError(f"--images {wanted} is more than the {len(images.labels):,} that there are to train on.")
    chosen = rng.permutation(len(images.labels))[:wanted]
    return Images(images.images[chosen], images.labels[chosen])


def _settle_certainty(model: "keras.Model", held_out: Images, settings: dict[str, Any]) -> float:
    """Calibrates the network; the threshold of what it takes for a digit.

    Decided on strokes of writers that it was not trained on, and without such strokes on held-out images alone.
    """
    images, labels = to_input(held_out.images), held_out.labels
    judged = images
    if settings["strokes"]:
        written = [digit for digit in load_strokes(settings["strokes"]) if digit.writer in JUDGE_WRITERS]
        drawn = [(prepare(replay(digit.strokes, width)), digit.digit) for digit in written for width in WIDTHS]
        drawn = [(image, label) for image, label in drawn if image is not None]
        if drawn:
            judged = np.stack([image for image, _ in drawn])[..., None]
            images = np.concatenate([images, judged])
            labels = np.concatenate([labels, [label for _, label in drawn]])
    calibrate(model, images, labels)
    return find_threshold(model, judged)


def save(model: "keras.Model", folder: Path, threshold: float | None = None) -> None:
    with replacing(folder / MODEL_FILE) as path:
        model.save(path)
        if threshold is not None:
            write_threshold(path, threshold)


def _start_from(model: "keras.Model", path: str) -> None:
    try:
        start = import_keras().models.load_model(path, compile=False, safe_mode=True)
        model.set_weights(start.get_weights()[: -1 if start.layers[-1].name == BOTH else None])
    except Exception as error:  # zip, JSON, HDF5 and Keras each raise their own
        reason = str(error).strip().split("\n")[0]
        raise InputError(f"{path} is damaged or of another network ({reason}): give --start another file.") from None


def _load_unfinished(path: Path, network: Network) -> "keras.Model":
    """The network with its optimizer as the last whole epoch left them."""
    accuracy_of_digits()  # Keras must know it to load what was compiled with it
    try:
        model = import_keras().models.load_model(path, safe_mode=True)
        done = int(model.optimizer.iterations.numpy()) if model.compiled else 0
    except Exception as error:  # zip, JSON, HDF5 and Keras each raise their own
        reason = str(error).strip().split("\n")[0]
        raise InputError(f"{path} is damaged, so the run cannot go on ({reason}): start a new run.") from None
    now = network.build(to_train=model.compiled)
    if [weights.shape for weights in model.weights] != [weights.shape for weights in now.weights]:
        raise InputError(
            f"{path} has other layers than this network has now, so the run cannot go on: start a new run."
        )
    for layer in model.layers:  # Keras keeps the seed of a dropout, but not how far it is
        if (generator := getattr(layer, "seed_generator", None)) is not None:
            generator.state.assign([int(generator.state[0]), done])
    return model
