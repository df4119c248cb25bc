"""The canvas, its tools, and the answer beside it."""

from views.drawing.region import awaited, render

__all__ = ["awaited", "render"]
