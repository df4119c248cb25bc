"""The Pictures tab: picture files, and what the camera sees, read like a drawing."""

import csv
import html
import io
import unicodedata
from collections.abc import Hashable, Sequence
from typing import NamedTuple

import cv2
import numpy as np
import streamlit as st

from model import InputError, Recognizer
from model.preprocessing.pictures import FORMATS, MAX_BYTES, MAX_PIXELS, decode_picture
from model.preprocessing.prepare import Steps, flatten
from views.shared import loading as recognition
from views.drawing.answer import doubt, show_steps
from views.shared.jobs import Job, find_job, forget_job, result_of, start_job, watch
from views.shared.gallery import bars, to_png

FILES, CAMERA = "picture_files", "camera"  # the keys of the two widgets
MOST_PICTURES = 30
SHOWN_SIZE = 256  # pixels: the longer side of any picture that the tab shows
LONGEST_NAME = 80
BLANK = "It is blank: give a picture with a digit on it."


class File(NamedTuple):
    name: str  # as somebody called it: never rendered but as plain text
    version: str  # another file, another version
    content: io.BytesIO


class Result(NamedTuple):
    """What became of one file. One that is doubtful has a problem and probabilities, but no digit."""

    name: str
    picture: str | None = None  # the address of a small one
    digit: int | None = None
    probabilities: np.ndarray | None = None
    steps: dict[str, str] | None = None  # addresses, as views.answer shows them
    problem: str = ""


def render() -> None:
    """The whole tab. What is chosen in it runs nothing else of the page."""
    st.fragment(_show)()


def _show() -> None:
    with st.container(key="pictures"):
        files = _choose_files()
        if not files:
            st.caption(
                "A photograph may have shadows, and lined or squared paper; ink of any colour; light ink on dark. One "
                f"digit on each. {', '.join(FORMATS[:-1])} or {FORMATS[-1]}, up to {MAX_BYTES // 1_000_000} MB and "
                f"{MAX_PIXELS // 1_000_000} million pixels each, {MOST_PICTURES} at a time. They are read on the "
                "machine that serves this page, and not written to its disk."
            )
            return
        if len(files) > MOST_PICTURES:
            st.warning(f"Shown are the first {MOST_PICTURES} pictures: take some away to see others.")
        results = _read(files[:MOST_PICTURES])
        if results is not None:
            _show_results(results)


def _choose_files() -> list[File]:
    """Uploaded files, and the photograph that was just taken, which comes first.

    They are kept for the session: Streamlit forgets them once another tab is open.
    """
    uploaded = st.file_uploader(
        "Pictures of a digit", accept_multiple_files=True, key=FILES, on_change=_keep, args=(FILES,)
    )
    files = st.session_state.get(f"{FILES}_kept", [])
    if st.toggle("Use the camera", key="camera_on", persist_state="session"):
        st.camera_input("Photograph a digit", key=CAMERA, on_change=_keep, args=(CAMERA,))
        files = st.session_state.get(f"{CAMERA}_kept", []) + files
    if files and not uploaded and not st.session_state.get(CAMERA):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("These are the pictures from before: choose others to replace them.")
            st.button("Take them away", key="pictures_forget", on_click=_forget)
    return files


def _keep(key: str) -> None:
    """Other files were chosen, or another photograph was taken."""
    chosen = st.session_state[key] or []
    several = chosen if isinstance(chosen, list) else [chosen]
    names = ["Photograph" if key == CAMERA else _clean(each.name) for each in several]
    st.session_state[f"{key}_kept"] = [
        File(name, each.file_id, each) for name, each in zip(names, several, strict=True)
    ]


def _forget() -> None:
    for key in (FILES, CAMERA):
        st.session_state.pop(f"{key}_kept", None)


def _clean(name: str) -> str:
    """A file name without what no name should hold, and of a length that a table shows."""
    visible = "".join(each for each in name if unicodedata.category(each)[0] != "C")
    return visible if len(visible) <= LONGEST_NAME else visible[: LONGEST_NAME - 1] + "…"


def _read(files: list[File]) -> list[Result] | None:
    """The results, once they are there; else shows how far they are."""
    try:
        recognizer = recognition.reader()
    except InputError as error:
        st.error(str(error), icon=":material/error:")
        return None
    if recognizer is None:
        st.caption("The network is loading. The pictures are read as soon as it is there.")
        return None
    key = ("pictures", recognizer, tuple(file.version for file in files))
    known = st.session_state.setdefault("pictures_known", {})
    try:
        start_job(key, lambda job: _work(job, recognizer, files, known))
        job = find_job(key)
        if job is None or not job.done():
            if job is not None:
                with st.container(key="pictures_progress"):
                    watch(job)
            return None
        return result_of(job)
    except InputError as error:
        st.error(str(error), icon=":material/error:")
        forget_job(key)
        return None


def _work(job: Job, recognizer: Recognizer, files: list[File], known: dict[Hashable, Result]) -> list[Result] | None:
    """In the background, one after another, so that of one visitor only one large picture is in memory at a time.

    `known` holds what was read before, so that one file more is one reading more.
    """
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
    small = to_png(_reduce(flatten(picture)))
    if reading.digit is None:
        return Result(file.name, small, problem=BLANK)
    digit, problem = (reading.digit, "") if reading.is_digit else (None, doubt(reading))
    return Result(file.name, small, digit, reading.probabilities, _draw_steps(reading.steps), problem)


def _draw_steps(steps: Steps) -> dict[str, str]:
    pictures = steps._asdict() | {"image": steps.image * 255}
    return {name: to_png(_reduce(pixels)) for name, pixels in pictures.items()}


def _reduce(picture: np.ndarray) -> np.ndarray:
    scale = SHOWN_SIZE / max(picture.shape[:2])
    if scale >= 1:
        return picture
    height, width = (max(1, round(side * scale)) for side in picture.shape[:2])
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)


def _show_results(results: list[Result]) -> None:
    """The table, which is a download too, what is wrong with files, and the way of one picture to the network."""
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
            st.caption("Tick a row of the table to see its picture's way to the network.")
    chosen = results[rows[0]] if rows and rows[0] < len(results) else readable[0]
    if chosen.steps is not None:
        _show_one(chosen)
    else:
        st.container(key="picture", border=True).text(f"{chosen.name}: {chosen.problem}")


def _show_table(results: list[Result]) -> list[int]:
    """A row for each file; returns the number of the row that is ticked, if one is."""
    with st.container(key="pictures_table"):
        return st.dataframe(
            {
                "Picture": [result.picture for result in results],
                "Digit": [result.digit for result in results],
                "Probability": [_probability(result) for result in results],
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
    """A sentence for each file that was not read: a table would cut it off."""
    wrong = [result for result in results if result.problem]
    if wrong:
        said = (f"<p><b>{html.escape(result.name)}</b>: {html.escape(result.problem)}</p>" for result in wrong)
        with st.container(key="pictures_problems"):
            st.html(f'<div class="problems" role="alert">{"".join(said)}</div>')


def _probability(result: Result) -> float | None:
    """In percent, of the digit that it was read as."""
    return None if result.digit is None else 100 * float(result.probabilities[result.digit])


def _show_one(result: Result) -> None:
    """One picture, its ten bars, and its way to the network."""
    with st.container(key="picture", border=True):
        st.text(result.name)  # as plain text: a name is anybody's
        doubtful = result.digit is None
        words = "not sure" if doubtful else f"read as <b>{result.digit}</b> · {_probability(result):.1f} %"
        st.html(
            f'<div class="gallery"><figure><img class="photograph" src="{result.picture}" alt="The picture">'
            f"<figcaption>{words}</figcaption>{bars(result.probabilities, result.digit)}</figure></div>"
        )
        show_steps(result.steps, "picture_steps")


def to_csv(results: Sequence[Result]) -> str:
    """A line for each picture. No name in it is a formula to a program of tables."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["digit", "probability", "file", "problem"])
    for result in results:
        probability = "" if result.digit is None else f"{result.probabilities[result.digit]:.4f}"
        name = f"'{result.name}" if result.name.startswith(("=", "+", "-", "@")) else result.name
        writer.writerow(["" if result.digit is None else result.digit, probability, name, result.problem])
    return text.getvalue()
