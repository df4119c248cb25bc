import zipfile

import numpy as np
import pytest

from model import InputError, load_recognizer
from model.foreign import load_foreign
from model.networks import NETWORKS, import_keras, network, read_threshold, write_threshold
from model.networks.keras_file import THRESHOLD_MEMBER
from model.paths import SHIPPED_NETWORK
from tests.support.digits import on_canvas


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A network without a threshold."""
    path = tmp_path_factory.mktemp("networks") / "model.keras"
    NETWORKS["dense-128x2"].build().save(path)
    return path.read_bytes()


@pytest.mark.parametrize("has_bfloat16", [True, False])
def test_a_network_whose_training_was_cut_off_reads_in_full_precision(tmp_path, monkeypatch, has_bfloat16):
    monkeypatch.setattr(network, "has_bfloat16", lambda: has_bfloat16)
    unfinished = NETWORKS["reader"].build(for_training=True)
    unfinished.save(tmp_path / "model.keras")
    model = load_recognizer(tmp_path / "model.keras").model
    assert {layer.compute_dtype for layer in model.layers} == {"float32"}
    assert model.output_shape == (None, 10)
    for kept, loaded in zip(unfinished.get_weights(), model.get_weights()[:-1], strict=True):
        assert np.array_equal(kept, loaded)


def test_a_threshold_rejects_drawings_and_none_accepts_them(saved, tmp_path):
    path = tmp_path / "model.keras"
    path.write_bytes(saved)
    assert read_threshold(path) == 0.0
    assert load_recognizer(path).read(on_canvas(3, 0.5)).is_digit
    write_threshold(path, 0.999)
    assert read_threshold(path) == 0.999
    reading = load_recognizer(path).read(on_canvas(3, 0.5))
    assert not reading.is_digit
    assert reading.digit == reading.probabilities.argmax()


@pytest.mark.parametrize("content", ["", "{}", '{"threshold": "high"}', '{"threshold": 2.0}', "[1]"])
def test_a_damaged_threshold_is_refused_in_a_sentence(saved, tmp_path, content):
    path = tmp_path / "model.keras"
    path.write_bytes(saved)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(THRESHOLD_MEMBER, content)
    with pytest.raises(InputError, match="cannot be loaded as a Keras network"):
        load_recognizer(path)


def another_network(path):
    keras = import_keras()
    keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(3)]).save(path)


def archive_without_a_network(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", "{}")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        pytest.param(lambda path: None, "There is no network at", id="missing"),
        pytest.param(lambda path: path.write_bytes(b""), "cut short or not a .keras file", id="empty"),
        pytest.param(
            lambda path: path.write_bytes(SHIPPED_NETWORK.read_bytes()[:50_000]),
            "cut short or not a .keras file",
            id="cut short",
        ),
        pytest.param(lambda path: path.write_text("Hello"), "cut short or not a .keras file", id="text"),
        pytest.param(archive_without_a_network, "cannot be loaded as a Keras network", id="archive without a network"),
        pytest.param(another_network, "not 28×28 grey images", id="another network"),
        pytest.param(lambda path: path.mkdir(), "There is no network at", id="folder"),
    ],
)
def test_a_file_that_is_not_a_network_is_refused_in_a_sentence(make, reason, tmp_path, monkeypatch):
    monkeypatch.setattr("model.recognizer.check_in_process", load_foreign)  # test_foreign.py does it in a process
    path = tmp_path / "network.keras"
    make(path)
    with pytest.raises(InputError, match=reason) as refused:
        load_recognizer(path)
    assert "\n" not in str(refused.value)
