"""Decodes picture files into arrays; nothing else in the project does."""

import io
import os
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from model.errors import InputError

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF")  # Pillow knows more, but starts other programs for some
MAX_BYTES = 20_000_000  # of one file, as in .streamlit/config.toml; photographs are smaller
MAX_PIXELS = 50_000_000  # as in the largest photographs; a decompression bomb has far more
MAX_SIDE = 20_000  # pixels: more than any photograph or scan


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
    """The content of a picture file as uint8 (H, W), (H, W, 3) or (H, W, 4): its first frame, the right way up.

    Raises InputError if it is not a picture, damaged or too large.
    """
    if not content:
        raise InputError("the file is empty; give a picture.")
    if len(content) > MAX_BYTES:
        raise InputError(f"the file is larger than {MAX_BYTES // 1_000_000} MB; make the picture smaller.")
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)  # reads only its header
        if picture.width * picture.height > MAX_PIXELS or max(picture.size) > MAX_SIDE:
            raise Image.DecompressionBombError
        picture.load()
        return _to_array(ImageOps.exif_transpose(picture))
    except InputError:
        raise
    except Image.UnidentifiedImageError:
        raise InputError(f"this is {_guess(content)}.") from None
    except Image.DecompressionBombError:
        raise InputError(
            f"the picture has more than {MAX_PIXELS:,} pixels, or a side of more than {MAX_SIDE:,}; make it smaller."
        ) from None
    except Exception as error:  # a damaged file can raise nearly anything in its decoder
        raise InputError(f"the picture is damaged or cut short ({error}); save it again.") from None


def _guess(content: bytes) -> str:
    """What a file that is not a picture probably is, going by its first bytes, and what to do about it."""
    start = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<svg", b"<?xml", b"<!doctype svg")) and b"<svg" in start:
        return "an SVG, which only describes a picture; open it in a browser and save what it shows as PNG"
    if content[4:8] == b"ftyp":  # ISO/IEC 23008-12
        return "HEIC, AVIF or a video, which cannot be read here; save it as JPEG"
    return f"not a picture that can be read; give one of {', '.join(FORMATS)}"


def _to_array(picture: Image.Image) -> np.ndarray:
    if picture.mode == "F" or picture.mode.startswith("I"):
        return _to_8_bit(np.asarray(picture))
    if picture.mode in ("RGB", "L"):
        return np.asarray(picture)
    return np.asarray(picture.convert("RGBA" if picture.has_transparency_data else "RGB"))


def _to_8_bit(values: np.ndarray) -> np.ndarray:
    """Grey values of any type as uint8. White is taken to be the next power of two: cameras fill 10, 12 or 16 bits."""
    values = values.astype(np.float64)
    if not np.isfinite(values).all():
        raise InputError("the picture holds NaN or infinite values; save it with whole numbers from 0 to 255.")
    values -= min(values.min(), 0)
    highest = values.max()
    if highest <= 2:  # fractions, perhaps a little outside 0–1
        return np.rint(values * (255 / max(highest, 1))).astype(np.uint8)
    full = 2.0 ** max(8, np.ceil(np.log2(highest + 1)))
    return (values * (256 / full)).astype(np.uint8)
