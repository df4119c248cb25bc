"""The one trainer: trains a network from the table and leaves a run folder.

    python train.py --network keras-cnn --data mnist --epochs 10 --out runs/mine

The sidebar of the page starts this same program. Exit status: 0 done, 2 bad settings or data, 130 cancelled, 1
anything else; run.json in the run folder says which and why.
"""

import argparse
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.errors import InputError
from model.networks import NETWORKS, ONE_HOT, Network
from model.runs import (
    HISTORY_FILE,
    MODEL_FILE,
    RUN_FILE,
    append_history,
    keep_history,
    read_run,
    replacing,
    training_lock,
    write_run,
)

if TYPE_CHECKING:
    import keras

    from model.data import Images

RUNS = Path(os.environ.get("DIGITS_RUNS", "runs"))  # DIGITS_RUNS: where runs are kept, if not beside this file
STROKE_COPIES = 6  # how often each digit of a stroke file is drawn, each time differently
PROGRESS_EVERY = 0.5  # seconds between two writes of run.json
SETTINGS = ("network", "data", "epochs", "batch_size", "learning_rate", "images", "augment", "strokes", "seed")


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Trains a network to read digits, and leaves a folder with the network, its settings and curves.",
        epilog="Networks: "
        + "; ".join(f"{name} ({n.parameters:,} parameters, {n.source})" for name, n in NETWORKS.items()),
    )
    parser.add_argument("--network", choices=NETWORKS, help="which network (quick, if not given)")
    parser.add_argument(
        "--data",
        help="mnist (the default; downloaded if need be), digits (1,797 small scans, always there), or the path of an "
        "mnist.npz; DIGITS_MNIST names the file that mnist stands for",
    )
    parser.add_argument("--epochs", type=int, help="how often all images are seen (the network's own number)")
    parser.add_argument("--batch-size", type=int, help="images between two changes of the weights (the network's own)")
    parser.add_argument("--learning-rate", type=float, help="how far each change goes (the network's own)")
    parser.add_argument("--images", type=int, metavar="N", help="train on N of the training images only")
    parser.add_argument(
        "--augment",
        action=argparse.BooleanOptionalAction,
        help="vary each image by chance: turned, bent, thicker, thinner (the network's own choice)",
    )
    parser.add_argument(
        "--strokes", metavar="PATH", help="a file of pen strokes to train on as well (reader: else DIGITS_STROKES)"
    )
    parser.add_argument("--seed", type=int, help="the same seed gives the same curves (0)")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="the run folder (runs/ with date, time and network)")
    parser.add_argument(
        "--resume", action="store_true", help="go on with the run in --out after its last whole epoch, as it was set"
    )
    return parser.parse_args(arguments)


def choose_settings(given: argparse.Namespace) -> dict[str, Any]:
    """All settings of a new run: those given, else the network's own. Raises InputError for one out of range."""
    name = given.network or "quick"
    network = NETWORKS[name]
    own = {
        "network": name,
        "data": "mnist",
        "epochs": network.epochs,
        "batch_size": network.batch_size,
        "learning_rate": network.learning_rate,
        "augment": network.augment,
        "strokes": os.environ.get("DIGITS_STROKES") if network.strokes else None,
        "seed": 0,
    }
    settings = {key: own.get(key) if getattr(given, key) is None else getattr(given, key) for key in SETTINGS}
    for key in ("epochs", "batch_size", "images"):
        if settings[key] is not None and settings[key] < 1:
            raise InputError(f"--{key.replace('_', '-')} must be at least 1, not {settings[key]}.")
    if not 0 < settings["learning_rate"] <= 10:
        raise InputError(f"--learning-rate must lie above 0 and at most at 10, not {settings['learning_rate']}.")
    if not 0 <= settings["seed"] < 2**31:
        raise InputError(f"--seed must lie from 0 to {2**31 - 1}, not {settings['seed']}.")
    return settings


def open_run(given: argparse.Namespace) -> tuple[Path, dict[str, Any]]:
    """The folder and the content of run.json, of a new run or of one to go on with."""
    if given.resume:
        if given.out is None:
            raise InputError("--resume needs --out with the folder of the run to go on with.")
        run = read_run(given.out)
        for key in SETTINGS:
            if getattr(given, key) not in (None, run["settings"].get(key)):
                raise InputError(
                    f"A resumed run keeps its settings: leave --{key.replace('_', '-')} out, or start a new run."
                )
        if run["status"] == "done":
            raise InputError(f"The run in {given.out} is done: there is nothing to resume.")
        return given.out, run
    settings = choose_settings(given)
    folder = given.out or RUNS / f"{time.strftime('%Y%m%d-%H%M%S')}-{settings['network']}"
    if folder.exists():
        raise InputError(f"{folder} exists already: give another --out, or --resume to go on with the run in it.")
    return folder, {"settings": settings}


def load_images(settings: dict[str, Any], network: Network) -> tuple["Images", "Images", "Images"]:
    """The images to train on, to draw the curve with, and to test on."""
    import numpy as np

    from model.augment import draw_varied
    from model.data import Images, hold_out, load_data
    from model.strokes import FIT_WRITERS, load_strokes

    dataset = load_data(settings["data"])
    train, curve = dataset.train, dataset.test
    if network.held_out:
        train, curve = hold_out(train, min(network.held_out, len(train.labels) // 6))
    rng = np.random.default_rng(settings["seed"])
    if wanted := settings["images"]:
        if wanted > len(train.labels):
            raise InputError(f"--images {wanted} is more than the {len(train.labels)} that there are to train on.")
        chosen = rng.permutation(len(train.labels))[:wanted]
        train = Images(train.images[chosen], train.labels[chosen])
    if settings["strokes"]:
        fitting = [digit for digit in load_strokes(settings["strokes"]) if digit.writer in FIT_WRITERS]
        drawn = draw_varied(fitting, STROKE_COPIES, rng)
        train = Images(np.concatenate([train.images, drawn.images]), np.concatenate([train.labels, drawn.labels]))
    return train, curve, dataset.test


def train(folder: Path, run: dict[str, Any]) -> None:
    """Trains as run["settings"] says, from the last whole epoch if there is one, and saves network and curves."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras

    from model.batches import Batches, to_input, to_target

    settings = run["settings"]
    network = NETWORKS[settings["network"]]
    training, curve, test = load_images(settings, network)
    one_hot = network.loss == ONE_HOT
    keras.utils.set_random_seed(settings["seed"])
    steps = -(-len(training.labels) // settings["batch_size"])
    if (folder / MODEL_FILE).exists():
        model = keras.models.load_model(folder / MODEL_FILE, safe_mode=True)
    else:
        model = network.build(settings["learning_rate"], steps * settings["epochs"])
    done = int(model.optimizer.iterations.numpy()) // steps
    keep_history(folder, done)
    run["progress"] = {"epoch": done, "epochs": settings["epochs"], "batch": 0, "batches": steps}
    model.fit(
        Batches(training, settings["batch_size"], settings["seed"], done, settings["augment"], one_hot),
        validation_data=(to_input(curve.images), to_target(curve.labels, one_hot)),
        validation_batch_size=500,
        initial_epoch=done,
        epochs=settings["epochs"],
        callbacks=[record_epochs(folder, run), show_progress(folder, run)],
        verbose=0,
    )
    loss, accuracy = model.evaluate(to_input(test.images), to_target(test.labels, one_hot), batch_size=500, verbose=0)
    run["metrics"] = {"test_accuracy": accuracy, "test_loss": loss, "training_images": len(training.labels)}
    save(without_optimizer(model), folder)
    print(f"Test accuracy {accuracy:.2%}, saved in {folder}")


def save(model: "keras.Model", folder: Path) -> None:
    with replacing(folder / MODEL_FILE) as path:
        model.save(path)


def without_optimizer(model: "keras.Model") -> "keras.Model":
    """The same network as only reading needs it: a third of the size."""
    import keras

    bare = keras.models.clone_model(model)
    bare.set_weights(model.get_weights())
    return bare


def record_epochs(folder: Path, run: dict[str, Any]) -> "keras.callbacks.Callback":
    """After each epoch: a row of history.csv, then the network with its optimizer, to resume from.

    In this order, because a kill between the two then costs an epoch, and never a row of the curve.
    """
    import keras

    class RecordEpochs(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
            self.started = time.perf_counter()

        def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
            row = {name: round(logs[name], 6) for name in ("accuracy", "loss", "val_accuracy", "val_loss")}
            seconds = round(time.perf_counter() - self.started, 3)
            append_history(folder, {"epoch": epoch + 1, **row, "seconds": seconds})
            save(self.model, folder)

    return RecordEpochs()


def show_progress(folder: Path, run: dict[str, Any]) -> "keras.callbacks.Callback":
    """Keeps the progress in run.json current, and shows it: a line that moves on a terminal, else a line an epoch."""
    import keras

    progress, terminal = run["progress"], sys.stdout.isatty()

    class ShowProgress(keras.callbacks.Callback):
        def on_train_begin(self, logs: dict | None = None) -> None:
            self.started, self.seen, self.written = time.perf_counter(), 0, 0.0

        def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
            self.seen += 1
            if time.perf_counter() - self.written > PROGRESS_EVERY:
                self.update(batch + 1)

        def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
            progress["epoch"] = epoch

        def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
            self.update(progress["batches"])
            ending = "\n" if not terminal else "\r\033[K"
            print(
                f"{ending if terminal else ''}epoch {epoch + 1}/{progress['epochs']}  "
                f"accuracy {logs['accuracy']:.4f}  loss {logs['loss']:.4f}  "
                f"validation accuracy {logs['val_accuracy']:.4f}  loss {logs['val_loss']:.4f}",
                flush=True,
            )

        def update(self, batch: int) -> None:
            self.written = time.perf_counter()
            left = (progress["epochs"] - progress["epoch"]) * progress["batches"] - batch
            rate = self.seen / (self.written - self.started)  # batches a second
            progress.update(
                batch=batch,
                images_per_second=round(rate * run["settings"]["batch_size"]),
                seconds_left=round(left / rate, 1),
            )
            write_run(folder, run)
            if terminal:
                print(
                    f"\r\033[Kepoch {progress['epoch'] + 1}/{progress['epochs']}  batch {batch}/{progress['batches']}  "
                    f"{progress['images_per_second']:,} images/s  {progress['seconds_left']:.0f} s left",
                    end="",
                    flush=True,
                )

    return ShowProgress()


def main(arguments: list[str] | None = None) -> int:
    """The exit status."""
    # A request to end arrives as what Ctrl-C raises, so that both leave the same clean run behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    given = parse_arguments(arguments)
    try:
        runs = given.out.parent if given.out else RUNS
        with training_lock(runs):
            folder, run = open_run(given)
            folder.mkdir(exist_ok=True)
            return supervise(folder, run)
    except (InputError, OSError) as error:
        print(f"train.py: {error}", file=sys.stderr)
        return 2


def supervise(folder: Path, run: dict[str, Any]) -> int:
    """Trains, and has run.json say how it ended. The exit status."""
    run.update(status="running", pid=os.getpid(), error=None)
    run.setdefault("started", time.time())
    before, started = run.get("seconds", 0.0), time.perf_counter()
    write_run(folder, run)
    status, code, error = "failed", 1, None
    try:
        train(folder, run)
        status, code = "done", 0
    except KeyboardInterrupt:
        status, code = "cancelled", 130
    except InputError as reason:
        error, code = str(reason), 2
    except Exception as reason:
        error = f"{type(reason).__name__}: {reason}"
        raise
    finally:
        run.update(status=status, error=error, seconds=round(before + time.perf_counter() - started, 1))
        write_run(folder, run)
    if error:
        print(f"train.py: {error}", file=sys.stderr)
    elif status == "cancelled":
        print(f"Cancelled; {RUN_FILE}, {HISTORY_FILE} and {MODEL_FILE} in {folder} hold what there is.")
    return code


if __name__ == "__main__":
    sys.exit(main())
