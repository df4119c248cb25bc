"""The Pictures tab: picture files and photographs from the camera, read like a drawing."""

import csv
import html
import io
import unicodedata
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import streamlit as st

from model import Case, InputError, Recognizer
from model.preprocessing import FORMATS, MAX_BYTES, MAX_PIXELS, Steps, decode_picture, flatten, shrink_to
from views.shared.figures import bars, to_png
from views.shared.jobs import Job, find, forget, start, watch
from views.shared.loading import loaded_recognizer
from views.shared.state import session
from views.shared.steps import draw_steps, show_steps
from views.shared.words import percent

FILES, CAMERA = "picture_files", "camera"  # the keys of the two widgets
MAX_PICTURES = 30
SHOWN_SIZE = 256  # pixels: the longer side of any picture that the tab shows
MAX_NAME = 80  # characters of a file name that are shown
PATIENCE = 0.2  # seconds: what is done by then needs no progress bar
BLANK = "No digit found in this picture: give one with a digit on it."


class File(NamedTuple):
    name: str  # anybody's text: only ever shown as plain text
    version: str  # different for each file
    content: io.BytesIO


class Result(NamedTuple):
    """The result for one file. A doubtful one has a problem and probabilities, and a digit if one is likely."""

    name: str
    picture: str | None = None  # a small one, as a data URL
    digit: int | None = None
    probabilities: np.ndarray | None = None
    steps: dict[str, str] | None = None  # as `show_steps` takes them
    problem: str = ""

    @property
    def probability(self) -> float | None:
        """0–1, that of the digit that it was read as."""
        return None if self.digit is None or self.probabilities is None else float(self.probabilities[self.digit])


@dataclass
class _Chosen:
    """The pictures of this session, kept because Streamlit forgets them once another tab is open."""

    uploaded: list[File] = field(default_factory=list)
    photograph: list[File] = field(default_factory=list)
    known: dict[Hashable, Result] = field(default_factory=dict)
    """What was read before, so that one more file costs one more reading."""


def render() -> None:
    """The whole tab. A choice made in it reruns nothing else of the page."""
    st.fragment(_show)()


def _show() -> None:
    with st.container(key="pictures"):
        files = _choose_files()
        if not files:
            st.caption(
                "One digit per picture, in ink of any colour, light or dark. Photographs may have shadows and lined or "
                f"squared paper. {', '.join(FORMATS[:-1])} or {FORMATS[-1]}, up to {MAX_BYTES // 1_000_000} MB and "
                f"{MAX_PIXELS // 1_000_000} million pixels each, {MAX_PICTURES} at a time. They are read on the "
                "machine that serves this page, and not written to its disk."
            )
            return
        if len(files) > MAX_PICTURES:
            st.warning(f"Only the first {MAX_PICTURES} pictures are shown: remove some to see others.")
        results = _read(files[:MAX_PICTURES])
        if results is not None:
            _show_results(results)


def _choose_files() -> list[File]:
    """Uploaded files and, before them, the photograph that was just taken."""
    chosen = session(_Chosen)
    uploaded = st.file_uploader(
        "Pictures of a digit", accept_multiple_files=True, key=FILES, on_change=_keep, args=(FILES,)
    )
    files = chosen.uploaded
    if st.toggle("Use the camera", key="camera_on", persist_state="session"):
        st.camera_input("Photograph a digit", key=CAMERA, on_change=_keep, args=(CAMERA,))
        files = chosen.photograph + files
    if files and not uploaded and not st.session_state.get(CAMERA):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("These are your earlier pictures. Choose others to replace them.")
            st.button("Remove", key="pictures_forget", on_click=_forget)
    return files


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
        st.error(str(error), icon=":material/error:")
        return None
    if recognizer is None:
        st.caption("The network is loading. The pictures are read as soon as it is ready.")
        return None
    key = ("pictures", recognizer, tuple(file.version for file in files))
    known = session(_Chosen).known
    try:
        start("tabs", key, lambda job: _work(job, recognizer, files, known), PATIENCE)
        job = find("tabs", key)
        if job is None or not job.done():
            if job is not None:
                with st.container(key="pictures_progress"):
                    watch(job, show_progress=True)
            return None
        return job.result()
    except InputError as error:
        st.error(str(error), icon=":material/error:")
        forget("tabs", key)
        return None


def _work(job: Job, recognizer: Recognizer, files: list[File], known: dict[Hashable, Result]) -> list[Result] | None:
    """Reads files in the background, one by one, so that each visitor has only one large picture in memory."""
    results = {}
    for number, file in enumerate(files, start=1):
        job.tell((number - 1) / len(files), f"Reading picture {number} of {len(files)}")
        key = recognizer, file.version
        results[key] = known.get(key) or _read_file(recognizer, file)
        if not job.wanted():
            return None
    known.clear()
    known.update(results)
    return list(results.values())


def _read_file(recognizer: Recognizer, file: File) -> Result:
    try:
        picture = decode_picture(file.content.getvalue())
        reading = recognizer.read(picture)
    except InputError as error:
        problem = str(error)
        return Result(file.name, problem=problem[0].upper() + problem[1:])
    small = to_png(shrink_to(flatten(picture), SHOWN_SIZE))
    if reading.steps is None:
        return Result(file.name, small, problem=BLANK)
    digit = reading.digit if reading.case in (Case.CERTAIN, Case.PROBABLE) else None
    doubt = "" if reading.case is Case.CERTAIN else reading.in_words()
    return Result(file.name, small, digit, reading.probabilities, draw_steps(_small(reading.steps)), doubt)


def _small(steps: Steps) -> Steps:
    """The steps, with pictures no larger than the tab shows them."""
    return steps._replace(**{name: shrink_to(getattr(steps, name), SHOWN_SIZE) for name in ("threshold", "crop")})


def _show_results(results: list[Result]) -> None:
    """The table, also as a download, what is wrong with files, and how one picture was prepared."""
    readable = [result for result in results if result.steps is not None]
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
    chosen = results[rows[0]] if rows and rows[0] < len(results) else readable[0]
    if chosen.steps is not None and chosen.probabilities is not None:
        _show_one(chosen, chosen.probabilities, chosen.steps)
    else:
        st.container(key="picture", border=True).text(f"{chosen.name}: {chosen.problem}")


def _show_table(results: list[Result]) -> list[int]:
    """A row for each file. Returns the number of the selected row, if there is one."""
    with st.container(key="pictures_table"):
        return st.dataframe(
            {
                "Picture": [result.picture for result in results],
                "Digit": [result.digit for result in results],
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
                "Digit": st.column_config.NumberColumn(width="small"),
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


def _show_one(result: Result, probabilities: np.ndarray, steps: dict[str, str]) -> None:
    """One picture, its ten bars, and how it was prepared."""
    with st.container(key="picture", border=True):
        st.text(result.name)  # as plain text, because anybody may have chosen it
        share = result.probability
        words = result.problem or f"read as <b>{result.digit}</b> · {percent(share or 0, 1)}"
        st.html(
            f'<div class="gallery"><figure><img class="photograph" src="{result.picture}" alt="The picture">'
            f"<figcaption>{words}</figcaption>{bars(probabilities, result.digit)}</figure></div>"
        )
        show_steps(steps, "picture_steps")


def to_csv(results: Sequence[Result]) -> str:
    """A line for each picture. File names are escaped where a spreadsheet program would take them for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["digit", "probability", "file", "problem"])
    for result in results:
        probability = "" if result.probability is None else f"{result.probability:.4f}"
        name = f"'{result.name}" if result.name.startswith(("=", "+", "-", "@")) else result.name
        writer.writerow(["" if result.digit is None else result.digit, probability, name, result.problem])
    return text.getvalue()
