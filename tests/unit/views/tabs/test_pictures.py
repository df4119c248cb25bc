"""Files that people choose: what is read in them, and that their names are never more than text."""

import base64
import copy
import csv
import io

import numpy as np
import pytest
from PIL import Image

from model.preprocessing import Box
from tests.support.digits import DIGITS, on_canvas
from tests.support.pictures import KINDS
from views.shared.figures import bars
from views.tabs.pictures.region import MAX_NAME, _clean, _lacks_camera
from views.tabs.pictures.result import BLANK, SHOWN_SIZE, File, Wish, read_file, to_csv


def read(recognizer, content, name="file.png"):
    return read_file(recognizer, File(name, "1", io.BytesIO(content)))


def png(picture):
    content = io.BytesIO()
    Image.fromarray(picture).save(content, "PNG")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(b"", "The file is empty", id="empty"),
        pytest.param(b"hello", "This is not a picture", id="text"),
        pytest.param(b'<svg xmlns="x"><script>alert(1)</script></svg>', "This is an SVG", id="SVG"),
        pytest.param(b"\0\0\0\x18ftypisom\0\0\2\0", "a video", id="video"),
        pytest.param(png(np.full((50, 50), 200, np.uint8)), BLANK, id="blank"),
        pytest.param(png(on_canvas(3, 0.6))[:300], "damaged or cut short", id="cut short"),
        pytest.param(b"\x89PNG" + b"\0" * 20_000_001, "larger than 20 MB", id="too many bytes"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence(recognizer, content, problem):
    result = read(recognizer, content)
    assert problem in result.problem
    assert result.digit is None
    assert "\n" not in result.problem


def test_a_picture_is_read_and_only_a_small_one_is_kept(recognizer):
    result = read(recognizer, png(on_canvas(3, 0.6, size=2000)))
    assert result.digit == 3
    assert result.probabilities[3] > 0.5
    assert set(result.steps) == {"threshold", "crop", "resized", "image"}
    assert all(len(address) < 4 * SHOWN_SIZE**2 for address in (result.picture, *result.steps.values()))


def test_ink_on_a_transparent_background_can_be_seen(recognizer):
    """The picture that is shown has a background that the ink stands out from."""
    ink = on_canvas(3, 0.6)
    for colour in (0, 255):
        picture = np.dstack([np.full_like(ink, colour)] * 3 + [ink])
        result = read(recognizer, png(picture))
        shown = np.asarray(Image.open(io.BytesIO(base64.b64decode(result.picture.split(",")[1]))).convert("L"))
        assert result.digit == 3
        assert np.ptp(shown) > 200


def test_what_is_doubted_is_said_in_words_and_its_steps_are_shown(recognizer, monkeypatch):
    doubter = copy.copy(recognizer)
    doubter.threshold = 2.0  # no probability reaches it
    result = read(doubter, png(on_canvas(3, 0.6)))
    assert result.digit == 3
    assert result.problem.startswith("Probably a 3 (9")
    assert result.steps

    unsure = lambda batch: (np.full((len(batch), 10), 0.1, np.float32), np.zeros(len(batch)))  # noqa: E731
    monkeypatch.setattr(doubter, "_answer", unsure)
    result = read(doubter, png(on_canvas(3, 0.6)))
    assert result.digit is None
    assert result.problem == "Not a digit I know"
    assert 'class="wrong"' not in bars(result.probabilities, result.digit)
    (row,) = csv.DictReader(io.StringIO(to_csv([result])))
    assert row["digit"] == ""
    assert row["problem"] == result.problem


def test_no_file_name_is_a_formula_to_a_spreadsheet_program(recognizer):
    names = ["=cmd|' /C calc'!A0", "+1", "-2", "@x", 'a,"b".png', "<img src=x onerror=alert(1)>.png"]
    content = png(on_canvas(7, 0.6))
    results = [read(recognizer, content, name) for name in names] + [read(recognizer, b"", "empty.png")]
    rows = list(csv.DictReader(io.StringIO(to_csv(results))))
    assert [row["digit"] for row in rows] == ["7"] * 6 + [""]
    assert all(float(row["probability"]) > 0.5 for row in rows[:6])
    assert all(row["file"].startswith("'") for row in rows[:4])
    assert [row["file"] for row in rows[4:6]] == names[4:]
    assert "empty" in rows[6]["problem"]


def test_a_name_loses_invisible_characters_and_is_shortened():
    assert _clean("a\nb\x00c\u202egnp.exe") == "abcgnp.exe"
    assert len(_clean("x" * 500)) == MAX_NAME


def test_a_part_and_a_way_can_be_wished_for(recognizer):
    both = np.hstack([on_canvas(4, 0.6), on_canvas(7, 0.6)])
    file = File("two.png", "1", io.BytesIO(png(both)))
    assert read_file(recognizer, file).digit is None
    assert read_file(recognizer, file, Wish(Box(0.5, 0, 0.5, 1))).digit == 7
    assert read_file(recognizer, file, Wish(Box(0, 0, 0.5, 1))).digit == 4
    assert read_file(recognizer, file, Wish(Box(0.999, 0.999, 0.001, 0.001))).problem == BLANK

    framed = File("framed.png", "2", io.BytesIO(png(KINDS["in a black box"](DIGITS[7], np.random.default_rng(0)))))
    first = read_file(recognizer, framed)
    assert first.digit == 7
    assert len(first.ways) == 2
    other = read_file(recognizer, framed, Wish(way=first.ways[1]))
    assert other.ways[0] == first.ways[1]
    assert other.digit is None


def test_digits_side_by_side_are_read_as_a_number(recognizer):
    row = np.hstack([on_canvas(digit, 0.6) for digit in (4, 2)])
    one, two = (read(recognizer, png(picture)) for picture in (row, np.vstack([row, row])))
    assert (one.read_as, two.read_as) == ("42", "42 42")
    assert one.problem == two.problem == ""
    assert one.digit is None
    assert two.probability == pytest.approx(one.probability**2, abs=0.05)
    lines = list(csv.DictReader(io.StringIO(to_csv([one, two]))))
    assert [line["numbers"] for line in lines] == ["42", "42 42"]
    assert [line["digit"] for line in lines] == ["", ""]


@pytest.mark.parametrize(
    ("url", "lacks"),
    [
        ("http://digits.example.org/?drawing=1", True),
        ("http://192.168.1.20:8501/", True),
        ("https://digits.example.org/", False),
        ("http://localhost:8501/", False),
        ("http://[::1]:8501/", False),
        (None, False),
    ],
)
def test_browsers_offer_the_camera_over_https_or_on_their_own_machine(url, lacks):
    assert _lacks_camera(url) == lacks
