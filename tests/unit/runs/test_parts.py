from model.runs import PAUSED, Parts, Progress


def test_before_the_first_part_something_is_waited_for():
    told = Parts("fold", 5, 2).combine({})
    assert (told.in_words(), told.fraction) == ("Fold 3 of 5 · Waiting for a free place", 0.4)


def test_parts_that_train_at_once_are_added_up():
    one = Progress(epoch=1, epochs=4, batch=3, batches=9, fraction=0.25, images_per_second=1_000)
    other = Progress(epoch=2, epochs=4, batch=5, batches=9, fraction=0.5, images_per_second=2_000)
    told = Parts("trial", 5, 1).combine({2: one, 4: other})
    assert told.fraction == (1 + 0.25 + 0.5) / 5
    assert told.in_words() == "Trial 4 of 5 (2 at once) · Epoch 2 of 4 · batch 5 of 9 · 3,000 images/s"


def test_the_whole_is_paused_once_all_parts_are():
    paused, going = Progress(PAUSED, epoch=2, batches=9), Progress("validating", epoch=1, batches=9)
    assert Parts("fold", 3, 0).combine({1: going, 2: paused}).phase == "validating"
    assert Parts("fold", 3, 0).combine({1: paused, 2: paused}).phase == PAUSED


def test_a_fold_says_how_far_all_would_be_one_after_the_other():
    """Half of the third of four."""
    own = Progress(fold=3, folds=4, fraction=0.625)
    assert Parts("fold", 4, 0).combine({3: own}).fraction == 0.125


def test_the_time_left_follows_from_the_time_it_took_but_not_from_pauses(monkeypatch):
    now = 100.0
    monkeypatch.setattr("model.runs.parts.time.monotonic", lambda: now)
    parts = Parts("fold", 2, 0)
    assert parts.combine({1: Progress(fraction=0.0)}).seconds_left is None
    now = 150.0
    assert parts.combine({1: Progress(fraction=0.5)}, paused=40).seconds_left == 30
    assert parts.combine({1: Progress(PAUSED, fraction=0.5)}, paused=40).seconds_left is None
