"""The tab from top to bottom."""

import streamlit as st

from model import InputError
from model.drawings import open_drawings
from views.shared import hand, practice, visitor
from views.shared.hand import Look
from views.shared.hand_score import score
from views.shared.jobs import submit, watch
from views.shared.notes import show_error
from views.shared.state import session
from views.shared.style import apply_style
from views.shared.teaching import offer_teaching
from views.tabs.my_drawings.changes import Tab
from views.tabs.my_drawings.files import show_files, take_in
from views.tabs.my_drawings.grid import offer_undo, show_grid, show_selected

CHOICE = "own_hand"  # the key of the list of hands


def render() -> None:
    """The whole tab. A choice made in it reruns nothing else of the page; a change to the drawings reruns all of it."""
    st.fragment(_show)()


def _show() -> None:
    tab = session(Tab)
    take_in()
    if tab.job is not None and tab.job.done():
        if (trouble := tab.job.failure()) is not None:
            tab.trouble, tab.note = trouble, None
        tab.job, tab.changed = None, True
    if tab.changed:
        tab.changed = False
        st.rerun()
    apply_style("figures")
    apply_style("my_drawings")
    with st.container(key="my_drawings"):
        _show_hand(tab)
        if tab.job is not None:
            watch(tab.job)


def _show_hand(tab: Tab) -> None:
    try:
        hand.look_again()
        look = hand.current_look()
    except InputError as error:  # there is no network
        show_error(str(error))
        return
    if visitor.is_local():
        _choose_hand()
    for trouble in (tab.trouble, hand.trouble()):
        if trouble:
            show_error(trouble)
    if look is None:
        if not hand.trouble():
            st.caption("Your drawings are shown once the network that reads them is loaded.")
        return
    if tab.deleted is not None:
        offer_undo(tab.deleted)
    if tab.note:
        st.success(tab.note, icon=":material/check_circle:")
    if look.examples:
        _show_drawings(tab, look)
    else:
        st.info(
            "Nothing is kept yet. Draw a digit and say which it is, below its answer, or practise: then the page reads "
            "your hand.",
            icon=":material/draw:",
        )
        _offer_practice(teach=False)
    show_files(look)


def _show_drawings(tab: Tab, look: Look) -> None:
    """The score, what to do about it, and all drawings."""
    job = score(look)
    if job is None or not job.done():
        if job is not None:
            watch(job, show_progress=True)
        return
    found = job.result()
    if found is None:  # nobody waited for it any more
        return
    st.subheader(f"Your hand: {found.read} of {len(found.examples)}", anchor=False)
    st.caption("Each drawing is read with the help of the others, but not of itself.")
    _offer_practice(teach=True)
    if (practised := practice.result()) is not None:
        st.success(
            f"{practised} All of these are kept, and help to read the next ones.", icon=":material/check_circle:"
        )
    show_grid(tab, found)
    show_selected(tab, found)


def _choose_hand() -> None:
    """Whose drawings these are, where everybody may choose."""
    job = submit("drawings", lambda _: open_drawings().hands(), hand.PATIENCE)
    kept = job.result() if job.done() and job.failure() is None else {}
    st.session_state[CHOICE] = visitor.own_hand()
    st.selectbox(
        "Whose hand",
        visitor.offered_hands(kept),
        key=CHOICE,
        accept_new_options=True,
        on_change=_choose,
        width=280,
        help="Choose a name or type a new one. This browser remembers it.",
    )


def _choose() -> None:
    tab = session(Tab)
    tab.trouble, tab.selected, tab.deleted = None, None, None
    try:
        visitor.choose_hand(st.session_state[CHOICE] or "")
    except InputError as error:
        tab.trouble = str(error)
    tab.changed = True


def _offer_practice(teach: bool) -> None:
    """Ways to make the page read this hand better."""
    with st.container(horizontal=True):
        st.button("Practise", key="practise", icon=":material/edit:", on_click=_practise)
        if teach:
            offer_teaching("teach_hand")


def _practise() -> None:
    practice.begin()
    session(Tab).changed = True
