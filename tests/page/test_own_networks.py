"""A network of one's own in the sidebar's form, a file of one that somebody else trained, and replays."""

import numpy as np
import pytest

from model import InputError
from model.networks import read_recipe
from model.runs import (
    Answer,
    Moment,
    Settings,
    claim_training,
    hand_over,
    read_readings,
    training_lock,
    write_frames,
    write_readings,
)
from tests.support.page import keys, network_in_use, run_until, texts
from tests.support.runs import make_usable_run
from views.shared.watched import filter_sheet

pytestmark = pytest.mark.usefixtures("local")


@pytest.fixture
def started(monkeypatch):
    """The settings of each training that the page starts, which none of these tests wants."""
    settings = []

    def start(runs, chosen, owner, in_use):
        settings.append(chosen)
        raise InputError("Not now.")

    monkeypatch.setattr("views.shared.trainings.queue_training", start)
    return settings


def test_layers_are_chosen_and_trained_and_what_they_take_is_said_before(page, started):
    page.query_params["network"] = "own"
    page.query_params["layers"] = '{"convolutions": [{"filters": 7, "kernel": 4}], "dense": [20], "dropout": 0.25}'
    page.run()
    assert page.number_input("own_filters_0").value == 7
    assert page.number_input("dropout").value == 0.25
    page.number_input("own_convolutions").set_value(2).run()
    page.number_input("own_dense").set_value(0).run()
    page.number_input("own_filters_1").set_value(3).run()
    page.toggle("own_pool_1").set_value(True).run()
    page.selectbox("optimizer").select("sgd").run()
    page.toggle("centre").set_value(False).run()
    page.number_input("patience").set_value(4).run()
    network = read_recipe(
        '{"convolutions": [{"filters": 7, "kernel": 4}, {"filters": 3, "kernel": 3, "pool": true}], "dropout": 0.25}'
    )
    assert f"{network.parameters:,} parameters" in texts(page)
    assert "an epoch of 1,438 images" in texts(page)
    assert read_recipe(page.query_params["layers"]) == network
    page.button("train").click().run()
    (settings,) = started
    assert (settings.network, read_recipe(settings.recipe), settings.dropout) == ("own", network, None)
    assert (settings.optimizer, settings.learning_rate, settings.patience) == ("sgd", 0.05, 4)
    assert settings.skipped == ("centre",)
    assert not page.exception


def test_too_much_is_said_in_a_sentence(page, started):
    page.query_params["network"] = "own"
    page.run()
    page.number_input("own_filters_0").set_value(256).run()
    page.selectbox("own_kernel_0").select(11).run()
    page.selectbox("own_kernel_1").select(11).run()
    page.number_input("own_filters_1").set_value(256).run()
    assert "multiplications" in page.error[0].value
    page.button("train").click().run()
    assert started == []
    assert not page.exception


@pytest.mark.parametrize("layers", ["{", "3", '{"dense": [0]}', "x" * 1_000])
def test_layers_in_the_address_that_nobody_can_train_are_left_out(page, layers):
    page.query_params["network"], page.query_params["layers"] = "own", layers
    page.run()
    assert not page.exception
    assert page.number_input("own_convolutions").value == 2


def watched_run(runs, **more):
    """A run with a replay of two moments, on the second of which it has learned to read the visitor's drawing."""
    folder = make_usable_run(runs, "mine", **more)
    others = tuple(Answer(digit, 0.9) for digit in range(10))
    moments = (0.0, Answer(1, 0.12)), (1.998, Answer(1, 0.3)), (2.0, Answer(6, 0.98))
    write_readings(folder, [Moment(epoch, others, own, 0) for epoch, own in moments])
    write_frames(folder, [(0.0, np.ones((3, 5, 5), np.float32)), (2.0, np.zeros((3, 5, 5), np.float32))])
    hand_over(folder, np.ones((28, 28), np.float32))
    claim_training(runs, "mine")
    return folder


def test_a_training_that_has_ended_is_replayed(page, runs):
    watched_run(runs)
    page.run()
    assert "filters of the first layer" not in texts(page)  # nothing is made for what is closed
    page.session_state["replay_sidebar_mine"] = True
    page.run()
    assert not page.exception
    assert "epoch 0: it says 1 (12 %) · epoch 2: it says 6 (98 %)" in texts(page)
    assert "3 filters of the first layer after epoch 2" in texts(page)
    slider = page.select_slider("replayed_sidebar_mine")
    assert slider.options == ["0", "2"]  # each once, although it was read twice at the end
    slider.set_value("0").run()
    assert "epoch 2" not in "\n".join(caption.value for caption in page.caption if "it says" in caption.value)
    assert "3 filters of the first layer after epoch 0" in texts(page)


def test_a_network_in_training_says_what_it_reads_now(page, runs):
    with training_lock(runs):
        watched_run(runs, status="running", progress={"epoch": 3, "epochs": 9})
        page.run()
        assert not page.exception
        assert "What it says now" in texts(page)
        assert "epoch 2: it says 6 (98 %)" in texts(page)
        assert not [key for key in keys(page) if key and "replay" in key]


def test_filters_are_laid_out_in_rows_on_a_scale_of_their_own():
    filters = np.linspace(-1, 1, 10)[:, None, None] * np.ones((10, 2, 3))
    sheet = filter_sheet(filters.astype(np.float32), 1.0)[::4, ::4]
    assert sheet.shape == (5, 8 * 4 - 1)
    assert (sheet[0, 0], sheet[3, 4]) == (0, 255)
    assert 100 < sheet[0, 4 * 4] < 160


def test_a_network_file_is_tried_and_then_used(page, runs, monkeypatch):
    from views.shared import network_file

    def adopt(folder, name, content, owner, in_use):
        if content != b"network":
            raise InputError(f"{name} cannot be used.")
        make_usable_run(folder, "theirs", metrics={"needs": ["It is given black ink on white."]})
        return "theirs"

    monkeypatch.setattr(network_file, "adopt_network", adopt)
    page.run()
    uploader = lambda: next(each for each in page.get("file_uploader") if each.key == "network_file_upload")  # noqa: E731
    uploader().upload("bad.h5", b"bad").run()
    run_until(page, lambda: "cannot be used" in texts(page))
    uploader().upload("good.h5", b"network").run()
    run_until(page, lambda: "black ink on white" in texts(page))
    assert page.selectbox("model").value == "theirs"
    assert network_in_use(page) == "theirs"


@pytest.mark.parametrize(("engine", "promised"), [("local", True), ("ray", False)])
def test_whoever_has_drawn_nothing_is_told_that_it_would_be_read_unless_it_trains_elsewhere(
    page, runs, engine, promised
):
    settings = Settings.of("quick", data="digits", engine=engine).to_json()
    with training_lock(runs):
        folder = watched_run(runs, status="running", progress={"epoch": 3, "epochs": 9}, settings=settings)
        write_readings(folder, [read_readings(folder)[0]._replace(own=None, drawing=None)])
        page.run()
        assert "What it says now" in texts(page)
        assert ("Draw a digit, and it is read every second" in texts(page)) is promised
