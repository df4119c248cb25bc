"""The Folds tab without a browser, and without training anything."""

import pytest
from streamlit.testing.v1 import AppTest

from model.runs import claim_training, list_runs, read_run_file, training_lock, write_run_file
from tests.support.page import keys, texts
from tests.support.runs import make_folds
from views.charts.folds import limits

pytestmark = pytest.mark.usefixtures("local")  # where files may be named


def sidebar_and_folds():
    import streamlit as st

    from views import sidebar
    from views.tabs import folds, runs

    with st.sidebar:
        sidebar.render()
    folds.render()
    runs.render()


@pytest.fixture
def page(runs):
    return AppTest.from_function(sidebar_and_folds, default_timeout=60)


def accuracies(page):
    return page.table[0].value["Accuracy"].tolist() if page.table else []


def on_mnist(folder, network="he-cnn"):
    run = read_run_file(folder)
    run["settings"] |= {"data": "mnist", "network": network}
    write_run_file(folder, run)


def test_the_tutorials_own_folds_are_offered_first(page, runs, tmp_path):
    page.run()
    assert not page.exception
    assert (page.selectbox("folds_network").value, page.selectbox("folds_data").value) == ("he-cnn", "digits")
    assert (page.number_input("folds_count").value, page.number_input("folds_epochs").value) == (5, 20)
    page.selectbox("folds_data").select("mnist").run()  # with more images, fewer epochs are enough: the tutorial's
    assert page.number_input("folds_epochs").value == 10
    assert "batches of 32" in texts(page)
    assert "no cross-validation yet" in texts(page)
    page.selectbox("folds_network").select("cnn-sgd").run()
    assert page.number_input("folds_epochs").value == 20
    assert not runs.exists()


def sometimes_folds():
    import streamlit as st

    from views.tabs import folds

    if st.toggle("Open", True, key="open"):
        folds.render()


def test_what_was_chosen_is_there_when_the_tab_is_opened_again(runs):
    page = AppTest.from_function(sometimes_folds, default_timeout=60).run()
    page.selectbox("folds_network").select("quick").run()
    page.number_input("folds_count").set_value(7).run()
    page.toggle("open").set_value(False).run()
    page.toggle("open").set_value(True).run()
    assert (page.selectbox("folds_network").value, page.number_input("folds_count").value) == ("quick", 7)


def test_one_fold_has_no_deviation(page, runs):
    make_folds(runs, "begun", accuracies=(0.9,), folds=3)
    page.run()
    assert "90.00 %" in texts(page)
    assert "±" not in texts(page).replace("98.96 ± 0.097 %", "")


def test_what_is_missing_or_wrong_is_reported_and_starts_nothing(page, runs, tmp_path):
    (tmp_path / "wrong.npz").write_text("I am a text.")
    page.run()
    page.selectbox("folds_data").select("file").run()
    page.button("folds_train").click().run()
    assert "Enter the path of your data" in texts(page)
    page.text_input("folds_path").input(str(tmp_path / "wrong.npz")).run()
    page.button("folds_train").click().run()
    assert "wrong.npz cannot be read as images of digits" in texts(page)
    assert not page.exception
    assert not runs.exists()


@pytest.mark.parametrize(("key", "said"), [("folds_count", "number of folds"), ("folds_epochs", "number of epochs")])
def test_an_empty_field_starts_nothing(page, runs, key, said):
    page.run()
    page.number_input(key).set_value(None).run()
    page.button("folds_train").click().run()
    assert f"Enter the {said}." in texts(page)
    assert not runs.exists()


def test_finished_folds_are_shown_and_earlier_ones_can_be_chosen(page, runs):
    make_folds(runs, "first", accuracies=(0.9, 0.8), metrics={}, started=1_000.0)
    make_folds(runs, "second", accuracies=(0.95, 0.97, 0.99), folds=3)
    page.run()
    assert not page.exception
    assert accuracies(page) == ["95.00 %", "97.00 %", "99.00 %"]
    assert "97.00 ± 1.633 %" in texts(page)
    assert "98.96 ± 0.097 % for that network on MNIST" in texts(page)
    page.selectbox("folds_run").select("first").run()
    assert accuracies(page) == ["90.00 %", "80.00 %"]
    assert "85.00 ± 5.000 %" in texts(page)
    assert [option.split(": ")[0] for option in page.selectbox("model").options] == ["Built-in network"]


def test_the_tutorial_is_drawn_only_beside_its_own_network_and_data(page, runs):
    folder = make_folds(runs)
    for network, drawn in (("cnn-sgd", False), ("he-cnn", True)):
        on_mnist(folder, network)
        page.run()
        assert not page.exception
        box = next(chart for chart in page.get("vega_lite_chart") if "boxplot" in chart.proto.spec)
        assert ("the tutorial" in box.proto.spec) == drawn


def test_a_run_in_folds_that_was_started_elsewhere_is_shown_and_so_is_its_crash(page, runs):
    progress = {"phase": "", "epoch": 2, "epochs": 3, "batch": 4, "batches": 12, "fraction": 0.4, "seconds_left": 75.0}
    with training_lock(runs):
        make_folds(runs, folds=3, accuracies=(0.9,), status="running", progress=progress | {"fold": 2, "folds": 3})
        claim_training(runs, "mine")
        page.run()
        assert not page.exception
        bars = [bar.proto for bar in page.get("progress")]
        assert [bar.value for bar in bars] == [40, 40]  # in the sidebar and in the tab
        assert all("Fold 2 of 3 · Epoch 2 of 3" in bar.text and "1 min 15 s left" in bar.text for bar in bars)
        assert {"cancel", "folds_cancel"} <= keys(page)
        assert page.button("folds_train").label == "Queue 5 folds"
        assert accuracies(page) == ["90.00 %"]
        assert "with 1 of 3 folds finished" in texts(page)
        assert "folds_resume" not in keys(page)
    page.run()
    assert not page.exception
    assert "stopped unexpectedly" in texts(page)
    assert "folds_resume" in keys(page)
    assert not keys(page) & {"cancel", "folds_cancel"}


def test_with_training_switched_off_folds_can_only_be_looked_at(page, runs, monkeypatch):
    make_folds(runs, status="cancelled")
    monkeypatch.setenv("DIGITS_TRAINING", "off")
    page.run()
    assert not page.exception
    assert not keys(page) & {"folds_train", "folds_resume", "folds_cancel"}
    assert "switched off" in texts(page)
    assert accuracies(page) == ["90.00 %", "80.00 %"]


@pytest.mark.parametrize(("epochs", "said"), [(1, "Small scans, 1 epoch\n"), (2, "Small scans, 2 epochs\n")])
def test_a_cross_validation_says_of_how_many_epochs_it_is(page, runs, epochs, said):
    folder = make_folds(runs, accuracies=())
    run = read_run_file(folder)
    write_run_file(folder, run | {"settings": run["settings"] | {"epochs": epochs}})
    page.run()
    assert said in texts(page)


@pytest.mark.parametrize("damage", ['{"settings": {"net', '{"settings": {"folds": 3, "epochs": "x"}}', ""])
def test_damaged_runs_in_folds_do_no_harm(page, runs, damage):
    folder = make_folds(runs)
    claim_training(runs, "mine")
    (folder / "fold-1" / "history.csv").write_text("epoch,accuracy\n1,0.5\n2,")
    page.run()
    assert accuracies(page) == ["80.00 %"]
    (folder / "run.json").write_text(damage)
    page.run()
    assert not page.exception
    assert accuracies(page) == []
    assert [run.usable for run in list_runs(runs)] == [False]


@pytest.mark.parametrize("values", [[0.98933, 0.99017], [0.1], [1.0, 1.0], [0.0, 1.0], [0.0], [0.9999, 1.0]])
def test_the_axis_of_accuracies_holds_every_fold_in_few_steps(values):
    start, end, step = limits(values)
    assert 0 <= start <= min(values)
    assert max(values) <= end <= 1
    assert 1 <= round((end - start) / step, 6) <= 8
