"""The project's stroke files as a data set: each digit drawn with a usual pen, and prepared like a drawing."""

from collections.abc import Callable

import numpy as np

from model.data.reading.files import File
from model.data.reading.raw import MAX_IMAGES, Found, Raw, divide
from model.errors import InputError
from model.preprocessing import (
    CANVAS_SIZE,
    USUAL_PEN,
    PenStroke,
    StrokeDigit,
    draw_with_pens,
    parse_strokes,
    prepare,
    replay,
    to_bytes,
)

MAX_BYTES = 200_000_000  # of text: 33,000 digits take 25 million
TELL_EVERY = 100  # digits


def read_strokes(file: File, tell: Callable[[str], None] | None = None) -> Found:
    """The digits of a stroke file as images. Those of the writers who decide, if it has others, are to test on.

    `tell` is called with the progress in words. Raises InputError if the file cannot be read.
    """
    written = parse_strokes(file.read(MAX_BYTES), file.name)
    if len(written) > MAX_IMAGES:
        raise InputError(f"{file.name} holds {len(written):,} digits: divide it into files of at most {MAX_IMAGES:,}.")
    images, digits, testing = [], [], []
    for number, each in enumerate(written):
        if tell and number % TELL_EVERY == 0:
            tell(f"Drawing digit {number + 1:,} of {len(written):,}")
        if (image := prepare(_draw(each))) is not None:
            images.append(to_bytes(image))
            digits.append(each.digit)
            testing.append(each.decides)
    if not images:
        raise InputError(f"All strokes of {file.name} are outside of the writing box: correct it.")
    stacked, labels, tested = np.stack(images), np.array(digits, np.uint8), np.array(testing)
    parts = [(kind, Raw(stacked[tested == kind], labels[tested == kind])) for kind in (False, True)]
    return divide(parts, prepared=True)


def _draw(digit: StrokeDigit) -> np.ndarray:
    if not digit.widths:
        return replay(digit.strokes, USUAL_PEN)
    pens = zip(digit.strokes, digit.widths, strict=True)
    return draw_with_pens([PenStroke(points * CANVAS_SIZE, width * CANVAS_SIZE) for points, width in pens])
