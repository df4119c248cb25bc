"""The sidebar without a browser, and without training anything."""

import shutil

import numpy as np
import pytest

from model.networks import NETWORKS
from model.runs import (
    PAUSED,
    Settings,
    claim_training,
    read_run_file,
    training_lock,
    wished,
    write_run_file,
)
from tests.support.page import choose_network, keys, network_in_use, press_train, run_until, texts
from tests.support.runs import make_usable_run

pytestmark = pytest.mark.usefixtures("local")  # where files may be named


def test_a_fresh_offline_machine_can_train_at_once(page, runs):
    page.run()
    assert not page.exception
    assert page.selectbox("network").value == "quick"
    assert page.selectbox("data").value == "digits"
    assert "MNIST is not on this machine" in texts(page)
    assert "missing.npz" in texts(page)
    assert "often misreads drawings" in texts(page)
    assert not page.button("train").disabled
    assert page.selectbox("model").value == ""
    assert "Press Train" in texts(page)
    assert not runs.exists()


def test_mnist_is_the_default_where_it_is_at_hand(page, runs, tmp_path):
    (tmp_path / "missing.npz").write_bytes(b"there")
    page.run()
    assert page.selectbox("data").value == "mnist"
    assert page.number_input("epochs").value == NETWORKS["quick"].recipe.epochs
    assert "not on this machine" not in texts(page)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_brings_its_own_settings_and_source(page, runs, tmp_path, name):
    (tmp_path / "missing.npz").write_bytes(b"there")
    page.run()
    page.selectbox("network").select(name).run()
    network, recipe = NETWORKS[name], NETWORKS[name].recipe
    assert page.number_input("epochs").value == recipe.epochs
    assert page.number_input("batch_size").value == recipe.batch_size
    assert page.number_input("learning_rate").value == pytest.approx(recipe.learning_rate)
    assert page.toggle("augment").value == recipe.augment
    assert f"{network.parameters:,} parameters" in texts(page)
    assert network.source in texts(page)


def settings_of(page):
    """The expander that holds the settings."""
    return next(each for each in page.expander if each.label == "Settings")


def is_open(expander):
    return expander.proto.expanded


def test_the_settings_are_closed_at_first_and_a_line_says_what_will_be_trained(page, runs):
    page.run()
    assert not is_open(settings_of(page))
    assert "`quick` on the small scans, 20 epochs" in texts(page)
    page.number_input("epochs").set_value(1).run()
    assert "`quick` on the small scans, 1 epoch\n" in texts(page)
    page.number_input("epochs").set_value(None).run()
    page.selectbox("data").select("file").run()
    page.text_input("data_path").input("/home/me/mine.npz").run()
    assert "`quick` on `mine.npz`, 1 epoch\n" in texts(page)


def in_address(page):
    return {name: value if isinstance(value, str) else value[-1] for name, value in page.query_params.items()}


def test_the_address_holds_the_settings_that_differ_and_a_reload_finds_them(page, open_page, runs):
    page.query_params["of"] = "another"
    page.run()
    assert in_address(page) == {"of": "another"}
    page.selectbox("network").select("keras-cnn").run()
    assert in_address(page) == {"of": "another", "network": "keras-cnn"}
    page.selectbox("data").select("file").run()
    page.text_input("data_path").input("/home/me/mine & yours.npz").run()
    page.number_input("epochs").set_value(7).run()
    page.number_input("learning_rate").set_value(0.0025).run()
    page.number_input("images").set_value(2_000).run()
    page.toggle("augment").set_value(True).run()
    page.session_state["settings"] = True
    page.run()
    kept = in_address(page)
    assert kept == {
        "of": "another",
        "network": "keras-cnn",
        "data": "file",
        "data_path": "/home/me/mine & yours.npz",
        "epochs": "7",
        "learning_rate": "0.0025",
        "images": "2000",
        "augment": "on",
        "settings": "on",
    }
    reloaded = open_page()
    for name, value in kept.items():
        reloaded.query_params[name] = value
    reloaded.run()
    assert not reloaded.exception
    assert is_open(settings_of(reloaded))
    assert [reloaded.selectbox(key).value for key in ("network", "data")] == ["keras-cnn", "file"]
    assert reloaded.text_input("data_path").value == "/home/me/mine & yours.npz"
    values = [reloaded.number_input(key).value for key in ("epochs", "learning_rate", "images", "batch_size")]
    assert values == [7, 0.0025, 2_000, 128]
    assert reloaded.toggle("augment").value
    assert in_address(reloaded) == kept
    reloaded.selectbox("network").select("quick").run()
    reloaded.selectbox("data").select("digits").run()
    assert in_address(reloaded) == {"of": "another", "images": "2000", "settings": "on"}


HOSTILE = ["", "-1", "0", "inf", "nan", "1e999", "9" * 5_000, "on", "None", "../..", "<b>", "\0", "%00"]


@pytest.mark.parametrize("value", HOSTILE)
def test_an_address_that_nobody_can_train_with_changes_nothing(page, open_page, runs, value):
    names = ["network", "data", "epochs", "batch_size", "learning_rate", "images", "augment", "seed"]
    clean = open_page().run()
    accepted = {("augment", "on"), ("seed", "0")}
    for name in names:
        if (name, value) not in accepted:
            page.query_params[name] = value
    page.run()
    assert not page.exception
    for kind in ("selectbox", "number_input", "toggle"):
        assert [each.value for each in page.get(kind)] == [each.value for each in clean.get(kind)]
    assert not in_address(page)


@pytest.mark.parametrize("path", ["\0", "a\nb", "x" * 5_000])
def test_a_path_in_the_address_that_is_none_is_left_out(page, runs, path):
    page.query_params["data"], page.query_params["data_path"] = "file", path
    page.run()
    press_train(page)
    assert not page.exception
    assert not page.text_input("data_path").value
    assert not runs.exists()


def primary(page):
    return [each.key for each in page.button if each.proto.type == "primary"]


def test_the_next_step_is_the_one_primary_button(page, runs):
    page.run()
    assert primary(page) == ["train"]
    make_usable_run(runs, "mine")
    claim_training(runs, "mine")
    page.run()
    assert primary(page) == ["read_it"]
    assert page.button("read_it").label == "Use my network"
    page.button("read_it").click().run()
    assert primary(page) == ["train"]  # at once, while it loads
    run_until(page, lambda: network_in_use(page) == "mine")
    page.run()
    assert primary(page) == ["train"]
    assert "read_it" not in keys(page)


def test_after_a_training_that_failed_it_is_time_to_train_again(page, runs):
    make_usable_run(runs, "mine", status="failed")
    claim_training(runs, "mine")
    page.run()
    assert primary(page) == ["train"]
    assert "read_it" in keys(page)


def test_training_can_be_switched_off(page, runs, monkeypatch):
    make_usable_run(runs, "mine")
    monkeypatch.setenv("DIGITS_TRAINING", "off")
    page.run()
    assert not page.exception
    assert not keys(page) & {"train", "cancel"}
    assert [box.key for box in page.selectbox] == ["model"]
    assert len(page.selectbox("model").options) == 2


def test_a_wrong_file_starts_nothing(page, runs, tmp_path):
    np.savez(tmp_path / "wrong.npz", x_train=np.zeros(3))
    page.run()
    page.selectbox("data").select("file").run()
    press_train(page)
    assert "Enter the path of your data" in texts(page)
    page.text_input("data_path").input(str(tmp_path / "wrong.npz")).run()
    press_train(page)
    assert "wrong.npz cannot be read as MNIST" in texts(page)
    assert not page.exception
    assert not runs.exists()


def test_a_training_that_cannot_be_cancelled_from_here_is_reported(page, runs):
    """The lock's holder is no trainer of ours, as far as anybody can see."""
    with training_lock(runs):
        make_usable_run(runs, "theirs", status="running")
        claim_training(runs, "theirs")
        page.run()
        page.button("cancel").click().run()
        run_until(page, lambda: "cannot be cancelled from here" in texts(page))
        assert page.button("cancel").label == "Cancel"


def test_a_training_that_was_started_elsewhere_is_shown_and_so_is_its_crash(page, runs):
    progress = {"phase": "", "epoch": 2, "epochs": 3, "batch": 4, "batches": 12, "fraction": 0.4, "seconds_left": 75.0}
    with training_lock(runs):
        make_usable_run(runs, "theirs", status="running", progress=progress)
        claim_training(runs, "theirs")
        page.query_params["settings"] = "on"
        page.run()
        assert page.button("train").label == "Add to the queue"
        assert "cancel" in keys(page)
        assert not is_open(settings_of(page))  # Cancel would be out of sight
        (bar,) = page.get("progress")
        assert bar.value == 40
        assert "Epoch 2 of 3 · batch 4 of 12 · 1 min 15 s left" in bar.proto.text
        assert "61.23 % on test images" in texts(page)
    page.run()
    assert not page.exception
    assert "stopped unexpectedly" in texts(page)
    assert "61.23 % on test images" in texts(page)
    assert page.button("train").label == "Train"
    assert "cancel" not in keys(page)


def test_a_training_is_paused_and_goes_on_step_by_step_whoever_started_it(page, runs):
    progress = {"epoch": 2, "epochs": 3, "batch": 4, "batches": 12}
    with training_lock(runs):
        folder = make_usable_run(runs, "theirs", status="running", progress=progress)
        claim_training(runs, "theirs")
        page.run()
        page.button("wish_pause").click().run()
        assert wished(folder) == ("pause", 1)
        assert page.button("wish_pause").label == "Pausing …"
        write_run_file(folder, read_run_file(folder) | {"progress": progress | {"phase": PAUSED}})
        page.run()
        assert "Epoch 2 of 3 · paused" in page.get("progress")[0].proto.text
        for number, what in enumerate(("batch", "epoch", "go"), start=2):
            page.button(f"wish_{what}").click().run()
            assert wished(folder) == (what, number)
        assert "cancel" in keys(page)


def test_nobody_pauses_a_training_where_training_is_off(page, runs, monkeypatch):
    monkeypatch.setenv("DIGITS_TRAINING", "off")
    with training_lock(runs):
        make_usable_run(runs, "theirs", status="running", progress={"phase": PAUSED})
        claim_training(runs, "theirs")
        page.run()
        assert not [key for key in keys(page) if key.startswith("wish_")]


def choose(page, runs, name):
    """Chooses a model, and waits until it is in use or refused."""
    page.selectbox("model").select(name).run()
    run_until(page, lambda: "Loading." not in texts(page))
    assert page.selectbox("model").value == (network_in_use(page) or "")


def test_another_network_can_be_chosen_and_a_damaged_one_not(page, open_page, runs):
    make_usable_run(runs, "mine", metrics={"test_accuracy": 0.991643, "real_drawings": {"right": 231, "images": 300}})
    (make_usable_run(runs, "damaged") / "model.keras").write_bytes(b"no network")
    page.run()
    choose(page, runs, "mine")
    assert network_in_use(page) == "mine"
    assert any("quick: 99.2 % of 359 scans · " in option for option in page.selectbox("model").options)
    assert "It reads 356 of 359 scans and 231 of 300 real drawings correctly." in texts(page)
    choose(page, runs, "damaged")
    assert network_in_use(page) == "mine"
    assert "damaged/model.keras" in texts(page).replace("\\\\", "/")
    other = open_page().run()  # another visitor
    assert other.selectbox("model").value == ""
    choose(page, runs, "")
    assert network_in_use(page) is None
    assert "damaged" not in texts(page)


def test_a_model_in_use_is_named_even_while_it_trains_on(page, runs):
    make_usable_run(runs, "mine", status="running")
    choose_network(page, "mine")
    with training_lock(runs):
        claim_training(runs, "mine")
        page.run()
        assert page.selectbox("model").value == "mine"


def test_nothing_is_said_to_be_kept_where_nothing_is(page, runs):
    folder = make_usable_run(runs, "mine", status="cancelled")
    claim_training(runs, "mine")
    page.run()
    assert "What it has learned is kept" in texts(page)
    (folder / "model.keras").unlink()
    page.run()
    assert "nothing to keep" in texts(page)
    write_run_file(folder, read_run_file(folder) | {"settings": Settings.of("quick", 3, data="digits").to_json()})
    (folder / "fold-2").mkdir()  # it has just begun
    page.run()
    assert "nothing to keep" in texts(page)
    (folder / "history.csv").rename(folder / "fold-2" / "history.csv")
    (folder / "fold-2").rename(folder / "fold-1")
    (folder / "fold-2").mkdir()
    page.run()
    assert "What it has learned is kept" in texts(page)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("epochs", "Enter the number of epochs."),
        ("batch_size", "Enter the batch size."),
        ("learning_rate", "Enter the learning rate."),
        ("seed", "Enter the seed."),
    ],
)
def test_an_empty_field_starts_nothing(page, runs, key, said):
    page.run()
    page.number_input(key).set_value(None).run()
    press_train(page)
    assert said in texts(page)
    assert not runs.exists()


def test_what_the_network_that_ships_needs_is_reported(page, runs, monkeypatch):
    monkeypatch.delenv("DIGITS_STROKES", raising=False)
    page.run()
    page.selectbox("network").select("reader").run()
    assert "less well than the built-in network" in texts(page)
    monkeypatch.setenv("DIGITS_STROKES", "mine.json")
    page.run()
    assert "the pen strokes in `mine.json`" in texts(page)


def test_a_model_in_use_that_went_away_is_reported(page, runs):
    make_usable_run(runs, "mine")
    choose_network(page, "mine")
    shutil.rmtree(runs / "mine")
    run_until(page, lambda: "There is no network at" in texts(page))
    assert page.selectbox("model").value == ""
