"""Teaching the network in use the drawings of a hand, from the page to the network that has come of it."""

import pytest
from streamlit.testing.v1 import AppTest

from model.drawings import open_drawings
from model.networks import NETWORKS, save_network
from model.runs import Settings, list_runs
from tests.support.digits import DIGITS
from tests.support.hasty import hasty_six
from tests.support.kept import as_kept, as_png
from tests.support.page import choose_network, keys, run_until, texts
from tests.support.runs import make_run


def sidebar_and_offer():
    import streamlit as st

    from views import sidebar
    from views.shared.loading import rerun_when_loaded
    from views.shared.teaching import offer_teaching

    with st.sidebar:
        sidebar.render()
    offer_teaching("teach")
    rerun_when_loaded()


@pytest.fixture
def page(runs, local):
    """A page with a hand that has drawings, and with a small network in use."""
    for digit, strokes in DIGITS.items():
        for _ in range(2):
            open_drawings().add("me", digit, as_kept(strokes), as_png(strokes))
    for closed in (0.9, 0.86):
        open_drawings().add("me", 6, as_kept(hasty_six(closed)), as_png(hasty_six(closed)))
    folder = make_run(runs, "small", model=None, settings=Settings.of("quick", data="digits").to_json())
    save_network(NETWORKS["quick"].build(), folder / "model.keras")
    page = AppTest.from_function(sidebar_and_offer, default_timeout=60)
    choose_network(page, "small")
    return page


def test_teaching_is_a_training_that_says_what_it_has_changed(page, runs):
    run_until(page, lambda: "teach" in keys(page))
    assert page.button("teach").label == "Teach it (10 s)"
    page.button("teach").click().run()
    run_until(page, lambda: "read_it" in keys(page) or page.error)
    run = list_runs(runs)[0]
    assert (run.status, run.network) == ("done", "quick")
    assert "of your drawings held out" in texts(page)
    assert "read_it" in keys(page)


def test_it_is_not_offered_where_trainings_are_switched_off(page, monkeypatch):
    monkeypatch.setenv("DIGITS_TRAINING", "off")
    page.run()
    assert "teach" not in keys(page)
