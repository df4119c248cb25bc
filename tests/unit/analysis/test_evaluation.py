import shutil

import numpy as np
import pytest

from model import InputError
from model.analysis import Evaluation, evaluate, evaluation_file, keep_evaluation, load_evaluation, load_test_images
from model.analysis.evaluation import MAX_KEPT
from model.data import Images
from model.paths import SHIPPED_NETWORK

LABELS = np.array([3, 3, 3, 5, 5, 8, 0], np.uint8)
ANSWERS = np.array([3, 3, 5, 5, 3, 8, 0])
CERTAIN = np.array([0.9, 0.6, 0.55, 0.8, 0.95, 1.0, 0.7])


def example():
    probabilities = np.repeat(((1 - CERTAIN) / 9)[:, None], 10, axis=1)
    probabilities[np.arange(len(LABELS)), ANSWERS] = CERTAIN
    return Evaluation(probabilities.astype(np.float32), LABELS)


def test_figures_are_those_counted_by_hand():
    evaluation = example()
    assert evaluation.accuracy == pytest.approx(5 / 7)
    given = [0.9, 0.6, 0.45 / 9, 0.8, 0.05 / 9, 1.0, 0.7]
    assert evaluation.loss == pytest.approx(-np.log(given).mean(), abs=1e-5)
    assert evaluation.confusion[3].tolist() == [0, 0, 0, 2, 0, 1, 0, 0, 0, 0]
    assert evaluation.confusion[5, 3] == 1
    assert evaluation.confusion.sum() == 7
    three, five, one = (evaluation.per_digit()[digit] for digit in (3, 5, 1))
    assert (three["images"], three["precision"], three["recall"]) == (3, pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert (five["images"], five["precision"], five["recall"]) == (2, 0.5, 0.5)
    assert one["images"] == 0
    assert np.isnan(one["precision"])
    assert np.isnan(one["recall"])


def test_mistakes_and_cells_begin_with_the_most_interesting_images():
    evaluation = example()
    assert evaluation.mistakes().tolist() == [4, 2]
    assert evaluation.cell(3, 3).tolist() == [1, 0]
    assert evaluation.cell(5, 3).tolist() == [4]
    assert evaluation.cell(9, 9).tolist() == []


def test_a_certain_mistake_has_a_finite_loss():
    assert np.isfinite(Evaluation(np.eye(10, dtype=np.float32)[[1]], np.array([2], np.uint8)).loss)


def test_an_evaluation_reads_all_images_reports_progress_and_stops_when_it_is_no_longer_wanted(recognizer):
    images = np.zeros((120, 28, 28), np.uint8)
    images[::2, 4:24, 12:16] = 255  # a 1
    told = []
    evaluation = evaluate(recognizer, Images(images, np.ones(120, np.uint8)), told.append, lambda: True)
    assert evaluation.probabilities.shape == (120, 10)
    assert np.allclose(evaluation.probabilities, recognizer.predict(images.astype(np.float32) / 255), atol=1e-5)
    assert evaluation.answers[0] == 1
    assert told == sorted(told)
    assert told[-1] == 1
    assert evaluate(recognizer, Images(images, np.ones(120, np.uint8)), told.append, lambda: False) is None


def test_a_kept_evaluation_is_found_by_the_contents_of_both_files(tmp_path, monkeypatch):
    data = tmp_path / "mnist.npz"
    data.write_bytes(b"one")
    monkeypatch.setenv("DIGITS_MNIST", str(data))
    network = tmp_path / "model.keras"
    shutil.copy(SHIPPED_NETWORK, network)
    kept = evaluation_file(tmp_path, network, "mnist")
    keep_evaluation(kept, example())
    again = load_evaluation(evaluation_file(tmp_path, SHIPPED_NETWORK, "mnist"))  # the same content under another name
    assert np.array_equal(again.probabilities, example().probabilities)
    assert np.array_equal(again.labels, LABELS)
    network.write_bytes(b"another network")
    assert evaluation_file(tmp_path, network, "mnist") != kept
    data.write_bytes(b"other images")
    assert evaluation_file(tmp_path, SHIPPED_NETWORK, "mnist") != kept
    assert evaluation_file(tmp_path, SHIPPED_NETWORK, "digits") != kept
    with pytest.raises(InputError, match=r"cannot be read .*: choose another network"):
        evaluation_file(tmp_path, tmp_path / "missing.keras", "digits")


@pytest.mark.parametrize("damage", ["missing", "cut short", "text", "other arrays", "other shapes", "NaN"])
def test_a_damaged_evaluation_counts_as_none(tmp_path, damage):
    path = tmp_path / "kept.npz"
    if damage != "missing":
        keep_evaluation(path, example())
    if damage == "cut short":
        path.write_bytes(path.read_bytes()[:200])
    elif damage == "text":
        path.write_text("no arrays")
    elif damage == "other arrays":
        np.savez(path, other=np.zeros(3))
    elif damage == "other shapes":
        np.savez(path, probabilities=np.zeros((4, 10), np.float32), labels=LABELS)
    elif damage == "NaN":
        np.savez(path, probabilities=np.full((7, 10), np.nan, np.float32), labels=LABELS)
    assert load_evaluation(path) is None


def test_the_oldest_evaluations_are_deleted(tmp_path):
    for number in range(MAX_KEPT + 3):
        keep_evaluation(tmp_path / f"{number}.npz", example())
    assert len(list(tmp_path.glob("*.npz"))) == MAX_KEPT
    assert (tmp_path / f"{MAX_KEPT + 2}.npz").exists()


def test_test_images_are_kept_and_replaced_when_damaged(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (6, 28, 28), np.uint8)
    np.savez(tmp_path / "mnist.npz", x_train=images, y_train=LABELS[:6], x_test=images, y_test=LABELS[:6].astype(int))
    monkeypatch.setenv("DIGITS_MNIST", str(tmp_path / "mnist.npz"))
    for _ in range(2):
        found = load_test_images(tmp_path, "mnist")
        assert np.array_equal(found.images, images)
        assert np.array_equal(found.labels, LABELS[:6])
        assert found.labels.dtype == np.uint8
    (kept,) = (tmp_path / ".evaluations").glob("*.npz")
    kept.write_bytes(b"damaged")
    assert np.array_equal(load_test_images(tmp_path, "mnist").images, images)
    (tmp_path / "mnist.npz").write_bytes(b"no data")
    with pytest.raises(InputError, match="cannot be read as images of digits"):
        load_test_images(tmp_path, "mnist")
