import shutil
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from model import InputError, load_recognizer
from model.networks import table as networks
from model.paths import SHIPPED_NETWORK
from tests.support.digits import DIGITS, coloured, on_canvas
from views import ROOT


@pytest.mark.parametrize("has_bfloat16", [True, False])
def test_a_network_whose_training_was_cut_off_reads_in_full_precision(tmp_path, monkeypatch, has_bfloat16):
    monkeypatch.setattr(networks, "has_bfloat16", lambda: has_bfloat16)
    unfinished = networks.NETWORKS["reader"].build(to_train=True)
    unfinished.save(tmp_path / "model.keras")
    model = load_recognizer(tmp_path / "model.keras").model
    assert {layer.compute_dtype for layer in model.layers} == {"float32"}
    assert model.output_shape == (None, 10)
    for kept, loaded in zip(unfinished.get_weights(), model.get_weights()[:-1], strict=True):
        assert np.array_equal(kept, loaded)


@pytest.fixture(scope="module")
def recognizer():
    return load_recognizer()


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize(("longer_side", "pen"), [(0.25, 0.03), (0.6, 0.07), (0.9, 0.12)])
def test_our_own_drawings_are_read_right(recognizer, digit, longer_side, pen):
    reading = recognizer.read(on_canvas(digit, longer_side, pen=pen))
    assert reading.digit == digit
    assert reading.is_digit
    assert reading.probabilities.argmax() == digit


def test_a_reading_has_the_promised_types(recognizer):
    reading = recognizer.read(coloured(on_canvas(4, 0.6), (0, 0, 200, 255), (0, 0, 0, 0)))
    assert isinstance(reading.digit, int)
    assert reading.probabilities.dtype == np.float32
    assert reading.probabilities.shape == (10,)
    assert reading.probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert reading.image.dtype == np.float32
    assert reading.image.shape == (28, 28)
    assert 0.9 < reading.image.max() <= 1


def test_a_blank_picture_has_no_digit(recognizer):
    reading = recognizer.read(np.full((280, 280, 4), (0, 0, 0, 255), np.uint8))
    assert reading.digit is None
    assert not reading.is_digit
    assert reading.probabilities == pytest.approx(np.full(10, 0.1))
    assert not reading.image.any()


def test_nobody_can_change_what_a_blank_picture_reads_as(recognizer):
    reading = recognizer.read(np.zeros((9, 9), np.uint8))
    for array in (reading.probabilities, reading.image):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 1


def test_many_are_read_as_one_by_one(recognizer):
    pictures = [on_canvas(digit, 0.5) for digit in DIGITS]
    pictures.insert(3, np.zeros((9, 9, 3), np.uint8))
    together, alone = recognizer.read_many(pictures), [recognizer.read(picture) for picture in pictures]
    assert [reading.digit for reading in together] == [reading.digit for reading in alone]
    for one, other in zip(together, alone, strict=True):
        assert one.probabilities == pytest.approx(other.probabilities, abs=1e-5)
    assert recognizer.read_many([]) == []


@pytest.mark.parametrize("count", [0, 1, 2, 7, 501, 1200])
def test_any_number_of_images_gives_as_many_answers(recognizer, count):
    answers = recognizer.predict(np.random.default_rng(0).random((count, 28, 28), np.float32))
    assert answers.shape == (count, 10)
    assert answers.dtype == np.float32


def test_threads_get_the_same_answers(recognizer):
    pictures = [on_canvas(digit, 0.6) for digit in DIGITS] * 8
    alone = [recognizer.read(picture).probabilities for picture in pictures]
    with ThreadPoolExecutor(8) as threads:
        together = [reading.probabilities for reading in threads.map(recognizer.read, pictures)]
    assert np.array_equal(alone, together)


def test_the_network_answers_as_keras_does(recognizer):
    batch = np.stack([recognizer.read(on_canvas(digit, 0.6)).image for digit in DIGITS])
    assert recognizer.predict(batch) == pytest.approx(recognizer.model.predict(batch[..., None], verbose=0), abs=1e-5)


@pytest.mark.parametrize(
    "batch",
    [
        np.zeros((1, 28, 28)),
        np.zeros((28, 28), np.float32),
        np.zeros((1, 28, 28, 1), np.float32),
        np.full((1, 28, 28), np.nan, np.float32),
        np.full((1, 28, 28), 255, np.float32),
        [[0.0]],
    ],
)
def test_what_the_network_cannot_read_is_refused_in_a_sentence(recognizer, batch):
    with pytest.raises(InputError, match=r"^The images .+: give float32 of the shape \(N, 28, 28\) .+\.$"):
        recognizer.predict(batch)


def another_network(path):
    import keras

    keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(3)]).save(path)


def archive_without_a_network(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", "{}")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: None, "There is no network at"),
        (lambda path: path.write_bytes(b""), "cut short or no .keras file"),
        (lambda path: path.write_bytes(SHIPPED_NETWORK.read_bytes()[:50_000]), "cut short or no .keras file"),
        (lambda path: path.write_text("Hello"), "cut short or no .keras file"),
        (archive_without_a_network, "cannot be loaded as a Keras network"),
        (another_network, "not 28×28 grey images"),
        (lambda path: path.mkdir(), "There is no network at"),
    ],
)
def test_a_file_that_is_no_network_is_refused_in_a_sentence(make, reason, tmp_path):
    path = tmp_path / "network.keras"
    make(path)
    with pytest.raises(InputError, match=reason) as refused:
        load_recognizer(path)
    assert "\n" not in str(refused.value)


def test_threads_may_load_at_the_same_time():
    code = """if True:
        import threading, time, model
        loaded = []
        threads = [threading.Thread(target=lambda: loaded.append(model.load_recognizer())) for _ in range(3)]
        for thread in threads:
            thread.start()
            time.sleep(0.5)
        for thread in threads:
            thread.join()
        raise SystemExit(len(loaded) != 3)
    """
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True).returncode == 0


def test_importing_the_package_does_not_import_tensorflow():
    code = "import sys, model, model.networks, model.runs, views; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def read_files(*names, cwd=ROOT):
    return subprocess.run([sys.executable, "-m", "model", *names], cwd=cwd, capture_output=True, text=True)


def test_the_command_line_reads_files_and_tells_which_it_cannot(tmp_path):
    for digit in (3, 8):
        Image.fromarray(on_canvas(digit, 0.6)).save(tmp_path / f"{digit}.png")
    good = read_files(tmp_path / "3.png", tmp_path / "8.png")
    assert [line.split()[0] for line in good.stdout.splitlines()] == ["3", "8"]
    assert [line.split()[-1] for line in good.stdout.splitlines()] == [str(tmp_path / "3.png"), str(tmp_path / "8.png")]
    assert (good.returncode, good.stderr) == (0, "")

    Image.new("RGB", (40, 40), "white").save(tmp_path / "blank.png")
    (tmp_path / "text.png").write_text("Hello")
    mixed = read_files(tmp_path / "blank.png", tmp_path / "3.png", tmp_path / "text.png")
    assert mixed.returncode == 2
    assert [line.split()[0] for line in mixed.stdout.splitlines()] == ["3"]
    assert sorted(line.split(": ")[0] for line in mixed.stderr.splitlines()) == [
        str(tmp_path / "blank.png"),
        str(tmp_path / "text.png"),
    ]


def test_the_command_line_tells_of_a_missing_network_in_one_line(tmp_path):
    for folder in ("model", "assets"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "assets" / SHIPPED_NETWORK.name).unlink()
    Image.fromarray(on_canvas(3, 0.6)).save(tmp_path / "3.png")
    failed = read_files(tmp_path / "3.png", cwd=tmp_path)
    assert failed.returncode == 2
    assert len(failed.stderr.splitlines()) == 1
    assert "There is no network at" in failed.stderr
