import gzip
import json

import numpy as np
import pytest

from model import InputError
from model.preprocessing import CANVAS_SIZE, decides, draw_strokes, load_strokes, load_symbols, replay
from tests.support.digits import DIGITS

LETTER = {"label": "a", "writer": 1, "strokes": [[[0.3, 0.3], [0.6, 0.3]]]}
SEVEN = {"digit": 7, "writer": 1, "strokes": [[[0.3, 0.3], [0.6, 0.3], [0.4, 0.7]]]}


def longer_side(picture):
    rows, columns = np.nonzero(picture > 127)
    return max(np.ptp(rows), np.ptp(columns)) + 1


@pytest.mark.parametrize("name", ["strokes.json", "strokes.json.gz"])
def test_a_stroke_file_is_read(tmp_path, name):
    text = json.dumps([SEVEN]).encode()
    (tmp_path / name).write_bytes(gzip.compress(text) if name.endswith("gz") else text)
    (entry,) = load_strokes(tmp_path / name)
    assert (entry.digit, entry.writer) == (7, 1)
    assert np.array_equal(entry.strokes[0], SEVEN["strokes"][0])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Hello",
        b"[]",
        b"{}",
        b"[1]",
        json.dumps([{"digit": 7}]).encode(),
        json.dumps([SEVEN | {"digit": 10}]).encode(),
        json.dumps([SEVEN | {"digit": "x"}]).encode(),
        json.dumps([SEVEN | {"strokes": []}]).encode(),
        json.dumps([SEVEN | {"strokes": [[[1, 2, 3]]]}]).encode(),
        json.dumps([SEVEN | {"strokes": [[[float("nan"), 2]]]}]).encode(),
        json.dumps([SEVEN | {"strokes": [[[30, 30], [60, 80]]]}]).encode(),  # pixels
        json.dumps([SEVEN | {"digit": float("inf")}]).encode(),
        b"[" * 100_000,
    ],
)
def test_anything_but_a_stroke_file_is_refused_in_a_sentence(tmp_path, content):
    path = tmp_path / "strokes.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"strokes\.json (is|holds) "):
        load_strokes(path)


def test_a_missing_or_truncated_file_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(InputError, match="There is no stroke file"):
        load_strokes(tmp_path / "missing.json")
    (tmp_path / "truncated.json.gz").write_bytes(gzip.compress(json.dumps([SEVEN]).encode())[:20])
    with pytest.raises(InputError, match="is not a stroke file"):
        load_strokes(tmp_path / "truncated.json.gz")


def test_a_compressed_file_with_a_changed_byte_is_refused_in_a_sentence(tmp_path):
    whole = bytearray(gzip.compress(json.dumps([SEVEN] * 50).encode()))
    whole[20] ^= 255
    (tmp_path / "changed.json.gz").write_bytes(whole)
    with pytest.raises(InputError, match="is not a stroke file"):
        load_strokes(tmp_path / "changed.json.gz")


def test_the_writers_of_a_file_without_sources_who_decide_are_25_to_30():
    assert [writer for writer in range(1, 40) if decides(writer)] == [25, 26, 27, 28, 29, 30]


def test_every_fifth_writer_of_a_named_source_decides_unless_it_can_judge_nothing():
    assert [writer for writer in range(1001, 1012) if decides(writer, "unipen")] == [1005, 1010]
    assert not decides(1005, "niemenjoki")


def test_who_decides_is_a_field_of_each_digit_and_symbol(tmp_path):
    digits = [SEVEN | {"writer": 25}, SEVEN | {"writer": 25, "source": "uji"}, SEVEN | {"writer": 26, "source": "uji"}]
    (tmp_path / "strokes.json").write_text(json.dumps(digits), encoding="utf-8")
    assert [digit.decides for digit in load_strokes(tmp_path / "strokes.json")] == [True, True, False]
    symbols = [LETTER, LETTER | {"source": "omniglot"}, LETTER | {"looks_like_a_digit": True}]
    (tmp_path / "symbols.json").write_text(json.dumps(symbols), encoding="utf-8")
    loaded = load_symbols(tmp_path / "symbols.json")
    assert [(symbol.label, symbol.decides) for symbol in loaded] == [("a", False), ("a", True)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"[1]",
        b"{}",
        json.dumps([SEVEN]).encode(),
        json.dumps([LETTER | {"strokes": [[]]}]).encode(),
        json.dumps([LETTER | {"looks_like_a_digit": True}]).encode(),
    ],
)
def test_anything_but_a_file_of_non_digits_is_refused_in_a_sentence(tmp_path, content):
    path = tmp_path / "symbols.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"symbols\.json (is not a file of non-digits|holds) ?") as refused:
        load_symbols(path)
    assert str(refused.value).endswith(".")


def test_strokes_are_drawn_in_their_place_and_as_wide_as_the_pen():
    picture = draw_strokes([np.array([[0.25, 0.5], [0.75, 0.5]])], 20)
    assert picture.shape == (CANVAS_SIZE, CANVAS_SIZE)
    rows, columns = np.nonzero(picture > 127)
    assert np.ptp(rows) + 1 == pytest.approx(20, abs=2)
    assert (columns.min(), columns.max()) == (pytest.approx(60, abs=2), pytest.approx(220, abs=2))
    dot = draw_strokes([np.array([[0.5, 0.5]])], 20)
    assert dot[140, 140] == 255


def test_small_digits_are_enlarged_only_for_the_widest_pen():
    small = [stroke * 0.2 for stroke in DIGITS[8]]
    assert longer_side(replay(small, 20)) == longer_side(draw_strokes(small, 20))
    assert longer_side(replay(small, 28)) == pytest.approx(0.4 * CANVAS_SIZE + 28, abs=3)
