"""Training one network: what a finished one is like, and how one that was cut off is resumed."""

import json
import shutil
import zipfile
from functools import cache

import numpy as np
import pytest

from model import InputError, load_recognizer
from model.data import write_forms
from model.networks import NETWORKS, for_inference, load_model, save_network
from model.runs import Record, Settings, read_history, read_readings, read_run_file, write_run_file
from model.training import callbacks, fit, images, train
from tests.support.trainer import train_here, without_seconds
from tests.support.written import HANDS

EPOCHS = 2
CASES = {  # flags, and after how many saves it is cut off: with dropout, and with all that the reader adds
    "keras-cnn": (["--augment", "--images", 200], (1, EPOCHS, EPOCHS + 1)),
    "reader": (["--images", 40], (1,)),
}
COPIES = {"FORM_COPIES": 1, "FORM_SCANS": 1, "STROKE_COPIES": 2}  # drawing them all takes seconds


@pytest.fixture(scope="module")
def strokes(tmp_path_factory):
    """A stroke file by one person."""
    entries = [
        {"digit": digit, "writer": 1, "strokes": [stroke.tolist() for stroke in strokes]}
        for digit, strokes in HANDS.values()
    ]
    path = tmp_path_factory.mktemp("strokes") / "mine.json"
    path.write_text(json.dumps(entries), encoding="utf-8")
    return path


def draw_fewer(patched):
    for copies, count in COPIES.items():
        patched.setattr(images, copies, count)


@pytest.fixture(scope="module")
def trained(tmp_path_factory, strokes):
    """A function from the name of a network to a folder of runs: "whole", and "cut-1", "cut-2", … beside it.

    Those are what a kill leaves right after the network was saved this many times.
    """

    @cache
    def train_once(network):
        runs, saved = tmp_path_factory.mktemp("runs"), []

        def save(model, path, *threshold):
            save_network(model, path, *threshold)
            saved.append(path)
            shutil.copytree(path.parent, runs / f"cut-{len(saved)}", ignore=shutil.ignore_patterns(".*"))

        flags = ["--network", network, "--data", "digits", "--epochs", EPOCHS, *CASES[network][0]]
        with pytest.MonkeyPatch.context() as patched:
            draw_fewer(patched)
            for module in (callbacks, fit):  # after each epoch, and at the end
                patched.setattr(module, "save_network", save)
            flags += ["--strokes", strokes] if network == "reader" else []
            assert train_here(*flags, "--out", runs / "whole")[::2] == (0, "")
        return runs

    return train_once


@pytest.mark.parametrize(("network", "saves"), [(name, saves) for name, (_, cuts) in CASES.items() for saves in cuts])
def test_a_resumed_training_ends_like_an_uninterrupted_one(trained, monkeypatch, network, saves):
    """Cut off after its first epoch, after its last, and after the finished network was saved."""
    draw_fewer(monkeypatch)
    whole, folder = trained(network) / "whole", trained(network) / f"cut-{saves}"
    assert read_run_file(folder)["status"] == "running"
    assert len(read_history(folder)) == min(saves, EPOCHS)
    assert train_here("--resume", "--out", folder)[::2] == (0, "")
    assert len(read_history(whole)) == EPOCHS
    assert without_seconds(read_history(folder)) == without_seconds(read_history(whole))
    found, expected = (read_run_file(each)["metrics"] for each in (folder, whole))
    assert found.pop("real_drawings") == expected.pop("real_drawings")
    assert found == pytest.approx(expected, rel=1e-4)


def test_the_reader_learns_from_the_strokes_of_one_person(trained):
    """And from written forms. Its network is saved in full precision, and has a threshold."""
    run = trained("reader") / "whole"
    forms = len(write_forms(1, np.random.default_rng(0)))
    scans, drawings = 2 * 40 + forms, COPIES["STROKE_COPIES"] * (len(HANDS) + forms)
    nondigits = (scans + drawings) // images.DIGITS_PER_NONDIGIT
    assert read_run_file(run)["metrics"]["training_images"] == scans + drawings + nondigits
    assert 0.1 <= load_recognizer(run / "model.keras").threshold <= 1
    with zipfile.ZipFile(run / "model.keras") as archive:
        assert b"bfloat16" not in archive.read("config.json")


def test_a_finished_network_can_be_trained_further(tmp_path):
    unfinished = NETWORKS["reader"].build(for_training=True)
    for_inference(for_inference(unfinished)).save(tmp_path / "model.keras")  # as the trainer saves it
    trained_further = NETWORKS["reader"].build(for_training=True)
    fit._start_from(trained_further, str(tmp_path / "model.keras"))
    for kept, taken in zip(unfinished.get_weights(), trained_further.get_weights(), strict=True):
        assert np.array_equal(kept, taken)


@pytest.mark.parametrize(("saved", "name"), [("quick", "reader"), ("dense-512", "dense-128x2")])
def test_a_run_is_not_resumed_with_other_layers(tmp_path, saved, name):
    """As when a network got new layers between two versions."""
    before = NETWORKS[saved].build(steps=10, for_training=True)
    before.optimizer.build(before.trainable_variables)
    before.save(tmp_path / "model.keras")
    settings = Settings.of(name, data="digits", images=50, epochs=3, strokes=None)
    with pytest.raises(InputError, match="other layers than this network has now"):
        train(tmp_path, Record(settings, {}))


def test_an_unfinished_reader_from_before_its_metric_moved_can_be_resumed(tmp_path):
    """Its file names the module that the metric was defined in, `model.networks`, which is a package now."""
    reader = NETWORKS["reader"]
    unfinished = reader.build(for_training=True)
    unfinished.optimizer.build(unfinished.trainable_variables)
    unfinished.save(tmp_path / "new.keras")
    with zipfile.ZipFile(tmp_path / "new.keras") as new, zipfile.ZipFile(tmp_path / "old.keras", "w") as old:
        for member in new.namelist():
            content = new.read(member)
            if member == "config.json":
                text = content.decode()
                assert text.count('"module": "model.networks.network"') == 1
                content = text.replace('"module": "model.networks.network"', '"module": "model.networks"').encode()
            old.writestr(member, content)
    loaded = fit._resume(tmp_path / "old.keras", reader)
    assert loaded.compiled
    for kept, taken in zip(unfinished.get_weights(), loaded.get_weights(), strict=True):
        assert np.array_equal(kept, taken)


@pytest.mark.parametrize("folds", [None, 2])
def test_a_run_is_resumed_with_the_data_it_began_with_and_no_other(tmp_path, folds):
    """Not even with the same labels, and then nothing of it is changed."""
    path, labels = tmp_path / "mnist.npz", np.arange(40, dtype=np.uint8) % 10
    folder = tmp_path / "run"

    def write(grey):
        images = np.full((40, 28, 28), grey, np.uint8)
        np.savez(path, x_train=images, y_train=labels, x_test=images[:, :, ::-1] // 2, y_test=labels)

    write(90)
    flags = ["--network", "dense-128x2", "--data", path, "--epochs", 1, *(["--folds", folds] if folds else [])]
    assert train_here(*flags, "--out", folder)[0] == 0
    write_run_file(folder, read_run_file(folder) | {"status": "cancelled"})
    write(91)
    status, _, complaint = train_here("--resume", "--out", folder)
    assert (status, "restore the files" in complaint) == (2, True)
    assert read_run_file(folder)["status"] == "cancelled"
    write(90)
    assert train_here("--resume", "--out", folder)[0] == 0
    assert read_run_file(folder)["status"] == "done"


def test_a_training_of_ones_own_network_stops_early_and_stays_stopped_when_it_is_resumed(tmp_path):
    """With shuffled labels alone, the loss on the images held out soon rises. It was killed before it was finished."""
    folder, recipe = tmp_path / "run", '{"dense": [64]}'
    flags = ["--recipe", recipe, "--shuffled-labels", 1, "--patience", 1, "--epochs", 30, "--learning-rate", 0.01]
    status, said, _ = train_here("--data", "digits", *flags, "--optimizer", "rmsprop", "--tensorboard", "--out", folder)
    assert status == 0, said
    rows, run = read_history(folder), read_run_file(folder)
    assert 2 <= len(rows) < 30
    losses = [row["val_loss"] for row in rows]
    assert losses.index(min(losses)) == len(losses) - 2
    assert json.loads((folder / "recipe.json").read_text("utf-8")) == run["settings"]["recipe"]
    assert {path.parent.name for path in folder.rglob("events.*")} == {"train", "validation"}
    readings = read_readings(folder)
    assert readings[0].epoch == 0
    assert readings[-1].epoch == len(rows)
    model = load_model(folder / "model.keras")
    model.compile("rmsprop", "categorical_crossentropy", ["accuracy"])
    model.optimizer.build(model.trainable_variables)
    model.optimizer.iterations.assign(len(rows) * 10)
    save_network(model, folder / "model.keras")
    write_run_file(folder, run | {"status": "running"})
    assert train_here("--resume", "--out", folder)[0] == 0
    assert read_history(folder) == rows
    assert read_run_file(folder)["status"] == "done"
