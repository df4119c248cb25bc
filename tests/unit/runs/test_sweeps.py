"""Which trials a sweep has, how they are read back, and which is the best."""

from dataclasses import replace

import pytest

from model import InputError
from model.runs import (
    Record,
    Settings,
    append_history,
    check_data,
    check_settings,
    epochs_trained,
    finish_sweep,
    in_words,
    list_trials,
    load_run,
    network_settings,
    rank,
    read_outcomes,
    swept_values,
    trial_folder,
    write_run_file,
)
from tests.support.runs import ROW

SWEEP = Settings.of("quick", data="digits", epochs=2, sweep="learning_rate=0.003,0.01 batch_size=128,256", seeds=2)


def make_trial(folder, number, *accuracies, status="done", test=0.5):
    part = trial_folder(folder, number)
    part.mkdir(parents=True)
    for epoch, accuracy in enumerate(accuracies, start=1):
        append_history(part, ROW | {"epoch": epoch, "val_accuracy": accuracy})
    write_run_file(part, {"settings": {}, "status": status, "metrics": {"test_accuracy": test}})
    (part / "model.keras").write_bytes(b"network %d" % number)


def test_each_combination_is_a_trial_with_each_seed():
    trials = list_trials(replace(SWEEP, seed=5))
    assert [trial.number for trial in trials] == list(range(1, 9))
    assert [trial.settings.seed for trial in trials] == [5] * 4 + [6] * 4
    combinations = [(0.003, 128), (0.003, 256), (0.01, 128), (0.01, 256)]
    assert [tuple(trial.values.values()) for trial in trials] == combinations * 2
    for trial in trials:
        assert (trial.settings.learning_rate, trial.settings.batch_size) == tuple(trial.values.values())
        assert trial.settings.held_out == 10_000
        check_settings(trial.settings)
        check_data(trial.settings)


@pytest.mark.parametrize(
    ("sweep", "said"),
    [
        ("learning_rate", "cannot be understood"),
        ("pixels=3,4", "for one of learning_rate"),
        ("seed=1,2", "for one of learning_rate"),
        ("learning_rate=fast", "--learning-rate must be a number above 0"),
        ("batch_size=1.5", "--batch-size must be a whole number"),
        ("batch_size=64,", "--batch-size must be a whole number"),
        ("augment=maybe", "takes yes and no"),
        ("epochs=3,3", "the same value twice"),
        ("epochs=3 epochs=4", "names epochs twice"),
        ("epochs=" + ",".join(map(str, range(1, 102))), "a sweep has at most 100"),
        (" ", "needs a setting"),
    ],
)
def test_values_that_cannot_be_tried_are_refused_in_a_sentence(sweep, said):
    with pytest.raises(InputError, match=said) as refused:
        check_settings(replace(SWEEP, sweep=sweep, seeds=None))
    assert str(refused.value).endswith(".")


def test_values_are_of_their_setting_s_kind_and_said_in_words():
    values = swept_values(replace(SWEEP, sweep="--learning-rate=1e-3,0.5 batch-size=32 augment=yes,no"))
    assert values == {"learning_rate": (0.001, 0.5), "batch_size": (32,), "augment": (True, False)}
    assert in_words({"learning_rate": 0.001, "augment": True}) == "learning rate 0.001, augment yes"


def test_the_best_is_chosen_by_the_mean_on_held_out_images_and_never_by_test_images(tmp_path):
    make_trial(tmp_path, 1, 0.5, 0.90, test=0.1)
    make_trial(tmp_path, 5, 0.5, 0.92, test=0.2)
    make_trial(tmp_path, 2, 0.5, 0.99, test=0.9)  # luck: with the other seed, it is bad
    make_trial(tmp_path, 6, 0.5, 0.70, test=0.9)
    make_trial(tmp_path, 3, 0.95, status="stopped", test=0.99)  # early, and not the better of the two in the end
    make_trial(tmp_path, 7, 0.95, status="stopped", test=0.99)
    make_trial(tmp_path, 4, status="failed")
    make_trial(tmp_path, 8, 0.98, status="running")
    outcomes = read_outcomes(tmp_path, SWEEP)
    first, again = ["done", "done", "stopped", "failed"], ["done", "done", "stopped", "running"]
    assert [each.status for each in outcomes] == first + again
    best, second, *_ = rank(outcomes)
    assert best.values == {"learning_rate": 0.003, "batch_size": 128}
    assert (best.accuracy, best.deviation) == (pytest.approx(0.91), pytest.approx(0.01))
    assert best.best.trial.number == 5
    assert second.accuracy == pytest.approx(0.845)
    assert epochs_trained(outcomes) == (11, 16)

    record = Record(SWEEP, {})
    record.write(tmp_path)
    assert load_run(tmp_path, training=True).part_folder == trial_folder(tmp_path, 8)
    finish_sweep(tmp_path, record)
    assert (tmp_path / "model.keras").read_bytes() == b"network 5"
    assert record.metrics["test_accuracy"] == 0.2
    assert network_settings(record) == list_trials(SWEEP)[4].settings
    record.status = "done"
    record.write(tmp_path)
    run = load_run(tmp_path, training=False)
    assert run.part_folder == tmp_path
    assert (run.sweep, run.holds_out, run.usable, run.test_accuracy) == (SWEEP, True, True, 0.2)


def test_a_sweep_of_which_no_trial_came_to_its_end_has_failed(tmp_path):
    for number in range(1, 9):
        make_trial(tmp_path, number, status="failed")
    with pytest.raises(InputError, match="lower learning rates"):
        finish_sweep(tmp_path, Record(SWEEP, {}))


@pytest.mark.parametrize("damage", [{"sweep": 3}, {"sweep": "learning_rate=x"}, {"seeds": -1}, {"epochs": None}])
def test_a_damaged_sweep_is_no_sweep(tmp_path, damage):
    write_run_file(tmp_path, {"settings": SWEEP.to_json() | damage, "status": "done"})
    assert load_run(tmp_path, training=False).sweep is None
