"""Two networks, side by side, on the drawing that is on the canvas: what each reads, how it scores, how they differ."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import Field, fields, replace
from html import escape
from pathlib import Path
from typing import NamedTuple

import numpy as np
import streamlit as st

from model import InputError, Reading, Recognizer, default_network
from model.paths import SHIPPED_NETWORK
from model.preprocessing import Extraction, prepare_ink
from model.runs import Record, Run, Settings, runs_folder, split_paths, usable_runs
from model.runs.fields import FormField
from model.verdict import Case, judge, say
from views.shared.figures import digit_rows
from views.shared.following import follow
from views.shared.in_use import run_in_use
from views.shared.jobs import watch
from views.shared.learned import shipped_settings
from views.shared.loading import Loading, load_run
from views.shared.model_choice import BUILT_IN, built_in_results, name_built_in, name_runs
from views.shared.notes import plain, show_error
from views.shared.scores import drawings_score, find_score
from views.shared.style import apply_style
from views.shared.words import DATA_SETS, a_digit, in_a_row, probability, results_in_words

SIDES = ("left", "right")
UNSAID = ("drawings", "recipe")  # settings whose values name somebody, or take too long to say
NOUNS = {
    "recipe": "layers",
    "network": "network",
    "data": "images",
    "start": "first weights",
    "drawings": "drawings taught",
}


class Answer(NamedTuple):
    """What a network makes of the drawing."""

    probabilities: np.ndarray  # float32 (10,)
    words: str
    is_digit: bool


def show_comparison(selected: Callable[[], Sequence[str]]) -> None:
    """Closed at first, so that nothing is loaded for it. Of the selected runs, the first two are offered at first."""
    with st.expander(
        "Compare two networks on your drawing", key="comparison", icon=":material/compare:", on_change="rerun"
    ) as more:
        if not more.open:
            return
        apply_style("figures")
        try:
            runs = usable_runs(runs_folder(), run_in_use())
        except InputError as error:
            show_error(str(error))
            return
        if not runs:
            st.info("Train a network, and compare it with the built-in one here.", icon=":material/info:")
            return
        _compare(runs, selected())


def _compare(runs: Mapping[str, Run], selected: Sequence[str]) -> None:
    names = _choose(runs, selected)
    networks = [load_run(name or None) for name in names]
    if loading := [network for network in networks if not network.done()]:
        st.caption("The networks are loading.")
        watch(*loading)
        return
    failed = [failure for network in networks if (failure := network.failure())]
    for failure in failed:
        show_error(failure)
    if not failed:
        follow(lambda _, reading: _answer(networks, reading), lambda answers: _show(answers, names, runs), *networks)


def _choose(runs: Mapping[str, Run], selected: Sequence[str]) -> list[str]:
    """The choice of two networks, which are different at first."""
    state, options = st.session_state, [BUILT_IN, *runs]
    names = name_runs(runs.values(), with_accuracy=True)
    usual = [name for name in (*selected, *runs, BUILT_IN) if name in options]
    first = list(dict.fromkeys(usual))
    for side, name in zip(SIDES, first, strict=False):
        if state.get(f"compared_{side}") not in options:
            state[f"compared_{side}"] = name
    with st.container(key="compared_choice"):
        return [
            column.selectbox(
                side.capitalize(),
                options,
                key=f"compared_{side}",
                format_func=lambda name: names.get(name) or name_built_in(),
                persist_state="session",
            )
            for column, side in zip(st.columns(2), SIDES, strict=True)
        ]


def _answer(networks: Sequence[Loading], reading: Reading) -> list[Answer] | None:
    """What each makes of the drawing, without anybody's examples; None for a blank canvas."""
    if reading.steps is None:
        return None
    recognizers: list[Recognizer] = [network.result() for network in networks]
    ink = Extraction(reading.steps.threshold)
    images = [prepare_ink(ink, each.skipped).image for each in recognizers]  # one may do without a step
    found = [each.plain.predict(image[None])[0] for each, image in zip(recognizers, images, strict=True)]
    cases = [judge(each, network.threshold) for each, network in zip(found, recognizers, strict=True)]
    return [Answer(each, say(case, each), case is not Case.UNKNOWN) for each, case in zip(found, cases, strict=True)]


def _show(answers: list[Answer] | None, names: Sequence[str], runs: Mapping[str, Run]) -> None:
    if answers is None:
        st.info("Draw a digit, and see what each of them makes of it.", icon=":material/draw:")
    said = [_scores(runs[name]) if name in runs else _built_in_scores() for name in names]
    with st.container(key="compared_answers"):
        sides = [_side(None if answers is None else answers[side], scores) for side, scores in enumerate(said)]
        st.html(f'<div class="sides">{"".join(sides)}</div>')
    if names[0] == names[1]:
        st.caption("This is the same network twice: choose another one on either side.")
        return
    sentences = [] if answers is None else [_difference_of(answers)]
    left, right = (_settings(runs.get(name)) for name in names)
    if left is not None and right is not None:
        sentences.append(differences(left, right))
    st.caption(plain(" ".join(filter(None, sentences))))


def _side(answer: Answer | None, scores: Sequence[str]) -> str:
    """One of the two as HTML: its answer, its bars and its scores."""
    read = ""
    if answer is not None:
        bars = digit_rows([(share, probability(share)) for share in map(float, answer.probabilities)])
        read = f"<h4>{escape(answer.words)}</h4>{bars}"
    return f"<section>{read}<p>{'<br>'.join(map(escape, scores))}</p></section>"


def _scores(run: Run) -> list[str]:
    """What is known of a run's network, in words; what is not known yet is found out."""
    drawings, found = drawings_score(run), None
    if drawings is None:
        found = find_score(run, load_run(run.name))
        if found.done():
            drawings = None if found.failure() else found.result()
        else:
            watch(found)
    known = results_in_words(replace(run.results, real_drawings=drawings), run.data)
    if found is not None and not found.done():
        known.append("real drawings are being read …")
    return known or ["No score is known."]


def _built_in_scores() -> list[str]:
    results = built_in_results()
    return (results_in_words(results, "mnist") if results else []) or ["No score is known."]


def _difference_of(answers: Sequence[Answer]) -> str:
    """How the two answers differ, in a sentence."""
    if not all(each.is_digit for each in answers):
        return ""
    left, right = (int(each.probabilities.argmax()) for each in answers)
    if left != right:
        return f"They disagree: the left one reads {a_digit(left)}, the right one {a_digit(right)}."
    shares = [float(each.probabilities[left]) for each in answers]
    words = [probability(share) for share in shares]
    if words[0] == words[1]:
        return f"Both read {a_digit(left)}, equally sure ({words[0]})."
    surer = int(shares[1] > shares[0])
    by = f"{words[surer]} against {words[1 - surer]}"
    return f"Both read {a_digit(left)}; the {SIDES[surer]} one is more certain ({by})."


def _settings(run: Run | None) -> Settings | None:
    """Those that a network was trained with; None if they cannot be read."""
    if run is None and default_network() != SHIPPED_NETWORK:
        return None
    try:
        return shipped_settings() if run is None else Record.load(run.folder).settings
    except (InputError, KeyError, TypeError):
        return None


def differences(left: Settings, right: Settings) -> str:
    """What sets two trainings apart, in a sentence."""
    parts = []
    for each in fields(Settings):
        one, other = getattr(left, each.name), getattr(right, each.name)
        if one != other:
            values = "" if each.name in UNSAID else f" ({_value(one)} and {_value(other)})"
            parts.append(f"{_noun(each)}{values}")
    return f"They differ in {in_a_row(parts)}." if parts else "They were trained with the same settings."


def _noun(each: Field) -> str:
    form: FormField | None = each.metadata["form"]
    named = None if form is None else form.noun or form.label.lower()
    return NOUNS.get(each.name) or named or each.name.replace("_", " ")


def _value(value: object) -> str:
    """A setting in words; of files, their names alone."""
    match value:
        case None:
            return "none"
        case bool():
            return "on" if value else "off"
        case float():
            return f"{value:.6g}"
        case str():
            return DATA_SETS.get(value) or ", ".join(Path(path).name for path in split_paths(value))
        case _:
            return str(value)
