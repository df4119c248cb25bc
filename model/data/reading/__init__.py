"""Reads data sets in the formats in which people have them: one module per format, and one that mends what it can."""

from model.data.reading.files import MAX_UNPACKED
from model.data.reading.mending import Change
from model.data.reading.read import OwnData, read_data

__all__ = ["MAX_UNPACKED", "Change", "OwnData", "read_data"]
