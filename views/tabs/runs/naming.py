"""The name of a run and notes on it, which whoever started it can change."""

from collections.abc import Callable

import streamlit as st

from model import InputError
from model.runs import MAX_NOTES, MAX_TITLE, About, Run, write_about
from views.shared.notes import plain_lines
from views.shared.visitor import check_may_change, may_change

Done = Callable[[str | None], None]


def show_notes(run: Run) -> None:
    if run.about.notes:
        st.markdown(plain_lines(run.about.notes))


def offer_naming(run: Run, on_done: Done) -> None:
    """A button that opens a form for name and notes, for whoever may change them; `on_done` gets what went wrong."""
    if not may_change(run.owner):
        return
    with (
        st.popover("Name and notes", icon=":material/edit_note:", key=f"about_{run.name}"),
        st.form(f"about_form_{run.name}", border=False),
    ):
        st.text_input("Name", run.about.title, max_chars=MAX_TITLE, key=f"title_{run.name}", placeholder=run.network)
        st.text_area(
            "Notes", run.about.notes, max_chars=MAX_NOTES, key=f"notes_{run.name}", help="Everybody can read them."
        )
        st.form_submit_button("Save", key=f"save_about_{run.name}", on_click=_save, args=(run, on_done))


def _save(run: Run, on_done: Done) -> None:
    state = st.session_state
    trouble = None
    try:
        check_may_change(run.owner)
        write_about(run.folder, About(state[f"title_{run.name}"] or "", state[f"notes_{run.name}"] or ""))
    except InputError as error:
        trouble = str(error)
    on_done(trouble)
