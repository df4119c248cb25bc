"""The tabs below the drawing, one module each. To add one, write a module with a `render` and name it here.

Only the open tab runs. Where possible, its content is a fragment, so that a choice made in it reruns nothing else. Its
widgets have `persist_state="session"`, because Streamlit forgets them while another tab is open.
"""

from collections.abc import Callable

from views.shared.open_tab import FOLDS, INSIDE, MY_DRAWINGS, RUNS, SWEEPS
from views.tabs import data, folds, inside, my_drawings, pictures, results, runs, sweeps

TABS: dict[str, Callable[[], None]] = {
    "Results": results.render,
    "Data": data.render,
    RUNS: runs.render,
    FOLDS: folds.render,
    SWEEPS: sweeps.render,
    "Pictures": pictures.render,
    INSIDE: inside.render,
    MY_DRAWINGS: my_drawings.render,
}
