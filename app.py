"""Draw a digit, and the network reads it: the page, from top to bottom.

streamlit run app.py
"""

import streamlit as st

from views import ROOT
from views.tabs import data
from views.drawing import canvas as drawing
from views.tabs import folds
from views.tabs import inside
from views.shared import models
from views.tabs import pictures
from views.shared import loading as recognition
from views.tabs import results
from views.tabs import runs
from views import sidebar as training
from views.shared.style import apply_style

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
