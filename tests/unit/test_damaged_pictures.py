"""Whatever has happened to a picture file, it is read or refused in a sentence."""

import io

import numpy as np
import pytest
from PIL import Image
from pillow_heif import register_heif_opener

from model import InputError, load_light_reader
from model.preprocessing import FORMATS, decode_picture
from tests.support.digits import DIGITS, on_canvas

MUTATIONS = 400  # of each type of file
FEWEST = 4  # of these that are still decoded: 7 PNGs, which hold checksums, and 28 or more of any other type
READ = 10  # each so many of the pictures: most are noise, which takes long to be read as a number
register_heif_opener()


@pytest.fixture(scope="module")
def reader():
    """OpenCV's copy of the built-in network: pictures are decoded and prepared for both in the same way."""
    return load_light_reader()


def encode(file_format):
    picture = Image.fromarray(on_canvas(4, 0.7, size=48)).convert("RGBA" if file_format in ("PNG", "GIF") else "RGB")
    content = io.BytesIO()
    picture.save(content, file_format)
    return content.getvalue()


def mutate(content, rng):
    """The file with some bytes changed, lost, moved or put in again."""
    changed = bytearray(content)
    for _ in range(rng.integers(1, 6)):
        start, length = int(rng.integers(len(changed))), int(rng.integers(1, 9))
        match rng.integers(4):
            case 0:
                changed[start : start + length] = rng.bytes(length)
            case 1:
                del changed[start : start + length]
            case 2:
                changed[start:start] = changed[start : start + length]
            case _:
                changed[start] ^= 1 << int(rng.integers(8))
    return bytes(changed) or b"\0"


@pytest.mark.filterwarnings("ignore")  # Pillow warns of much that it still reads
@pytest.mark.parametrize("file_format", FORMATS)
def test_a_damaged_file_is_read_or_refused_in_a_sentence(reader, file_format):
    rng, content, decoded = np.random.default_rng(7), encode(file_format), []
    for _ in range(MUTATIONS):
        try:
            decoded.append(decode_picture(mutate(content, rng)))
        except InputError as error:
            assert str(error).endswith(".")
            assert "\n" not in str(error)
    assert FEWEST <= len(decoded) < MUTATIONS  # and some were damaged indeed
    for picture in decoded[::READ]:
        assert np.isfinite(reader.read(picture).probabilities).all()


@pytest.mark.parametrize("side", [1, 2, 3, 5, 28])
def test_any_array_is_read(reader, side):
    rng = np.random.default_rng(side)
    for channels in ((), (3,), (4,)):
        for _ in range(10):
            height, width = rng.integers(1, side + 1, 2)
            values = rng.choice([0, 1, 8, 127, 254, 255], (height, width, *channels)).astype(np.uint8)
            assert reader.read(values).probabilities.sum() == pytest.approx(1, abs=1e-4)
            assert all(number.value.isdecimal() for number in reader.read_number(values))


def test_parts_that_vanish_when_they_are_prepared_do_not_stop_the_others(reader):
    """A picture falls into parts, and one of them may be too pale to be anything."""
    picture = np.hstack([on_canvas(digit, 0.6, size=60) for digit in (4, 7)] + [on_canvas(1, 0.6, size=60) // 12])
    assert reader.read(picture).digit in DIGITS
