import json

import pytest

from model import InputError
from model.data import NON_DIGIT, load_embedded_digits
from model.runs import Settings, held_out_count, learned_numbers
from model.training import images
from model.training.images import STROKE_COPIES, load_images
from tests.support.digits import DIGITS


@pytest.fixture
def few_forms(monkeypatch):
    """Drawing them all would take seconds."""
    monkeypatch.setattr(images, "FORM_COPIES", 1)


def write_file(path, *entries):
    """The settings of a training with a stroke file of (writer, strokes), each a 7."""
    content = [
        {"digit": 7, "writer": writer, "strokes": [each.tolist() for each in strokes]} for writer, strokes in entries
    ]
    path.write_text(json.dumps(content), encoding="utf-8")
    return Settings.of("reader", data="digits", images=50, strokes=str(path))


@pytest.mark.parametrize(("name", "times"), [("reader", 2), ("quick", 1)])
def test_only_the_reader_sees_each_image_twice(name, times):
    loaded = load_images(Settings.of(name, data="digits", images=50, strokes=None))
    assert (loaded.training.labels < 10).sum() == times * 50


@pytest.mark.parametrize("writer", [0, 1, 31])
def test_all_but_the_validation_writers_are_trained_on(tmp_path, few_forms, writer):
    own = [write_file(tmp_path / f"{count}.json", *[(writer, DIGITS[7])] * count) for count in (1, 11)]
    few, more = (load_images(settings).training for settings in own)
    assert (more.labels == 7).sum() - (few.labels == 7).sum() == 10 * STROKE_COPIES


def test_scans_come_first_and_drawings_and_non_digits_after_them(tmp_path, few_forms):
    loaded = load_images(write_file(tmp_path / "mine.json", *[(1, DIGITS[7])] * 3))
    assert loaded.scans == 2 * 50  # each once more, as the page prepares it
    assert loaded.training.labels[: loaded.scans].max() < 10
    after = loaded.training.labels[loaded.scans :]
    assert (after == 7).sum() >= 3 * STROKE_COPIES
    assert (after == NON_DIGIT).any()
    quick = load_images(Settings.of("quick", data="digits", images=50))
    assert quick.scans == len(quick.training.labels) == 50


def test_strokes_of_validation_writers_alone_are_refused(tmp_path):
    with pytest.raises(InputError, match="give yours another number"):
        load_images(write_file(tmp_path / "mine.json", (25, DIGITS[7])))


@pytest.mark.parametrize(("name", "count"), [("quick", None), ("quick", 50), ("reader", None), ("reader", 50)])
def test_what_a_network_learns_from_can_be_told_afterwards(name, count):
    settings = Settings.of(name, data="digits", images=count, strokes=None, seed=4)
    train = load_embedded_digits().train
    numbers = learned_numbers(settings, len(train.labels))
    loaded = load_images(settings).training
    assert (loaded.images[: len(numbers)] == train.images[numbers]).all()
    assert len(numbers) == (count or len(train.labels) - held_out_count(name, len(train.labels)))
