"""The score of a run's network on the shared set of real drawings: its trainer notes it, or else the page finds it out.

A training that was stopped has a network, but no score. Once it is evaluated, on whichever page, its score is known.
"""

import contextlib
from dataclasses import replace

from model import InputError
from model.analysis import DRAWINGS, evaluate, evaluation_file, keep_evaluation, load_evaluation
from model.data import Score, load_real_drawings
from model.files import Remembered, stamp
from model.runs import Results, Run, runs_folder
from views.shared.jobs import Job, start
from views.shared.loading import Loading

MAX_KNOWN = 1_000  # scores that are remembered

_known: Remembered[Score | None] = Remembered(MAX_KNOWN)


def drawings_score(run: Run) -> Score | None:
    """The score as far as it is known."""
    if run.results.real_drawings is not None or not run.usable:
        return run.results.real_drawings
    with contextlib.suppress(InputError):
        file = evaluation_file(runs_folder(), run.model_file, DRAWINGS)
        if file.is_file():
            return _known.get(file, stamp(file), lambda: getattr(load_evaluation(file), "score", None))
    return None


def known_results(run: Run) -> Results:
    """What is known of how well a run's network reads, with a score that the page has found out."""
    return replace(run.results, real_drawings=drawings_score(run))


def find_score(run: Run, network: Loading) -> Job[Score | None]:
    """Finds the score out with the run's network, and keeps it. The first call starts the work."""

    def work(job: Job) -> Score | None:
        evaluation = evaluate(network.result(), load_real_drawings(run.skipped), job.tell, job.wanted)
        if evaluation is None:
            return None
        with contextlib.suppress(InputError):  # a full disk is no reason not to show it
            keep_evaluation(evaluation_file(runs_folder(), run.model_file, DRAWINGS), evaluation)
        return evaluation.score

    return start("tabs", ("score", run.folder, stamp(run.model_file)), work)
