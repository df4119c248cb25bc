"""The Sweeps tab without a browser, and without training anything."""

import pytest
from streamlit.testing.v1 import AppTest

from model.runs import Settings, append_history, claim_training, training_lock, trial_folder, write_run_file
from tests.support.page import keys, texts
from tests.support.runs import ROW
from views.shared import training_form

pytestmark = pytest.mark.usefixtures("local")  # where files may be named
SWEEP = Settings.of("quick", data="digits", epochs=2, sweep="learning_rate=0.003,0.01", seeds=2, engine="ray")


def sidebar_and_sweeps():
    import streamlit as st

    from views import sidebar
    from views.tabs import runs, sweeps

    with st.sidebar:
        sidebar.render()
    sweeps.render()
    runs.render()


@pytest.fixture
def page(runs):
    return AppTest.from_function(sidebar_and_sweeps, default_timeout=60)


def make_sweep(runs, status="done", **more):
    folder = runs / "mine"
    trials = {1: ("done", 0.90, 0.92), 2: ("stopped", 0.80), 3: ("done", 0.91, 0.94), 4: ("failed",)}
    for number, (ended, *accuracies) in trials.items():
        part = trial_folder(folder, number)
        part.mkdir(parents=True)
        write_run_file(part, {"settings": {}, "status": ended})
        for epoch, accuracy in enumerate(accuracies, start=1):
            append_history(part, ROW | {"epoch": epoch, "val_accuracy": accuracy})
    run = {"settings": SWEEP.to_json(), "status": status, "started": 1_795_000_000.0, "seconds": 4.5, **more}
    write_run_file(folder, run)
    return folder


def test_the_combinations_of_a_sweep_are_compared(page, runs):
    make_sweep(runs, metrics={"test_accuracy": 0.955, "test_images": 359, "sweep": {"best": 3}})
    page.run()
    assert not page.exception
    said = texts(page)
    assert "Best: **learning rate 0.003**, 93.00 ± 1.00 % on the held-out images." in said
    assert "5 of 8 epochs were trained" in said
    table = next(each.value for each in page.table if "Combination" in each.value)
    assert table["Combination"].tolist() == ["learning rate 0.003", "learning rate 0.01"]
    assert table["Trials"].tolist() == ["2 done", "1 ended early, 1 failed"]
    assert any("held-out accuracy" in chart.proto.spec for chart in page.get("vega_lite_chart"))
    assert "quick in a sweep of 4" in said
    assert "4 of 4 trials" in page.dataframe[0].value["Epochs"].tolist()


def test_a_sweep_under_way_is_shown_and_so_is_its_crash(page, runs):
    progress = {"phase": "", "epoch": 2, "epochs": 2, "batch": 4, "batches": 12, "trial": 2, "trials": 4, "at_once": 2}
    with training_lock(runs):
        make_sweep(runs, status="running", progress=progress)
        claim_training(runs, "mine")
        page.run()
        assert not page.exception
        said = [bar.proto.text.replace("\\", "") for bar in page.get("progress")]
        assert ["Trial 2 of 4 (2 at once) · Epoch 2 of 2" in each for each in said] == [True, True]
        assert "Best, so far" in texts(page)
        assert page.button("sweeps_train").label == "Queue the sweep"
        assert "sweeps_cancel" in keys(page)
    page.run()
    assert "stopped unexpectedly" in texts(page)
    assert "sweeps_resume" in keys(page)


@pytest.mark.parametrize(
    ("values", "said"),
    [("", "Enter the learning rates"), ("fast", "--learning-rate must be a number"), ("0.1,0.1", "same value twice")],
)
def test_values_that_cannot_be_tried_start_nothing(page, runs, values, said):
    page.run()
    page.text_input("sweeps_batch_size").input("").run()
    page.text_input("sweeps_learning_rate").input(values).run()
    page.button("sweeps_train").click().run()
    assert not page.exception
    assert said in texts(page)
    assert not runs.exists()


def test_what_is_entered_is_what_is_trained(page, runs, monkeypatch):
    begun = []
    monkeypatch.setattr("views.shared.parted.begin", begun.append)
    monkeypatch.setattr(training_form, "find_spec", lambda name: name)  # as if Ray were installed
    page.run()
    page.text_input("sweeps_learning_rate").input(" 0.003,  0.01, ").run()
    page.text_input("sweeps_batch_size").input("").run()
    page.number_input("sweeps_epochs").set_value(2).run()
    page.selectbox("sweeps_engine").select("ray").run()
    page.button("sweeps_train").click().run()
    assert begun == [SWEEP]


def test_without_ray_nobody_is_asked_where_to_train(page, monkeypatch):
    monkeypatch.setattr(training_form, "find_spec", lambda name: None)
    page.run()
    assert "sweeps_engine" not in keys(page)
