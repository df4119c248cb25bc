"""All drawings of the hand, by digit, and one of them in full: it can be given another digit, or be deleted."""

from typing import TYPE_CHECKING

import streamlit as st

from model import Reading
from model.drawings import KeptDrawing
from views.shared import visitor
from views.shared.figures import picker, to_png
from views.shared.hand import Example
from views.shared.hand_score import Score, is_read
from views.shared.state import session
from views.shared.words import a_digit, percent, probability
from views.tabs.my_drawings.changes import Tab, change

if TYPE_CHECKING:
    from model.drawings import Drawings


def show_grid(tab: Tab, found: Score) -> None:
    """All drawings, by digit."""
    tab.shown = tuple(example.kept.id for example in found.examples)
    sections = []
    for digit in range(10):
        of_digit = [i for i, example in enumerate(found.examples) if example.kept.digit == digit]
        if of_digit:
            read = sum(is_read(found.examples[i], found.readings[i]) for i in of_digit)
            buttons = "".join(_button(i, found.examples[i], found.readings[i], tab.selected) for i in of_digit)
            sections.append(
                f"<section><h3>{digit}<small>{read} of {len(of_digit)}</small></h3><div>{buttons}</div></section>"
            )
    picker(data={"html": "".join(sections)}, key="my_drawings_grid", on_chosen_change=_select)


def _button(index: int, example: Example, reading: Reading, selected: str | None) -> str:
    right = is_read(example, reading)
    pressed = str(example.kept.id == selected).lower()
    answer = "–" if reading.digit is None else str(reading.digit) if reading.is_digit else "?"
    label = f"{a_digit(example.kept.digit or 0)}, {_in_words(reading)}"
    return (
        f'<button type="button" data-index="{index}" aria-pressed="{pressed}" aria-label="{label}" title="{label}" '
        f'class="{"" if right else "wrong"}"><img src="{to_png(255 * example.image)}" alt="">{answer}</button>'
    )


def _in_words(reading: Reading) -> str:
    """What a drawing is read as, and how much of that comes from the other drawings of this hand."""
    if reading.digit is None:
        return "blank"
    share = probability(reading.probabilities[reading.digit])
    words = f"read as {a_digit(reading.digit)} ({share})" if reading.is_digit else f"“{reading.in_words().rstrip('.')}”"
    return f"{words}, {percent(reading.share, 0)} of it from your other drawings"


def _select() -> None:
    tab, chosen = session(Tab), st.session_state.my_drawings_grid.get("chosen")
    if isinstance(chosen, int) and 0 <= chosen < len(tab.shown):
        tab.selected = None if tab.shown[chosen] == tab.selected else tab.shown[chosen]


def show_selected(tab: Tab, found: Score) -> None:
    """One drawing in full: what was said of it, what is said now, and what can be done with it."""
    index = next((i for i, each in enumerate(found.examples) if each.kept.id == tab.selected), None)
    if index is None:
        st.caption("Select a drawing to see how it is read, to give it another digit or to delete it.")
        return
    kept, reading = found.examples[index].kept, found.readings[index]
    row = st.container(key="my_drawing", border=True, horizontal=True, vertical_alignment="top", gap="medium")
    row.image(kept.png, width=112)
    with row.container(width="stretch"):
        st.markdown(f"{_said(kept)}Now it is {_in_words(reading)}.")
        key = f"relabel_{kept.id}_{kept.digit}"  # another one once it is another digit
        st.segmented_control(
            "It is a",
            range(10),
            default=kept.digit,
            key=key,
            required=True,
            on_change=_relabel,
            args=(kept.id, key),
        )
        st.button("Delete", key="delete_drawing", icon=":material/delete:", on_click=_delete, args=(kept.id,))


def _said(kept: KeptDrawing) -> str:
    """What a drawing was read as when it was drawn; nothing if nobody was asked."""
    if kept.answered is None:
        return ""
    share = probability(kept.answered.probability)
    return f"It was read as {a_digit(kept.answered.digit)} ({share}) when it was drawn. "


def _relabel(drawing: str, key: str) -> None:
    own, digit = visitor.own_hand(), st.session_state[key]
    change(lambda drawings: drawings.relabel(own, drawing, digit))


def _delete(drawing: str) -> None:
    own, tab = visitor.own_hand(), session(Tab)

    def delete(drawings: "Drawings") -> None:
        tab.deleted = drawings.delete(own, drawing)

    change(delete)


def offer_undo(deleted: KeptDrawing) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="deleted_drawing"):
        st.markdown(f"{a_digit(deleted.digit or 0).capitalize()} was deleted.")
        st.button("Undo", key="restore_drawing", icon=":material/undo:", on_click=_restore, args=(deleted,))


def _restore(deleted: KeptDrawing) -> None:
    tab, bounded = session(Tab), visitor.is_bounded()

    def restore(drawings: "Drawings") -> None:
        drawings.restore(deleted, bounded=bounded)
        tab.deleted = None

    change(restore)
