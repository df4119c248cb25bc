from dataclasses import fields, replace

import pytest

from model.runs import Progress, duration

COMPLETE = Progress(
    phase="validating",
    epoch=2,
    epochs=10,
    batch=1_200,
    batches=1_875,
    fraction=0.16,
    fold=1,
    folds=5,
    images_per_second=4_321,
    seconds_left=75.4,
)
NUMBERS = [each.name for each in fields(Progress) if each.name != "phase"]


@pytest.mark.parametrize("progress", [COMPLETE, Progress(), Progress("Starting"), replace(COMPLETE, seconds_left=None)])
def test_progress_survives_a_round_trip_through_run_json(progress):
    assert Progress.from_json(progress.to_json()) == progress


@pytest.mark.parametrize("content", [None, 3, "far", [1], {}, {"unknown": 1}])
def test_content_that_is_no_progress_is_none_at_all(content):
    assert Progress.from_json(content) == Progress()


@pytest.mark.parametrize("value", [None, "5", True, float("nan"), float("inf"), -1e300, 10**40, [], {}])
def test_a_damaged_number_is_left_out_and_costs_no_other(value):
    for name in NUMBERS:
        assert Progress.from_json(COMPLETE.to_json() | {name: value}) == replace(COMPLETE, **{name: None})


@pytest.mark.parametrize("value", [None, 3, True, [], {"phase": "x"}])
def test_a_damaged_phase_is_left_out(value):
    assert Progress.from_json(COMPLETE.to_json() | {"phase": value}) == replace(COMPLETE, phase="")


def test_a_long_phase_is_shortened():
    assert Progress.from_json({"phase": "x" * 1_000_000}).phase == "x" * 79 + "…"


@pytest.mark.parametrize(
    ("progress", "words", "short"),
    [
        (Progress(), "", "starting"),
        (Progress("Starting"), "Starting", "starting"),
        (Progress("Starting", fold=2, folds=5), "Fold 2 of 5 · Starting", "fold 2 of 5"),
        (COMPLETE, "Fold 1 of 5 · Epoch 2 of 10 · validating · 4,321 images/s · 1 min 15 s left", "fold 1 of 5"),
        (Progress(epoch=1, epochs=3, batch=7, batches=24), "Epoch 1 of 3 · batch 7 of 24", "epoch 1 of 3"),
        (Progress(batches=24), "Epoch 0 of 0 · batch 0 of 24", "epoch 0 of 0"),
        (Progress(folds=2), "Fold 1 of 2", "fold 1 of 2"),
        (
            Progress("Starting", trial=3, trials=4, at_once=2),
            "Trial 3 of 4 (2 at once) · Starting",
            "trial 3 of 4 (2 at once)",
        ),
    ],
)
def test_progress_in_words(progress, words, short):
    assert (progress.in_words(), progress.in_short()) == (words, short)


@pytest.mark.parametrize(
    ("seconds", "words"), [(-3, "0 s"), (7.6, "8 s"), (60, "1 min 0 s"), (200, "3 min 20 s"), (7_512, "2 h 5 min")]
)
def test_a_duration_is_said_as_people_say_it(seconds, words):
    assert duration(seconds) == words
