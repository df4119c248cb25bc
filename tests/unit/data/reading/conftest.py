"""What the tests of reading data share."""

import numpy as np
import pytest

from model.paths import REAL_DRAWINGS
from model.preprocessing import load_strokes, prepare, replay, to_bytes


@pytest.fixture(scope="module")
def known():
    """200 real drawings of many people, as networks see them, and their labels: none of them in the embedded digits."""
    drawings = load_strokes(REAL_DRAWINGS)[:200]
    images = np.stack([to_bytes(prepare(replay(each.strokes, 14))) for each in drawings])
    return images, np.array([each.digit for each in drawings], np.uint8)
