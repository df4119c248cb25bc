"""Draw a digit, and the network reads it: the page, from top to bottom.

streamlit run app.py
"""

import streamlit as st

from views.hosting import MIDDLEWARE, ROUTES
from views.start import prepare

if __name__ == "__main__":  # somebody has opened the page
    from model.paths import ASSETS
    from views.shared.connection import send_at_once
    from views.shared.style import apply_page_style, is_sideways, wait_for_page_style

    sidebar_state = "collapsed" if is_sideways() else "auto"  # there is no room for both
    st.set_page_config("Draw a digit", page_icon=str(ASSETS / "icon.png"), initial_sidebar_state=sidebar_state)
    send_at_once()
    apply_page_style()

    # Imported only now: if it has not been imported yet, the browser loads the style sheet meanwhile
    from views import drawing, sidebar
    from views.shared.loading import rerun_when_loaded
    from views.shared.model_choice import switching
    from views.shared.open_tab import TABS_KEY
    from views.shared.visitor import greet_visitor
    from views.tabs import TABS

    wait_for_page_style()
    greet_visitor()

    with st.sidebar:
        sidebar.render()
    st.title("Draw a digit", anchor=False)
    drawing.render()
    opened = st.tabs(list(TABS), default="Runs", on_change="rerun", key=TABS_KEY)  # only the open one runs
    for tab, render in zip(opened, TABS.values(), strict=True):
        if tab.open:
            with tab:
                render()
    rerun_when_loaded(switching(), *drawing.awaited())
else:  # Streamlit starts
    app = st.App(__file__, lifespan=prepare, routes=ROUTES, middleware=MIDDLEWARE)
