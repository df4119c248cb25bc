"""From the ink of a picture to the numbers in it."""

from model.numbers.cuts import FINENESS
from model.numbers.paths import Interpret, read_lines
from model.numbers.pieces import join, lines, of_ink, of_strokes
from model.numbers.places import Place
from model.preprocessing import Extraction, PenStroke
from model.reading import Number, PixelBox


def find_numbers(
    found: Extraction,
    shape: tuple[int, ...],
    interpret: Interpret,
    strokes: list[PenStroke] | None = None,
    cut: bool = True,
) -> list[Number]:
    """The number on each line of ink, from top to bottom; none if there are too many pieces for that.

    `shape` is that of the picture, and `interpret` says what single digits pictures show. The strokes that the ink was
    drawn with, in its pixels, are read instead if given. Without `cut`, no piece is cut.
    """
    pieces = of_strokes(strokes) if strokes else of_ink(found.ink)
    return read_lines(lines(pieces), interpret, Place(found, shape), FINENESS if cut else ())


def box_of_ink(found: Extraction, shape: tuple[int, ...]) -> PixelBox:
    """Where in a picture of this shape the ink is, of which there must be some, without specks."""
    return Place(found, shape).pixels(join([piece for line in lines(of_ink(found.ink)) for piece in line]))
