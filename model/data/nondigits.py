"""Non-digits: drawings of letters, symbols, scribbles and the like, from which a network learns to say "not a digit".

Half of the kinds are for training. The others test whether the network also recognises kinds it has never seen
(out-of-distribution detection). Letters that can be read as digits are left out.
"""

from collections.abc import Callable

import cv2
import numpy as np

from model.data.augment import draw_varied
from model.data.datasets import Images, prepare_all
from model.data.signs import Sign, comparison, crossed_ring, integral, root, total
from model.preprocessing import draw_strokes

NON_DIGIT = 10  # their label; as a target, all ten digits are equally likely
PEN_WIDTHS = (8, 28)  # pixels
FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_SCRIPT_SIMPLEX,
    cv2.FONT_HERSHEY_SCRIPT_COMPLEX,
)
# Without those that some people write like a digit: B, D, I, O, Q, S, Z, b, g, i, l, o, q, s, y, z
LETTERS = "ACEFGHJKLMNPRTUVWXYacdefhjkmnprtuvwx"
SYMBOLS = "+*=#%&@?><~^"
HALVED = (0, 2, 3, 5, 6, 8)  # digits whose halves are not digits
MAX_TRIES = 100  # ample, since six in ten digits can be halved
SCALE = 4  # from a 28×28 image to the picture that halves and rows are cut from
SIDE = 28 * SCALE

Picture = np.ndarray | None  # uint8 (H, W), white on black; None if the attempt failed
Maker = Callable[[Images, np.random.Generator], Picture]


def _write(characters: str) -> Maker:
    """One of the characters, in one of OpenCV's stroke fonts, slightly slanted."""

    def make(_: Images, rng: np.random.Generator) -> Picture:
        return _text(characters[rng.integers(len(characters))], rng)

    return make


def _sign(*signs: Sign) -> Maker:
    """One of the signs, drawn as somebody might draw it."""

    def make(_: Images, rng: np.random.Generator) -> Picture:
        return draw_varied(signs[rng.integers(len(signs))](rng), rng)

    return make


def _word(_: Images, rng: np.random.Generator) -> Picture:
    return _text("".join(rng.choice(list(LETTERS), rng.integers(3, 6))), rng)


def _text(text: str, rng: np.random.Generator) -> Picture:
    font, scale = FONTS[rng.integers(len(FONTS))], rng.uniform(3, 8) / len(text) ** 0.5
    pen = max(1, round(rng.uniform(*PEN_WIDTHS) / (1 if len(text) == 1 else 2)))
    (width, height), below = cv2.getTextSize(text, font, scale, pen)
    picture = np.zeros((height + below + 4 * pen, width + 4 * pen), np.uint8)
    cv2.putText(picture, text, (2 * pen, height + 2 * pen), font, scale, 255, pen, cv2.LINE_AA)
    picture = cv2.copyMakeBorder(picture, 0, 0, 60, 60, cv2.BORDER_CONSTANT)
    slant = np.array([[1, rng.uniform(-0.2, 0.2), 0], [0, 1, 0]])
    return cv2.warpAffine(picture, slant, picture.shape[::-1])


def _scribble(_: Images, rng: np.random.Generator) -> Picture:
    """A smooth line through random points."""
    corners = rng.uniform(0.15, 0.85, (rng.integers(6, 14), 2))
    along = np.linspace(0, len(corners) - 1, 200)
    line = np.stack([np.interp(along, range(len(corners)), side) for side in corners.T], axis=1)
    smooth = cv2.GaussianBlur(line, (1, 0), 0, sigmaY=rng.uniform(1, 8), borderType=cv2.BORDER_REPLICATE)
    return draw_strokes([smooth], rng.uniform(*PEN_WIDTHS))


def _tally(_: Images, rng: np.random.Generator) -> Picture:
    """Three to six straight strokes, anywhere."""
    return draw_strokes(list(rng.uniform(0.12, 0.88, (rng.integers(3, 7), 2, 2))), rng.uniform(8, 20))


def _corners(_: Images, rng: np.random.Generator) -> Picture:
    """One stroke around six to nine sharp corners."""
    return draw_strokes([rng.uniform(0.15, 0.85, (rng.integers(6, 10), 2))], rng.uniform(8, 18))


def _loops(_: Images, rng: np.random.Generator) -> Picture:
    """Two to five loops in a row or in a column."""
    count = rng.integers(2, 6)
    angle = np.linspace(0, 2 * np.pi * count, 40 * count)
    radius = rng.uniform(0.5, 0.9) / count
    line = np.stack([0.2 + 0.6 * angle / angle[-1] + radius * np.sin(angle), 0.5 + 0.25 * np.cos(angle)], axis=1)
    return draw_strokes([line if rng.integers(2) else line[:, ::-1]], rng.uniform(8, 16))


def _zigzag(_: Images, rng: np.random.Generator) -> Picture:
    """Back and forth, five to nine times."""
    turns = rng.integers(5, 10)
    line = np.stack([np.linspace(0.15, 0.85, turns), np.where(np.arange(turns) % 2, 0.8, 0.2)], axis=1)
    line += rng.normal(0, 0.04, line.shape)
    return draw_strokes([line if rng.integers(2) else line[:, ::-1]], rng.uniform(8, 18))


def _spiral(_: Images, rng: np.random.Generator) -> Picture:
    angle = np.linspace(0, 2 * np.pi * rng.uniform(2, 4), 150)
    radius = np.linspace(0.02, 0.38, 150)
    start, way = rng.uniform(0, 2 * np.pi), rng.choice([-1, 1])
    line = 0.5 + np.stack([radius * np.cos(way * angle + start), radius * np.sin(way * angle + start)], axis=1)
    return draw_strokes([line], rng.uniform(8, 14))


def _shape(_: Images, rng: np.random.Generator) -> Picture:
    """A regular polygon or a star with three to six points, randomly rotated."""
    corners, star = rng.integers(3, 7), rng.integers(2)
    count = corners * (1 + star)
    angle = 2 * np.pi * np.arange(count + 1) / count + rng.uniform(0, 2 * np.pi)
    radius = np.where(np.arange(count + 1) % 2, 0.17, 0.4) if star else 0.38
    line = 0.5 + np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return draw_strokes([line + rng.normal(0, 0.01, line.shape)], rng.uniform(8, 18))


def _house(_: Images, rng: np.random.Generator) -> Picture:
    """A box with a roof or a cross in it."""
    left, top, right, bottom = rng.uniform(0.15, 0.3), rng.uniform(0.3, 0.4), rng.uniform(0.7, 0.85), 0.85
    box = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    roof = [(left, top), ((left + right) / 2, 0.12), (right, top)]
    cross = [(left, top), (right, bottom)]
    return draw_strokes([np.array(box), np.array(roof if rng.integers(2) else cross)], rng.uniform(8, 18))


def _half(*sides: int) -> Maker:
    """Half of a digit, one of these sides: 0 is the left half, 1 the right, 2 the upper, 3 the lower."""

    def make(digits: Images, rng: np.random.Generator) -> Picture:
        index = rng.integers(len(digits.labels))
        if digits.labels[index] not in HALVED:
            return None
        picture = cv2.resize(digits.images[index], (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
        side = sides[rng.integers(len(sides))]
        picture = picture if side < 2 else picture.T
        half = picture[:, : SIDE // 2] if side % 2 == 0 else picture[:, SIDE // 2 :]
        return cv2.copyMakeBorder(half if side < 2 else half.T, 8, 8, 8, 8, cv2.BORDER_CONSTANT)

    return make


def _row_of_digits(count: int) -> Maker:
    """`count` digits side by side."""

    def make(digits: Images, rng: np.random.Generator) -> Picture:
        row = []
        for image in digits.images[rng.integers(len(digits.labels), size=count)]:
            left, _, width, _ = cv2.boundingRect(image)
            row += [image[:, left : left + width], np.zeros((28, rng.integers(1, 6)), np.uint8)]
        row = np.concatenate(row[:-1], axis=1)
        return cv2.resize(cv2.copyMakeBorder(row, 2, 2, 2, 2, cv2.BORDER_CONSTANT), None, fx=SCALE, fy=SCALE)

    return make


TRAINING_KINDS: dict[str, Maker] = {
    "letters": _write(LETTERS[::2]),
    "symbols": _write(SYMBOLS[::2]),
    "scribbles": _scribble,
    "straight strokes": _tally,
    "sharp corners": _corners,
    "loops": _loops,
    "left and right halves of digits": _half(0, 1),
    "two digits": _row_of_digits(2),
    "integrals and roots": _sign(integral, root),
    "crossed rings": _sign(crossed_ring),
    "sums and comparisons": _sign(total, comparison),
}
UNSEEN_KINDS: dict[str, Maker] = {
    "other letters": _write(LETTERS[1::2]),
    "other symbols": _write(SYMBOLS[1::2]),
    "zigzags": _zigzag,
    "spirals": _spiral,
    "polygons and stars": _shape,
    "houses": _house,
    "upper and lower halves of digits": _half(2, 3),
    "three digits": _row_of_digits(3),
    "words": _word,
}


def draw_nondigits(kinds: dict[str, Maker], count: int, digits: Images, rng: np.random.Generator) -> np.ndarray:
    """`count` prepared images, uint8 (count, 28, 28), the same number of each kind; some kinds are made from `digits`.

    There are fewer if a kind cannot be made from these digits: they may all be 1s, say, which cannot be halved.
    """
    makers = list(kinds.values())
    tried = (_try(makers[i % len(makers)], digits, rng) for i in range(count))
    return prepare_all((picture, NON_DIGIT) for picture in tried if picture is not None).images


def _try(maker: Maker, digits: Images, rng: np.random.Generator) -> Picture:
    """A picture with ink; None after too many attempts."""
    for _ in range(MAX_TRIES):
        picture = maker(digits, rng)
        if picture is not None and picture.any():
            return picture
    return None
