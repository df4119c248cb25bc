"""Draw a digit, and the network reads it: the page, from top to bottom.

streamlit run app.py
"""

import streamlit as st

from model.paths import ASSETS
from views.shared.connection import send_at_once
from views.shared.reruns import hear_runners_out
from views.shared.style import apply_page_style, wait_for_page_style

st.set_page_config("Draw a digit", page_icon=str(ASSETS / "icon.png"))
hear_runners_out()
send_at_once()
apply_page_style()

# Imported only now, while the browser loads the style sheet
from views import drawing, sidebar  # noqa: E402
from views.shared.loading import rerun_when_loaded  # noqa: E402
from views.shared.model_choice import switching  # noqa: E402
from views.shared.open_tab import TABS_KEY  # noqa: E402
from views.tabs import TABS  # noqa: E402

wait_for_page_style()

with st.sidebar:
    sidebar.render()
st.title("Draw a digit", anchor=False)
drawing.render()
opened = st.tabs(list(TABS), default="Runs", on_change="rerun", key=TABS_KEY)  # only the open one runs
for tab, render in zip(opened, TABS.values(), strict=True):
    if tab.open:
        with tab:
            render()
rerun_when_loaded(switching())
