import io
import struct
import zlib

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from model import InputError
from model.preprocessing import MAX_BYTES, MAX_PIXELS, decode_picture, open_picture, prepare
from tests.support.digits import on_canvas

SEVEN = on_canvas(7, 0.6)
pillow_heif.register_heif_opener()  # and what saves them


def encode(picture, file_format="PNG", **options):
    content = io.BytesIO()
    picture.save(content, file_format, **options)
    return content.getvalue()


def palette(transparency):
    picture = Image.fromarray(SEVEN // 255).convert("P")
    picture.putpalette([10, 20, 30, 200, 220, 90])
    return encode(picture, **({"transparency": 0} if transparency else {}))


def animated():
    other = Image.fromarray(on_canvas(3, 0.6))
    return encode(Image.fromarray(SEVEN), "GIF", save_all=True, append_images=[other])


def empty_first(file_format, **options):
    """An animation that begins with an empty frame."""
    frames = [Image.fromarray(frame).convert("RGB") for frame in (np.zeros_like(SEVEN), SEVEN)]
    return encode(frames[0], file_format, save_all=True, append_images=frames[1:], **options)


def rotated():
    exif = Image.Exif()
    exif[0x0112] = 6  # rotated by 90°, as a camera held upright writes it
    return encode(Image.fromarray(np.rot90(SEVEN).copy()), "JPEG", quality=95, exif=exif)


READABLE = {
    "8-bit": encode(Image.fromarray(SEVEN)),
    "1-bit": encode(Image.fromarray(SEVEN).convert("1")),
    "16-bit": encode(Image.fromarray(SEVEN.astype(np.uint16) * 257)),
    "12 of 16 bits": encode(Image.fromarray(SEVEN.astype(np.uint16) * 16)),
    "fractions": encode(Image.fromarray(SEVEN.astype(np.float32) / 255), "TIFF"),
    "fractions that overshoot": encode(Image.fromarray(SEVEN.astype(np.float32) / 250), "TIFF"),
    "grey with alpha": encode(Image.fromarray(SEVEN).convert("LA")),
    "palette": palette(transparency=False),
    "palette with a transparent colour": palette(transparency=True),
    "CMYK": encode(Image.fromarray(SEVEN).convert("RGB").convert("CMYK"), "JPEG", quality=95),
    "animated": animated(),
    "animated, empty at first": empty_first("GIF"),
    "two pages, the first empty": empty_first("TIFF"),
    "rotated by its camera": rotated(),
    "BMP": encode(Image.fromarray(SEVEN), "BMP"),
    "WebP": encode(Image.fromarray(SEVEN).convert("RGB"), "WEBP", lossless=True),
    "AVIF": encode(Image.fromarray(SEVEN).convert("RGB"), "AVIF"),
    "HEIC": encode(Image.fromarray(SEVEN).convert("RGB"), "HEIF"),
}


@pytest.mark.parametrize("kind", READABLE)
def test_every_kind_of_picture_gives_the_same_image(kind):
    assert np.abs(prepare(decode_picture(READABLE[kind])) - prepare(SEVEN)).mean() < 0.03


def test_a_16_bit_picture_keeps_its_grey_values():
    greys = np.linspace(0, 65535, 256).astype(np.uint16)[None].repeat(4, axis=0)
    assert np.abs(decode_picture(encode(Image.fromarray(greys))).astype(int) - np.arange(256)).max() <= 1


def png_that_claims(width, height):
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


UNREADABLE = {
    "empty": (b"", "empty"),
    "text": (b"not a picture at all", "not a picture"),
    "markup": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "an SVG"),
    "damaged HEIC": (READABLE["HEIC"][:60], "damaged"),
    "video": (b"\0\0\0\x18ftypisom\0\0\2\0", "a video"),
    "too many bytes": (b"\x89PNG\r\n\x1a\n" + b"\0" * MAX_BYTES, "larger than 20 MB"),
    "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture"),
    "truncated": (READABLE["8-bit"][:200], "damaged or cut short"),
    "truncated JPEG": (READABLE["CMYK"][:700], "damaged or cut short"),
    "without pixels": (png_that_claims(0, 10), "not a picture|damaged"),
    "bomb": (png_that_claims(60_000, 60_000), f"more than {MAX_PIXELS:,} pixels"),
    "larger than allowed": (png_that_claims(9_000, 9_000), f"more than {MAX_PIXELS:,} pixels"),
    "a line of pixels": (png_that_claims(1_000_000, 5), "side of more than 20,000"),
    "NaN": (encode(Image.fromarray(np.full((9, 9), np.nan, np.float32)), "TIFF"), "NaN"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_an_unreadable_file_is_refused_in_a_sentence(kind, tmp_path):
    content, reason = UNREADABLE[kind]
    (tmp_path / "file.png").write_bytes(content)
    with pytest.raises(InputError, match=reason) as refused:
        open_picture(tmp_path / "file.png")
    assert str(refused.value).startswith(str(tmp_path / "file.png"))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["missing.png", "."])
def test_a_missing_file_and_a_folder_are_refused_in_a_sentence(name, tmp_path):
    with pytest.raises(InputError, match=r"no such file|cannot be read"):
        open_picture(tmp_path / name)
