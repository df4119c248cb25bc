"""Data of one's own on the page: a path, an upload or the drawings that are kept, and what is noticed about them."""

from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from model import InputError
from model.data import Change, is_upload, keep_upload
from model.drawings import export_images, open_drawings
from model.runs import runs_folder
from views.shared import visitor
from views.shared.catalogues import load_catalogue
from views.shared.figures import figure, row
from views.shared.jobs import Job, submit, watch
from views.shared.notes import code, plain, show_error
from views.shared.state import session
from views.shared.style import apply_style

UPLOADS = ".uploads"  # in the folder of runs
PATIENCE = 3.0  # seconds that the press of a button waits for data or drawings to be read
FORMATS = (
    "An .npz like Keras's mnist.npz, a table like Kaggle's train.csv, the idx files of MNIST or EMNIST, a stroke file, "
    "or pictures by digit, in folders 0 to 9 or with the digit first in their names: as a zip{}. What is inverted or "
    "transposed is noticed."
)


@dataclass
class _OwnData:
    troubles: dict[str, str] = field(default_factory=dict)
    """Why what was uploaded last cannot be kept, by the key of the path."""
    exports: dict[str, Job[str]] = field(default_factory=dict)
    """The drawings that are being put into a file, likewise."""


def uploads_folder() -> Path:
    return runs_folder() / UPLOADS


def choose_own_data(key: str) -> str | None:
    """Fields for data of one's own, and what is noticed about what was chosen: its path, or None. See `own_path`."""
    _choose(key)
    _show(key)
    return own_path(key)


def _choose(key: str) -> None:
    """A field for a path if the page is local, and one for files."""
    own, local = session(_OwnData), visitor.is_local()
    if (export := own.exports.get(key)) is not None and export.done():
        _take_export(key)
        st.rerun()  # the path stands above, too
    if local:
        st.text_input(
            "Path of the data",
            key=key,
            placeholder="/home/me/digits",
            on_change=_forget_export,
            args=(key,),
            help=FORMATS.format(" or a folder"),
            persist_state="session",
        )
    st.file_uploader(
        "Or upload files" if local else "Upload files",
        accept_multiple_files=True,
        key=f"{key}_files",
        help=FORMATS.format(""),
        on_change=_take_files,
        args=(key,),
    )
    st.button("Use my drawings", key=f"{key}_drawings", icon=":material/draw:", on_click=_take_drawings, args=(key,))
    if export is not None:
        st.caption("Your drawings are being read …")
        watch(export)
    if trouble := own.troubles.get(key):
        show_error(trouble)
    path = own_path(key)
    if path and not local:
        st.caption(f"In use: {code(Path(path).name)}")


def own_path(key: str) -> str | None:
    """The path that was chosen. Where others reach the page, only what was uploaded to it, never a file of its own."""
    path = (st.session_state.get(key) or "").strip()
    if not path:
        return None
    path = str(Path(path).expanduser().absolute())
    return path if visitor.is_local() or is_upload(uploads_folder(), path) else None


def own_mending(key: str) -> bool:
    """Whether what seems wrong with the data is to be set right."""
    return st.session_state.get(f"{key}_mend", True)


def _show(key: str) -> None:
    """What is noticed about the data that were chosen; if something seems wrong, pictures of it and a choice."""
    path = own_path(key)
    if path is None:
        return
    catalogue = load_catalogue(path)
    if not catalogue.done():
        st.caption(f"{catalogue.phase or 'The images are being read'} …")
        watch(catalogue)
        return
    if (trouble := catalogue.failure()) is not None:
        show_error(trouble)
        return
    found = catalogue.result()
    counts = f"{len(found.data.train.labels):,} training images, {len(found.data.test.labels):,} to test on."
    st.caption(" ".join([counts, *map(plain, found.notes)]))
    if found.change is not None:
        _ask(found.change, key)


def _ask(change: Change, key: str) -> None:
    apply_style("figures")
    st.markdown(f"**{change.words}** Some of them as they are, and below set right:")
    for images, words in ((change.before, "as it is"), (change.after, "set right")):
        st.html(row((figure(image, f"Image {i + 1}, {words}", "") for i, image in enumerate(images)), "eight"))
    st.toggle("Set right", value=True, key=f"{key}_mend", persist_state="session")


def ready_path(key: str) -> str:
    """The path that was chosen, once its data has been read. Raises InputError if it cannot be used."""
    path = own_path(key)
    if path is None and (st.session_state.get(key) or "").strip():
        raise InputError("Only on the machine that serves this page can files be named: upload your data.")
    if path is None:
        where = "Enter the path of your data" if visitor.is_local() else "Upload your data"
        raise InputError(f"{where}, or choose other images.")
    catalogue = load_catalogue(path)
    catalogue.wait(PATIENCE)
    if not catalogue.done():
        raise InputError("The images are still being read: try again in a moment.")
    catalogue.result()
    return path


def _take_files(key: str) -> None:
    files = st.session_state[f"{key}_files"]
    if files:
        _keep(key, [(each.name, each.getvalue()) for each in files])


def _take_drawings(key: str) -> None:
    own, hand = session(_OwnData), visitor.own_hand()
    if key in own.exports:
        return  # they are being read already
    own.troubles.pop(key, None)
    own.exports[key] = submit("data", lambda _: _export(hand), PATIENCE)
    if own.exports[key].done():
        _take_export(key)


def _export(hand: str) -> str:
    """The path of a file with all drawings of a hand. Raises InputError if there are none, or if it cannot be kept."""
    drawings = open_drawings().of(hand)
    if not drawings:
        raise InputError("No drawings are kept yet: draw some digits, and say which they are.")
    return str(keep_upload(uploads_folder(), [("my-drawings.npz", export_images(drawings))]))


def _take_export(key: str) -> None:
    """Chooses the file with the drawings, now that it is there."""
    own = session(_OwnData)
    try:
        st.session_state[key] = own.exports.pop(key).result()
    except InputError as error:
        own.troubles[key] = str(error)


def _forget_export(key: str) -> None:
    """Other data were chosen meanwhile."""
    session(_OwnData).exports.pop(key, None)


def _keep(key: str, files: list[tuple[str, bytes]]) -> None:
    troubles = session(_OwnData).troubles
    troubles.pop(key, None)
    _forget_export(key)
    try:
        st.session_state[key] = str(keep_upload(uploads_folder(), files))
    except InputError as error:
        troubles[key] = str(error)
