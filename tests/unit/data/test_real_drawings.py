import gzip
import json
from collections import Counter

import numpy as np
import pytest

from bench.real_drawings import choose, read_entries
from model.data import Score, load_real_drawings, score_drawings
from model.paths import REAL_DRAWINGS
from model.preprocessing import USUAL_PEN, load_strokes, replay
from model.runs import shipped_results


def test_the_set_holds_thirty_of_each_digit_by_many_people():
    entries = load_strokes(REAL_DRAWINGS)
    assert Counter(each.digit for each in entries) == dict.fromkeys(range(10), 30)
    writers = Counter(each.writer for each in entries)
    assert len(writers) == 57
    assert max(writers.values()) <= 6
    assert all(writer % 5 == 0 for writer in writers)  # nothing learns from them
    assert {each["source"] for each in read_entries(REAL_DRAWINGS)} == {"unipen", "uji"}


def test_networks_see_them_as_the_page_would_show_them_drawn(recognizer):
    drawings = load_real_drawings()
    assert drawings.images.shape == (300, 28, 28)
    for number in range(0, 300, 37):
        entry = load_strokes(REAL_DRAWINGS)[number]
        reading = recognizer.read(replay(entry.strokes, USUAL_PEN))
        assert np.array_equal(reading.image, drawings.images[number].astype(np.float32) / 255)
        assert drawings.labels[number] == entry.digit


def test_the_kept_score_of_the_built_in_network_is_what_it_reaches(recognizer):
    """If it differs: python -m bench.real_drawings --record."""
    found, kept = score_drawings(recognizer.predict), shipped_results().real_drawings
    assert found.images == kept.images
    assert abs(found.right - kept.right) <= 1  # processors differ in the last decimals


def test_a_score_counts_right_answers():
    labels = load_real_drawings().labels
    answers = np.eye(10, dtype=np.float32)[labels]
    answers[:13] = np.roll(answers[:13], 1, axis=1)
    score = score_drawings(lambda images: answers)
    assert score == Score(287, 300)
    assert score.in_words() == "287 of 300"
    assert score.share == pytest.approx(287 / 300)


def made_up(writers, source="unipen"):
    """One drawing of each digit by each writer, two by the first."""
    digits = [*range(10), *range(10)]
    return [
        {"digit": digit, "writer": writer, "source": source, "strokes": [[[0.1, 0.2], [0.3, 0.4 + digit / 100]]]}
        for writer in writers
        for digit in digits[: 20 if writer == writers[0] else 10]
    ]


def test_the_drawings_are_chosen_evenly_and_only_from_people_nobody_learns_from():
    writers = range(1_000, 1_300, 5)  # 60 people
    entries = [*made_up(writers), *made_up(range(1_001, 1_300, 5)), *made_up(writers, "bhmsds")]
    chosen = choose(entries)
    assert chosen == choose(entries)
    assert Counter(each["digit"] for each in chosen) == dict.fromkeys(range(10), 30)
    assert set(Counter(each["writer"] for each in chosen).values()) == {5}
    assert {each["source"] for each in chosen} == {"unipen"}
    assert {each["writer"] % 5 for each in chosen} == {0}


def test_too_few_drawings_are_named():
    with pytest.raises(SystemExit, match="too few"):
        choose(made_up(range(1_000, 1_020, 5)))


def test_entries_are_read_gzipped_or_not(tmp_path):
    entries = made_up([1_000])
    (tmp_path / "a.json").write_text(json.dumps(entries))
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(json.dumps(entries).encode()))
    assert read_entries(tmp_path / "a.json") == read_entries(tmp_path / "a.json.gz") == entries
