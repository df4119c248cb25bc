"""The canvas, its tools, and the answer beside it."""

from views.drawing.region import render

__all__ = ["render"]
