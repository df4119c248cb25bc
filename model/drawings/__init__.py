"""Drawings that people keep and label, and the drawing on each page's canvas: rows of one table in a database.

A *hand* is a name under which somebody's drawings are kept. The database is one of SQLite, drawings.db in the folder of
runs, unless DIGITS_DATABASE names another one.
"""

from typing import TYPE_CHECKING

from model.drawings.exchange import Imported, export_images, export_strokes, import_file, picture_of
from model.drawings.kept import MAX_BYTES, MAX_DRAWINGS, Answered, KeptDrawing
from model.drawings.opening import open_drawings

if TYPE_CHECKING:  # what open_drawings returns, to annotate with: at run time it would import SQLAlchemy
    from model.drawings.store import Drawings as Drawings

__all__ = [
    "MAX_BYTES",
    "MAX_DRAWINGS",
    "Answered",
    "Imported",
    "KeptDrawing",
    "export_images",
    "export_strokes",
    "import_file",
    "open_drawings",
    "picture_of",
]
