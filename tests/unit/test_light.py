"""The built-in network in OpenCV gives the same answers as in Keras, without it."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from model import InputError, light, load_light_reader
from model.data import load_data
from model.paths import ROOT
from tests.support.digits import DIGITS, on_canvas

CLOSE = 1e-4  # of a probability


@pytest.fixture(scope="module")
def reader():
    return load_light_reader()


def test_its_answers_are_those_of_keras(reader, recognizer):
    """If not, the file is out of date; model/light.py says how to make it."""
    scans = load_data("digits").train.images[:300].astype(np.float32) / 255
    noise = np.random.default_rng(0).random((100, 28, 28), np.float32)
    for images in (scans, noise, noise[:1], noise[:0]):
        assert np.abs(reader.predict(images) - recognizer.predict(images)).max(initial=0) < CLOSE
    assert reader.threshold == recognizer.threshold


def test_it_says_the_same_of_drawings(reader, recognizer):
    drawings = [on_canvas(digit, size) for digit in DIGITS for size in (0.3, 0.8)]
    drawings += [np.zeros((280, 280), np.uint8), np.hstack([on_canvas(4, 0.6), on_canvas(2, 0.6)])]
    said = [reading.in_words() for reading in reader.read_many(drawings)]
    assert said == [reading.in_words() for reading in recognizer.read_many(drawings)]
    assert said[-2] == "No digit found"
    assert said[-1].startswith("42, ")


def test_threads_get_the_same_answers(reader):
    images = np.random.default_rng(0).random((40, 1, 28, 28), np.float32)
    alone = [reader.predict(image) for image in images]
    with ThreadPoolExecutor(8) as threads:
        assert np.array_equal(alone, list(threads.map(reader.predict, images)))


def test_it_needs_no_tensorflow():
    code = """if True:
        import sys, numpy, model
        model.load_light_reader().read(numpy.eye(28, dtype=numpy.uint8))
        raise SystemExit("keras" in sys.modules or "tensorflow" in sys.modules)
    """
    finished = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True)
    assert (finished.returncode, finished.stderr) == (0, b"")


@pytest.mark.parametrize("file", ["LIGHT_NETWORK", "SHIPPED_NETWORK"])
@pytest.mark.parametrize("content", [None, b"", b"no network"])
def test_a_file_that_is_missing_or_damaged_is_reported_in_a_sentence(monkeypatch, tmp_path, file, content):
    path = tmp_path / "reader"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(light, file, path)
    with pytest.raises(InputError, match=r"missing or damaged: get the project's assets folder again\.$"):
        load_light_reader()
