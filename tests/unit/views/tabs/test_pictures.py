"""Files that people choose: what is read in them, and that their names are never more than text."""

import base64
import copy
import csv
import io

import numpy as np
import pytest
from PIL import Image

from tests.support.digits import on_canvas
from views.shared.figures import bars
from views.tabs.pictures import BLANK, MAX_NAME, SHOWN_SIZE, File, _clean, _read_file, to_csv


def read(recognizer, content, name="file.png"):
    return _read_file(recognizer, File(name, "1", io.BytesIO(content)))


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
        pytest.param(b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC", id="HEIC"),
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

    monkeypatch.setattr(doubter, "predict", lambda batch: np.full((len(batch), 10), 0.1, np.float32))
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
