import pytest

from model.data import Score
from model.runs import Results
from views.shared.words import drawings_in_words, score_in_words, share_in_words


@pytest.mark.parametrize(
    ("results", "data", "said"),
    [
        (Results(0.991643, Score(356, 359)), "digits", "356 of 359 scans"),
        (Results(0.997, Score(9_970, 10_000)), "mnist", "9,970 of 10,000 of MNIST"),
        (Results(0.98, Score(98, 100)), "/my/mnist.npz", "98 of 100 test images"),
        (Results(0.9876), "digits", "98.76 % of the scans"),
        (Results(0.9876), "mnist", "98.76 % of MNIST"),
        (Results(0.9876), "/my/mnist.npz", "98.76 % of the test images"),
        (Results(), "digits", None),
    ],
)
def test_an_accuracy_says_of_what(results, data, said):
    assert score_in_words(results, data) == said


def test_real_drawings_are_counted():
    assert drawings_in_words(Results(real_drawings=Score(291, 300))) == "291 of 300 real drawings"
    assert drawings_in_words(Results()) is None


@pytest.mark.parametrize(
    ("results", "data", "said"),
    [
        (Results(0.991643, Score(356, 359)), "digits", "99.2 % of 359 scans"),
        (Results(0.9876), "digits", "98.8 % of the scans"),
        (Results(0.997, Score(9_970, 10_000)), "mnist", "99.7 % MNIST"),
        (Results(0.98, Score(98, 100)), "/my/mnist.npz", "98.0 % of the test images"),
        (Results(), "mnist", None),
    ],
)
def test_the_short_form_says_of_what_too(results, data, said):
    assert share_in_words(results, data) == said
