"""Draw a digit, and the network reads it: the page, from top to bottom.

streamlit run app.py
"""

import streamlit as st

from views import ROOT, data, drawing, folds, inside, models, pictures, recognition, results, runs, training
from views.style import apply_style

TABS = {"Results": results, "Data": data, "Runs": runs, "Folds": folds, "Pictures": pictures, "Inside": inside}

st.set_page_config("Draw a digit", page_icon=str(ROOT / "assets" / "icon.png"), layout="wide")
apply_style()

with st.sidebar:
    training.render()
st.title("Draw a digit", anchor=False)
st.caption("Draw a digit in the black box with a mouse, a pen or a finger. The network answers after each stroke.")
drawing.render()
tabs = st.tabs(list(TABS), default="Runs", on_change="rerun", key="tabs")  # only the open one runs
for tab, region in zip(tabs, TABS.values(), strict=True):
    if tab.open:
        with tab:
            region.render()
recognition.wait_until_ready(models.switching())
