"""Finds the ink in a picture: the first step of the preparation."""

import cv2
import numpy as np

from model.errors import InputError
from model.preprocessing.photograph import examine, find_ink_in_photograph
from model.preprocessing.sizes import MAX_AREA, shrink_to_area

MIN_CONTRAST = 8  # of 255: a colour closer to the background counts as background, since nobody would see it
MAX_GRAIN = 100  # of 255: no paper has more, so what varies more is no blank paper
INK_THRESHOLD = 0.15  # of full ink: keeps the soft edge of a stroke and drops the noise around it


def check_picture(picture: np.ndarray) -> np.ndarray:
    """The array itself if it is a picture that can be read; raises InputError if not."""
    if not isinstance(picture, np.ndarray):
        raise InputError(f"A picture must be a NumPy array, not {type(picture).__name__}: use numpy.asarray(picture).")
    if picture.ndim not in (2, 3) or (picture.ndim == 3 and picture.shape[2] not in (3, 4)):
        raise InputError(
            f"A picture must have the shape (height, width), (height, width, 3) or (height, width, 4), not "
            f"{picture.shape}: give one picture, grey, RGB or RGBA."
        )
    if picture.size == 0:
        raise InputError(f"The picture has no pixels (its shape is {picture.shape}): give one of at least 1×1.")
    if picture.dtype != np.uint8:
        raise InputError(
            f"A picture must hold whole numbers from 0 to 255 (uint8), not {picture.dtype}: scale it to 0–255 without "
            f"NaN and convert it with .astype('uint8')."
        )
    return picture


def find_ink(picture: np.ndarray, thresholded: bool = True) -> np.ndarray | None:
    """How much ink each pixel of a checked picture holds: uint8 (H, W), 0 below the threshold; None if there is none.

    Ink is whatever differs from the background, in any channel and in either direction, so its colour does not matter.
    A photograph, whose background is not a single colour, is handled differently and may come back smaller. If it is
    not `thresholded`, even the faintest difference is ink.
    """
    colours = flatten(shrink_to_area(picture, MAX_AREA))
    border = the_border(colours)
    photograph = examine(colours, border) if thresholded else None
    if photograph is not None:
        return find_ink_in_photograph(photograph)
    return ink_of_drawing(difference(colours, border), border, thresholded)


def the_border(colours: np.ndarray) -> np.ndarray:
    """The pixels along the border of a picture, (H, W) or (H, W, C), in turn: float32 (N,) or (N, C)."""
    return np.concatenate([colours[0], colours[:, -1], colours[-1, ::-1], colours[::-1, 0]]).astype(np.float32)


def ink_of_drawing(apart: np.ndarray, border: np.ndarray, thresholded: bool = True) -> np.ndarray | None:
    """What `find_ink` returns for a picture whose background is of one colour, from which `apart` is the difference."""
    # Paper has grain. It is normally distributed and shows in how neighbours on the border differ: their median
    # difference is about its standard deviation, and no grain reaches six of those.
    grain = min(6 * np.median(np.abs(np.diff(border, axis=0))), MAX_GRAIN)
    differing = apart[apart > max(MIN_CONTRAST, grain)]
    if differing.size == 0:
        return None
    full = np.percentile(differing, 75)  # full ink; lower values are the soft edges of strokes
    ink = cv2.convertScaleAbs(apart, alpha=255 / full)
    if not thresholded:
        return ink
    threshold = 255 * max(grain / full, INK_THRESHOLD)
    return cv2.threshold(ink, threshold, 255, cv2.THRESH_TOZERO)[1]


def difference(colours: np.ndarray, border: np.ndarray) -> np.ndarray:
    """How far each pixel is from the colour of the background, in the channel where it is furthest: uint8 (H, W)."""
    background = _background(colours, border)
    distance = np.abs(np.arange(256)[:, None] - np.rint(background)).astype(np.uint8)  # of each grey value, per channel
    channels = [cv2.LUT(channel, distance[:, i]) for i, channel in enumerate(cv2.split(colours))]
    return channels[0] if len(channels) == 1 else cv2.max(cv2.max(channels[0], channels[1]), channels[2])


def flatten(picture: np.ndarray) -> np.ndarray:
    """The picture without its alpha channel: uint8 (H, W) or (H, W, 3).

    Where it is mostly transparent, only ink is opaque, and the rest becomes black or white, whichever contrasts more.
    Where it is mostly opaque, as with rounded corners, the rest becomes what most of it is: background.
    """
    if picture.ndim == 2 or picture.shape[2] == 3:
        return picture
    colours, alpha = picture[:, :, :3], picture[:, :, 3]
    if alpha.min() == 255:
        return np.ascontiguousarray(colours)
    if alpha.max() == 0:
        return np.zeros(alpha.shape, np.uint8)
    shown = cv2.multiply(colours, cv2.merge([alpha] * 3), scale=1 / 255)
    opaque = colours[alpha > 127]
    if len(opaque) > alpha.size / 2 and np.ptp(opaque, axis=0).max() > MIN_CONTRAST:
        ground = np.median(opaque, axis=0)
    else:
        bright = np.mean(cv2.mean(shown)[:3]) > cv2.mean(alpha)[0] / 2
        ground = np.full(3, 0 if bright else 255)
    behind = np.rint(np.arange(255, -1, -1)[:, None] * ground / 255).astype(np.uint8)  # for each opacity
    return cv2.add(shown, cv2.merge([cv2.LUT(alpha, behind[:, channel]) for channel in range(3)]))


def _background(colours: np.ndarray, border: np.ndarray) -> np.ndarray:
    """The colour of the background: one number per channel.

    If the four corners agree, it is theirs, since a closely cropped 1 shows little else of the background. Otherwise it
    is the median of the border, of which a drawing covers less than half.
    """
    corners = colours[[0, 0, -1, -1], [0, -1, 0, -1]].astype(np.float32)
    if np.ptp(corners, axis=0).max() <= MIN_CONTRAST:
        return np.atleast_1d(np.median(corners, axis=0))
    return np.atleast_1d(np.median(border, axis=0))
