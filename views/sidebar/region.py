"""The sidebar from top to bottom."""

import streamlit as st

from model.runs import QUEUE_FULL
from views.shared.model_choice import choose_model
from views.shared.notes import plain, show_error
from views.shared.style import apply_style
from views.shared.trainings import own_training
from views.shared.visitor import training_allowed
from views.sidebar.form import show_form, start
from views.sidebar.progress import show_training, use_comes_next
from views.sidebar.pulse import begin_pulse, latest_look


def render() -> None:
    apply_style("sidebar")
    with st.container(key="training"):
        look = latest_look(fresh=True)
        found = look.trainings
        choose_model()
        begin_pulse(look)
        if training_allowed():
            st.subheader("Train your own", anchor=False)
            show_form(found.busy)
            st.button(
                "Add to the queue" if found.busy else "Train",
                key="train",
                type="secondary" if use_comes_next(look) or found.busy else "primary",
                width="stretch",
                disabled=found.is_full,
                help=QUEUE_FULL if found.is_full else None,
                on_click=start,
            )
        own = own_training()
        if own.trouble:
            show_error(own.trouble)
        if own.note:
            st.caption(plain(own.note))
        show_training()
