"""Choosing picture files, reading them in the background, and showing what was read."""

import html
import unicodedata
from collections.abc import Hashable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import streamlit as st

from model import InputError, Recognizer
from model.preprocessing import FORMATS, MAX_BYTES, MAX_PIXELS
from views.shared.jobs import AGAIN, Job, find, forget, start, watch
from views.shared.loading import loaded_recognizer
from views.shared.notes import show_error
from views.shared.state import session
from views.shared.visitor import LOCAL_NAMES
from views.tabs.pictures.picture import show_picture
from views.tabs.pictures.result import AS_IT_IS, File, Result, Wish, read_file, to_csv

FILES, CAMERA = "picture_files", "camera"  # the keys of the two widgets
MAX_PICTURES = 30
MAX_NAME = 80  # characters of a file name that are shown
PATIENCE = 0.2  # seconds: what is done by then needs no progress bar


@dataclass
class _Chosen:
    """The pictures of this session, kept because Streamlit forgets them once another tab is open."""

    uploaded: list[File] = field(default_factory=list)
    photograph: list[File] = field(default_factory=list)
    known: dict[Hashable, Result] = field(default_factory=dict)
    """What was read before, so that one more file costs one more reading."""
    wishes: dict[str, Wish] = field(default_factory=dict)
    """How somebody wants a file to be understood, by its version."""


def render() -> None:
    """The whole tab. A choice made in it reruns nothing else of the page."""
    st.fragment(_show)()


def _show() -> None:
    with st.container(key="pictures"):
        files = _choose_files()
        if not files:
            st.caption(
                "A digit in each picture, or whole numbers, in ink of any colour, light or dark. Photographs may have "
                f"shadows and lined or squared paper. {', '.join(FORMATS[:-1])} or {FORMATS[-1]}, up to "
                f"{MAX_BYTES // 1_000_000} MB and {MAX_PIXELS // 1_000_000} million pixels each, {MAX_PICTURES} at a "
                "time. They are read on the machine that serves this page, and not written to its disk."
            )
            return
        if len(files) > MAX_PICTURES:
            st.warning(f"Only the first {MAX_PICTURES} pictures are shown: remove some to see others.")
        results = _read(files[:MAX_PICTURES])
        if results is not None:
            _show_results(files, results)


def _choose_files() -> list[File]:
    """Uploaded files and, before them, the photograph that was just taken."""
    chosen = session(_Chosen)
    uploaded = st.file_uploader(
        "Pictures of a digit", accept_multiple_files=True, key=FILES, on_change=_keep, args=(FILES,)
    )
    files = chosen.uploaded
    if st.toggle("Use the camera", key="camera_on", persist_state="session"):
        if _lacks_camera(st.context.url):
            st.caption("Browsers offer the camera only over https, and this page was opened over http.")
        else:
            st.camera_input("Photograph a digit", key=CAMERA, on_change=_keep, args=(CAMERA,))
        files = chosen.photograph + files
    if files and not uploaded and not st.session_state.get(CAMERA):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("These are your earlier pictures. Choose others to replace them.")
            st.button("Remove", key="pictures_forget", on_click=_forget)
    return files


def _lacks_camera(url: str | None) -> bool:
    """Whether browsers offer no camera to a page at this address, which is None if it is not known."""
    address = urlsplit(url or "")
    return address.scheme == "http" and address.hostname not in LOCAL_NAMES


def _keep(key: str) -> None:
    """Other files were chosen or another photograph was taken."""
    chosen, value = session(_Chosen), st.session_state[key]
    if key == CAMERA:
        chosen.photograph = [File("Photograph", value.file_id, value)] if value else []
    else:
        chosen.uploaded = [File(_clean(each.name), each.file_id, each) for each in value or []]


def _forget() -> None:
    chosen = session(_Chosen)
    chosen.uploaded, chosen.photograph = [], []


def _clean(name: str) -> str:
    """A file name without control characters, short enough for a table."""
    visible = "".join(each for each in name if unicodedata.category(each)[0] != "C")
    return visible if len(visible) <= MAX_NAME else visible[: MAX_NAME - 1] + "…"


def _read(files: list[File]) -> list[Result] | None:
    """The results, once they are ready; until then, shows the progress and returns None."""
    try:
        recognizer = loaded_recognizer()
    except InputError as error:
        show_error(str(error))
        return None
    if recognizer is None:
        st.caption("The network is loading. The pictures are read as soon as it is ready.")
        return None
    chosen = session(_Chosen)
    known, wishes = chosen.known, dict(chosen.wishes)
    key = ("pictures", recognizer, tuple((file.version, wishes.get(file.version)) for file in files))
    try:
        results: dict[Hashable, Result] = {}
        start("pictures", key, lambda job: _work(job, recognizer, files, wishes, known, results), PATIENCE)
        job = find("pictures", key)
        if job is None or not job.done():
            if job is not None:
                with st.container(key="pictures_progress"):
                    watch(job, show_progress=True)
            return None
        return job.result()
    except InputError as error:
        show_error(str(error))
        forget("pictures", key)
        return None


def _work(
    job: Job,
    recognizer: Recognizer,
    files: list[File],
    wishes: dict[str, Wish],
    known: dict[Hashable, Result],
    results: dict[Hashable, Result],
) -> list[Result] | None:
    """Reads the next of the files in the background, and comes again: other visitors' pictures have their turn between.

    So each visitor has only one large picture in memory, and nobody waits for all the pictures of another.
    """
    keys = {(recognizer, file.version, wishes.get(file.version, AS_IT_IS)): file for file in files}
    results |= {key: known[key] for key in keys if key in known}
    key = next((key for key in keys if key not in results), None)
    if key is not None:
        job.tell(len(results) / len(files), f"Reading picture {len(results) + 1} of {len(files)}")
        results[key] = read_file(recognizer, keys[key], key[2])
        return AGAIN if job.wanted() else None
    known.clear()
    known.update(results)
    return [results[key] for key in keys]


def _show_results(files: list[File], results: list[Result]) -> None:
    """The table, also as a download, what is wrong with files, and how one picture was prepared."""
    readable = [result for result in results if result.picture is not None]
    rows = _show_table(results) if readable else []
    _show_problems(results)
    if not readable:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Table (.csv)",
            data=lambda: to_csv(results),
            file_name="digits.csv",
            mime="text/csv",
            key="pictures_csv",
            icon=":material/download:",
            on_click="ignore",
        )
        if len(results) > 1:
            st.caption("Select a row of the table to see how its picture was prepared.")
    place = rows[0] if rows and rows[0] < len(results) else results.index(readable[0])
    wishes, version = session(_Chosen).wishes, files[place].version
    if results[place].picture is None:
        st.container(key="picture", border=True).text(f"{results[place].name}: {results[place].problem}")
    else:
        show_picture(results[place], wishes.get(version, AS_IT_IS), lambda wish: wishes.update({version: wish}))


def _show_table(results: list[Result]) -> list[int]:
    """A row for each file. Returns the number of the selected row, if there is one."""
    with st.container(key="pictures_table"):
        return st.dataframe(
            {
                "Picture": [result.picture for result in results],
                "Read as": [result.read_as or None for result in results],
                "Probability": [None if each.probability is None else 100 * each.probability for each in results],
                "File": [result.name for result in results],
            },
            hide_index=True,
            placeholder="–",
            row_height=56,
            key=f"pictures_{hash(tuple(result.name for result in results))}",
            on_select="rerun",
            selection_mode="single-row",
            column_config={
                "Picture": st.column_config.ImageColumn(width="small"),
                "Read as": st.column_config.TextColumn(width="small"),
                "Probability": st.column_config.NumberColumn(format="%.1f %%", width="small"),
            },
        ).selection.rows


def _show_problems(results: list[Result]) -> None:
    """A sentence for each file that was not read, since a table would cut it off."""
    wrong = [result for result in results if result.problem]
    if wrong:
        said = (f"<p><b>{html.escape(result.name)}</b>: {html.escape(result.problem)}</p>" for result in wrong)
        with st.container(key="pictures_problems"):
            st.html(f'<div class="problems" role="alert">{"".join(said)}</div>')
