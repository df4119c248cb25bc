"""Teaching a network the drawings of a hand, from the command line to the network and what the run says of it."""

import shutil

import numpy as np
import pytest

from model import load_recognizer
from model.data import example_images
from model.drawings import open_drawings
from model.networks import save_network
from model.runs import (
    Settings,
    load_run,
    read_frames,
    read_history,
    read_moments,
    read_readings,
    read_run_file,
)
from model.training import callbacks, teaching
from model.training.teaching import Drawing, divide, load_drawings, vary
from tests.support.digits import DIGITS, on_canvas
from tests.support.kept import as_kept, as_png
from tests.support.trainer import train_here

PEN = 20  # pixels
SIXES = 8  # drawings that everybody else would read as 5s
EPOCHS = 6


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """A run of `quick` on the embedded digits, to go on from. Tests must not modify it."""
    folder = tmp_path_factory.mktemp("start") / "quick"
    assert train_here("--network", "quick", "--data", "digits", "--epochs", 6, "--out", folder)[::2] == (0, "")
    return folder


@pytest.fixture(scope="module")
def hand(tmp_path_factory):
    """A database in which "me" writes 6s like everybody's 5s, and other digits as they are. Returns its URL."""
    url = f"sqlite:///{tmp_path_factory.mktemp('drawings')}/drawings.db"
    drawings = open_drawings(url)
    for number in range(SIXES):
        drawings.add("me", 6, *_drawn(5, number))
    for digit in (0, 1, 2, 3, 4, 7, 8, 9):
        drawings.add("me", digit, *_drawn(digit, 0))
    return url


def _drawn(digit, number):
    """The strokes of one of our own drawings, a little larger for each number, and a PNG of them."""
    strokes = [0.5 + (stroke - 0.5) * (0.7 + 0.05 * number) for stroke in DIGITS[digit]]
    return as_kept(strokes), as_png(strokes)


@pytest.fixture(scope="module")
def taught(start, hand, tmp_path_factory):
    """What the trainer said, and folders: "whole", and "cut-1", … as a kill after so many saves would leave them."""
    runs, saved = tmp_path_factory.mktemp("runs"), []

    def save(model, path, *threshold):
        save_network(model, path, *threshold)
        saved.append(path)
        shutil.copytree(path.parent, runs / f"cut-{len(saved)}", ignore=shutil.ignore_patterns(".*"))

    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DIGITS_DATABASE", hand)
        for module in (callbacks, teaching):
            patched.setattr(module, "save_network", save)
        flags = ["--start", start / "model.keras", "--drawings", "me", "--data", "digits", "--epochs", EPOCHS]
        flags += ["--images", 1_000, "--batch-size", 64]  # so that few drawings are not lost among many other 5s
        status, said, complaint = train_here(*flags, "--out", runs / "whole")
    assert (status, complaint) == (0, "")
    return said, runs


def test_a_network_that_was_taught_a_form_reads_it(taught, start):
    drawing = on_canvas(5, 0.6)
    assert load_recognizer(start / "model.keras").read(drawing).digit == 5
    after = load_recognizer(taught[1] / "whole" / "model.keras")
    assert after.read(drawing).digit == 6
    assert [after.read(on_canvas(digit, 0.6)).digit for digit in (0, 1, 2, 3, 4, 7, 8, 9)] == [0, 1, 2, 3, 4, 7, 8, 9]


def test_the_run_says_what_has_become_of_the_drawings_held_out(taught):
    said, runs = taught
    run = read_run_file(runs / "whole")
    found = run["metrics"]["taught"]
    assert (run["settings"]["network"], run["settings"]["drawings"]) == ("quick", "me")
    assert (found["drawings"], found["held_out"]) == (SIXES + 8, SIXES // 2)
    assert found["per_digit"] == {"6": {"before": [5] * (SIXES // 2), "after": [6] * (SIXES // 2)}}
    assert (found["before"], found["after"]) == (0, SIXES // 2)
    assert found["test_after"] == pytest.approx(run["metrics"]["test_accuracy"], abs=1e-6)
    assert "Of 4 of your drawings held out, 0 → 4 are read right. Your 6: 5 → 6. Test images: " in said
    assert load_run(runs / "whole", training=False).usable


def test_one_can_watch_how_it_is_taught(taught):
    """Its curves grow meanwhile, and the last reading is that of the network that is kept."""
    folder = taught[1] / "whole"
    assert len(read_moments(folder)) > EPOCHS
    first, *_, last = read_readings(folder)
    assert (first.epoch, last.epoch) == (0, EPOCHS)
    shares = load_recognizer(folder / "model.keras").predict(example_images() / np.float32(255))
    assert [each.share for each in last.others] == pytest.approx(shares.max(axis=1).tolist(), abs=0.002)
    assert read_frames(folder).epochs[-1] == EPOCHS


def test_what_it_knew_is_kept(taught):
    found = read_run_file(taught[1] / "whole")["metrics"]["taught"]
    assert found["test_after"] > found["test_before"] - 0.02


@pytest.mark.parametrize("saves", [1, EPOCHS, EPOCHS + 1])
def test_teaching_that_was_cut_off_can_be_resumed(taught, hand, monkeypatch, saves):
    """After its first epoch, after its last, and after the finished network was saved."""
    monkeypatch.setenv("DIGITS_DATABASE", hand)
    folder = taught[1] / f"cut-{saves}"
    assert train_here("--resume", "--out", folder)[::2] == (0, "")
    assert len(read_history(folder)) == EPOCHS
    assert read_run_file(folder)["metrics"]["taught"]["after"] == SIXES // 2


def test_a_threshold_is_kept(start, hand, tmp_path, monkeypatch):
    """What is no digit stays none."""
    monkeypatch.setenv("DIGITS_DATABASE", hand)
    before = load_recognizer(start / "model.keras")
    save_network(before.model, tmp_path / "model.keras", 0.75)
    flags = ["--network", "quick", "--start", tmp_path / "model.keras", "--drawings", "me", "--data", "digits"]
    assert train_here(*flags, "--epochs", 1, "--out", tmp_path / "run")[::2] == (0, "")
    assert load_recognizer(tmp_path / "run" / "model.keras").threshold == 0.75


@pytest.mark.parametrize(
    ("flags", "complaint"),
    [
        (["--drawings", "nobody", "--start"], "No drawings are kept of the hand nobody: "),
        (["--drawings", "me", "--network", "dense-512", "--start"], "does not hold the network dense-512: "),
        (["--drawings", "me"], "--drawings goes on training a network: name its .keras file with --start."),
        (["--drawings", "me", "--folds", "2", "--start"], "--drawings teaches drawings beside images of the data: "),
    ],
)
def test_what_cannot_be_taught_is_refused_in_a_sentence(start, hand, tmp_path, monkeypatch, flags, complaint):
    monkeypatch.setenv("DIGITS_DATABASE", hand)
    flags = [*flags, start / "model.keras"] if flags[-1] == "--start" else flags
    status, _, said = train_here(*flags, "--data", "digits", "--out", tmp_path / "run")
    assert status == 2
    assert complaint in said
    assert said.count("\n") == 1


def test_a_network_of_which_nothing_says_what_it_is_must_be_named(start, tmp_path):
    shutil.copy(start / "model.keras", tmp_path / "model.keras")
    status, _, said = train_here("--drawings", "me", "--start", tmp_path / "model.keras", "--out", tmp_path / "run")
    assert status == 2
    assert "name it with --network." in said


def test_half_of_each_digit_is_held_out_and_the_first_is_taught():
    drawings = [Drawing(digit, np.full((28, 28), number, np.uint8), []) for number, digit in enumerate([6, 6, 6, 5, 6])]
    taught, held_out = divide(drawings)
    assert [each.image[0, 0] for each in taught] == [0, 2, 3]
    assert [each.image[0, 0] for each in held_out] == [1, 4]


def test_drawings_are_varied_with_and_without_their_strokes(hand, monkeypatch):
    monkeypatch.setenv("DIGITS_DATABASE", hand)
    drawn = load_drawings("me")[:1]
    traced = [drawn[0]._replace(digit=3, strokes=[])]
    varied = vary(drawn + traced, 5, np.random.default_rng(0))
    assert sorted(varied.labels) == [3] * 5 + [6] * 5
    assert (
        len(np.unique(varied.images.reshape(10, -1), axis=0)) == 9
    )  # each is also there as it is, and these are the same


def test_without_mnist_the_embedded_digits_are_replayed(monkeypatch, tmp_path):
    """Nothing is downloaded to teach a few drawings."""
    monkeypatch.setenv("DIGITS_MNIST", str(tmp_path / "missing.npz"))
    assert Settings.of("reader", drawings="me", start="x").data == "digits"
    monkeypatch.setenv("DIGITS_STROKES", "strokes.json")
    assert Settings.of("reader", drawings="me", start="x").strokes is None
