import json
import os

import numpy as np
import pytest

from model import InputError
from model.data import NON_DIGIT, load_embedded_digits, write_forms
from model.preprocessing import draw_strokes, prepare, to_bytes
from model.runs import Settings, held_out_count, learned_numbers
from model.training import images
from model.training.images import STROKE_COPIES, load_images
from tests.support.digits import DIGITS


@pytest.fixture
def few_forms(monkeypatch):
    """Drawing them all would take seconds."""
    monkeypatch.setattr(images, "FORM_COPIES", 1)
    monkeypatch.setattr(images, "FORM_SCANS", 1)


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
    forms = len(write_forms(1, np.random.default_rng(0)))
    assert loaded.scans == 2 * 50 + forms  # each image once more, as the page prepares it
    assert loaded.training.labels[: loaded.scans].max() < 10
    after = loaded.training.labels[loaded.scans :]
    assert (after == 7).sum() >= 3 * STROKE_COPIES
    assert (after == NON_DIGIT).any()
    quick = load_images(Settings.of("quick", data="digits", images=50))
    assert quick.scans == len(quick.training.labels) == 50


def test_strokes_of_validation_writers_alone_are_refused(tmp_path):
    with pytest.raises(InputError, match="give yours other numbers than 25 to 30"):
        load_images(write_file(tmp_path / "mine.json", (25, DIGITS[7])))


@pytest.mark.parametrize(("name", "count"), [("quick", None), ("quick", 50), ("reader", None), ("reader", 50)])
def test_what_a_network_learns_from_can_be_told_afterwards(name, count):
    settings = Settings.of(name, data="digits", images=count, strokes=None, seed=4)
    train = load_embedded_digits().train
    numbers = learned_numbers(settings, len(train.labels))
    loaded = load_images(settings).training
    assert (loaded.images[: len(numbers)] == train.images[numbers]).all()
    assert len(numbers) == (count or len(train.labels) - held_out_count(settings, len(train.labels)))


def collection(path, *entries):
    """A file of strokes or symbols with named sources, of (what, writer, source)."""
    key = "label" if isinstance(entries[0][0], str) else "digit"
    content = [
        {key: what, "writer": writer, "source": source, "strokes": [each.tolist() for each in DIGITS[7]]}
        for what, writer, source in entries
    ]
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


def count(digit, **files):
    """How many training images of a digit there are with these files."""
    settings = Settings.of("reader", data="digits", images=50, **({"strokes": None} | files))
    return int((load_images(settings).training.labels == digit).sum())


def test_several_stroke_files_are_learned_from_and_one_writer_does_not_dominate(tmp_path, few_forms, monkeypatch):
    monkeypatch.setattr(images, "DIGITS_BY_WRITER", 3)
    mine = write_file(tmp_path / "mine.json", (1, DIGITS[7])).strokes
    theirs = collection(tmp_path / "theirs.json", *[(7, 1001, "a")] * 9, (7, 1002, "a"), *[(7, 1005, "a")] * 20)
    alone, both = count(7, strokes=mine), count(7, strokes=os.pathsep.join([mine, theirs]))
    assert both - alone == STROKE_COPIES * (3 + 1)  # the diligent writer's and the other's, none of who decides


def test_scans_join_the_images_without_those_of_who_decides(tmp_path, monkeypatch):
    monkeypatch.setattr(images, "SCANS_BY_WRITER", 3)
    image = to_bytes(prepare(draw_strokes(DIGITS[7], 20)))
    writers = np.array([1001] * 9 + [1002] + [1005] * 20)
    arrays = {"x": np.repeat(image[None], 30, axis=0), "y": np.full(30, 7), "writer": writers}
    np.savez(tmp_path / "theirs.npz", source=np.full(30, "a"), **arrays)
    np.savez(tmp_path / "mine.npz", x=arrays["x"], y=arrays["y"])
    without = count(7)
    assert count(7, scans=str(tmp_path / "theirs.npz")) - without == images.SCAN_COPIES * (3 + 1)
    assert count(7, scans=str(tmp_path / "mine.npz")) - without == images.SCAN_COPIES * 30
    np.savez(tmp_path / "none.npz", source=np.full(20, "a"), **{name: array[10:] for name, array in arrays.items()})
    with pytest.raises(InputError, match=r"held out for validation: .* multiples of 5\.$"):
        count(7, scans=str(tmp_path / "none.npz"))


def test_non_digits_by_people_take_the_place_of_most_made_up_kinds(tmp_path, monkeypatch):
    made_up = []

    def draw(kinds, number, *rest):
        made_up.append(number)
        return images_of(number)

    def images_of(number):
        return np.zeros((number, 28, 28), np.uint8)

    monkeypatch.setattr(images, "draw_nondigits", draw)
    path = collection(tmp_path / "symbols.json", ("a", 1001, "unipen"), ("b", 1, "omniglot"))
    total = count(NON_DIGIT, nondigits=path)
    assert total == 100 // images.DIGITS_PER_REAL_NONDIGIT
    assert made_up == [round(images.MADE_UP * total)]
    assert count(NON_DIGIT) == 100 // images.DIGITS_PER_NONDIGIT
    with pytest.raises(InputError, match="held out for validation"):
        count(NON_DIGIT, nondigits=collection(tmp_path / "omniglot.json", ("b", 1, "omniglot")))


def test_a_share_of_the_labels_is_shuffled_the_same_for_the_same_seed():
    plain = load_images(Settings.of("quick", data="digits"))
    shuffled, again, other = (
        load_images(Settings.of("quick", data="digits", shuffled_labels=0.5, seed=seed)) for seed in (0, 0, 1)
    )
    assert np.array_equal(shuffled.training.images, plain.training.images)
    assert np.array_equal(np.bincount(shuffled.training.labels), np.bincount(plain.training.labels))
    assert 0.4 < (shuffled.training.labels != plain.training.labels).mean() < 0.5
    assert np.array_equal(shuffled.training.labels, again.training.labels)
    assert not np.array_equal(shuffled.training.labels, other.training.labels)
    assert np.array_equal(shuffled.test.labels, plain.test.labels)


def test_what_decides_when_to_stop_is_not_tested_on():
    loaded = load_images(Settings.of("quick", data="digits", patience=2))
    plain = load_images(Settings.of("quick", data="digits"))
    assert plain.validation is plain.test
    assert loaded.validation is not loaded.test
    assert len(loaded.validation.labels) + len(loaded.training.labels) == len(plain.training.labels)
