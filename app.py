"""Draw a digit, and the network reads it: the page, from top to bottom.

streamlit run app.py
"""

import streamlit as st

from views import drawing, recognition
from views.style import apply_style

st.set_page_config("Draw a digit", page_icon="assets/icon.png", layout="wide")
apply_style()

st.title("Draw a digit", anchor=False)
st.caption("Draw a digit in the black box with a mouse, a pen or a finger. The network answers after each stroke.")
drawing.render()
recognition.wait_until_ready()
