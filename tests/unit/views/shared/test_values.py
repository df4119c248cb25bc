"""Streamlit looks at the values of the page's own elements without making a class for each look."""

from copy import deepcopy

import pytest
from streamlit.components.v2.bidi_component import main as elements
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.common import WidgetMetadata

from views.shared.values import look_once

HELD = {"width": 14}


@pytest.fixture
def look(monkeypatch):
    """What the value of an element looks like when this was pressed in it."""
    monkeypatch.setattr(elements, "make_bidi_component_presenter", elements.make_bidi_component_presenter)
    look_once()
    look_once()
    present = elements.make_bidi_component_presenter("presses", "element", {"used"})

    def look(presses):
        state = SessionState()
        same = WidgetMetadata("presses", lambda value: value, lambda value: value, "json_trigger_value")
        state._new_widget_state.set_widget_metadata(same)
        if presses is not ...:
            state._new_widget_state.set_from_value("presses", presses)
        return present(HELD, state)

    return look


@pytest.mark.parametrize("presses", [..., None, []])
def test_without_a_press_it_is_what_the_element_holds_and_is_not_copied(look, presses):
    shown = look(presses)
    assert shown == HELD
    assert deepcopy(shown) is shown
    assert type(shown) is type(look(presses))


def test_what_was_pressed_comes_with_it(look):
    assert look([{"event": "used", "value": 3}]) == {"width": 14, "used": 3}
