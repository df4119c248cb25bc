import zipfile

import numpy as np
import pytest

from model import InputError
from model.preprocessing import prepare, replay
from tests.support.digits import DIGITS
from tests.support.own_data import read, whole, write_picture

NAMES = {
    "folders": lambda digit, number: f"{digit}/{number}.png",
    "folders with words": lambda digit, number: f"digit_{digit}/anna {number}.jpg",
    "parts": lambda digit, number: f"{'test' if number % 4 == 0 else 'train'}/{digit}/{number}.bmp",
    "first": lambda digit, number: f"{digit}_anna_{number}.png",
    "last": lambda digit, number: f"img{number:04}-{digit}.png",
    "named": lambda digit, number: f"{number:03}_label{digit}.png",
}


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
@pytest.mark.parametrize("way", NAMES)
def test_folders_of_pictures(tmp_path, way, packed):
    """Dark on light, of different sizes: each is prepared as the page prepares it."""
    drawn = [(digit, replay(DIGITS[digit], 14)) for digit in range(10) for _ in range(3)]
    for number, (digit, picture) in enumerate(drawn):
        write_picture(tmp_path / "mine" / NAMES[way](digit, number), 255 - picture[: 280 - number])
    path = tmp_path / "mine"
    (path / "README.txt").write_text("My digits.")
    if packed:
        with zipfile.ZipFile(tmp_path / "mine.zip", "w") as archive:
            for each in path.rglob("*.*"):
                archive.write(each, each.relative_to(path))
        path = tmp_path / "mine.zip"
    found = read(path)
    assert len(whole(found)) == 30
    wanted = {digit: prepare(picture) for digit, picture in drawn}
    for image, label in zip(*found.data.train, strict=True):
        assert np.abs(image / 255 - wanted[label]).mean() < 0.02
    assert (len(found.data.test.labels), found.notes == ()) == ((8, True) if way == "parts" else (6, False))


def test_pictures_with_a_list_of_their_digits(tmp_path):
    for digit in range(10):
        write_picture(tmp_path / f"scan-{'abcdefghij'[digit]}.png", replay(DIGITS[digit], 14))
    lines = [f"scan-{'abcdefghij'[digit]}.png\t{digit}" for digit in range(10)]
    (tmp_path / "labels.tsv").write_text("\n".join(["file\tdigit", *lines]))
    assert sorted(label for label, _ in whole(read(tmp_path))) == list(range(10))


def test_a_picture_that_is_too_large_is_named_once_with_what_to_do(tmp_path, monkeypatch):
    for digit in (1, 2):
        write_picture(tmp_path / f"{digit}.png", replay(DIGITS[digit], 14))
    for module in ("model.preprocessing.pictures", "model.data.reading.picture_files"):
        monkeypatch.setattr(f"{module}.MAX_BYTES", 0)
    with pytest.raises(InputError, match=r": 1\.png: the file is larger than 0 MB; make the picture smaller\.$"):
        read(tmp_path)


def test_a_blank_picture_is_left_out_and_named(tmp_path):
    for digit in range(10):
        write_picture(tmp_path / f"{digit}.png", replay(DIGITS[digit], 14) * (digit != 4))
    found = read(tmp_path)
    assert len(whole(found)) == 9
    assert "nothing on 4.png" in found.notes[0]
