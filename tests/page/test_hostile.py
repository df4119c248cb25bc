"""Whatever lies in the folder of runs, the page is there, and shows it as text."""

import pytest
from streamlit.testing.v1 import AppTest

from model.runs import claim_training, list_runs
from tests.support.hostile import MARKDOWN, RUNS, plant_all
from tests.support.page import choose_network, select_runs, texts
from tests.support.runs import make_run, make_usable_run
from tests.support.services import posix
from views.shared.notes import plain

pytestmark = posix  # Windows has neither pipes nor such names
FILES_OF_ALL = [name for name in RUNS if name.endswith(" in training")]  # of which a folder has one
SELECTED = 6  # rows whose curves and buttons are shown


def all_that_shows_runs():
    import streamlit as st

    from views import sidebar
    from views.tabs import folds, results, runs

    with st.sidebar:
        sidebar.render()
    for tab in (runs, results, folds):
        tab.render()


@pytest.fixture
def page():
    return AppTest.from_function(all_that_shows_runs, default_timeout=60)


def test_bad_runs_take_no_part_of_the_page_away(page, runs):
    make_usable_run(runs, "good")
    plant_all(runs, [name for name in RUNS if name not in FILES_OF_ALL])
    found = [run.name for run in list_runs(runs)]
    assert len(found) > len(RUNS) - len(FILES_OF_ALL) - 2
    for start in range(0, len(found), SELECTED):
        select_runs(page, found[start : start + SELECTED])
        page.run()
        assert not page.exception
    assert set(page.dataframe[0].value["Status"]) == {"done", "failed"}
    assert len(page.dataframe[0].value) == len(found)


@pytest.mark.parametrize("name", FILES_OF_ALL)
def test_bad_notes_beside_the_runs_take_no_part_of_the_page_away(page, runs, name):
    RUNS[name](runs)
    page.run()
    assert not page.exception
    assert "Built-in network" in texts(page)


def test_what_a_run_says_is_text(page, runs):
    """A picture in Markdown would be fetched by every visitor's browser."""
    RUNS["Markdown"](runs)
    claim_training(runs, "edited")  # so that the sidebar shows it, too
    select_runs(page, ["edited"])
    page.run()
    said = [each.value for kind in (page.error, page.caption, page.markdown, page.success) for each in kind]
    assert sum(plain(MARKDOWN) in each for each in said) == 2
    assert not any("![" in each.replace(r"\!\[", "") for each in said)


def test_what_a_run_learned_from_is_text(page, runs):
    """The name of a file is anybody's text, too."""
    name = "![x](https:) `b`.npz"
    make_run(runs, "mine", settings={"network": "quick", "data": f"/tmp/{name}", "epochs": 3, "folds": 2})
    make_usable_run(runs, "used", settings={"network": "quick", "data": f"/tmp/{name}", "epochs": 3})
    choose_network(page, "used")
    page.run()
    assert not page.exception
    said = [each.value for kind in (page.error, page.caption, page.markdown, page.info) for each in kind]
    assert any(plain(name) in each for each in said)
    assert not any(f"{name}" in each for each in said)


def forged_settings():
    import streamlit as st

    from model import InputError
    from model.runs import Settings
    from views.shared.training_form import fill_in

    st.session_state.data_path = "/etc/passwd"
    try:
        fill_in(Settings.of("quick"), "file", "data_path", epochs=1)
    except InputError as error:
        st.text(str(error))


def test_only_on_the_machine_itself_can_files_be_named():
    """What is said of a path tells whether there is such a file."""
    (said,) = AppTest.from_function(forged_settings, default_timeout=60).run().text
    assert said.value.startswith("Only on the machine that serves this page can files be named")


def test_on_the_machine_itself_files_can_be_named(local):
    (said,) = AppTest.from_function(forged_settings, default_timeout=60).run().text
    assert "/etc/passwd cannot be read as images of digits" in said.value
