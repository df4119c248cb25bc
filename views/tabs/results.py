"""The Results tab: how well the network in use, or another one, reads the test images on this machine."""

import contextlib
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import streamlit as st

from model import InputError, default_network
from model.analysis import (
    DRAWINGS,
    Evaluation,
    evaluate,
    evaluation_file,
    keep_evaluation,
    load_evaluation,
    load_test_images,
    local_source,
)
from model.data import Images, load_real_drawings
from model.runs import MODEL_FILE, runs_folder, usable_runs
from views.charts.confusion import ALL, CHOSEN, MISTAKES, confusion_chart
from views.shared import loading
from views.shared.figures import show_gallery
from views.shared.in_use import run_in_use
from views.shared.jobs import Job, find, forget, start, watch
from views.shared.model_choice import name_runs
from views.shared.notes import show_error
from views.shared.style import is_dark
from views.shared.words import DRAWINGS_HELP, a_digit, name_data, percent

IN_USE = ""  # the option of the network in use: no run has that name
PAGE = 12  # images shown at first, and added with each press of the button
MAX_SHOWN = 120
PATIENCE = 0.2  # seconds: what is done by then needs no progress bar
COLUMNS = {"Digit": 1, "Images": 1, "Precision": 100, "Recall": 100}  # each with what its figures are multiplied by
LEGEND = "Blue is the right digit, orange the digit that the image was read as."


class Shown(NamedTuple):
    """What the tab shows: the evaluation, and the images that were read."""

    evaluation: Evaluation
    images: Images
    drawings: Evaluation
    """That of the shared set of real drawings."""


class Chosen(NamedTuple):
    """A network and the data that it is evaluated on."""

    run: str | None
    network: Path
    source: str
    kept: Path  # where its evaluation is, or will be
    kept_drawings: Path  # the same of the real drawings
    skipped: tuple[str, ...]  # steps without which drawings are prepared for it


def render() -> None:
    """The whole tab. A choice made in it reruns nothing else of the page."""
    st.fragment(_show)()


def _show() -> None:
    with st.container(key="results"):
        try:
            chosen = _choose()
            shown = _find(chosen)
        except InputError as error:
            show_error(str(error))
            return
        if shown is None:
            return
        _show_figures(chosen, shown)
        _show_confusion(shown)
        _show_mistakes(shown)


def _choose() -> Chosen:
    """The choice of a network: the one in use, or that of a run."""
    runs = runs_folder()
    usable = usable_runs(runs, run_in_use())
    names = name_runs(usable.values())
    if st.session_state.get("results_of", IN_USE) not in (IN_USE, *usable):
        del st.session_state.results_of
    name = st.selectbox(
        "Results of",
        [IN_USE, *usable],
        key="results_of",
        format_func=lambda name: names.get(name) or _name_model_in_use(names),
        on_change=_reset,
        persist_state="session",
    )
    run, source = name if name in usable else run_in_use(), local_source()
    network = default_network() if run is None else runs / run / MODEL_FILE
    kept, kept_drawings = (evaluation_file(runs, network, each) for each in (source, DRAWINGS))
    return Chosen(run, network, source, kept, kept_drawings, usable[run].skipped if run in usable else ())


def _name_model_in_use(names: dict[str, str]) -> str:
    in_use = run_in_use()
    return f"The network in use · {names.get(in_use or '', 'built-in network')}"


def _reset() -> None:
    """Forgets what was selected in the results of another network, where it means nothing."""
    of_others = ("results_label", "results_answer", "results_shown_", "results_cell_")
    for key in [key for key in st.session_state if str(key).startswith(of_others)]:
        del st.session_state[key]


def _find(chosen: Chosen) -> Shown | None:
    """The results if they are there; else shows the progress, what went wrong, or how to get them."""
    job = find("tabs", chosen.kept)
    if job is None and chosen.kept.exists():  # it only has to be read; one from before has no real drawings yet
        network = None if chosen.kept_drawings.exists() else loading.load_run(chosen.run)
        start("tabs", chosen.kept, lambda job: _work(job, chosen, network), PATIENCE)
        job = find("tabs", chosen.kept)
    if job is None:
        _offer(chosen)
        return None
    if not job.done():
        with st.container(key="results_progress"):
            watch(job, show_progress=True)
        return None
    try:
        return job.result()
    except InputError as error:
        forget("tabs", chosen.kept)
        show_error(str(error))
        st.button("Try again", key="results_again", icon=":material/refresh:", on_click=_evaluate, args=(chosen,))
        return None


def _offer(chosen: Chosen) -> None:
    """Offers to evaluate a network that has no evaluation yet."""
    st.info(
        f"This network has not been evaluated on the test images of {name_data(chosen.source)} yet. That takes a few "
        "seconds, during which you can go on drawing. The results are kept.",
        icon=":material/info:",
    )
    st.button("Evaluate", key="evaluate", type="primary", on_click=_evaluate, args=(chosen,))


def _evaluate(chosen: Chosen) -> None:
    network = loading.load_run(chosen.run)
    start("tabs", chosen.kept, lambda job: _work(job, chosen, network), PATIENCE)


def _work(job: Job, chosen: Chosen, network: loading.Loading | None = None) -> Shown | None:
    """In the background: loads the kept evaluations, or else evaluates the network and keeps them.

    Without a network, a kept evaluation that cannot be loaded is deleted.
    """
    job.tell(0.0, "Fetching the test images")
    images = load_test_images(runs_folder(), chosen.source)
    evaluation = _read(job, chosen.kept, images, network)
    drawings = _read(job, chosen.kept_drawings, load_real_drawings(chosen.skipped), network)
    return None if evaluation is None or drawings is None else Shown(evaluation, images, drawings)


def _read(job: Job, kept: Path, images: Images, network: loading.Loading | None) -> Evaluation | None:
    """The evaluation of a network on these images; None if there is neither a kept one nor a network."""
    evaluation = load_evaluation(kept)
    if evaluation is not None and np.array_equal(evaluation.labels, images.labels):
        return evaluation
    if network is None:
        kept.unlink(missing_ok=True)
        return None
    job.tell(0.0, "Loading the network")
    recognizer = network.result()
    job.tell(0.0, f"Reading {len(images.labels):,} images")
    evaluation = evaluate(recognizer, images, job.tell, job.wanted)
    if evaluation is not None:
        with contextlib.suppress(InputError):  # a full disk is no reason not to show the results
            keep_evaluation(kept, evaluation)
    return evaluation


def _show_figures(chosen: Chosen, shown: Shown) -> None:
    evaluation = shown.evaluation
    st.caption(
        f"On the test images of {name_data(chosen.source)}, which are kept apart from those that the page trains on."
    )
    with st.container(horizontal=True, key="results_figures"):
        st.metric("Accuracy", percent(evaluation.accuracy), width="content")
        st.metric("Read correctly", evaluation.score.in_words(), width="content")
        st.metric(
            "Loss",
            f"{evaluation.loss:.4f}",
            help="Cross-entropy in nats: 0 if it were always right and certain.",
            width="content",
        )
        st.metric("Real drawings", shown.drawings.score.in_words(), help=DRAWINGS_HELP, width="content")


def _show_confusion(shown: Shown) -> None:
    """The table, the heat map beside or below it, and the images of the cell that is selected there."""
    counts = shown.evaluation.confusion
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("Digit by digit", anchor=False)
        _show_digits(shown.evaluation)
    with right:
        st.subheader("Which digits get mixed up", anchor=False)
        scale = st.segmented_control(
            "Colours", [MISTAKES, ALL], default=MISTAKES, key="results_colours", required=True, persist_state="session",
            help="There are so many right answers that mistakes would have no colour next to them.",
        )  # fmt: skip
        with st.container(key="confusion"):
            cell = _cell_in_view(counts)
            key = "confusion_{}_{}".format(*cell)  # another chart for each cell, so that none is selected in it yet
            st.vega_lite_chart(
                confusion_chart(counts, scale, is_dark(), cell),
                key=key,
                alt="Confusion matrix: how many images of each digit were read as each digit",
                width="content",
                on_select=partial(_choose_cell, key),
                selection_mode=CHOSEN,
            )
        st.caption("Rows are what the images show, columns what they were read as. Select a cell to see its images.")
    _show_cell(shown)


def _show_digits(evaluation: Evaluation) -> None:
    rows = evaluation.per_digit()
    share = st.column_config.NumberColumn
    st.container(key="digits").dataframe(
        {name: [factor * row[name.lower()] for row in rows] for name, factor in COLUMNS.items()},
        hide_index=True,
        placeholder="–",
        key="results_digits",
        column_config={
            "Precision": share(
                format="%.2f %%", help="The share of right answers among the images read as this digit."
            ),
            "Recall": share(format="%.2f %%", help="The share of right answers among the images of this digit."),
        },
    )


def _cell_in_view(counts: np.ndarray) -> tuple[int, int]:
    """The label and the answer whose images are shown: at first, the most frequent mistake."""
    state = st.session_state
    if "results_label" not in state:
        worst = np.unravel_index((counts - np.diag(np.diag(counts))).argmax(), counts.shape)
        state.results_label, state.results_answer = (int(each) for each in worst)
    return state.results_label, state.results_answer


def _choose_cell(key: str) -> None:
    """A cell of the heat map was selected: the two lists below it follow."""
    cells = st.session_state[key].selection.get(CHOSEN) or []
    if cells:
        st.session_state.results_label = int(cells[0]["label"])
        st.session_state.results_answer = int(cells[0]["answer"])


def _show_cell(shown: Shown) -> None:
    """The images of one cell, selected in the heat map or in two lists, which a keyboard can reach."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="results_cell"):
        label = st.selectbox("Images of a", range(10), key="results_label", width=130, persist_state="session")
        answer = st.selectbox("read as", range(10), key="results_answer", width=130, persist_state="session")
    found = shown.evaluation.cell(label, answer)
    if len(found) == 0:
        st.caption(f"No {label} was read as {a_digit(answer)}.")
        return
    order = "the least confident first" if label == answer else "the most confident first"
    many = f"{len(found):,} images, {order}" if len(found) > 1 else "1 image"
    st.caption(f"{many}. {LEGEND}")
    _show_images(shown, found, f"cell_{label}_{answer}")


def _show_mistakes(shown: Shown) -> None:
    st.subheader("Most confident mistakes", anchor=False)
    mistakes = shown.evaluation.mistakes()
    if len(mistakes) == 0:
        st.caption("None: it read every image correctly.")
        return
    st.caption(LEGEND)
    _show_images(shown, mistakes, "shown_mistakes")


def _show_images(shown: Shown, numbers: np.ndarray, name: str) -> None:
    """A gallery that can be made longer."""
    count = min(st.session_state.get(f"results_{name}", PAGE), MAX_SHOWN)
    numbers, more = numbers[:count], min(len(numbers), MAX_SHOWN) > count
    evaluation = shown.evaluation
    with st.container(key=f"gallery_{name}"):
        show_gallery(
            shown.images.images[numbers], evaluation.labels[numbers], evaluation.probabilities[numbers], numbers
        )
    if more:
        st.button("Show more", key=f"more_{name}", on_click=_show_more, args=(f"results_{name}", count))


def _show_more(key: str, count: int) -> None:
    st.session_state[key] = count + PAGE
