"""Synthetic photographs of a digit on paper, for tests and the bench: light, shadows, ruled paper, pens, a camera."""

from typing import NamedTuple

import cv2
import numpy as np

from model.preprocessing import bounds, enlarge

WIDTH, HEIGHT = 600, 800  # pixels of the picture
MARGIN = 100  # pixels of the page around it, so that a tilted page still fills it
# The share of red, green and blue light that each reflects. Pencil lets the paper through.
INKS = {
    "blue": (0.10, 0.16, 0.50),
    "black": (0.08, 0.08, 0.09),
    "pencil": (0.38, 0.38, 0.39),
    "chalk": (0.85, 0.85, 0.82),
}
GROUNDS = {"plain": (0.86, 0.85, 0.82), "lined": (0.88, 0.87, 0.85), "squared": (0.87, 0.87, 0.85)}
BOARD = (0.07, 0.11, 0.09)
LINES = ((0.62, 0.70, 0.83), (0.66, 0.66, 0.66), (0.55, 0.72, 0.70), (0.80, 0.60, 0.62))  # blue, grey, green, red
# What a camera makes of light, in 4096 steps
GAMMA = np.rint(255 * np.linspace(0, 1, 4096) ** (1 / 2.2)).astype(np.uint8)


class Scene(NamedTuple):
    ink: str = "black"  # a key of INKS; chalk is on a board
    paper: str = "plain"  # a key of GROUNDS
    light: float = 0.0  # how much darker the darkest corner is
    shadow: float = 0.0  # how much darker it is behind the edge of a shadow
    tilt: float = 0.0  # degrees that the page is turned, and how far the camera was from looking straight down
    noise: float = 0.01  # of the sensor
    quality: int = 85  # of the JPEG


def any_scene(rng: np.random.Generator) -> Scene:
    """A scene with every property chosen at random."""
    return Scene(
        ink=str(rng.choice(["blue", "black", "pencil", "chalk"], p=[0.35, 0.3, 0.25, 0.1])),
        paper=str(rng.choice(["plain", "lined", "squared"])),
        light=rng.uniform(0, 0.6),
        shadow=rng.uniform(0.2, 0.6) * rng.integers(2),
        tilt=rng.uniform(0, 5),
        noise=rng.uniform(0.005, 0.03),
        quality=int(rng.integers(50, 95)),
    )


def photograph(strokes: list[np.ndarray], scene: Scene, rng: np.random.Generator) -> np.ndarray:
    """A photograph of a digit's pen strokes, uint8 (800, 600, 3) RGB, after JPEG compression; of paper, without any."""
    page = _rule(_sheet(scene, rng), scene, rng)
    page = _write(page, strokes, scene, rng) if strokes else page
    page = _tilt(page, scene, rng)[MARGIN:-MARGIN, MARGIN:-MARGIN]
    seen = page * _light(scene, rng)[..., None]
    seen = cv2.GaussianBlur(seen, (0, 0), rng.uniform(0.5, 1.2))
    balance = rng.uniform([0.95, 0.95, 0.85], [1.05, 1.0, 1.05]) * rng.uniform(0.8, 1.05)  # and exposure
    seen = seen * balance.astype(np.float32)
    seen += _noise(seen.shape, rng) * np.float32(scene.noise) * np.sqrt(np.maximum(seen, 0.02))
    picture = GAMMA[np.rint(4095 * np.clip(seen, 0, 1)).astype(np.uint16)]
    written = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, scene.quality])[1]
    return np.ascontiguousarray(cv2.imdecode(written, cv2.IMREAD_COLOR)[..., ::-1])


def _sheet(scene: Scene, rng: np.random.Generator) -> np.ndarray:
    """Paper, or a board, with its fibres: float (H, W, 3), what it reflects."""
    shape = (HEIGHT + 2 * MARGIN, WIDTH + 2 * MARGIN)
    ground = BOARD if scene.ink == "chalk" else GROUNDS[scene.paper]
    fibres = cv2.GaussianBlur(_noise(shape, rng), (0, 0), 1.0)
    smudges = cv2.resize(_noise((12, 10), rng), shape[::-1], interpolation=cv2.INTER_CUBIC)
    return np.float32(ground) * (1 + 0.02 * fibres / fibres.std() + 0.008 * smudges)[..., None]


def _noise(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    return rng.standard_normal(shape, np.float32)


def _rule(page: np.ndarray, scene: Scene, rng: np.random.Generator) -> np.ndarray:
    if scene.paper == "plain" or scene.ink == "chalk":
        return page
    spacing, width = rng.uniform(40, 90), int(rng.integers(1, 4))
    colour = np.array(LINES[rng.integers(len(LINES))])
    lines = np.zeros(page.shape[:2], np.uint8)
    for side in (0, 1) if scene.paper == "squared" else (0,):
        for place in np.arange(rng.uniform(0, spacing), page.shape[side], spacing).astype(int):
            ends = ((0, place), (page.shape[1], place)) if side == 0 else ((place, 0), (place, page.shape[0]))
            cv2.line(lines, *ends, 255, width)
    cover = cv2.GaussianBlur(lines, (0, 0), 0.6)[..., None] / np.float32(255)
    return page * (1 - cover * (1 - colour.astype(np.float32)))


def _write(page: np.ndarray, strokes: list[np.ndarray], scene: Scene, rng: np.random.Generator) -> np.ndarray:
    """The digit on the page, somewhere in the part that will be seen."""
    side = rng.uniform(0.3, 0.65) * WIDTH
    low, high = bounds(strokes)
    scaled = [stroke * WIDTH for stroke in enlarge(strokes, side / WIDTH)]
    low, high = bounds(scaled)
    seen = np.array([WIDTH, HEIGHT])
    corner = MARGIN + rng.uniform(0.15 * seen, np.maximum(0.85 * seen - (high - low), 0.15 * seen + 1))
    width = side * rng.uniform(0.02, 0.07) * (1.5 if scene.ink == "chalk" else 1)
    ink = np.zeros(page.shape[:2], np.uint8)
    for stroke in scaled:
        points = np.rint((stroke - low + corner) * 16).astype(np.int32)
        cv2.polylines(ink, [np.repeat(points, 2, axis=0)], False, 255, max(2, round(width)), cv2.LINE_AA, 4)
    cover = ink.astype(np.float32) / 255
    if scene.ink in ("pencil", "chalk"):  # the grain of the paper shows through
        grain = cv2.GaussianBlur(_noise(ink.shape, rng), (0, 0), 1.0)
        cover *= np.clip(0.85 + 0.2 * grain / grain.std(), 0.3, 1)
    else:
        cover *= 0.95
    cover = cover[..., None]
    return page * (1 - cover) + cover * np.float32(INKS[scene.ink])


def _tilt(page: np.ndarray, scene: Scene, rng: np.random.Generator) -> np.ndarray:
    if not scene.tilt:
        return page
    height, width = page.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    angle = np.deg2rad(rng.choice([-1, 1]) * scene.tilt)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array([width, height]) / 2
    moved = (corners - middle) @ turn.T + middle + rng.uniform(-4, 4, (4, 2)) * scene.tilt
    change = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    return cv2.warpPerspective(page, change, (width, height), borderMode=cv2.BORDER_REPLICATE)


def _light(scene: Scene, rng: np.random.Generator) -> np.ndarray:
    """How brightly the page is lit at each point: float32 (H, W), about 1 where it is brightest."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    direction = rng.uniform(0, 2 * np.pi)
    along = (x - WIDTH / 2) / HEIGHT * np.cos(direction) + (y - HEIGHT / 2) / HEIGHT * np.sin(direction)
    along = (along - along.min()) / np.ptp(along)
    light = 1 - scene.light * along ** rng.uniform(0.8, 2)
    if scene.shadow:  # of a hand or a phone: a curved edge, sharp or soft, somewhere across the picture
        direction = rng.uniform(0, 2 * np.pi)
        u = (x - rng.uniform(0.25, 0.75) * WIDTH) * np.cos(direction) + (y - rng.uniform(0.25, 0.75) * HEIGHT) * np.sin(
            direction
        )
        v = -(x - WIDTH / 2) * np.sin(direction) + (y - HEIGHT / 2) * np.cos(direction)
        edge = u + rng.uniform(-0.3, 0.3) * v**2 / HEIGHT + 20 * np.sin(v / rng.uniform(60, 200))
        light = light * (1 - scene.shadow / (1 + np.exp(-edge / rng.uniform(3, 25))))
    return light.astype(np.float32)
