import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from model import InputError
from model.paths import ROOT
from tests.support.digits import DIGITS, coloured, on_canvas


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


def test_nobody_can_change_the_reading_of_a_blank_picture(recognizer):
    reading = recognizer.read(np.zeros((9, 9), np.uint8))
    for array in (reading.probabilities, reading.image):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 1


def test_many_pictures_are_read_as_one_by_one(recognizer):
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


def test_the_answers_are_those_of_keras(recognizer):
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
def test_a_batch_that_the_network_cannot_read_is_refused_in_a_sentence(recognizer, batch):
    with pytest.raises(InputError, match=r"^The images .+: give float32 of the shape \(N, 28, 28\) .+\.$"):
        recognizer.predict(batch)


def test_threads_may_load_at_the_same_time():
    """In a fresh process, where the first of them imports TensorFlow; nothing is written to stderr."""
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
    finished = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True)
    assert (finished.returncode, finished.stderr) == (0, b"")
