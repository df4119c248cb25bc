"""Teaching the network in use the drawings of this hand: a training like any other."""

from dataclasses import dataclass

import streamlit as st

from model import default_network
from model.runs import MODEL_FILE, QUEUE_FULL, Settings, inherited, runs_folder
from views.shared.in_use import run_in_use
from views.shared.learned import learned_from
from views.shared.loading import trouble
from views.shared.state import session
from views.shared.trainings import trainings, try_to_begin
from views.shared.visitor import own_hand, training_allowed

DURATION, USUAL_DURATION = {"quick": "10 s"}, "1 min"  # on two cores
WHAT_IT_IS = (
    "Trains the network in use further on your drawings, without letting it forget what it knew. The sidebar shows how "
    "far it has come; then you can use the new network."
)

IN_TURN = " It waits for the training before it."


@dataclass
class _Teaching:
    started: bool = False
    """Whether the sidebar has yet to be told."""


def offer_teaching(key: str) -> None:
    """A button that starts the training, where trainings are allowed."""
    teaching, settings = session(_Teaching), learned_from().settings
    if teaching.started:
        teaching.started = False
        st.rerun()
    if not training_allowed() or settings is None:
        return
    found = trainings()
    st.button(
        f"Teach it ({DURATION.get(settings.network, USUAL_DURATION)})",
        key=key,
        icon=":material/school:",
        disabled=found.is_full,
        on_click=_teach,
        help=QUEUE_FULL if found.is_full else f"{WHAT_IT_IS}{IN_TURN if found.busy else ''}",
    )


def _teach() -> None:
    name = None if trouble() else run_in_use()
    start = default_network() if name is None else runs_folder() / name / MODEL_FILE
    hand = own_hand()
    try_to_begin(lambda: Settings.of(**inherited(str(start)), start=str(start), drawings=hand))
    session(_Teaching).started = True
