"""Files of drawings: saving those of the hand, and adding others to them."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from model.drawings import export_images, export_strokes, open_drawings
from model.uploads import import_upload
from views.shared import visitor
from views.shared.hand import Look
from views.shared.jobs import Job, submit, watch
from views.shared.state import session
from views.tabs.my_drawings.changes import Tab, change

PATIENCE = 0.3  # seconds, in which most files are read
KINDS = ["json", "gz", "npz"]


@dataclass
class _Files:
    reading: Job[list] | None = None
    """A file that is being read."""


def take_in() -> None:
    """Adds the drawings of a file, once it is read."""
    files, tab, own, bounded = session(_Files), session(Tab), visitor.own_hand(), visitor.is_bounded()
    if files.reading is None or not files.reading.done():
        return
    reading, files.reading = files.reading, None
    trouble = reading.failure()
    if trouble is not None:
        tab.trouble = trouble
        return
    drawings = reading.result()
    change(lambda kept: kept.add_all(own, drawings, bounded=bounded))
    tab.note = f"Added: {len(drawings):,}."


def show_files(look: Look) -> None:
    """The files of this hand, and a field for others."""
    files, own = session(_Files), look.hand
    with st.expander("Files", key="drawing_files", on_change="rerun", icon=":material/folder_open:") as opened:
        if not opened.open:
            return
        with st.container(horizontal=True):
            _offer("Strokes (.json)", "json", lambda: export_strokes(open_drawings().of(own)), look.has_strokes)
            _offer("Images (.npz)", "npz", lambda: export_images(open_drawings().of(own)), bool(look.examples))
        st.caption(
            "Strokes can be drawn again, and `train.py --strokes` learns from them. Images are laid out like MNIST."
        )
        st.file_uploader("Add drawings from such a file", KINDS, key="drawing_file", on_change=_read)
        if files.reading is not None:
            watch(files.reading)


def _offer(label: str, suffix: str, make: Callable[[], bytes], ready: bool) -> None:
    st.download_button(
        label,
        data=make,
        file_name=f"drawings.{suffix}",
        key=f"export_{suffix}",
        icon=":material/download:",
        on_click="ignore",
        disabled=not ready,
    )


def _read() -> None:
    file, tab = st.session_state.drawing_file, session(Tab)
    tab.trouble = tab.note = None
    if file is not None:
        name, content = file.name, file.getvalue()
        session(_Files).reading = submit("tabs", lambda _: import_upload(name, content), PATIENCE)
