import math

import pytest

from model.data import Score
from model.runs import Results, load_run, shipped_results, write_run_file
from model.runs.results import results_of


@pytest.mark.parametrize(
    ("metrics", "data", "expected"),
    [
        ({"test_accuracy": 0.991643, "test_images": 359}, "digits", Score(356, 359)),
        ({"test_accuracy": 0.997, "test_images": 10_000}, "mnist", Score(9_970, 10_000)),
        ({"test_accuracy": 0.333333, "test_images": 3}, "mine.npz", Score(1, 3)),
        ({"test_accuracy": 0.991643}, "digits", Score(356, 359)),  # from before the number was kept
        ({"test_accuracy": 0.997}, "mnist", Score(9_970, 10_000)),
        ({"test_accuracy": 0.997}, "mine.npz", None),
        ({"test_accuracy": 0.9876}, "digits", None),  # no score on 359 images
        ({"test_accuracy": 0.5, "test_images": "x"}, "digits", None),
        ({"test_accuracy": 0.5, "test_images": 0}, "digits", None),
        ({"test_accuracy": 7}, "mnist", None),
        ({}, "mnist", None),
    ],
)
def test_an_accuracy_is_counted_where_the_count_is_certain(metrics, data, expected):
    assert results_of(metrics, data).tested == expected


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ({"right": 291, "images": 300}, Score(291, 300)),
        ({"right": 301, "images": 300}, None),
        ({"right": -1, "images": 300}, None),
        ({"right": 0, "images": 0}, None),
        ({"right": 290.5, "images": 300}, None),
        ({"right": True, "images": True}, None),
        ({"right": math.nan, "images": 300}, None),
        ([291, 300], None),
        (None, None),
    ],
)
def test_the_score_on_real_drawings_is_read_unless_it_is_damaged(tmp_path, kept, expected):
    write_run_file(tmp_path, {"settings": {"network": "quick"}, "metrics": {"real_drawings": kept}})
    assert load_run(tmp_path, training=False).results.real_drawings == expected


@pytest.mark.parametrize("metrics", [None, [1], "x", {"test_accuracy": "x"}])
def test_damaged_metrics_are_no_results(metrics):
    assert results_of(metrics, "mnist") == Results()


def test_the_built_in_network_has_all_results():
    results = shipped_results()
    assert results.tested == Score(9_963, 10_000)
    assert results.real_drawings.images == 300
