"""The tabs below the drawing, one module each. To add one, write a module with a `render` and name it here.

Only the open tab runs. Where possible, its content is a fragment, so that a choice made in it reruns nothing else. Its
widgets have `persist_state="session"`, because Streamlit forgets them while another tab is open.
"""

from collections.abc import Callable

from views.shared.open_tab import INSIDE
from views.tabs import data, folds, inside, pictures, results, runs

TABS: dict[str, Callable[[], None]] = {
    "Results": results.render,
    "Data": data.render,
    "Runs": runs.render,
    "Folds": folds.render,
    "Pictures": pictures.render,
    INSIDE: inside.render,
}
