import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from model import InputError, Recognizer
from model.analysis import feature_maps, is_traced
from model.networks import NETWORKS
from model.paths import ROOT
from model.preprocessing import prepare
from model.recognizer import skipped_by
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


@pytest.fixture(scope="module")
def six_as_five(recognizer):
    """A drawing that the built-in network reads as one digit, the same drawn a little larger, and another digit."""
    return on_canvas(5, 0.5), on_canvas(5, 0.55), 6


def test_a_form_taught_is_read_at_once_and_the_network_stays_as_it_is(recognizer, six_as_five):
    """What looks like a 5 is this person's 6."""
    example, same_again, digit = six_as_five
    before = recognizer.read(same_again)
    weights = [weight.copy() for weight in recognizer.model.get_weights()]
    adapted = recognizer.adapted([(recognizer.read(example).image, digit)])
    reading = adapted.read(same_again)
    assert (before.digit, before.share) == (5, 0)
    assert reading.digit == digit
    assert reading.is_digit
    assert reading.share > 0.5
    assert reading.probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert np.array_equal(recognizer.read(same_again).probabilities, before.probabilities)
    assert all(np.array_equal(*pair) for pair in zip(weights, recognizer.model.get_weights(), strict=True))


def test_other_digits_are_read_as_before_while_a_form_is_known(recognizer, six_as_five):
    adapted = recognizer.adapted([(six_as_five[0], six_as_five[2])])
    for digit in (0, 1, 2, 3, 4, 7, 8, 9):
        assert adapted.read(on_canvas(digit, 0.6)).digit == digit


def test_examples_may_be_prepared_images_or_pictures(recognizer, six_as_five):
    example, same_again, digit = six_as_five
    by_image = recognizer.adapted([(recognizer.read(example).image, digit)]).read(same_again)
    by_picture = recognizer.adapted([(example, digit)]).read(same_again)
    assert by_image.probabilities == pytest.approx(by_picture.probabilities, abs=1e-5)


def test_of_an_image_taught_twice_the_last_digit_counts(recognizer, six_as_five):
    example, same_again, digit = six_as_five
    assert recognizer.adapted([(example, 8), (example, digit)]).read(same_again).digit == digit
    assert recognizer.adapted([(example, digit), (example, 8)]).read(same_again).digit == 8


def test_adapting_again_forgets_what_was_known_before(recognizer, six_as_five):
    example, same_again, digit = six_as_five
    adapted = recognizer.adapted([(example, digit)])
    assert adapted.adapted([]).read(same_again).digit == 5
    assert recognizer.adapted([]).read(same_again).share == 0


def test_blank_examples_and_scribbles_break_nothing(recognizer):
    scribble = (np.random.default_rng(0).random((280, 280)) > 0.7).astype(np.uint8) * 255
    blank = np.zeros((28, 28), np.float32)
    adapted = recognizer.adapted([(blank, 3), (np.zeros((50, 50), np.uint8), 4), (scribble, 2)])
    assert adapted.read(on_canvas(7, 0.6)).digit == 7
    assert adapted.read(np.zeros((9, 9), np.uint8)).digit is None
    assert recognizer.adapted([(blank, 3)]).read(on_canvas(7, 0.6)).share == 0


@pytest.mark.parametrize(
    "example",
    [
        (np.zeros((28, 28), np.float32), 10),
        (np.zeros((28, 28), np.float32), "6"),
        (np.zeros((28, 28), np.float32), True),
        (np.zeros((27, 28), np.float32), 6),
        (np.full((28, 28), 255, np.float32), 6),
        (np.zeros((28, 28), np.float64), 6),
        ([[0]], 6),
    ],
)
def test_what_is_no_example_is_refused_in_a_sentence(recognizer, example):
    with pytest.raises(InputError, match=r"\.$"):
        recognizer.adapted([example])


def test_threads_may_adapt_and_read_at_the_same_time(recognizer):
    """Each knows its own example, and nobody else's."""
    pictures = [on_canvas(digit, 0.5) for digit in DIGITS]
    taught = [(digit + 1) % 10 for digit in DIGITS]

    def teach(digit: int) -> list[int | None]:
        adapted = recognizer.adapted([(pictures[digit], taught[digit])])
        return [adapted.read(picture).digit for picture in pictures]

    alone = [teach(digit) for digit in DIGITS]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(teach, DIGITS)) == alone
    assert all(read[digit] == taught[digit] for digit, read in zip(DIGITS, alone, strict=True))


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_can_be_adapted(name):
    recognizer = Recognizer(NETWORKS[name].build())
    picture = on_canvas(4, 0.6)
    reading = recognizer.adapted([(picture, 9)]).read(picture)
    assert (reading.digit, reading.share) == (9, pytest.approx(1, abs=0.1))


def test_a_recognizer_that_knows_examples_shows_the_same_network(recognizer, six_as_five):
    """Its layers need not be traced again, however often somebody corrects an answer."""
    adapted = recognizer.adapted([(six_as_five[0], six_as_five[2])])
    feature_maps(recognizer, recognizer.read(six_as_five[0]).image)
    assert is_traced(adapted)
    assert is_traced(adapted.adapted([]))
    assert recognizer.plain is adapted.adapted([]).plain is recognizer


def test_the_network_of_a_run_reads_without_the_steps_that_it_was_trained_without(recognizer, tmp_path):
    """As its run.json says, which may be damaged."""
    drawing = on_canvas(7, 0.5, centre=(0.35, 0.6))
    usual = recognizer.read(drawing)
    for skipped in ({"centre"}, {"resize", "centre"}):
        other = Recognizer(recognizer.model, recognizer.threshold, skipped)
        (many,) = other.read_many([drawing])
        assert np.array_equal(many.image, prepare(drawing, skipped))
        assert np.array_equal(other.read(drawing).image, many.image)
        assert not np.array_equal(many.image, usual.image)
    for content, skipped in (
        ('{"settings": {"centre": false, "crop": true}}', ("centre",)),
        ('{"settings": {"centre": "no", "crop": null}}', ()),
        ("{", ()),
    ):
        (tmp_path / "run.json").write_text(content, encoding="utf-8")
        assert skipped_by(tmp_path) == skipped
