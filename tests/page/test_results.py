"""The Results tab without a browser."""

from streamlit.testing.v1 import AppTest

from model import load_recognizer
from model.analysis import DRAWINGS, evaluate, evaluation_file, keep_evaluation, load_evaluation
from model.data import load_embedded_digits
from model.paths import SHIPPED_NETWORK
from model.runs import shipped_results
from tests.support.page import keys, run_until


def results_tab():
    from views.tabs import results

    results.render()


def test_an_evaluation_from_before_there_were_real_drawings_is_completed(runs):
    test = load_embedded_digits().test
    evaluation = evaluate(load_recognizer(), test, lambda fraction: None, lambda: True)
    keep_evaluation(evaluation_file(runs, SHIPPED_NETWORK, "digits"), evaluation)
    page = AppTest.from_function(results_tab, default_timeout=60)
    run_until(page, lambda: page.metric)
    assert "evaluate" not in keys(page)
    shown = {metric.label: metric.value for metric in page.metric}
    assert shown["Accuracy"] == f"{100 * evaluation.accuracy:.2f} %"
    assert shown["Read correctly"] == f"{(evaluation.answers == test.labels).sum()} of 359"
    right, images = map(int, shown["Real drawings"].split(" of "))
    assert images == 300
    assert abs(right - shipped_results().real_drawings.right) <= 1  # processors differ in the last decimals
    assert load_evaluation(evaluation_file(runs, SHIPPED_NETWORK, DRAWINGS)).score == (right, 300)
