import json

import numpy as np

from model.preprocessing import prepare, replay, to_bytes
from tests.support.digits import DIGITS
from tests.support.own_data import read


def test_a_stroke_file_is_drawn(tmp_path):
    path = tmp_path / "mine.json"
    entries = [
        {"digit": digit, "writer": writer, "strokes": [stroke.tolist() for stroke in DIGITS[digit]]}
        for writer in (1, 25)
        for digit in range(10)
    ]
    path.write_text(json.dumps(entries))
    found = read(path)
    assert found.data.test.labels.tolist() == list(range(10))  # those of writer 25, who decides
    assert np.array_equal(found.data.train.images[7], to_bytes(prepare(replay(DIGITS[7], 14))))
    path.write_text(json.dumps([entry | {"widths": [0.2] * len(entry["strokes"])} for entry in entries]))
    assert not np.array_equal(read(path).data.train.images, found.data.train.images)
