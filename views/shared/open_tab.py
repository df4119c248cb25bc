"""Which of the tabs below the drawing is open."""

import streamlit as st

TABS_KEY = "tabs"
RUNS, FOLDS, SWEEPS, INSIDE, MY_DRAWINGS = "Runs", "Folds", "Sweeps", "Inside", "My drawings"
REGIONS = {
    RUNS: "runs_region",
    FOLDS: "folds_region",
    SWEEPS: "sweeps_region",
}  # the keys of the fragments that follow a training


def open_tab(name: str) -> None:
    """Opens a tab with the next run of the whole page. Call it in a callback."""
    st.session_state[TABS_KEY] = name


def is_open(name: str) -> bool:
    """Whether a tab is open."""
    return st.session_state.get(TABS_KEY) == name
