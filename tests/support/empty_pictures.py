"""Synthetic pictures without a digit: paper, forms, print, windows and other things, for tests and the bench."""

import string

import cv2
import numpy as np

from tests.support.photographs import any_scene, photograph
from tests.support.pictures import jpeg

WORDS = ("Name", "Date", "Total", "Room", "Class")
LETTERS = sorted(set(string.ascii_letters) - set("BIOSZgilqo")) + 6 * [" "]  # without what looks like a digit


def _page(rng: np.random.Generator, paper: str) -> np.ndarray:
    """A photograph of paper that nobody has written on."""
    return photograph([], any_scene(rng)._replace(ink="black", paper=paper), rng)


def _sheet_on_a_table(rng: np.random.Generator) -> np.ndarray:
    """Plain paper, with the table beside it on one to three sides."""
    page = _page(rng, "plain")
    table = rng.integers(20, 120, 3)
    for side in rng.choice(4, int(rng.integers(1, 4)), replace=False):
        np.rot90(page, side)[: int(rng.integers(10, 120))] = table
    return page


def _form(rng: np.random.Generator) -> np.ndarray:
    """A form with empty boxes and words beside them."""
    page = np.full((int(rng.integers(300, 700)), 500), 245, np.uint8)
    for y in range(30, page.shape[0] - 60, int(rng.integers(60, 120))):
        _print(page, str(rng.choice(WORDS)), (20, y + 28), rng)
        side = int(rng.integers(28, 44))
        for left in range(150, 150 + side * int(rng.integers(1, 7)), side):
            _box(page, (left, y), (left + side, y + side), rng)
    return _seen(page, rng)


def _one_box(rng: np.random.Generator) -> np.ndarray:
    """A single empty box of a form."""
    height, width = (int(side) for side in rng.integers(60, 300, 2))
    page = np.full((height, width), 240, np.uint8)
    left, top, right, bottom = (int(room) for room in rng.integers(3, 20, 4))
    _box(page, (left, top), (width - right, height - bottom), rng)
    return _seen(page, rng)


def _text(rng: np.random.Generator) -> np.ndarray:
    """A few lines of print."""
    page = np.full((240, 480), 250, np.uint8)
    for y in range(40, 220, int(rng.integers(28, 60))):
        _print(page, "".join(rng.choice(LETTERS, 24)), (15, y), rng)
    return _seen(page, rng)


def _print(page: np.ndarray, text: str, place: tuple[int, int], rng: np.random.Generator) -> None:
    size, grey, width = rng.uniform(0.5, 1.0), int(rng.integers(20, 80)), int(rng.integers(1, 3))
    cv2.putText(page, text, place, cv2.FONT_HERSHEY_SIMPLEX, size, grey, width, cv2.LINE_AA)


def _box(page: np.ndarray, corner: tuple[int, int], other: tuple[int, int], rng: np.random.Generator) -> None:
    cv2.rectangle(page, corner, other, int(rng.integers(0, 170)), int(rng.integers(1, 4)))


def _seen(page: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """As a scanner or, half of the time, a camera sees it."""
    if rng.random() < 0.5:
        return page
    light = 1 - rng.uniform(0.05, 0.4) * np.linspace(0, 1, page.shape[1]) ** rng.uniform(0.7, 2)
    seen = cv2.GaussianBlur(page, (0, 0), rng.uniform(0.5, 1.5)) * rng.uniform(0.6, 0.9) * light
    return jpeg(np.clip(seen + rng.normal(0, 3, page.shape), 0, 255).astype(np.uint8), int(rng.integers(50, 92)))


def _clouds(rng: np.random.Generator) -> np.ndarray:
    """What a camera sees of something else: shapes of all sizes, in colour."""
    frequencies = np.hypot(*np.meshgrid(np.fft.fftfreq(400), np.fft.fftfreq(300), indexing="ij"))
    frequencies[0, 0] = 1
    weights = frequencies[..., None] ** -rng.uniform(1, 1.8)
    spectrum = np.fft.fft2(rng.standard_normal((400, 300, 3)), axes=(0, 1)) * weights
    shapes = np.fft.ifft2(spectrum, axes=(0, 1)).real
    shapes = 128 + 50 * (shapes - shapes.mean()) / shapes.std()
    return jpeg(np.clip(shapes, 0, 255).astype(np.uint8), 85)


def _objects(rng: np.random.Generator) -> np.ndarray:
    """Things on a table: filled shapes of several colours."""
    page = np.full((360, 480, 3), rng.integers(60, 250, 3), np.uint8)
    for _ in range(int(rng.integers(1, 6))):
        middle = rng.uniform([60, 60], [420, 300])
        points = middle + rng.normal(0, rng.uniform(20, 70), (int(rng.integers(3, 9)), 2))
        cv2.fillPoly(page, [cv2.convexHull(points.astype(np.int32))], rng.integers(0, 255, 3).tolist(), cv2.LINE_AA)
    return jpeg(cv2.GaussianBlur(page, (0, 0), rng.uniform(0.5, 2)), 85)


def _window(rng: np.random.Generator) -> np.ndarray:
    """A screenshot of a program's bar, boxes and buttons."""
    page = np.full((400, 600, 3), rng.integers(230, 255), np.uint8)
    page[: int(rng.integers(20, 60))] = rng.integers(0, 220, 3)
    for _ in range(int(rng.integers(1, 7))):
        corner = rng.integers([10, 70], [400, 320])
        other = corner + rng.integers([40, 16], [180, 70])
        width = -1 if rng.random() < 0.5 else int(rng.integers(1, 3))
        cv2.rectangle(page, corner.tolist(), other.tolist(), rng.integers(0, 220, 3).tolist(), width)
    return page


EMPTY = {
    "plain paper": lambda rng: _page(rng, "plain"),
    "lined paper": lambda rng: _page(rng, "lined"),
    "squared paper": lambda rng: _page(rng, "squared"),
    "sheet on a table": _sheet_on_a_table,
    "form": _form,
    "one empty box": _one_box,
    "print": _text,
    "anything else": _clouds,
    "things on a table": _objects,
    "window": _window,
    "noise": lambda rng: rng.integers(0, 256, (200, 200), np.uint8),
}
