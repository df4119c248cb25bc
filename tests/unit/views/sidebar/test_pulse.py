"""The timer of a page."""

import pytest
from streamlit.testing.v1 import AppTest

from views.shared.trainings import Trainings
from views.sidebar import pulse


def _script():
    from views.shared.trainings import Trainings
    from views.sidebar.pulse import Look, begin_pulse

    begin_pulse(Look(Trainings(None, ()), None, 0, ("epoch 1",)))


@pytest.mark.parametrize(("pages", "shown"), [(0, 3), (1000, 1)])
def test_the_more_pages_there_are_the_less_often_each_shows_how_far_a_training_has_come(monkeypatch, pages, shown):
    regions = []
    monkeypatch.setattr(pulse, "latest_look", lambda: pulse.Look(Trainings(None, ()), None, 0, ("epoch 2",)))
    monkeypatch.setattr(pulse, "count_pages", lambda: pages)
    monkeypatch.setattr(pulse, "rerun_regions", regions.append)
    page = AppTest.from_function(_script)
    for _ in range(3):
        page.run()
    assert not page.exception
    assert len(regions) == shown
