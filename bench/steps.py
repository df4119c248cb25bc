"""Makes the picture in the README that shows how a drawing becomes what the network sees.

python -m bench.steps
"""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from model.paths import ASSETS, EXAMPLE_DRAWINGS
from model.preprocessing import draw_strokes, load_strokes, prepare_in_steps, to_bytes

PICTURE = ASSETS / "steps.png"
# A small digit in a corner, in blue on grey, with a speck: every step has something to do.
DIGIT, SIZE, CORNER, PEN = 2, 0.5, (0.02, 0.4), 12
INK, BACKGROUND = (30, 60, 200), (225, 225, 215)
SPECK = 0.85, 0.2
TITLES = ("A picture", "1. Threshold", "2. Crop", "3. Resize", "4. Centre")
TILE, GAP, TEXT = 200, 16, 20  # pixels


def main() -> None:
    picture = blue_on_grey()
    steps = prepare_in_steps(picture)
    assert steps, "the picture is blank"
    tiles = [picture, steps.threshold, steps.crop, steps.resized, to_bytes(steps.image)]
    width = len(tiles) * (TILE + GAP) - GAP
    sheet = Image.new("RGB", (width, TILE + 2 * TEXT), "white")
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(TEXT)
    for place, (title, tile) in enumerate(zip(TITLES, tiles, strict=True)):
        left = place * (TILE + GAP)
        sheet.paste(enlarged(tile), (left, 0))
        pen.text((left + TILE / 2, TILE + TEXT), title, "black", font, anchor="mm")
    sheet.save(PICTURE, optimize=True)
    print(f"Saved {PICTURE}")


def blue_on_grey() -> np.ndarray:
    """The drawing, uint8 (H, W, 3) RGB."""
    strokes = next(each.strokes for each in load_strokes(EXAMPLE_DRAWINGS) if each.digit == DIGIT)
    strokes = [SIZE * stroke + CORNER for stroke in strokes]
    opacity = draw_strokes([*strokes, np.array([SPECK])], PEN)[..., None] / 255
    return np.rint(BACKGROUND + (np.array(INK) - BACKGROUND) * opacity).astype(np.uint8)


def enlarged(tile: np.ndarray) -> Image.Image:
    """The picture, enlarged without smoothing, on a black square TILE pixels a side."""
    picture = Image.fromarray(tile).convert("RGB")
    scale = TILE / max(picture.size)
    size = [max(1, round(side * scale)) for side in picture.size]
    square = Image.new("RGB", (TILE, TILE))
    square.paste(picture.resize(size, Image.Resampling.NEAREST), ((TILE - size[0]) // 2, (TILE - size[1]) // 2))
    return square


if __name__ == "__main__":
    main()
