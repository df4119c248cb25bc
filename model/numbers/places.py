"""Where the pieces of a number stand in its picture."""

from typing import NamedTuple

from model.numbers.pieces import Piece
from model.preprocessing import Box, Extraction, thinner, window
from model.reading import PixelBox


class Place(NamedTuple):
    """Where ink stands in a picture."""

    found: Extraction
    shape: tuple[int, ...]  # of the picture

    def of(self, piece: Piece) -> Box:
        """The part of the picture that is the box of a piece."""
        height, width = self.found.ink.shape
        box = Box(piece.left / width, piece.top / height, piece.width / width, piece.height / height)
        return box.within(self.found.box)

    def pixels(self, piece: Piece) -> PixelBox:
        """The box of a piece in pixels of the picture, all of them inside it."""
        rows, columns = self.of(piece).slices(self.shape)
        left, top = max(columns.start, 0), max(rows.start, 0)
        return left, top, min(columns.stop, self.shape[1]) - left, min(rows.stop, self.shape[0]) - top

    def extraction(self, piece: Piece) -> Extraction:
        """A piece to be read, drawn with a thinner pen if that is known to be too thick for it."""
        larger = thinner(list(piece.strokes)) if piece.strokes else None
        if larger is None:
            return Extraction(piece.ink, self.of(piece), self.found.way)
        return Extraction(larger, window(list(piece.strokes), self.found.ink.shape), self.found.way)
