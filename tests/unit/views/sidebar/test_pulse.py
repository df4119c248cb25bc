"""The timer of a page."""

from types import SimpleNamespace

from streamlit.testing.v1 import AppTest

from views.shared.trainings import Trainings
from views.sidebar import pulse
from views.sidebar.pulse import Look


def script():
    from views.shared.trainings import Trainings
    from views.sidebar.pulse import Look, begin_pulse

    begin_pulse(Look(Trainings(None, ()), None, 0, ("epoch 1",)))


def test_pages_are_shown_how_far_a_training_has_come_one_after_the_other(monkeypatch):
    now, regions = [1000.0], []
    monkeypatch.setattr(pulse, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(pulse, "_next_turn", 0.0)
    monkeypatch.setattr(pulse, "latest_look", lambda: Look(Trainings(None, ()), None, 0, ("epoch 2",)))
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
