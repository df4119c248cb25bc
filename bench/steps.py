"""Makes the picture of the README that shows how a drawing becomes what the network sees.

python -m bench.steps
"""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from model.preprocessing import draw_strokes, load_strokes, prepare_in_steps, to_bytes
from views import ROOT

PICTURE = ROOT / "assets" / "steps.png"
# A digit that is small and in a corner, in blue on grey, with a speck: each step has something to do.
DIGIT, SIZE, CORNER, PEN = 2, 0.5, (0.02, 0.4), 12
INK, GROUND = (30, 60, 200), (225, 225, 215)
SPECK = 0.85, 0.2
TITLES = ("A picture", "1. Threshold", "2. Crop", "3. Resize", "4. Centre")
TILE, GAP, TEXT = 200, 16, 20  # pixels


def main() -> None:
    picture = blue_on_grey()
    made = prepare_in_steps(picture)
    tiles = [picture, made.threshold, made.crop, made.resized, to_bytes(made.image)]
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
    """The drawing, uint8 (H, W, 3)."""
    strokes = next(each.strokes for each in load_strokes(ROOT / "assets" / "examples.json") if each.digit == DIGIT)
    strokes = [SIZE * stroke + CORNER for stroke in strokes]
    opacity = draw_strokes([*strokes, np.array([SPECK])], PEN)[..., None] / 255
    return np.rint(GROUND + (np.array(INK) - GROUND) * opacity).astype(np.uint8)


def enlarged(tile: np.ndarray) -> Image.Image:
    """The picture on a black square of TILE pixels, every pixel of it a square."""
    picture = Image.fromarray(tile).convert("RGB")
    scale = TILE / max(picture.size)
    size = [max(1, round(side * scale)) for side in picture.size]
    square = Image.new("RGB", (TILE, TILE))
    square.paste(picture.resize(size, Image.Resampling.NEAREST), ((TILE - size[0]) // 2, (TILE - size[1]) // 2))
    return square


if __name__ == "__main__":
    main()
