"""Finds the ink in a photograph: a digit on paper or a board, ruled, squared or plain, in uneven light and shadow.

A drawing, a scan or a data-set image has a background of one colour, so a single threshold separates the ink (ink.py).
The background of a photograph varies: a shadow may be darker than ink, and ruled lines are longer than the digit. Only
such pictures come here; `examine` decides.

Light and reflectance multiply: the ratio of the light from a spot to the light from the paper around it is the same in
shadow as in the sun. So ink is measured as the logarithm of that ratio (a top-hat transform by division; J. Serra,
Image Analysis and Mathematical Morphology, 1982). The paper is estimated by a median, which keeps the edges of shadows
sharp and works for dark ink and for bright. Where its window is too wide to follow the edge, a smaller one is tried.
"""

import cv2
import numpy as np

from model.preprocessing.sizes import shrink_to

# Two colours fill nearly all of a drawing's border: the background, and ink that reaches it. In a photograph no two do,
# because paper has grain and light varies.
FLAT_SHARE = 0.75
MIN_CROSSINGS = 6  # of the border, as three ruled lines make: on a flat background, the only sign of a photograph
MIN_PHOTOGRAPH_SIDE = 64  # pixels: no camera takes smaller pictures
MIN_UNEVENNESS = 8  # of 255: a background that varies less is left to the single threshold, which is exact there

WORKING_SIZE = 800  # pixels: the longer side of the picture searched for ink; a ballpoint on a whole page is 2 wide
PAPER_SIZE = 200  # pixels: the longer side of the picture of the paper, which changes slowly
PAPER_WINDOW = 0.4  # of the shorter side: the strokes of a digit cover less than half of such a window
THIN_WINDOW = 0.12  # the same where strokes are thin: such a window follows the curved edge of a shadow
BRIGHT = 96  # of 255: paper in shadow is brighter, a board darker
DARK_OFFSET = 12  # of 255: added before taking logarithms, so that noise in the dark does not become large

MAX_TILT = 9.0  # degrees, of ruled lines
SMOOTHING = 15  # pixels along a line: averaged over this many, it stands out from the noise
MIN_LINE_SHARE = 0.35  # of the pixels along a line must show it
PARTS = 8  # that a line is divided into, to examine each on its own
LINE_REACH = 6  # pixels on either side of a line that may belong to it

# Contrast is the natural logarithm of the ratio of paper to ink: 0 for bare paper.
NOISE_DEVIATIONS = 5.0  # noise never exceeds this many of its standard deviations
# So many standard deviations are this percentile of noise that is cut off below 0; ruled squares reach the 75th.
GRAIN_PERCENTILE, GRAIN_DEVIATIONS = 65, 0.385
MIN_INK = 0.1  # contrast: a tenth darker than the paper. A pencil has 0.3, a black pen more than 1
MIN_LINE = 0.03  # contrast, smoothed along the line: paler lines stay below the threshold for ink anyway
THRESHOLD = 0.35  # of full ink; strokes have softer edges in a photograph than in a drawing
MIN_DIGIT = 0.08  # of the longer side: what the border cuts is dropped only if something this large remains
MIN_CUT_DIGIT = 0.3  # of the shorter side: the border cuts only digits that fill the picture
MAX_BORDER = 0.03  # of the border's pixels: a digit that the border cuts covers no more of it, but shadows do
MIN_LENGTH = 0.02  # of the longer side: anything shorter is grain


def examine(colours: np.ndarray, border: np.ndarray) -> np.ndarray | None:
    """The contrast of a photograph, uint8 (H, W) or (H, W, 3), with its paper, as `find_ink_in_photograph` takes it.

    None for any other picture: one whose background is even and not ruled. `border` holds the pixels of its border,
    (N,) or (N, C); they are enough to recognise a drawing, in about 10 µs.
    """
    if (border == border[0]).all():
        return None
    flat, crossings = _describe(border)
    if min(colours.shape[:2]) < MIN_PHOTOGRAPH_SIDE or (flat and crossings < MIN_CROSSINGS):
        return None
    colours = shrink_to(colours, WORKING_SIZE)
    paper = _paper(colours)
    contrast = _contrast(colours, paper)
    low, high = np.percentile(paper.reshape(paper.shape[0] * paper.shape[1], -1), [1, 99], axis=0)
    uneven = not flat and (high - low).max() > MIN_UNEVENNESS
    return contrast if uneven or _lines(contrast) or _lines(contrast.T) else None


def _describe(border: np.ndarray) -> tuple[bool, int]:
    """Whether two colours fill most of the border, and how often anything but the background crosses it."""
    channels = border.reshape(len(border), -1).astype(np.int64)
    codes = channels @ 256 ** np.arange(channels.shape[1])
    colours, counts = np.unique(codes, return_counts=True)
    background = codes == colours[counts.argmax()]
    flat = np.sort(counts)[-2:].sum() >= FLAT_SHARE * len(codes)
    return bool(flat), int((background[:-1] & ~background[1:]).sum())


def thin_contrast(colours: np.ndarray) -> np.ndarray:
    """The contrast of a photograph, like that of `examine`, but for thin strokes beside the edge of a shadow.

    The paper is estimated from a smaller window; thick strokes would be taken for paper. Beside the edge, the estimate
    is still wrong to either side. So ink is what is darker than bright paper, or brighter than a dark board.
    """
    colours = shrink_to(colours, WORKING_SIZE)
    paper = _paper(colours, THIN_WINDOW)
    darker, brighter = _contrasts(colours, paper)
    return darker if np.median(paper) >= BRIGHT else brighter


def _paper(colours: np.ndarray, window: float = PAPER_WINDOW) -> np.ndarray:
    """The paper alone, as a smaller picture: at each pixel the median of its surroundings."""
    small = np.ascontiguousarray(shrink_to(colours, PAPER_SIZE))
    half = max(1, int(window * min(small.shape[:2])) // 2)
    padded = cv2.copyMakeBorder(small, half, half, half, half, cv2.BORDER_REFLECT_101)  # counts no pixel twice
    return cv2.medianBlur(padded, 2 * half + 1)[half:-half, half:-half]


def _contrast(colours: np.ndarray, paper: np.ndarray) -> np.ndarray:
    """The contrast of each pixel with the paper around it: float32 (H, W), from 0.

    Whether ink is darker or brighter than the paper is decided by which of the two makes up more of the picture.
    """
    darker, brighter = _contrasts(colours, paper)
    return darker if _weight(darker) >= _weight(brighter) else brighter


def _contrasts(colours: np.ndarray, paper: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How much darker, and how much brighter than the paper around it each pixel is: float32 (H, W), from 0."""
    paper = cv2.resize(paper, colours.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    difference = log_brightness(paper) - log_brightness(cv2.GaussianBlur(colours, (0, 0), 0.7))
    darker, brighter = (np.maximum(sign * difference, 0) for sign in (1, -1))
    darker, brighter = (each.max(axis=2) if each.ndim == 3 else each for each in (darker, brighter))
    return darker, brighter


def log_brightness(colours: np.ndarray) -> np.ndarray:
    """The natural logarithms of a picture's values, uint8 of any shape: float32 of the same."""
    return cv2.LUT(colours, np.log(np.arange(256, dtype=np.float32) + DARK_OFFSET))


def _weight(contrast: np.ndarray) -> float:
    """The amount of ink, noise left out."""
    contrast = contrast[::2, ::2]
    return float((contrast[contrast > max(MIN_INK, NOISE_DEVIATIONS * _noise(contrast))] ** 2).sum())


def _noise(contrast: np.ndarray) -> float:
    """The standard deviation of the paper's grain; most of a picture is paper, even if it is squared."""
    return float(np.percentile(contrast[::3, ::3], GRAIN_PERCENTILE)) / GRAIN_DEVIATIONS


def _lines(contrast: np.ndarray) -> list[tuple[float, float]]:
    """The ruled lines from left to right: the slope of each, and its y at the left border. One alone does not count.

    They are straight and thin, and reach from border to border, which no digit does.
    """
    smooth = cv2.blur(contrast, (SMOOTHING, 1))
    mask = smooth > max(MIN_LINE, 1.5 * _noise(contrast))
    thick = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((2 * LINE_REACH - 1,) * 2, np.uint8))
    thin = (mask & (thick == 0)).astype(np.uint8)
    wide = cv2.dilate(mask.astype(np.uint8), np.ones((5, 1), np.uint8))
    middle, tilt, width = np.pi / 2, np.deg2rad(MAX_TILT), contrast.shape[1]
    found = cv2.HoughLines(
        thin, 2, np.pi / 360, round(MIN_LINE_SHARE * width), min_theta=middle - tilt, max_theta=middle + tilt
    )
    lines = np.zeros((0, 2))
    for rho, theta in [] if found is None else found[:, 0]:
        slope, start = -np.cos(theta) / np.sin(theta), rho / np.sin(theta)
        ends = np.abs(lines[:, 1] - start + np.outer([0, width], lines[:, 0] - slope))
        if not (ends.max(axis=0) < 2 * LINE_REACH).any() and (line := _follow(wide, thin, slope, start)):
            lines = np.vstack([lines, line])
    return [(slope, start) for slope, start in lines] if len(lines) > 1 else []


def _follow(wide: np.ndarray, thin: np.ndarray, slope: float, start: float) -> tuple[float, float] | None:
    """The line, fitted to the thin pixels around it; None if it does not reach from border to border."""
    rows, columns = _places(wide, slope, start)
    if len(columns) < PARTS:
        return None
    bounds = np.arange(PARTS) * len(columns) // PARTS
    parts = np.add.reduceat(wide[rows[LINE_REACH], columns], bounds, dtype=int) / (len(columns) / PARTS)
    if min(parts[0], parts[-1], np.sort(parts)[2]) < 0.5:  # ink may hide it in two parts
        return None
    strip = thin[rows, columns]
    inside = [strip[:, part].mean(axis=1, dtype=np.float64) for part in np.array_split(np.arange(len(columns)), PARTS)]
    offsets = [profile @ np.arange(-LINE_REACH, LINE_REACH + 1) / max(profile.sum(), 1) for profile in inside]
    middles = [part.mean() for part in np.array_split(columns, PARTS)]
    turn, move = np.polyfit(middles, np.clip(offsets, -2, 2), 1)
    return slope + turn, start + move


def _places(contrast: np.ndarray, slope: float, start: float) -> tuple[np.ndarray, np.ndarray]:
    """The pixels up to LINE_REACH above and below a line: their rows (2·LINE_REACH + 1, N) and columns (N,)."""
    columns = np.arange(contrast.shape[1])
    middle = np.rint(start + slope * columns).astype(int)
    inside = (middle >= 0) & (middle < contrast.shape[0])
    rows = middle[inside] + np.arange(-LINE_REACH, LINE_REACH + 1)[:, None]
    return np.clip(rows, 0, contrast.shape[0] - 1), columns[inside]


def _without_lines(contrast: np.ndarray) -> np.ndarray:
    """The contrast without the ruled lines from left to right, but with the ink that crosses them.

    A printed line is equally dark all along. Ink on it is darker, or shows on both sides of the line.
    """
    cleared = contrast.copy()
    for slope, start in _lines(contrast):
        rows, columns = _places(contrast, slope, start)
        if not columns.size:  # the fit moved it out of the picture
            continue
        strip = cleared[rows, columns]
        profile = np.median(strip, axis=1, keepdims=True)
        level = np.percentile(strip, 70, axis=1, keepdims=True) * 1.25
        edge = np.minimum(strip[:2].min(axis=0), strip[-2:].min(axis=0))
        left = np.maximum(np.maximum(strip - level, 0), edge)
        cleared[rows, columns] = np.where(profile > 0.25 * profile.max(), left, strip)
    return cleared


def find_ink_in_photograph(contrast: np.ndarray) -> np.ndarray | None:
    """How much ink each pixel of a photograph holds: uint8 (H, W), 0 where there is none; None if there is no ink.

    `contrast`, float32 (H, W), comes from `examine` or `thin_contrast`; its longer side is at most WORKING_SIZE pixels.
    """
    contrast = _without_lines(_without_lines(contrast).T).T
    lowest = max(MIN_INK, NOISE_DEVIATIONS * _noise(contrast))
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
    long = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) >= max(3, MIN_LENGTH * max(mask.shape))
    long[0] = False  # the paper
    return long[labels]


def _uncut(mask: np.ndarray) -> np.ndarray:
    """The mask without what the border cuts, such as the edge of a sheet; all of it if that may be a digit itself.

    It may be if nothing else is as large as a digit, and it fills much of the picture but little of its border.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    start = stats[:, [cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP]]
    size = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    whole = np.all((start > 0) & (start + size < mask.shape[::-1]), axis=1)
    whole[0] = False  # the paper
    border = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
    fills = border.mean() <= MAX_BORDER and (size[1:] >= MIN_CUT_DIGIT * min(mask.shape)).any()
    if fills and not (size[whole] >= MIN_DIGIT * max(mask.shape)).any():
        return mask
    return mask & whole[labels]
