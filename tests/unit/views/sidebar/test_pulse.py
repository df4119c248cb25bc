"""The timer of a page."""

from types import SimpleNamespace

import pytest
from streamlit.runtime.state import SessionState
from streamlit.testing.v1 import AppTest

from model.runs import runs_folder
from views.shared.state import REMEMBERED, name_of
from views.shared.trainings import OwnTraining, Trainings
from views.sidebar import pulse
from views.sidebar.pulse import Look

LOOK = Look(Trainings(None, ()), None, 0, ("epoch 2",))


def script():
    from views.shared.trainings import Trainings
    from views.sidebar.pulse import Look, begin_pulse

    begin_pulse(Look(Trainings(None, ()), None, 0, ("epoch 1",)))


def test_pages_are_shown_how_far_a_training_has_come_one_after_the_other(monkeypatch):
    now, regions = [1000.0], []
    monkeypatch.setattr(pulse, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(pulse, "_next_turn", 0.0)
    monkeypatch.setattr(pulse, "latest_look", lambda: LOOK)
    monkeypatch.setattr(pulse, "rerun_regions", regions.append)
    first, second = (AppTest.from_function(script, default_timeout=60) for _ in range(2))
    first.run()
    assert len(regions) == 1
    second.run()
    assert len(regions) == 1
    now[0] += 2 * pulse.APART
    second.run()
    assert len(regions) == 2
    assert not first.exception
    assert not second.exception


@pytest.fixture
def seen(monkeypatch):
    """What a page has seen at a moment that the test can move on, and the question whether its timer is at rest."""
    now, state = [1000.0], SessionState()
    seen, own = pulse._Seen(upon=LOOK), OwnTraining()
    state[REMEMBERED] = {name_of(type(each)): each for each in (seen, own)}
    monkeypatch.setattr(pulse, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(pulse, "_last", (runs_folder(), now[0], LOOK))
    return SimpleNamespace(page=seen, own=own, now=now, is_idle=lambda: pulse._is_idle(state))


def test_a_page_without_news_does_not_run(seen):
    assert seen.is_idle()


@pytest.mark.parametrize(
    "change",
    [
        lambda seen: setattr(seen.page, "upon", LOOK._replace(progress=("epoch 1",))),
        lambda seen: setattr(seen.own, "run", "my-run"),  # its end has to be noticed
        lambda seen: setattr(seen.own, "cancelling", ("my-run", None)),
        lambda seen: seen.now.append(seen.now.pop() + 1.5 * pulse.KEPT),  # nobody has looked since
    ],
)
def test_one_with_news_does(seen, change):
    change(seen)
    assert not seen.is_idle()


def test_one_whose_turn_has_yet_to_come_waits_for_it(seen):
    seen.page.upon, seen.page.turn = None, 1000.5
    assert seen.is_idle()
    seen.now[0] = 1000.6
    assert not seen.is_idle()


@pytest.mark.parametrize(("took", "apart"), [(0.0, pulse.APART), (0.1, 0.1 * pulse.SHARE), (60.0, pulse.MAX_APART)])
def test_pages_are_shown_less_often_where_that_takes_long(monkeypatch, took, apart):
    monkeypatch.setattr(pulse, "_took", took)
    assert pulse._apart() == pytest.approx(apart)
