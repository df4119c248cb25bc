"""What a network says of eleven drawings while it is trained, and afterwards a replay, with the filters it has grown.

The page hands the visitor's own drawing over to the trainer; all else is read from the folder of the run or, if the
run has parts, of the last one.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import streamlit as st

from model.data import example_images
from model.preprocessing import Extraction, prepare_ink
from model.runs import Answer, Frames, Moment, Run, hand_over, read_drawings, read_frames, read_readings
from views.shared import visitor
from views.shared.figures import figure, picture, row
from views.shared.reading import current_reading
from views.shared.state import session
from views.shared.style import apply_style
from views.shared.words import percent

MAX_CHANGES = 4  # of what it says that a sentence names
COLUMNS = 8  # of filters
MAGNIFIED = 4  # pixels for each weight, so that a browser need not smooth them


@dataclass
class _Handed:
    """The drawing that this session has handed over last, and to which training, or part of one."""

    drawing: tuple[Path, bytes] | None = None


def show_watching(run: Run) -> None:
    """What the network in training says right now. Hands the visitor's drawing over, if the training is theirs."""
    folder, is_read = run.part_folder, visitor.may_change(run.owner) and not run.elsewhere
    if is_read:
        _hand_over(folder, run.skipped)
    moments = read_readings(folder)
    if not moments:
        return
    with st.container(key="watching"):
        apply_style("figures")
        st.markdown("**What it says now**")
        _show_answers(run, folder, moments[-1])
        own = _own_story(run, moments)
        if own or is_read:
            st.caption(own or "Draw a digit, and it is read every second while the network learns.")


def show_replay(run: Run, place: str) -> None:
    """A slider over the epochs of a training that has ended. `place` tells apart where on the page it stands."""
    folder = run.part_folder
    moments = read_readings(folder)
    numbers = {f"{moment.epoch:.2f}".rstrip("0").rstrip("."): number for number, moment in enumerate(moments)}
    if len(numbers) < 2:
        return
    key = f"replay_{place}_{run.name}"
    with st.expander("Replay", key=key, on_change="rerun", icon=":material/slow_motion_video:") as more:
        if not more.open:
            return
        apply_style("figures")
        chosen = st.select_slider(
            "Epoch",
            numbers,
            value=next(reversed(numbers)),
            key=f"replayed_{place}_{run.name}",
        )
        moment = moments[numbers[chosen]]
        _show_answers(run, folder, moment)
        if own := _own_story(run, moments[: numbers[chosen] + 1]):
            st.caption(own)
        if (frames := read_frames(folder)) is not None:
            _show_filters(frames, moment.epoch)


def _hand_over(folder: Path, skipped: tuple[str, ...]) -> None:
    reading, handed = current_reading(), session(_Handed)
    if reading.steps is None:
        return
    drawing = (folder, reading.image.tobytes())
    if handed.drawing != drawing:
        handed.drawing = drawing
        try:
            hand_over(folder, prepare_ink(Extraction(reading.steps.threshold), skipped).image)
        except OSError:  # the disk is full: the trainer will say so
            handed.drawing = None


def _show_answers(run: Run, folder: Path, moment: Moment) -> None:
    figures = []
    own = moment.own if visitor.may_change(run.owner) else None  # nobody else's page shows the drawing
    if own is not None and moment.drawing is not None:
        drawings = read_drawings(folder)
        if 0 <= moment.drawing < len(drawings):
            said = f"<b>{own.digit}</b> {percent(own.share, 0)}"
            figures.append(figure(drawings[moment.drawing], "Your drawing", said, "own"))
    st.html(row((*figures, *_show_others(moment.others, run.skipped)), "eleven"))


@lru_cache(maxsize=64)
def _show_others(answers: tuple[Answer, ...], skipped: tuple[str, ...]) -> tuple[str, ...]:
    """The ten drawings and what is said of them, made once for all pages."""
    figures = []
    for digit, (image, answer) in enumerate(zip(example_images(skipped), answers, strict=False)):
        wrong = "" if answer.digit == digit else "wrong"
        alt = f"A drawn {digit}, read as {answer.digit} ({percent(answer.share, 0)})"
        figures.append(figure(image, alt, f"<b>{answer.digit}</b>", wrong))
    return tuple(figures)


def _own_story(run: Run, moments: list[Moment]) -> str | None:
    """What it has said of the last drawing of whoever started it, for them, whenever that changed."""
    last = moments[-1]
    if last.own is None or not visitor.may_change(run.owner):
        return None
    told = [moment for moment in moments if moment.own is not None and moment.drawing == last.drawing]
    changes = [
        each
        for before, each in zip([None, *told], told, strict=False)
        if before is None or _digit(before) != _digit(each)
    ]
    if changes[-1] is not last:
        changes.append(last)
    parts = [f"epoch {_in_short(each.epoch)}: it says {_digit(each)} ({_sure(each)})" for each in changes]
    if len(parts) > MAX_CHANGES:
        parts = [parts[0], "…", *parts[-MAX_CHANGES + 1 :]]
    return "Your drawing: " + " · ".join(parts)


def _digit(moment: Moment) -> int | None:
    return None if moment.own is None else moment.own.digit


def _sure(moment: Moment) -> str:
    return "" if moment.own is None else percent(moment.own.share, 0)


def _in_short(epoch: float) -> str:
    return f"{epoch:.1f}".removesuffix(".0")


def _show_filters(frames: Frames, epoch: float) -> None:
    """The filters at the last time that is not after this epoch, each weight in grey: black is negative."""
    place = max(0, int(np.searchsorted(frames.epochs, epoch + 1e-3)) - 1)
    sheet = filter_sheet(frames.filters[place], float(np.abs(frames.filters).max()))
    words = f"The {frames.filters.shape[1]} filters of the first layer after epoch {_in_short(frames.epochs[place])}"
    st.html(f'<div class="filters">{picture(sheet, words)}</div>')
    st.caption(
        f"{words}: what it looks for in the image, white where ink counts for it and black where it counts "
        "against it. They begin as noise."
    )


def filter_sheet(filters: np.ndarray, largest: float) -> np.ndarray:
    """Filters, float32 (N, H, W), side by side as grey values, uint8. Weights go from -`largest` to `largest`."""
    count, height, width = filters.shape
    grey = np.rint(127.5 + 127.5 * np.clip(filters / (largest or 1.0), -1, 1)).astype(np.uint8)
    rows = -(-count // COLUMNS)
    sheet = np.full((rows * (height + 1) - 1, min(count, COLUMNS) * (width + 1) - 1), 0, np.uint8)
    for number, each in enumerate(grey):
        top, left = number // COLUMNS * (height + 1), number % COLUMNS * (width + 1)
        sheet[top : top + height, left : left + width] = each
    return np.kron(sheet, np.ones((MAGNIFIED, MAGNIFIED), np.uint8))
