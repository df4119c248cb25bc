"""The sidebar from top to bottom."""

import streamlit as st

from views.shared.model_choice import choose_model
from views.shared.style import apply_style
from views.shared.trainings import is_busy, own_training, training_allowed
from views.sidebar.form import show_form, start
from views.sidebar.progress import show_training, use_comes_next


def render() -> None:
    apply_style("sidebar")
    with st.container(key="training"):
        choose_model()
        busy = is_busy()
        if training_allowed():
            st.subheader("Train your own", anchor=False)
            show_form(busy)
            st.button(
                "Training …" if busy else "Train",
                key="train",
                type="secondary" if use_comes_next() else "primary",
                width="stretch",
                disabled=busy,
                on_click=start,
            )
        own = own_training()
        if own.trouble:
            st.error(own.trouble, icon=":material/error:")
        if own.note:
            st.caption(own.note)
        show_training(busy)
