"""Reads whole numbers: what one line of digits after the other says, whether the digits touch or not."""

from model.numbers.lines import box_of_ink, find_numbers

__all__ = ["box_of_ink", "find_numbers"]
