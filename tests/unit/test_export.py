"""A network as a LiteRT file gives the same answers in LiteRT's own runtime."""

from pathlib import Path

import numpy as np
import pytest

from model import InputError
from model.data import load_data
from model.export import convert_apart, main
from model.networks import NETWORKS, load_network
from model.paths import SHIPPED_NETWORK
from model.runs import Record, Settings
from model.training import train

CLOSE = 1e-4  # of a probability
COUNT = 1_000


@pytest.fixture(scope="module")
def images():
    """Real digits, float32 (1000, 28, 28, 1)."""
    return load_data("digits").train.images[:COUNT, ..., None].astype(np.float32) / 255


def run_in_litert(file, images):
    """As the documentation says."""
    from ai_edge_litert.interpreter import Interpreter

    runner = Interpreter(str(file)).get_signature_runner()
    return runner(images=images)["output_0"]


def check_answers(file, network, images):
    expected = load_network(network)[0].predict(images, verbose=0)
    assert len(set(expected.argmax(axis=1))) >= 8  # it tells digits apart
    for some in (images, images[:1], images[:7]):  # any number at a time
        assert np.abs(run_in_litert(file, some) - expected[: len(some)]).max() < CLOSE


def test_the_built_in_network_answers_the_same_in_litert(images, tmp_path, capsys):
    out = tmp_path / "reader.tflite"
    assert main([str(SHIPPED_NETWORK), str(out)]) == 0
    assert "reader.tflite" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["reader.tflite"]
    check_answers(out, SHIPPED_NETWORK, images)


def test_a_finished_run_answers_the_same_in_litert(images, tmp_path):
    """A network with dropout, trained a little, and converted as the page does it."""
    settings = Settings.of("keras-cnn", data="digits", images=500, epochs=2, batch_size=32)
    train(tmp_path, Record(settings, {}))
    assert NETWORKS["keras-cnn"].parameters == load_network(tmp_path / "model.keras")[0].count_params()
    priority = session_priority()
    (tmp_path / "run.tflite").write_bytes(convert_apart(tmp_path / "model.keras"))
    assert session_priority() == priority  # only the conversion yields
    check_answers(tmp_path / "run.tflite", tmp_path / "model.keras", images)


def session_priority():
    path = Path("/proc/self/autogroup")
    return path.read_text() if path.exists() else None


@pytest.mark.parametrize(
    ("network", "out", "remedy"),
    [
        (SHIPPED_NETWORK, "reader.keras", "ends in .tflite"),
        ("missing.keras", "out.tflite", "give the .keras file"),
        (SHIPPED_NETWORK.with_suffix(".json"), "out.tflite", "give the .keras file"),
    ],
)
def test_a_file_that_cannot_be_converted_is_reported_in_a_line(tmp_path, capsys, network, out, remedy):
    assert main([str(tmp_path / network), str(tmp_path / out)]) == 2
    complaint = capsys.readouterr().err
    assert len(complaint.splitlines()) == 1
    assert remedy in complaint
    assert not list(tmp_path.iterdir())


def test_a_damaged_network_is_reported_by_the_process_that_converts(tmp_path):
    (tmp_path / "model.keras").write_bytes(b"no network")
    with pytest.raises(InputError, match=r"model\.keras is cut short or not a \.keras file: give") as raised:
        convert_apart(tmp_path / "model.keras")
    assert "\n" not in str(raised.value)
