"""The Runs tab without a browser, and what damaged runs do to the page."""

import shutil
from threading import Event

import pytest

from model.runs import (
    MAX_RUNS,
    Settings,
    claim_training,
    list_runs,
    waiting_runs,
)
from tests.support.page import PATIENCE, press_train, run_until, select_runs, texts
from tests.support.runs import make_usable_run

pytestmark = pytest.mark.usefixtures("local")  # where files may be named


def test_no_run_makes_room_for_a_training_that_cannot_begin(page, runs, tmp_path, monkeypatch):
    monkeypatch.setattr("model.runs.store.MAX_RUNS", 2)
    for name in ("first", "second"):
        make_usable_run(runs, name)
    page.run()
    page.selectbox("data").select("file").run()
    page.text_input("data_path").input(str(tmp_path / "missing.npz")).run()
    press_train(page)
    assert "There is no data at" in texts(page)
    assert len(list_runs(runs)) == 2


@pytest.mark.parametrize("name", ["reader", "shipped", "trained", "assets"])
def test_a_run_may_have_any_name(page, runs, name):
    make_usable_run(runs, name)
    claim_training(runs, name)  # the sidebar offers it, too
    select_runs(page, [name])
    page.run()
    assert not page.exception
    assert {f"keras_{name}/{name}", "keras_assets/reader"} <= {button.key for button in page.get("download_button")}


def test_a_network_is_converted_when_somebody_asks_and_the_built_in_one_at_once(page, runs, monkeypatch):
    go_on = Event()
    monkeypatch.setattr("views.shared.downloads.convert_apart", lambda _: go_on.wait(PATIENCE) and b"converted")
    make_usable_run(runs, "mine")
    select_runs(page, ["mine"])
    page.run()
    downloads = {button.key for button in page.get("download_button")}
    assert "litert_assets/reader" in downloads
    assert "litert_mine/mine" not in downloads
    page.button("convert_mine/mine").click().run()
    assert page.button("converting_mine/mine").disabled
    go_on.set()
    run_until(page, lambda: "litert_mine/mine" in {button.key for button in page.get("download_button")})


def test_copies_of_a_run_are_told_apart(page, runs):
    for name in ("mine", "copy"):
        make_usable_run(runs, name)
    select_runs(page, ["mine", "copy"])
    page.run()
    assert "(mine)** ·" in texts(page)
    assert "(copy)** ·" in texts(page)
    assert len(set(page.selectbox("model").options)) == 3


@pytest.mark.parametrize(
    ("networks", "said"),
    [(["quick", "quick"], "Solid: test images"), (["reader", "quick"], "Solid: test or validation images")],
)
def test_the_page_says_which_images_the_curves_are_of(page, runs, networks, said):
    for number, network in enumerate(networks):
        settings = Settings.of(network).to_json()
        make_usable_run(runs, f"run-{number}", settings=settings, started=1_795_000_000.0 + number)
    select_runs(page, ["run-0", "run-1"])
    page.run()
    assert said in texts(page)


def test_damaged_and_deleted_runs_do_no_harm(page, runs):
    (make_usable_run(runs, "half") / "run.json").write_text('{"settings": {"net')
    strange = '{"settings": {"network": 7, "epochs": "x"}, "status": "done"}'
    (make_usable_run(runs, "strange") / "run.json").write_text(strange)
    (make_usable_run(runs, "curved") / "history.csv").write_text("epoch,accuracy\n1,0.5\n2,")
    claim_training(runs, "half")
    page.run()
    assert not page.exception
    assert "cannot be read" in texts(page)
    claim_training(runs, "strange")
    page.run()
    assert not page.exception
    shutil.rmtree(runs / "strange")
    page.run()
    assert not page.exception
    shutil.rmtree(runs)
    page.run()
    assert not page.exception
    assert not page.button("train").disabled


def test_a_file_where_the_folder_of_runs_should_be_is_reported(page, runs):
    runs.write_text("mine")
    page.run()
    assert not page.exception
    assert "DIGITS_RUNS" in texts(page)
    press_train(page)
    assert not page.exception
    assert "cannot be read" in texts(page)
    assert runs.read_text() == "mine"


def test_kept_runs_are_bounded_and_the_page_says_so(page, runs, monkeypatch):
    for number in range(MAX_RUNS + 1):
        make_usable_run(runs, f"run-{number:02}")
    monkeypatch.setattr("views.shared.trainings.start_next", lambda runs: None)
    page.run()
    assert f"keeps {MAX_RUNS} runs" in texts(page)
    press_train(page)
    assert "were deleted to make room (run-00, run-01)" in texts(page)
    assert len(list_runs(runs)) == MAX_RUNS
    assert [run.name for run in waiting_runs(runs)] == [list_runs(runs)[0].name]
