"""Trainings of several visitors, on a page that others reach: whose they are, and who may change them."""

import re

import pytest

from model.runs import (
    MAX_WAITING_EACH,
    PAUSED,
    claim_training,
    find_run,
    list_runs,
    read_about,
    training_lock,
    waiting_runs,
    wished,
)
from tests.support.page import choose_network, keys, press_train, run_until, select_runs, texts
from tests.support.runs import make_usable_run
from views.shared import in_use, trainings
from views.shared.trainings import in_order
from views.tabs.runs import naming, tab

ANN, BEN = "a" * 40, "b" * 40


@pytest.fixture(autouse=True)
def _nothing_is_trained(monkeypatch):
    monkeypatch.setattr(trainings, "start_next", lambda runs: None)


@pytest.fixture
def as_visitor(monkeypatch):
    """From now on, whatever runs is the page of this visitor."""

    def become(name):
        for module in ("views.shared.visitor", "views.shared.trainings"):
            monkeypatch.setattr(f"{module}.own_browser", lambda: name)

    become(ANN)
    return become


def add(page, seed):
    page.number_input("seed").set_value(seed).run()
    press_train(page)
    assert not page.exception


def test_trainings_of_two_visitors_queue_and_each_sees_their_place(open_page, runs, as_visitor):
    ann, ben = open_page().run(), open_page()
    assert ann.button("train").label == "Train"
    add(ann, 1)
    assert not list_runs(runs)[0].about.title
    add(ann, 2)
    as_visitor(BEN)
    ben.run()
    assert ben.button("train").label == "Add to the queue"
    add(ben, 1)
    first, second, third = waiting_runs(runs)
    assert [run.owner for run in (first, second, third)] == [ANN, ANN, BEN]
    assert keys(ben) >= {f"withdraw_{third.name}"}
    assert not keys(ben) & {f"withdraw_{second.name}", "cancel"}
    assert re.search(r"2nd in the queue:\*\* quick · .* starts when quick · .* is done\.", texts(ben))
    assert "Another visitor has started it" in texts(ben)
    as_visitor(ANN)
    ann.run()
    assert keys(ann) >= {f"withdraw_{second.name}", "cancel"}
    assert "1st in the queue" in texts(ann) and "2nd" not in texts(ann)
    ann.button(f"withdraw_{second.name}").click().run()
    run_until(ann, lambda: find_run(runs, second.name) is None)
    as_visitor(BEN)
    reloaded = open_page().run()
    assert "1st in the queue" in texts(reloaded)


def test_a_visitor_who_has_queued_enough_is_told(page, runs, as_visitor):
    page.run()
    for seed in range(MAX_WAITING_EACH):
        add(page, seed)
    assert page.button("train").disabled
    assert "withdraw one" in page.button("train").help
    assert len(waiting_runs(runs)) == MAX_WAITING_EACH


def test_a_training_that_cannot_begin_says_why_to_whoever_started_it(page, runs, as_visitor):
    from model.runs import read_run_file, write_run_file

    page.run()
    add(page, 1)
    (run,) = waiting_runs(runs)
    failed = read_run_file(run.folder) | {"status": "failed", "error": "There is no data at mine.npz."}
    write_run_file(run.folder, failed)
    page.run()
    assert "There is no data at mine.npz." in texts(page)


def acting(action):
    """A session that calls what pressing a button calls, as a message would that was made up."""
    from streamlit.testing.v1 import AppTest

    def script():
        import streamlit as st

        st.session_state["action"]()

    page = AppTest.from_function(script, default_timeout=60)
    page.session_state["action"] = action
    page.run()
    return page


@pytest.mark.parametrize("allowed", [True, False], ids=["own", "another's"])
def test_only_who_started_a_training_changes_it(runs, as_visitor, allowed, monkeypatch):
    cancelled = []
    monkeypatch.setattr(trainings, "cancel_training", lambda runs, name: cancelled.append(name))
    as_visitor(ANN if allowed else BEN)
    with training_lock(runs):
        folder = make_usable_run(runs, "hers", status="running", owner=ANN, progress={"phase": PAUSED})
        claim_training(runs, "hers")
        run = find_run(runs, "hers")
        acting(lambda: trainings._wish(run, "go"))
        assert wished(folder)[1] == allowed
        acting(lambda: trainings._cancel(run) or (trainings.own_training().cancelling and wait_for_cancelling()))
        assert cancelled == ["hers"] * allowed
    acting(lambda: name_it(run))
    assert read_about(folder).title == ("Mine" if allowed else "")
    acting(lambda: tab._delete(run))
    assert folder.exists() != allowed


def wait_for_cancelling():
    trainings.own_training().cancelling[1].result()


def name_it(run):
    import streamlit as st

    st.session_state[f"title_{run.name}"], st.session_state[f"notes_{run.name}"] = "Mine", ""
    naming._save(run, lambda trouble: None)


def test_nobody_else_sees_a_button_that_changes_a_run(page, runs, as_visitor):
    make_usable_run(runs, "hers", owner=ANN)
    make_usable_run(runs, "nobodys", metrics={"test_accuracy": 0.991643})
    select_runs(page, ["hers", "nobodys"])
    page.run()
    assert keys(page) >= {"use_hers", "confirm_hers", "save_about_hers", "use_nobodys"}
    assert not keys(page) & {"confirm_nobodys", "save_about_nobodys"}
    as_visitor(BEN)
    page.run()
    assert not keys(page) & {"confirm_hers", "save_about_hers"}


def test_a_run_is_called_by_its_name_wherever_it_is_shown_and_that_is_text(page, runs, local):
    title = "<b>My</b> *best* :red[one] $x$"
    make_usable_run(runs, "mine", metrics={"test_accuracy": 0.991643})
    select_runs(page, ["mine"])
    page.run()
    page.text_input("title_mine").input(title)
    page.text_area("notes_mine").input("One <i>line</i>.\n# Another")
    page.button("save_about_mine").click().run()
    assert not page.exception
    assert (read_about(runs / "mine").title, read_about(runs / "mine").notes) == (title, "One <i>line</i>.\n# Another")
    assert f"{title}: 99.2 % of 359 scans" in page.selectbox("model").options
    assert page.dataframe[0].value["Run"].tolist() == [title]
    said = [each.value for each in page.markdown]
    assert not any("<b>My" in each or "<i>" in each or each.startswith("#") for each in said)
    assert title in texts(page) and "# Another" in texts(page)
    page.text_area("notes_mine").input("n\u202e")
    page.button("save_about_mine").click().run()
    assert "Notes have at most" in texts(page)


def test_a_network_in_use_is_not_deleted_to_make_room_for_anybodys_training(
    page, open_page, runs, as_visitor, monkeypatch
):
    monkeypatch.setattr("model.runs.store.MAX_RUNS", 2)
    for number, name in enumerate(("used", "oldest", "newest")):
        make_usable_run(runs, name, started=1_795_000_000.0 + number)
    other = open_page()
    choose_network(other, "used")
    page.run()
    press_train(page)
    assert {run.name for run in list_runs(runs) if run.status == "done"} == {"used"}
    assert in_use.runs_in_use() >= {"used"}


def test_only_what_could_be_chosen_is_believed_of_a_cookie(runs):
    make_usable_run(runs, "20261122-161500-quick")
    assert in_use._read({in_use.COOKIE: "20261122-161500-quick"}) == "20261122-161500-quick"
    assert in_use._read({in_use.COOKIE: "20261122-161501-quick"}) is None  # it has been deleted since
    assert in_use._read({in_use.COOKIE: "."}) == in_use.NONE
    for wrong in ("", "..", "%2e%2e%2Fetc", "a%00b", "%FF", "n" * 300, ".hidden"):
        assert in_use._read({in_use.COOKIE: wrong}) is None
    assert in_use._read({}) is None


def test_places_are_in_words():
    assert [in_order(place) for place in (1, 2, 3, 4, 11, 12, 13, 21, 22, 103)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "103rd"
    ]  # fmt: skip
