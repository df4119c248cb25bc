"""Whole numbers, read by the built-in network."""

import numpy as np
import pytest

from model import BLANK, Case, Recognizer
from model.networks import NETWORKS
from model.preprocessing import PenStroke, draw_strokes, draw_with_pens
from tests.support.digits import DIGITS, on_canvas
from tests.support.written import HANDS

HEIGHT, PEN = 80, 8  # pixels
HAND = ("0, round", "1, a bar", "2, a flat foot", "4, open")


def write(value, gap, pen=PEN, start=(30.0, 30.0), height=HEIGHT):
    """The strokes of a number, with this gap between the ink of its digits, in pixels."""
    x, written = start[0] + pen / 2, []
    for digit in value:
        strokes = DIGITS[int(digit)]
        points = np.concatenate(strokes)
        low, scale = points.min(axis=0), (height - pen) / np.ptp(points[:, 1])
        written += [PenStroke((stroke - low) * scale + (x, start[1] + pen / 2), pen) for stroke in strokes]
        x += np.ptp(points[:, 0]) * scale + pen + gap
    return written


def picture_of(strokes):
    """A picture that is a little larger than what is drawn, white on black."""
    width, height = np.ceil(np.concatenate([stroke.points for stroke in strokes]).max(axis=0) + 30).astype(int)
    return draw_with_pens(strokes, max(width, height))[:height, :width]


def values(numbers):
    return [number.value for number in numbers]


@pytest.mark.parametrize("value", ["42", "2026", "31415", "908765"])
@pytest.mark.parametrize("gap", [8, 24, 60])
def test_digits_side_by_side_are_a_number(recognizer, value, gap):
    numbers = recognizer.read_number(picture_of(write(value, gap)))
    assert values(numbers) == [value]
    assert numbers[0].is_number
    assert 0.5 < numbers[0].probability <= 1


@pytest.mark.parametrize("value", ["20", "635", "5026"])
@pytest.mark.parametrize("known", [False, True])
def test_digits_that_touch_are_told_apart(recognizer, value, known):
    strokes = write(value, -4)
    assert values(recognizer.read_number(picture_of(strokes), strokes if known else None)) == [value]


@pytest.mark.parametrize("value", ["418", "101"])
def test_a_narrow_digit_that_touches_others_is_not_a_part_of_them(recognizer, value):
    assert values(recognizer.read_number(picture_of(write(value, -7)))) == [value]


def test_digits_that_overlap_are_told_apart_by_their_strokes(recognizer):
    strokes = write("4720", -14)
    assert values(recognizer.read_number(picture_of(strokes), strokes)) == ["4720"]


@pytest.mark.parametrize(("value", "gap"), [("4720", -18), ("4172", -14), ("635", -18), ("3141", -10)])
def test_digits_that_overlap_are_told_apart_in_the_picture(recognizer, value, gap):
    """No cut from top to bottom would do: a flag is above the next digit, and a bar goes through it."""
    assert values(recognizer.read_number(picture_of(write(value, gap)))) == [value]


def test_digits_too_small_for_their_pen_are_read_by_their_strokes(recognizer):
    strokes = write("8065", 4, pen=18, height=54)
    assert values(recognizer.read_number(picture_of(strokes), strokes)) == ["8065"]


def test_strokes_that_do_not_make_up_the_picture_are_not_used(recognizer):
    assert values(recognizer.read_number(picture_of(write("2026", 20)), write("635", 20))) == ["2026"]


def test_each_digit_is_a_reading_with_its_box_in_the_picture(recognizer):
    picture = picture_of(write("2026", 20, start=(50.0, 40.0)))
    (number,) = recognizer.read_number(picture)
    covered = np.zeros_like(picture, bool)
    edges = []
    for reading in number.digits:
        x, y, width, height = reading.box
        covered[y : y + height, x : x + width] = True
        edges += [x, x + width]
        assert abs(height - HEIGHT) <= 3
        assert reading.image.shape == (28, 28)
        assert reading.probabilities.sum() == pytest.approx(1, abs=1e-5)
        middle = reading.steps.place.left + reading.steps.place.width / 2, reading.steps.place.top
        assert x < middle[0] * picture.shape[1] < x + width
    assert edges == sorted(edges)
    assert picture[~covered].max() < 40  # the soft edge of strokes


def test_boxes_count_pixels_of_the_picture_however_it_is_understood(recognizer):
    """A photograph-like picture is read at another size, and a frame leaves only a part of it."""
    small = picture_of(write("47", 20))
    framed = np.full((small.shape[0] + 120, small.shape[1] + 160), 255, np.uint8)
    framed[40:46, 50:-50] = framed[-46:-40, 50:-50] = framed[40:-40, 50:56] = framed[40:-40, -56:-50] = 0
    framed[60:-60, 80:-80] = 255 - small
    (number,) = recognizer.read_number(framed)
    assert number.value == "47"
    for reading in number.digits:
        x, y, width, height = reading.box
        ink = np.flatnonzero((framed[y : y + height, x : x + width] < 128).any(axis=0))
        assert abs(y - 90) <= 3
        assert abs(height - HEIGHT) <= 4
        assert ink[0] <= 2
        assert ink[-1] >= width - 3


def test_several_lines_are_several_numbers(recognizer):
    strokes = write("42", 20) + write("1705", 20, start=(40.0, 150.0)) + write("9", 20, start=(200.0, 270.0))
    assert values(recognizer.read_number(picture_of(strokes))) == ["42", "1705", "9"]


def test_a_five_whose_bar_stands_apart_and_a_four_of_two_strokes_stay_whole(recognizer):
    five = [np.array([[0.3, 0.2], [0.3, 0.45], [0.5, 0.42], [0.62, 0.6], [0.5, 0.82], [0.25, 0.8]])]
    five.append(np.array([[0.38, 0.16], [0.66, 0.14]]))
    four = [np.array([[0.35, 0.15], [0.22, 0.5], [0.58, 0.52]]), np.array([[0.52, 0.35], [0.5, 0.85]])]
    for parts, value in ((five, "5"), (four, "4")):
        placed = [PenStroke(stroke * 110 + (20, 20), 7) for stroke in parts]
        strokes = write("2", 20, start=(20.0, 35.0)) + [
            stroke._replace(points=stroke.points + np.array([90, 0])) for stroke in placed
        ]
        strokes += write("7", 20, start=(205.0, 35.0))
        for known in (None, strokes):
            assert values(recognizer.read_number(picture_of(strokes), known)) == [f"2{value}7"]


ARC = np.linspace(-0.9 * np.pi, 0.5 * np.pi, 20)
IN_STROKES = {
    "3": [np.stack([np.cos(ARC), np.sin(ARC) + y], axis=1) / 4 for y in (1, 3)],
    "8": [np.stack([np.cos(1.45 * ARC), np.sin(1.45 * ARC) + y], axis=1) / 4 for y in (1, 3)],
}


@pytest.mark.parametrize("value", ["33", "88"])
def test_digits_of_one_stroke_above_another_are_read_as_from_the_picture(recognizer, value):
    """A 3 of two bows and an 8 of two rings are not two lines of smaller digits."""
    strokes = [
        PenStroke((part + np.array([place, 0])) * (HEIGHT - PEN) + 50, PEN)
        for place, digit in enumerate(value)
        for part in IN_STROKES[digit]
    ]
    for known in (None, strokes):
        assert values(recognizer.read_number(picture_of(strokes), known)) == [value]


@pytest.mark.parametrize("value", ["20", "2026"])
def test_a_network_without_a_threshold_reads_the_digits_that_the_built_in_one_finds(recognizer, value):
    strokes = write(value, -4)
    picture = picture_of(strokes)
    for other in (Recognizer(recognizer.model), Recognizer(NETWORKS["quick"].build())):
        (number,) = other.read_number(picture, strokes)
        own = other.predict(np.stack([digit.image for digit in number.digits]))
        assert number.value == "".join(map(str, own.argmax(axis=1)))
        assert [digit.box for digit in number.digits] == [
            digit.box for digit in recognizer.read_number(picture, strokes)[0].digits
        ]
        reading, *ways = other.read_ways(picture)
        assert reading.numbers[0].value == other.read(picture).numbers[0].value
        assert reading.case is Case.SEVERAL
        assert reading.steps.way not in [way.steps.way for way in ways]
    for drawing in (on_canvas(5, 0.6), draw_strokes([np.array([[0.2, 0.2], [0.8, 0.8]])], 14)):
        assert other.read(drawing).is_digit
        assert not other.read(drawing).several


def test_two_digits_that_look_like_one_from_afar_are_two(recognizer):
    """Shrunk to 28×28, they are a 6 at 89 %."""
    strokes = [
        PenStroke((stroke * (0.2645, 0.8) + (left, 0.1)) * (700, 280), 20)
        for digit, left in ((6, 0.04), (0, 0.27))
        for stroke in DIGITS[digit]
    ]
    picture = draw_with_pens(strokes, 700)[:280]
    assert recognizer.read(picture, strokes).several == (6, 0)
    assert recognizer.read_many([picture])[0].several == (6, 0)
    assert recognizer.read_ways(picture)[0].several == (6, 0)


def test_specks_are_no_digits(recognizer):
    picture = picture_of(write("2026", 24))
    for x, y in ((5, 5), (8, 60), (180, 8)):
        picture[y : y + 4, x : x + 4] = 255
    assert values(recognizer.read_number(picture)) == ["2026"]


@pytest.mark.parametrize("digit", DIGITS)
def test_a_single_digit_is_a_number_of_one(recognizer, digit):
    picture = on_canvas(digit, 0.6)
    (number,) = recognizer.read_number(picture)
    alone = recognizer.read(picture)
    assert number.value == str(digit)
    assert np.array_equal(number.digits[0].probabilities, alone.probabilities)
    x, y, width, height = number.digits[0].box
    inside = np.zeros_like(picture)
    inside[y : y + height, x : x + width] = picture[y : y + height, x : x + width]
    assert np.abs(picture - inside).max() < 40  # the soft edge of strokes
    assert max(width, height) == pytest.approx(0.6 * 280, abs=3)


@pytest.mark.parametrize("hand", HANDS)
def test_no_form_of_a_digit_is_taken_for_several(recognizer, hand):
    digit, strokes = HANDS[hand]
    drawn = [PenStroke(stroke * 280, 14) for stroke in strokes]
    reading = recognizer.read(draw_strokes(strokes, 14), drawn)
    assert (reading.digit, reading.several) == (digit, ())


def test_what_is_read_says_that_there_are_several_digits(recognizer):
    reading = recognizer.read(picture_of(write("2026", 20)))
    assert reading.case is Case.SEVERAL
    assert reading.several == (2, 0, 2, 6)
    assert reading.in_words().startswith("2026, ")
    assert not reading.is_digit


def test_nothing_is_no_number(recognizer):
    assert recognizer.read_number(np.zeros((50, 90), np.uint8)) == []
    assert BLANK.numbers == ()


def test_interlocking_marks_are_no_number(recognizer):
    """A percent sign is not a 0, a 1 and a 0, and two rings, one inside the other, are not two 0s."""
    angle = np.linspace(0, 2 * np.pi, 30)
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    percent = [ring * 0.1 + 0.25, ring * 0.1 + 0.75, np.array([[0.8, 0.2], [0.2, 0.8]])]
    rings = [ring * 0.2 + 0.5, ring * 0.4 + 0.5]
    for lines in (percent, rings):
        assert not recognizer.read(draw_strokes(lines, 10)).several


def test_a_page_of_blobs_is_no_number(recognizer):
    rng = np.random.default_rng(0)
    page = np.full((1500, 1200), 255, np.uint8)
    for x, y in rng.integers(10, 1180, (3000, 2)):
        page[y : y + rng.integers(3, 12), x : x + rng.integers(3, 12)] = 0
    assert not any(number.is_number for number in recognizer.read_number(page))


@pytest.mark.parametrize("size", [(1, 1), (1, 400), (400, 1), (2, 3), (9, 2000)])
def test_pictures_of_any_proportions_are_read_without_an_error(recognizer, size):
    rng = np.random.default_rng(1)
    for share in (0.02, 0.5):
        noise = (rng.random(size) < share).astype(np.uint8) * 255
        assert all(number.digits for number in recognizer.read_number(noise))


def test_without_cuts_digits_that_stand_apart_are_still_a_number(recognizer):
    assert recognizer.read(picture_of(write("20", 20)), cut=False).several == (2, 0)
    touching = picture_of(write("60", -7))
    assert recognizer.read(touching, cut=False).several == ()
    assert recognizer.read(touching).several == (6, 0)


def test_boxes_are_right_where_strokes_are_drawn_thinner(recognizer):
    """On a picture that is not as large as the page's canvas."""
    strokes = write("806", 4, pen=18, height=54)
    picture = picture_of(strokes)
    (number,) = recognizer.read_number(picture, strokes)
    assert number.value == "806"
    for reading in number.digits:
        x, y, width, height = reading.box
        assert abs(y - 30) <= 3
        assert abs(height - 54) <= 4
        place = reading.steps.place
        middle = (place.left + place.width / 2) * picture.shape[1], (place.top + place.height / 2) * picture.shape[0]
        assert x < middle[0] < x + width
        assert y < middle[1] < y + height
