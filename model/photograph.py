"""The ink of a photograph: of a digit on paper or a board, under uneven light, with shadows, ruled or squared.

A drawing, a scan or a picture from a data set has a ground of one colour, and `model.preprocess` tells ink from it by
one threshold. The ground of a photograph is brighter here and darker there, so that a shadow may be darker than ink,
and the lines of ruled paper are longer than the digit. Only such pictures come here; `examine` decides.

Light and ink multiply: how much of the light a place reflects, compared with the paper around it, does not change with
the shadow that falls on it. So ink is measured as the logarithm of that ratio (the idea of a top hat by division; J.
Serra, Image Analysis and Mathematical Morphology, 1982), with a median as the paper around, which keeps the edge of a
shadow an edge and does not ask whether ink is the darker of the two.
"""

import cv2
import numpy as np

# Of what is drawn or printed by a program, two colours fill nearly all of the border: the ground, and ink that reaches
# it. Of a photograph they fill little, for its paper has grain and light that changes.
FLAT_SHARE = 0.75
RULED_CROSSINGS = 6  # three ruled lines cross it so often; if the ground is flat, only they make a picture come here
SMALLEST_PHOTOGRAPH = 64  # pixels: no camera takes a shorter side
UNEVEN = 8  # of 255: a ground that varies less is left to the one threshold, which is exact for it

WORKING_SIZE = 800  # pixels: the longer side of what ink is looked for in; a ball pen is 2 of them wide on a whole page
GROUND_SIZE = 200  # the ground changes slowly enough to be found on fewer
GROUND_WINDOW = 0.4  # of the shorter side: a digit of usual strokes covers less than half of it
DARKEST = 12  # of 255: added to both sides of the ratio, so that noise in the dark is not a large ratio of nothing

TILT = 9.0  # degrees by which ruled lines may lie askew
ALONG = 15  # pixels: what is as long as that along a line stands out from noise
LINE_VOTES = 0.35  # of the side that a line crosses, must show it
PARTS = 8  # of a line, looked at one by one
LINE_REACH = 6  # pixels to each side of a line that may belong to it

SPREADS = 5.0  # noise reaches that many of its standard deviations nowhere in a picture
MIN_INK = 0.1  # of the logarithm: one tenth darker than the paper. Pencil is 0.3, a black pen more than 1.
MIN_LINE = 0.03  # of the logarithm, once smoothed along the line: paler ones stay below the threshold of ink
THRESHOLD = 0.35  # of full ink; the edge of a stroke is softer in a photograph than in a drawing
SMALLEST_DIGIT = 0.08  # of the longer side: what the border cuts only goes if something as large is left
SMALLEST = 0.02  # of the longer side: anything shorter is grain


def examine(colours: np.ndarray, border: np.ndarray) -> np.ndarray | None:
    """None for a picture, (H, W) or (H, W, 3) uint8, whose ground is even and not ruled. `border`: its pixels, (N,)
    or (N, C).

    For a photograph, how much each place differs from the paper around it, for `find_ink`. A drawing is told by its
    border alone, in some 10 µs.
    """
    if (border == border[0]).all():
        return None
    flat, crossings = _describe(border)
    if min(colours.shape[:2]) < SMALLEST_PHOTOGRAPH or (flat and crossings < RULED_CROSSINGS):
        return None
    colours = _reduce(colours, WORKING_SIZE)
    ground = _ground(colours)
    contrast = _contrast(colours, ground)
    low, high = np.percentile(ground.reshape(ground.shape[0] * ground.shape[1], -1), [1, 99], axis=0)
    uneven = not flat and (high - low).max() > UNEVEN
    return contrast if uneven or _lines(contrast) or _lines(contrast.T) else None


def _describe(border: np.ndarray) -> tuple[bool, int]:
    """Whether two colours fill most of the border, and how often something that is not its ground crosses it."""
    channels = border.reshape(len(border), -1).astype(np.int64)
    codes = channels @ 256 ** np.arange(channels.shape[1])
    colours, counts = np.unique(codes, return_counts=True)
    ground = codes == colours[counts.argmax()]
    flat = np.sort(counts)[-2:].sum() >= FLAT_SHARE * len(codes)
    return bool(flat), int((ground[:-1] & ~ground[1:]).sum())


def _reduce(colours: np.ndarray, longer_side: int) -> np.ndarray:
    scale = longer_side / max(colours.shape[:2])
    if scale >= 1:
        return colours
    height, width = (max(1, round(side * scale)) for side in colours.shape[:2])
    return cv2.resize(colours, (width, height), interpolation=cv2.INTER_AREA)


def _ground(colours: np.ndarray) -> np.ndarray:
    """The paper at each place of a smaller picture: the median of what is around it."""
    small = np.ascontiguousarray(_reduce(colours, GROUND_SIZE))
    half = max(1, int(GROUND_WINDOW * min(small.shape[:2])) // 2)
    padded = cv2.copyMakeBorder(small, half, half, half, half, cv2.BORDER_REFLECT_101)  # else the border counts twice
    return cv2.medianBlur(padded, 2 * half + 1)[half:-half, half:-half]


def _contrast(colours: np.ndarray, ground: np.ndarray) -> np.ndarray:
    """How much each place differs from the paper around it, (H, W) float32: the logarithm of the ratio.

    Whether ink is darker or brighter than the paper is what most of the difference says.
    """
    ground = cv2.resize(ground, colours.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    logarithms = np.log(np.arange(256, dtype=np.float32) + DARKEST)
    difference = cv2.LUT(ground, logarithms) - cv2.LUT(cv2.GaussianBlur(colours, (0, 0), 0.7), logarithms)
    darker, brighter = (np.maximum(sign * difference, 0) for sign in (1, -1))
    darker, brighter = (each.max(axis=2) if each.ndim == 3 else each for each in (darker, brighter))
    return darker if _weight(darker) >= _weight(brighter) else brighter


def _weight(contrast: np.ndarray) -> float:
    """How much ink there is, the noise left out."""
    contrast = contrast[::2, ::2]
    return float((contrast[contrast > max(MIN_INK, SPREADS * _noise(contrast))] ** 2).sum())


def _noise(contrast: np.ndarray) -> float:
    """The standard deviation of the paper's grain; most of a picture is paper."""
    return float(np.percentile(contrast[::3, ::3], 75)) / 0.67


def _lines(contrast: np.ndarray) -> list[tuple[float, float]]:
    """The ruled lines from left to right: slope and height at the left border of each, or none if they are not two.

    They are straight and thin, and reach from border to border, which no digit does.
    """
    smooth = cv2.blur(contrast, (ALONG, 1))
    mask = smooth > max(MIN_LINE, 1.5 * _noise(contrast))
    thick = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((2 * LINE_REACH - 1,) * 2, np.uint8))
    thin = (mask & (thick == 0)).astype(np.uint8)
    wide = cv2.dilate(mask.astype(np.uint8), np.ones((5, 1), np.uint8))
    middle, tilt, width = np.pi / 2, np.deg2rad(TILT), contrast.shape[1]
    found = cv2.HoughLines(
        thin, 2, np.pi / 360, round(LINE_VOTES * width), min_theta=middle - tilt, max_theta=middle + tilt
    )
    lines = np.zeros((0, 2))
    for rho, theta in [] if found is None else found[:, 0]:
        slope, start = -np.cos(theta) / np.sin(theta), rho / np.sin(theta)
        ends = np.abs(lines[:, 1] - start + np.outer([0, width], lines[:, 0] - slope))
        if not (ends.max(axis=0) < 2 * LINE_REACH).any() and (line := _follow(wide, thin, slope, start)):
            lines = np.vstack([lines, line])
    return lines.tolist() if len(lines) > 1 else []


def _follow(wide: np.ndarray, thin: np.ndarray, slope: float, start: float) -> tuple[float, float] | None:
    """The line moved to where the thin lines show it best; None if it does not reach from border to border."""
    rows, columns = _places(wide, slope, start)
    if len(columns) < PARTS:
        return None
    bounds = np.arange(PARTS) * len(columns) // PARTS
    parts = np.add.reduceat(wide[rows[LINE_REACH], columns], bounds, dtype=int) / (len(columns) / PARTS)
    if min(parts[0], parts[-1], np.sort(parts)[2]) < 0.5:  # in two parts, ink may cover it
        return None
    strip = thin[rows, columns]
    inside = [strip[:, part].mean(axis=1, dtype=np.float64) for part in np.array_split(np.arange(len(columns)), PARTS)]
    offsets = [profile @ np.arange(-LINE_REACH, LINE_REACH + 1) / max(profile.sum(), 1) for profile in inside]
    middles = [part.mean() for part in np.array_split(columns, PARTS)]
    turn, move = np.polyfit(middles, np.clip(offsets, -2, 2), 1)
    return slope + turn, start + move


def _places(contrast: np.ndarray, slope: float, start: float) -> tuple[np.ndarray, np.ndarray]:
    """Rows (2·LINE_REACH + 1, N) and columns (N,) of what lies up to LINE_REACH above and below a line."""
    columns = np.arange(contrast.shape[1])
    middle = np.rint(start + slope * columns).astype(int)
    inside = (middle >= 0) & (middle < contrast.shape[0])
    rows = middle[inside] + np.arange(-LINE_REACH, LINE_REACH + 1)[:, None]
    return np.clip(rows, 0, contrast.shape[0] - 1), columns[inside]


def _without_lines(contrast: np.ndarray) -> np.ndarray:
    """The contrast without the ruled lines from left to right; where ink crosses one, the ink goes on.

    Printed lines are equally dark all along, which ink that lies on one exceeds, or else both sides of the line show.
    """
    cleared = contrast.copy()
    for slope, start in _lines(contrast):
        rows, columns = _places(contrast, slope, start)
        if not columns.size:  # one that was moved out of a corner
            continue
        strip = cleared[rows, columns]
        profile = np.median(strip, axis=1, keepdims=True)
        level = np.percentile(strip, 70, axis=1, keepdims=True) * 1.25
        edge = np.minimum(strip[:2].min(axis=0), strip[-2:].min(axis=0))
        left = np.maximum(np.maximum(strip - level, 0), edge)
        cleared[rows, columns] = np.where(profile > 0.25 * profile.max(), left, strip)
    return cleared


def find_ink(contrast: np.ndarray) -> np.ndarray | None:
    """How much ink each pixel of a photograph holds: (H, W) uint8, 0 where there is none; None without any ink.

    `contrast` comes from `examine`; its longer side is at most WORKING_SIZE pixels.
    """
    contrast = _without_lines(_without_lines(contrast).T).T
    lowest = max(MIN_INK, SPREADS * _noise(contrast))
    found = contrast[_long(contrast > lowest)]
    if not found.size:
        return None
    full = np.percentile(found[found >= (found**2).sum() / found.sum() / 2], 50)
    kept = _uncut(_long(contrast > max(lowest, THRESHOLD * full)))
    ink = np.clip(contrast * (255 / full), 0, 255).astype(np.uint8)
    return np.where(kept, ink, np.uint8(0)) if kept.any() else None


def _long(mask: np.ndarray) -> np.ndarray:
    """The mask without grain."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    long = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) >= max(3, SMALLEST * max(mask.shape))
    long[0] = False  # the paper
    return long[labels]


def _uncut(mask: np.ndarray) -> np.ndarray:
    """The mask without what the border cuts, such as the edge of a sheet, if anything as large as a digit is left."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    start = stats[:, [cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP]]
    size = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    whole = (start > 0).all(axis=1) & (start + size < mask.shape[::-1]).all(axis=1)
    if not (size[whole] >= SMALLEST_DIGIT * max(mask.shape)).any():
        return mask
    return mask & whole[labels]
