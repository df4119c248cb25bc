"""Decodes picture files into arrays; nothing else in the project does.

Whatever is in a file, an array has at most MAX_AREA pixels. How much memory and time a decoder takes is bounded in
`model.uploads`, which is for files from anybody.
"""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from PIL import ExifTags, Image, ImageOps

from model.errors import InputError, first_line
from model.preprocessing.sizes import MAX_AREA

# Pillow knows more, but starts other programs for some. HEIC, in which phones take photographs, is the usual HEIF.
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF", "AVIF", "HEIF")
MAX_BYTES = 20_000_000  # of one file, as in .streamlit/config.toml; photographs are smaller
MAX_PIXELS = 50_000_000  # as in the largest photographs; a decompression bomb has far more
STRIP = 512  # rows of a large picture that are converted at once
MAX_SIDE = 20_000  # pixels: more than any photograph or scan
ISO_MEDIA = b"ftyp"  # at the fifth byte of HEIC, AVIF and videos (ISO/IEC 14496-12)
SCAN, MAX_SCANS = b"\xff\xda", 100  # of a JPEG: how one begins; a progressive one has some ten, and each takes time
MAX_FRAMES = 20  # of an animation, in which a frame that is not empty is searched for


def open_picture(path: str | os.PathLike) -> np.ndarray:
    """A picture file as uint8 (H, W), (H, W, 3) or (H, W, 4). Raises InputError with the name of the file."""
    try:
        content = Path(path).read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file; check the name.") from None
    except OSError as error:
        raise InputError(f"{path}: the file cannot be read ({error.strerror}).") from None
    try:
        return decode_picture(content)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None


def decode_picture(content: bytes) -> np.ndarray:
    """The content of a picture file as uint8 (H, W), (H, W, 3) or (H, W, 4), the right way up.

    A large one is shrunk to MAX_AREA pixels. Of an animation, it is the first frame that is not empty.
    Raises InputError for what is no picture, damaged or too large.
    """
    if not content:
        raise InputError("the file is empty; give a picture.")
    if len(content) > MAX_BYTES:
        raise InputError(f"the file is larger than {MAX_BYTES // 1_000_000} MB; make the picture smaller.")
    try:
        from pillow_heif import register_heif_opener  # only now, since importing it takes longer than reading a drawing

        register_heif_opener()
        picture = Image.open(io.BytesIO(content), formats=FORMATS)  # reads only its header
        if picture.width * picture.height > MAX_PIXELS or max(picture.size) > MAX_SIDE:
            raise Image.DecompressionBombError
        if picture.format in ("JPEG", "MPO"):
            if content.count(SCAN) > MAX_SCANS:
                raise InputError(f"the JPEG has more than {MAX_SCANS} scans; save it again.")
            picture.draft(None, _shrunk(picture.size))  # decodes it at half its size or less, if that is enough
        _seek_drawing(picture)
        return _upright(_to_array(picture), picture)
    except InputError:
        raise
    except Image.UnidentifiedImageError:
        raise InputError(f"this is {_guess(content)}.") from None
    except Image.DecompressionBombError:
        raise InputError(
            f"the picture has more than {MAX_PIXELS:,} pixels, or a side of more than {MAX_SIDE:,}; make it smaller."
        ) from None
    except Exception as error:  # a damaged file can raise nearly anything in its decoder
        raise InputError(f"the picture is damaged or cut short ({first_line(error)}); save it again.") from None


def _seek_drawing(picture: Image.Image) -> None:
    """Loads the first frame that has more than one colour; if none of the first frames has, one of these."""
    frames = min(MAX_FRAMES, MAX_PIXELS // (picture.width * picture.height), getattr(picture, "n_frames", 1))
    picture.load()
    for frame in range(1, frames):
        if np.ptp(np.asarray(picture.convert("RGBA")), axis=(0, 1)).any():
            return
        picture.seek(frame)
        picture.load()


def _guess(content: bytes) -> str:
    """What a file that is not a picture probably is, going by its first bytes, and what to do about it."""
    start = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<svg", b"<?xml", b"<!doctype svg")) and b"<svg" in start:
        return "an SVG, which only describes a picture; open it in a browser and save what it shows as PNG"
    if content[4:8] == ISO_MEDIA:
        return "a video or a damaged HEIC; save a picture as JPEG"
    return f"not a picture that can be read; give one of {', '.join(FORMATS)}"


def _shrunk(size: tuple[int, int]) -> tuple[int, int]:
    """The width and the height of a picture once it has no more than MAX_AREA pixels."""
    scale = min(1.0, (MAX_AREA / (size[0] * size[1])) ** 0.5)
    return max(1, int(size[0] * scale)), max(1, int(size[1] * scale))


def _to_array(picture: Image.Image) -> np.ndarray:
    """The pixels, shrunk to MAX_AREA."""
    large = _shrunk(picture.size) != picture.size
    pixels = np.concatenate(list(_shrunk_strips(picture))) if large else _pixels(picture)
    return pixels if pixels.dtype == np.uint8 else _to_8_bit(pixels)


def _shrunk_strips(picture: Image.Image) -> Iterator[np.ndarray]:
    """A large picture in strips that are shrunk one by one, so that it is never converted as a whole."""
    width, height = _shrunk(picture.size)
    count = max(1, min(height, picture.height // STRIP))
    for number in range(count):
        top, bottom = (end * picture.height // count for end in (number, number + 1))
        rows = (number + 1) * height // count - number * height // count
        strip = _pixels(picture.crop((0, top, picture.width, bottom)))
        yield cv2.resize(strip, (width, rows), interpolation=cv2.INTER_AREA)


def _pixels(picture: Image.Image) -> np.ndarray:
    """The pixels as uint8, of colours also with their opacity, or as float32."""
    if picture.mode == "F" or picture.mode.startswith("I"):
        return np.asarray(picture).astype(np.float32)
    if picture.mode in ("RGB", "L"):
        return np.asarray(picture)
    return np.asarray(picture.convert("RGBA" if picture.has_transparency_data else "RGB"))


def _upright(pixels: np.ndarray, picture: Image.Image) -> np.ndarray:
    """The pixels the way up that the picture's EXIF says."""
    orientation = picture.getexif().get(ExifTags.Base.Orientation, 1)
    if orientation == 1:
        return pixels
    turned = Image.fromarray(pixels)
    turned.getexif()[ExifTags.Base.Orientation] = orientation
    return np.asarray(ImageOps.exif_transpose(turned))


def _to_8_bit(values: np.ndarray) -> np.ndarray:
    """Grey values of any type as uint8. White is taken to be the next power of two: cameras fill 10, 12 or 16 bits."""
    if not np.isfinite(values).all():
        raise InputError("the picture holds NaN or infinite values; save it with whole numbers from 0 to 255.")
    values = values - min(values.min(), 0)
    highest = values.max()
    if highest <= 2:  # fractions, perhaps a little outside 0–1
        return np.rint(values * (255 / max(highest, 1))).astype(np.uint8)
    full = 2.0 ** max(8, np.ceil(np.log2(highest + 1)))
    return (values * (256 / full)).astype(np.uint8)
