"""Draw a digit, and the network reads it: the page, from top to bottom.

streamlit run app.py
"""

import streamlit as st

from views import ROOT, drawing, models, recognition, runs, training
from views.style import apply_style

st.set_page_config("Draw a digit", page_icon=str(ROOT / "assets" / "icon.png"), layout="wide")
apply_style()

with st.sidebar:
    training.render()
st.title("Draw a digit", anchor=False)
st.caption("Draw a digit in the black box with a mouse, a pen or a finger. The network answers after each stroke.")
drawing.render()
(runs_tab,) = st.tabs(["Runs"], on_change="rerun", key="tabs")
if runs_tab.open:
    with runs_tab:
        runs.render()
recognition.wait_until_ready(models.switching())
