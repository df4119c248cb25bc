"""Tells what only looks like a digit: a speck, a sheet of paper or its edge, an empty box or several.

Such things hold no strokes, so the network has never seen them. Each rule asks for something that no hand writes.
"""

from typing import NamedTuple

import cv2
import numpy as np

from model.preprocessing.pipeline import Steps
from model.preprocessing.regions import has_straight_sides

MIN_LENGTH, MIN_SHARE = 8, 0.1  # of a digit: pixels, unless it takes such a share of the picture's longer side
# Of the picture's shorter side: near the border, where there is paper on one side only, its grain may look like a 1.
SPECK, AT_THE_BORDER = 0.08, 0.025
# Of the shorter side: how thick the lines of an empty frame are. A 0 that was drawn so thinly with a ruler is taken for
# one; none of 5,943 zeros by people has four straight sides.
MAX_THIN = 0.07
# A 1 is neither as broad nor as thin as a sheet of paper or its edge, which fill all of their box.
MIN_PROPORTION_OF_1, MAX_PROPORTION_OF_1 = 2, 100  # of the longer side to the shorter
MAX_PROPORTION_OF_STRIP = 4  # from one border of the picture to the opposite one
SOLID, SOLID_IF_THIN = 0.97, 0.5  # of the box
# What the edge of a sheet leaves of its box is the sheet: one rectangle, but for some of its own area and of the box's.
MIN_SHEET, MIN_RECTANGLE, MAX_REST = 0.3, 0.985, 0.02
LARGE_SHARE = 0.5  # of each side of the picture, which such a sheet takes at least
# Holes of boxes are rectangles; those of a digit that was gone over several times are not.
LARGE, MIN_HOLE, MIN_FILLED, MAX_HOLES = 40, 0.015, 0.9, 3  # pixels of the longer side, of all, of its own box, of them


class _Room(NamedTuple):
    """How many pixels there are between what was found and the borders of the picture."""

    top: int
    bottom: int
    left: int
    right: int


def is_lookalike(digit: int, steps: Steps) -> bool:
    """Whether what looks most like this digit is not a digit at all."""
    ink, on_paper, shape = steps.crop > 0, "ink on paper" in steps.way, steps.threshold.shape
    height, width = ink.shape
    top, left = steps.start
    room = _Room(top, shape[0] - top - height, left, shape[1] - left - width)
    return (
        max(ink.shape) < min(MIN_LENGTH, MIN_SHARE * max(shape))
        or (on_paper and ((digit == 1 and _is_speck(ink, room, min(shape))) or _goes_across(room)))
        or (digit == 0 and _is_empty_frame(ink))
        or (digit == 1 and _is_sheet_or_edge(ink, room))
        or (height >= LARGE_SHARE * shape[0] and width >= LARGE_SHARE * shape[1] and _is_corner_of_a_sheet(ink))
        or _has_many_holes(ink)
    )


def _is_speck(ink: np.ndarray, room: _Room, side: int) -> bool:
    """Whether it is small and near the border of a photograph, whose shorter side has so many pixels."""
    return max(ink.shape) <= SPECK * side and min(room) <= AT_THE_BORDER * side


def _goes_across(room: _Room) -> bool:
    """Whether it reaches from one border to the opposite one, and not to the other two: a shadow at a sheet's edge."""
    return (room.top == room.bottom == 0) != (room.left == room.right == 0)


def _is_empty_frame(ink: np.ndarray) -> bool:
    """Whether it is an upright rectangle of thin lines around nothing: a box to write in, and no 0."""
    return ink.sum() <= MAX_THIN * min(ink.shape) * 2 * sum(ink.shape) and has_straight_sides(ink)


def _is_sheet_or_edge(ink: np.ndarray, room: _Room) -> bool:
    """Whether it is a sheet of paper or the edge of one, as it stands out from a table, and no 1."""
    proportion = max(ink.shape) / min(ink.shape)
    if proportion > MAX_PROPORTION_OF_1:
        return bool(ink.mean() >= SOLID_IF_THIN)
    if ink.mean() < SOLID:
        return False
    strip = _goes_across(room) and (np.count_nonzero(room) == 1 or proportion < MAX_PROPORTION_OF_STRIP)
    return strip or proportion < MIN_PROPORTION_OF_1


def _is_corner_of_a_sheet(ink: np.ndarray) -> bool:
    """Whether two or three sides of a sheet of paper are all that it is: of its box they leave one rectangle."""
    gap = ~ink
    if gap.mean() < MIN_SHEET:
        return False
    _, _, stats, _ = cv2.connectedComponentsWithStats(gap.astype(np.uint8), connectivity=4)
    left, top, width, height, area = stats[1 + stats[1:, cv2.CC_STAT_AREA].argmax()].tolist()
    open_side = left == 0 or top == 0 or left + width == ink.shape[1] or top + height == ink.shape[0]
    return open_side and area >= MIN_RECTANGLE * width * height and gap.sum() - area <= MAX_REST * ink.size


def _has_many_holes(ink: np.ndarray) -> bool:
    """Whether it is a row of boxes, or several."""
    if max(ink.shape) < LARGE:
        return False
    outside = np.pad(~ink, 1, constant_values=True).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(outside, connectivity=4)
    holes = stats[2:]  # the first is what lies around it
    area, box = holes[:, cv2.CC_STAT_AREA], holes[:, cv2.CC_STAT_WIDTH] * holes[:, cv2.CC_STAT_HEIGHT]
    return bool(np.count_nonzero((area >= MIN_HOLE * ink.size) & (area >= MIN_FILLED * box)) > MAX_HOLES)
