"""What is kept of a network while it is trained: little, in order, and read back whatever has become of the files."""

import io
import zipfile

import numpy as np
import pytest

from model.runs import (
    Answer,
    Moment,
    Thinned,
    append_reading,
    hand_over,
    keep_snapshots,
    read_drawings,
    read_frames,
    read_readings,
    write_frames,
    write_readings,
)
from model.runs.run import folder_size
from model.runs.snapshots import (
    DRAWINGS_FILE,
    FILTERS_FILE,
    MAX_DRAWINGS,
    MAX_FRAMES,
    MAX_PIXELS,
    MAX_READINGS,
    READINGS_FILE,
)

MAX_SIZE = 2_000_000  # bytes of all that a run keeps of this


def moment(epoch, own=None, drawing=None):
    return Moment(epoch, tuple(Answer(digit, 0.5) for digit in range(10)), own, drawing)


def image(value):
    return np.full((28, 28), value, np.float32)


@pytest.mark.parametrize("most", [4, 7, 60])
def test_what_is_thinned_is_even_and_never_too_much(most):
    kept = Thinned(most)
    for number in range(1_000):
        kept.add(number)
        assert len(kept.values) <= most
    values = kept.values
    assert values[0] == 0
    assert len(values) > most // 4
    steps = np.diff(values[: max(2, most // 4)])
    assert len(set(steps.tolist())) == 1


def test_moments_survive_a_round_trip(tmp_path):
    moments = [moment(0.0), moment(0.25, Answer(6, 0.125), 0), moment(1.0, Answer(3, 1.0), 2)]
    for each in moments:
        append_reading(tmp_path, each)
    assert read_readings(tmp_path) == moments
    write_readings(tmp_path, moments[:1])
    assert read_readings(tmp_path) == moments[:1]


def test_filters_look_as_they_did(tmp_path):
    filters = np.random.default_rng(0).normal(size=(3, 8, 5, 5)).astype(np.float32)
    write_frames(tmp_path, list(zip([0.0, 0.5, 1.0], filters, strict=True)))
    frames = read_frames(tmp_path)
    assert frames is not None
    assert frames.epochs.tolist() == [0.0, 0.5, 1.0]
    assert np.abs(frames.filters - filters).max() <= np.abs(filters).max() / 127


def test_a_drawing_is_handed_over_once(tmp_path):
    for value in (0.2, 0.2, 1.0):
        hand_over(tmp_path, image(value))
    first, second = read_drawings(tmp_path)
    assert (first == 51).all()
    assert (second == 255).all()


def test_however_long_a_training_takes_it_keeps_less_than_two_megabytes(tmp_path):
    """With the longest rows, the largest filters, and a new drawing all the time."""
    rng = np.random.default_rng(0)
    moments, frames = Thinned(MAX_READINGS), Thinned(MAX_FRAMES)
    for number in range(4 * MAX_READINGS):
        moments.add(moment(99_999 + number / 7_777, Answer(9, 0.1234), number % MAX_DRAWINGS))
        frames.add((float(number), rng.normal(size=(16, 28, 28)).astype(np.float32)))
        assert MAX_PIXELS == 16 * 28 * 28
    write_readings(tmp_path, moments.values)
    write_frames(tmp_path, frames.values)
    for number in range(2 * MAX_DRAWINGS):
        hand_over(tmp_path, image(number / 100))
    assert len(read_drawings(tmp_path)) == MAX_DRAWINGS
    assert 100_000 < folder_size(tmp_path) < MAX_SIZE


def test_a_resumed_run_forgets_what_it_trains_again(tmp_path):
    write_readings(tmp_path, [moment(epoch) for epoch in (0.0, 1.0, 1.5)])
    write_frames(tmp_path, [(epoch, np.ones((2, 3, 3), np.float32)) for epoch in (0.0, 1.0, 1.5)])
    keep_snapshots(tmp_path, 1)
    assert [each.epoch for each in read_readings(tmp_path)] == [0.0, 1.0]
    frames = read_frames(tmp_path)
    assert frames is not None
    assert frames.epochs.tolist() == [0.0, 1.0]


def test_a_run_from_before_has_none(tmp_path):
    keep_snapshots(tmp_path, 3)
    assert (read_readings(tmp_path), read_frames(tmp_path), read_drawings(tmp_path)) == ([], None, [])
    assert list(tmp_path.iterdir()) == []


def bomb():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("epochs", "scales", "filters"):
            archive.writestr(f"{name}.npy", bytes(30_000_000))
    return buffer.getvalue()


def pickled():
    buffer = io.BytesIO()
    np.savez(buffer, epochs=np.array([{}]), scales=np.zeros(1), filters=np.zeros((1, 1, 1, 1), np.int8))
    return buffer.getvalue()


def shaped(epochs, filters):
    buffer = io.BytesIO()
    np.savez(buffer, epochs=np.array(epochs), scales=np.ones(1, np.float32), filters=filters)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Hello",
        bomb(),
        pickled(),
        shaped([1.0, 2.0], np.zeros((1, 1, 2, 2), np.int8)),
        shaped([np.nan], np.zeros((1, 1, 2, 2), np.int8)),
        shaped([1.0], np.zeros((1, 1, 200, 200), np.int8)),
        shaped([1.0], np.zeros((1, 1, 2, 2))),
    ],
)
def test_damaged_filters_are_none(tmp_path, content):
    (tmp_path / FILTERS_FILE).write_bytes(content)
    assert read_frames(tmp_path) is None


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"drawings": 3}', '{"drawings": [3, "ab", null]}', '{"drawings": ["%s"]}']
)
def test_damaged_drawings_are_left_out(tmp_path, content):
    (tmp_path / DRAWINGS_FILE).write_text(content.replace("%s", "zz" * 784), encoding="utf-8")
    assert read_drawings(tmp_path) == []


def test_damaged_readings_are_left_out(tmp_path):
    append_reading(tmp_path, moment(0.5))
    with (tmp_path / READINGS_FILE).open("a", encoding="utf-8") as file:
        file.write("1.0,,,nonsense\n2.0\n-1,,,,0,0.5\n")
        for damaged in ("4,nan", "nan,0.5", "inf,0.5"):
            file.write(f"2.5,,,,{','.join(['4,0.5'] * 9)},{damaged}\n")
        file.write("3.0,")
    assert read_readings(tmp_path) == [moment(0.5)]
