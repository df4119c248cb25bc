"""The pen of each session: its width, and whether it erases."""

from dataclasses import dataclass

from views.drawing.size import SHARPNESS
from views.shared.state import session

WIDTH, MIN_WIDTH, MAX_WIDTH = 20, 4, 40  # of 280 pixels; the first is the width at the start and in examples
ERASER = 6  # pixels by which the eraser is wider than the pen: it takes away the soft edges of a stroke, too
INK, BACKGROUND = "#ffffff", "#000000"  # the eraser is a pen in the colour of the background


@dataclass
class Pen:
    """What the next stroke is drawn with. Only the tools change it."""

    width: int = WIDTH
    """In pixels of the picture that is read."""
    erasing: bool = False

    @property
    def colour(self) -> str:
        return BACKGROUND if self.erasing else INK

    @property
    def width_on_canvas(self) -> int:
        return SHARPNESS * (self.width + ERASER if self.erasing else self.width)


def current_pen() -> Pen:
    """The pen of this session."""
    return session(Pen)
