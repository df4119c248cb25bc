"""Synthetic pictures of a digit as people crop, frame, pad and scan them, for tests and the bench."""

from collections.abc import Callable

import cv2
import numpy as np

from model.preprocessing import bounds, draw_strokes, enlarge
from tests.support.photographs import Scene, photograph

Maker = Callable[[list[np.ndarray], np.random.Generator], np.ndarray]


def jpeg(picture: np.ndarray, quality: int) -> np.ndarray:
    """The picture after JPEG compression."""
    written = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return cv2.imdecode(written, cv2.IMREAD_UNCHANGED)


def drawing(strokes: list[np.ndarray], pen: float, longer_side: float, side: int = 280) -> np.ndarray:
    """White on black, uint8 (side, side): the digit in the middle, its longer side a fraction of the canvas."""
    scaled = enlarge(strokes, longer_side)
    low, high = bounds(scaled)
    return draw_strokes([stroke + 0.5 - (low + high) / 2 for stroke in scaled], pen, side)


def close_crop(margin: float, pen: float = 20, longer_side: int = 320) -> Maker:
    """A photograph of dark ink on grey paper, cut to the ink and a margin around it, a fraction of its longer side."""

    def make(strokes: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
        ink = drawing(strokes, pen, 0.6)
        rows, columns = (np.flatnonzero(ink.max(axis=axis)) for axis in (1, 0))
        room = round(margin * max(rows[-1] - rows[0], columns[-1] - columns[0]))
        ink = cv2.copyMakeBorder(
            ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], room, room, room, room, cv2.BORDER_CONSTANT
        )
        scale = longer_side / max(ink.shape)
        ink = cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        return _on_paper(ink, rng)

    return make


def _on_paper(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Ink, uint8 (H, W), as a photograph shows it: blurred, on grey paper in slightly uneven light, with noise."""
    cover = cv2.GaussianBlur(ink, (0, 0), 1.5) / 255
    across = np.linspace(-0.5, 0.5, ink.shape[1]) * rng.choice([-1, 1])
    light = 1 + 0.06 * across
    seen = (165 + (60 - 165) * cover) * light + rng.normal(0, 3, ink.shape)
    return jpeg(np.clip(seen, 0, 255).astype(np.uint8), 88)


def boxed(grey: int, width: int, side: int = 280) -> Maker:
    """Dark on white, in a square box of its own with a margin around it."""

    def make(strokes: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
        picture = 255 - drawing(strokes, rng.uniform(10, 20), rng.uniform(0.4, 0.6), side)
        room = round(rng.uniform(0.04, 0.12) * side)
        cv2.rectangle(picture, (room, room), (side - 1 - room, side - 1 - room), grey, width)
        return picture

    return make


def framed_tiny(strokes: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """28×28, with a frame of one pixel along the border."""
    small = cv2.resize(drawing(strokes, rng.uniform(18, 26), 0.65), (28, 28), interpolation=cv2.INTER_AREA)
    small = small if rng.random() < 0.5 else 255 - small
    cv2.rectangle(small, (0, 0), (27, 27), int(255 - small[1, 1]) if rng.random() < 0.7 else 128, 1)
    return small


def padded_paper(strokes: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """A crop of a photograph of paper, in the middle of a white square."""
    page = photograph(strokes, Scene(light=rng.uniform(0.1, 0.4)), rng)
    page = page[round(rng.uniform(0, 100)) : 800 - round(rng.uniform(0, 100))]
    side = max(page.shape[:2])
    top, left = (side - page.shape[0]) // 2, (side - page.shape[1]) // 2
    return cv2.copyMakeBorder(
        page, top, side - page.shape[0] - top, left, side - page.shape[1] - left, cv2.BORDER_CONSTANT, value=(255,) * 3
    )


def tile(strokes: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """A dark tile with a bright digit, on a white page."""
    side = int(rng.integers(120, 280))
    digit = cv2.resize(
        drawing(strokes, rng.uniform(12, 24), rng.uniform(0.5, 0.75)), (side, side), interpolation=cv2.INTER_AREA
    )
    colour = rng.integers(0, 90, 3)
    shown = colour + (255 - colour) * (digit / 255)[..., None]
    page = np.full((400, 480, 3), 255, np.uint8)
    top, left = int(rng.integers(10, 390 - side)), int(rng.integers(10, 470 - side))
    page[top : top + side, left : left + side] = np.rint(shown)
    return page


def screenshot(strokes: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """Dark on white below the coloured bar of a program's window."""
    page = np.full((420, 560, 3), 255, np.uint8)
    side = int(rng.integers(200, 320))
    digit = cv2.resize(
        drawing(strokes, rng.uniform(12, 24), rng.uniform(0.5, 0.75)), (side, side), interpolation=cv2.INTER_AREA
    )
    top, left = int(rng.integers(60, 410 - side)), int(rng.integers(10, 550 - side))
    page[top : top + side, left : left + side] = 255 - digit[..., None]
    page[: int(rng.integers(20, 50))] = rng.integers(0, 200, 3)
    return page


def cut_bar(strokes: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """A drawing with a bar that the border cuts: a ruler's edge, a table, a thumb."""
    picture = 255 - drawing(strokes, rng.uniform(12, 22), rng.uniform(0.45, 0.6))
    thick = int(rng.integers(8, 28))
    picture[:, :thick] = rng.integers(0, 120)
    return picture


def neighbour(strokes: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """A drawing, and at the edge a piece of what was written beside it."""
    picture = drawing(strokes, 16, rng.uniform(0.5, 0.65))
    height = rng.uniform(0.3, 0.7)
    y = rng.uniform(0.15, 0.85 - height) + np.linspace(0, height, 12)
    x = 1.02 - 0.05 * np.sin(np.linspace(0, np.pi, 12)) * rng.uniform(0.5, 1.3)
    piece = draw_strokes([np.stack([x, y], axis=1)], 16)
    piece = piece if rng.random() < 0.5 else piece[:, ::-1]
    return 255 - np.maximum(picture, piece)


def scratched(strokes: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """A drawing with fine scratches and grain all over it."""
    picture = 255 - drawing(strokes, rng.uniform(12, 20), rng.uniform(0.5, 0.65)).astype(np.int16)
    scratches = np.zeros(picture.shape, np.uint8)
    for _ in range(int(rng.integers(3, 9))):
        ends = rng.integers(0, 280, (2, 2))
        cv2.line(scratches, ends[0].tolist(), ends[1].tolist(), int(rng.integers(40, 110)), 1, cv2.LINE_AA)
    picture = picture - scratches + rng.normal(0, 6, picture.shape)
    specks = rng.random(picture.shape) < 0.0008
    picture[specks] -= 150
    return np.clip(picture, 0, 255).astype(np.uint8)


# Digits of straight lines, as with a ruler; x and y in fractions of the picture
STRAIGHT = {
    0: ["0,0 1,0 1,1 0,1 0,0"],
    1: ["0,.4 1,0 1,1"],
    2: ["0,0 1,0 1,.5 0,1 1,1"],
    3: ["0,0 1,0 .2,.45 1,.45 0,1"],
    4: ["0,0 0,.5 1,.5", "1,0 1,1"],
    5: ["1,0 0,0 0,.45 1,.45 1,1 0,1"],
    6: ["1,0 0,.5 0,1 1,1 1,.5 0,.5"],
    7: ["0,0 1,0 .3,.5 .3,1"],
    8: ["0,0 1,0 1,1 0,1 0,0", "0,.5 1,.5"],
    9: ["1,.5 0,.5 0,0 1,0 1,.5 0,1"],
}


def straight_strokes(digit: int) -> list[np.ndarray]:
    """A digit of straight lines, each (N, 2), in fractions of its width and height."""
    return [np.array([point.split(",") for point in line.split()], float) for line in STRAIGHT[digit]]


def straight(digit: int, rng: np.random.Generator, size: tuple[int, int] = (64, 100)) -> np.ndarray:
    """A digit of straight lines, black on white, saved as a JPEG."""
    width, height = size
    low = np.array([0.2 + rng.uniform(-0.04, 0.04), 0.12 + rng.uniform(-0.03, 0.03)])
    span = np.array([rng.uniform(0.5, 0.65), rng.uniform(0.7, 0.78)])
    picture = np.full((height * 4, width * 4), 255, np.uint8)
    pen = max(1, round(rng.uniform(0.05, 0.08) * width * 4))
    for line in straight_strokes(digit):
        points = (low + line * span + rng.uniform(-0.01, 0.01, line.shape)) * (width * 4, height * 4)
        cv2.polylines(picture, [np.rint(points).astype(np.int32)], False, 30, pen, cv2.LINE_AA)
    return jpeg(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), int(rng.integers(75, 92)))


KINDS: dict[str, Maker] = {
    **{
        f"cropped to the ink and {margin:.0%}, {side} pixels": close_crop(margin, longer_side=side)
        for margin in (0.0, 0.03, 0.1, 0.3, 1.0)
        for side in (90, 320, 1200)
    },
    "in a black box": boxed(0, 3),
    "in a pale box": boxed(170, 1),
    "in a black box, 900 pixels": boxed(0, 6, 900),
    "28×28 with a frame": framed_tiny,
    "paper on a white square": padded_paper,
    "a dark tile on a white page": tile,
    "a screenshot with a bar": screenshot,
    "a bar cut by the border": cut_bar,
    "a neighbour at the border": neighbour,
    "scratches and grain": scratched,
}
