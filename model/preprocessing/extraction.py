"""The ways in which a picture can be understood: where the digit stands, and what of the picture is ink.

A drawing can be understood in one way. A photograph may show paper around the digit or hardly any, or the edge of a
shadow across it; a scan may hold a frame, and a screenshot may be cut across a bar. No rule tells all of these apart,
but a network does: what is taken for ink in a wrong way hardly ever looks like a digit. So all plausible ways are
listed here, the most plausible first.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from model.preprocessing.ink import check_picture, difference, find_ink, flatten, ink_of_drawing, the_border
from model.preprocessing.parts import find_parts
from model.preprocessing.photograph import examine, find_ink_in_photograph, thin_contrast
from model.preprocessing.regions import find_regions
from model.preprocessing.sizes import MAX_AREA, WHOLE, Box, ink_box, shrink_to, shrink_to_area
from model.preprocessing.two_tones import find_two_tones

SEARCHED_SIZE = 800  # pixels: the longer side of the picture searched for regions
MAX_DEPTH = 2  # regions within regions: a framed digit on a tile
MIN_IN_REGION = 0.25  # of a region's longer side: shorter ink is no digit in a frame, but a speck in a 0
# What the border cuts is left out if it is a solid bar, or nowhere further from the border than a narrow strip, as a
# piece of what is written beside the digit. What remains must be long enough, in fractions of the longer side.
BAR, STRIP = 0.8, 0.15
MIN_BESIDE_BAR, MIN_BESIDE_PIECE = 0.08, 0.3


class Extraction(NamedTuple):
    """One way to understand a picture."""

    ink: np.ndarray  # uint8 (H, W), 0 for background
    box: Box = WHOLE  # the part of the picture that `ink` shows
    way: str = ""  # in words, if it is not the usual one


def extract(picture: np.ndarray, thresholded: bool = True) -> Iterator[Extraction]:
    """All plausible ways to understand a picture, uint8 (H, W), (H, W, 3) RGB or (H, W, 4) RGBA.

    Nothing for a blank one. If it is not `thresholded`, just one: whatever differs from the background is ink. Raises
    InputError for any other array.
    """
    if not thresholded:
        if (ink := find_ink(check_picture(picture), thresholded=False)) is not None:
            yield Extraction(ink)
        return
    yield from _extract(flatten(shrink_to_area(check_picture(picture), MAX_AREA)), WHOLE, "", 0)


def _extract(colours: np.ndarray, box: Box, where: str, depth: int) -> Iterator[Extraction]:
    """The ways to understand a part of a picture, and before these, the ways to understand the parts within it."""
    border = the_border(colours)
    apart = difference(colours, border)
    for region in find_regions(shrink_to(apart, SEARCHED_SIZE)) if depth < MAX_DEPTH else ():
        rows, columns = region.slices(colours.shape)
        part = np.ascontiguousarray(colours[rows, columns])
        for found in _extract(part, region.within(box), "inside a frame, tile or sheet", depth + 1):
            if _length(found.ink) >= MIN_IN_REGION * max(found.ink.shape):
                yield found
    for ink, how in _ways(colours, border, apart):
        if (whole := _without_cut(ink)) is not None:
            yield Extraction(whole, box, ", ".join(filter(None, [where, "without what the border cuts"])))
        yield Extraction(ink, box, ", ".join(filter(None, [where, how])))


def _ways(colours: np.ndarray, border: np.ndarray, apart: np.ndarray) -> Iterator[tuple[np.ndarray, str]]:
    """The ink in a picture, each way with its name. `apart` is the difference of each pixel from the background."""
    photograph = examine(colours, border)
    if photograph is None:
        if (ink := ink_of_drawing(apart, border)) is not None:
            yield ink, ""
        if (border == border[0]).all():  # no photograph has such a border
            return
    tones = find_two_tones(colours)
    if tones is not None and (tones.sure or tones.cropped):
        yield tones.ink, "as two tones"
    if (tones is None or not tones.sure) and photograph is not None:
        if (ink := find_ink_in_photograph(photograph)) is not None:
            yield ink, "as ink on paper"
        if (ink := find_ink_in_photograph(thin_contrast(colours))) is not None:
            yield ink, "as thin ink on paper"


def _without_cut(ink: np.ndarray) -> np.ndarray | None:
    """The ink without bars and smaller pieces that the border cuts; None if there are none, or no digit remains."""
    if not (ink[0].any() or ink[-1].any() or ink[:, 0].any() or ink[:, -1].any()):
        return None
    found = find_parts(ink > 0)
    if found is None:
        return None
    start, size = found.start, found.size
    cut = ~np.all((start > 0) & (start + size < ink.shape[::-1]), axis=1)
    cut[0] = False
    remainder = np.where(cut[found.labels], np.uint8(0), ink)
    bars = found.area[cut] >= BAR * size[cut].prod(axis=1)
    end, shape = (start + size)[cut], np.array(ink.shape[::-1])
    beside = ((end <= STRIP * shape) | (start[cut] >= (1 - STRIP) * shape)).any(axis=1)
    needed = (MIN_BESIDE_BAR if bars.all() else MIN_BESIDE_PIECE) * max(ink.shape)
    return remainder if (bars | beside).all() and _length(remainder) >= needed else None


def _length(ink: np.ndarray) -> int:
    """The longer side of the bounding box of all ink, in pixels."""
    rows, columns = ink_box(ink)
    return max(rows.stop - rows.start, columns.stop - columns.start)
