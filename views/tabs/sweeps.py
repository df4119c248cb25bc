"""The Sweeps tab: which settings suit a network best, tried out, watched and compared here."""

import streamlit as st

from model import InputError
from model.networks import NETWORKS
from model.runs import (
    LOCAL,
    RAY,
    Combination,
    Outcome,
    Run,
    Settings,
    epochs_trained,
    in_words,
    rank,
    read_outcomes,
)
from views.charts.sweep import HEIGHT, sweep_chart
from views.shared.open_tab import SWEEPS
from views.shared.parted import (
    choose_subject,
    offer_start,
    rerun_once_started,
    show_form_and_result,
    show_run,
    start_parted,
)
from views.shared.style import is_dark
from views.shared.training_form import choose_engine, default_data, fill_in, setting_field, usual_epochs
from views.shared.words import percent, results_in_words

FIRST_NETWORK, SEEDS = "quick", 2
FACTOR = 3  # of the learning rates offered at first: the network's own, and one higher
FIELDS = {"learning_rate": "Learning rates", "batch_size": "Batch sizes"}


def render() -> None:
    """The whole tab, kept current while something trains."""
    st.caption(
        "Which settings suit a network best? A sweep trains it once for each combination of the values below, and each "
        "combination with several seeds, because one good result may be luck. All are compared on training images "
        "that none of them has learned from. The test images decide nothing: they only show, at the end, how well the "
        "best network reads images that played no part in choosing it."
    )
    show_form_and_result(SWEEPS, _choose, _show)


def _choose() -> None:
    """The settings, and the button that starts."""
    rerun_once_started()
    state = st.session_state
    if "sweeps_network" not in state:
        state.sweeps_network, state.sweeps_data, state.sweeps_seeds = FIRST_NETWORK, default_data(), SEEDS
        _take_defaults()
    with st.container(key="sweeps_settings"):
        name = choose_subject("sweeps", _take_defaults)
        for column, (each, label) in zip(st.columns(2), FIELDS.items(), strict=True):
            column.text_input(
                label,
                key=f"sweeps_{each}",
                help="The values to try, with commas between them. Empty: the network's own.",
                persist_state="session",
            )
        left, right = st.columns(2)
        with left:
            setting_field("epochs", key="sweeps_epochs", persist_state="session")
        with right:
            setting_field("seeds", key="sweeps_seeds", persist_state="session")
        engine = choose_engine("sweeps_engine", persist_state="session")
        if engine == RAY:
            st.caption("Trials that fall behind the others end early (ASHA), which saves most of the time.")
        st.caption(f"`{name}` · {NETWORKS[name].parameters:,} parameters · {NETWORKS[name].source}")
        offer_start("sweeps", "Start", "the sweep", _start)


def _take_defaults() -> None:
    state = st.session_state
    recipe = NETWORKS[state.sweeps_network].recipe
    state.sweeps_epochs = usual_epochs(state.sweeps_network, state.sweeps_data)
    state.sweeps_learning_rate = f"{recipe.learning_rate:g}, {FACTOR * recipe.learning_rate:g}"
    state.sweeps_batch_size = f"{recipe.batch_size}, {2 * recipe.batch_size}"


def _start() -> None:
    """Called when the button is pressed."""
    start_parted("sweeps", _entered)


def _entered() -> Settings:
    """Raises InputError if no sweep can use what was entered."""
    state = st.session_state
    written = {name: "".join(state[f"sweeps_{name}"].split()).strip(",") for name in FIELDS}
    sweep = " ".join(f"{name}={values}" for name, values in written.items() if values)
    if not sweep:
        raise InputError("Enter the learning rates or the batch sizes to try.")
    settings = Settings.of(state.sweeps_network, sweep=sweep, engine=state.get("sweeps_engine", LOCAL))
    return fill_in(settings, state.sweeps_data, "sweeps_path", epochs=state.sweeps_epochs, seeds=state.sweeps_seeds)


def _show() -> None:
    """One sweep: the latest, or the one chosen."""
    show_run("sweeps", "Sweep", lambda run: run.sweep, _show_result)


def _show_result(run: Run) -> None:
    if (settings := run.sweep) is not None:
        _show_outcomes(run, read_outcomes(run.folder, settings), settings)


def _show_outcomes(run: Run, outcomes: list[Outcome], settings: Settings) -> None:
    """The combinations, the best first, and the picture of all trials."""
    combinations = rank(outcomes)
    best = combinations[0]
    chart = sweep_chart(outcomes, is_dark())
    if best.accuracy is None or chart is None:
        st.caption("The first accuracy appears here when the first trial has trained an epoch.")
        return
    so_far = "" if run.status == "done" else ", so far"
    said = f"Best{so_far}: **{in_words(best.values)}**, {_accuracy(best)} on the held-out images."
    read = results_in_words(run.results, run.data)
    if run.status == "done" and read:
        said += f" Its network reads {' and '.join(read)} correctly."
    st.markdown(said)
    trained, planned = epochs_trained(outcomes)
    if run.status == "done" and trained < planned:
        st.caption(f"{trained} of {planned} epochs were trained: trials that fell behind ended early.")
    words = f"{len(outcomes)} trials; best: {in_words(best.values)}, {_accuracy(best)}"
    st.vega_lite_chart(chart, height=HEIGHT, key="sweeps_chart", alt=words)
    st.table(
        {
            "Combination": [in_words(each.values) for each in combinations],
            "Held-out accuracy": [_accuracy(each) for each in combinations],
            "Trials": [_trials(each) for each in combinations],
        },
        hide_index=True,
        alt="How well the networks of each combination read images that they have not learned from",
    )
    if (settings.seeds or 1) > 1:
        st.caption(
            "Mean and standard deviation over the seeds; a trial that ended early counts with what it had reached."
        )


def _accuracy(combination: Combination) -> str:
    if combination.accuracy is None:
        return "–"
    if len(combination.outcomes) == 1:
        return percent(combination.accuracy)
    return f"{100 * combination.accuracy:.2f} ± {100 * (combination.deviation or 0):.2f} %"


def _trials(combination: Combination) -> str:
    """What has become of its trials, such as "1 done, 2 ended early"."""
    names = {"done": "done", "stopped": "ended early", "failed": "failed", "running": "training", "waiting": "waiting"}
    counts = {name: sum(each.status == status for each in combination.outcomes) for status, name in names.items()}
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count)
