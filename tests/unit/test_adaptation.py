"""The blend on features made up so that it is known which are near."""

import numpy as np
import pytest

from model.adaptation import EDGES, blend, centre_of, describe, learn

NOWHERE = np.zeros(3 + EDGES, np.float32)  # a centre that leaves directions as they are


def sure_of(digit, probability=0.999):
    answer = np.full((1, 10), (1 - probability) / 9, np.float32)
    answer[0, digit] = probability
    return answer


def with_edges(features):
    """Features (N, 3) as those of a network and, the same once more, as those of edges."""
    return np.hstack([features, np.pad(features, [(0, 0), (0, EDGES - 3)])]).astype(np.float32)


def direction(degrees):
    """Features (1, 3 + EDGES), of both kinds so far turned from (1, 0, 0)."""
    angle = np.deg2rad(degrees)
    return with_edges(np.array([[np.cos(angle), np.sin(angle), 0]]))


def bar(angle=0.0, moved=0):
    """An image (1, 28, 28) of a bar, upright at the angle 0 and turned by so many degrees, then moved to the right."""
    across, down = np.meshgrid(np.arange(28) - 13.5 - moved, np.arange(28) - 13.5)
    turn = np.deg2rad(angle)
    aside = np.abs(across * np.cos(turn) + down * np.sin(turn))
    along = np.abs(down * np.cos(turn) - across * np.sin(turn))
    return (np.clip(2.5 - aside, 0, 1) * np.clip(9.5 - along, 0, 1))[None].astype(np.float32)


def answer(degrees, examples, before=None):
    """What becomes of a sure 5 so many degrees from where examples are, (degrees, digit) each; and the share."""
    places, digits = zip(*examples, strict=True)
    hand = learn(np.concatenate([direction(each) for each in places]), digits, NOWHERE)
    probabilities, share = blend(sure_of(5) if before is None else before, direction(degrees), hand)
    assert probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert probabilities.dtype == np.float32
    return probabilities[0], float(share[0])


def test_what_is_like_an_example_gets_its_digit():
    probabilities, share = answer(10, [(0, 6)])
    assert probabilities.argmax() == 6
    assert share > 0.9


@pytest.mark.parametrize("certainty", [0.6, 0.99, 1])
def test_an_example_itself_is_always_read_as_taught(certainty):
    """Even if the network is certain of another digit."""
    assert answer(0, [(0, 6)], sure_of(5, certainty))[0][6] > 0.9


def test_an_example_is_read_as_taught_beside_others_of_the_digit_that_it_was_taken_for():
    assert answer(0, [(35, 5), (0, 6)])[0][6] > 0.9


def test_what_is_unlike_all_examples_is_answered_as_before():
    probabilities, share = answer(100, [(0, 6)])
    assert share < 0.01
    assert probabilities == pytest.approx(sure_of(5)[0], abs=0.01)


def test_the_nearer_the_more_the_examples_count():
    shares = [answer(degrees, [(0, 6)])[1] for degrees in range(0, 90, 5)]
    assert shares == sorted(shares, reverse=True)


def test_the_nearest_example_wins():
    unsure = np.full((1, 10), 0.1, np.float32)
    assert answer(15, [(0, 6), (60, 2)], unsure)[0].argmax() == 6
    assert answer(45, [(0, 6), (60, 2)], unsure)[0].argmax() == 2


def test_more_examples_of_the_same_form_count_more():
    once, twice = ([(0, 6)] * count for count in (1, 2))
    assert answer(60, twice)[1] > answer(60, once)[1]


def test_an_image_taught_as_two_digits_is_one_of_them():
    probabilities, _ = answer(0, [(0, 6), (0, 2)])
    assert probabilities[6] == pytest.approx(probabilities[2])
    assert probabilities[6] + probabilities[2] > 0.9


def test_a_form_taught_is_a_digit_but_what_is_only_a_little_like_it_is_not():
    """A network that takes something for no digit shares its probability out among all ten."""
    no_digit = np.full((1, 10), 0.1, np.float32)
    assert answer(20, [(0, 7)], no_digit)[0][7] > 0.9
    assert answer(70, [(0, 7)], no_digit)[0][7] < 0.3


def test_right_answers_become_surer():
    assert answer(30, [(0, 5)], sure_of(5, 0.6))[0][5] > 0.95


@pytest.mark.parametrize("degrees", range(0, 100, 10))
def test_what_is_a_little_like_an_example_of_its_digit_is_no_less_certain_for_it(degrees):
    assert answer(degrees, [(0, 5)], sure_of(5, 0.99))[0][5] > 0.99 - 0.0001


def test_drawings_that_the_network_finds_alike_are_told_apart_by_where_their_edges_run():
    alike = np.ones((1, 3), np.float32)
    hand = learn(describe(alike, bar()), [6], NOWHERE)
    same, moved, turned = (blend(sure_of(5), describe(alike, each), hand)[1][0] for each in (bar(), bar(0, 1), bar(90)))
    assert same > moved > turned


def test_edges_a_pixel_further_on_are_almost_the_same_and_turned_ones_are_others():
    upright, moved, turned = (describe(np.ones((1, 3)), image)[0, 3:] for image in (bar(), bar(moved=1), bar(90)))
    assert upright @ upright == pytest.approx(1, abs=1e-5)
    assert upright @ moved > 0.9
    assert upright @ turned < 0.3


def test_the_length_of_the_features_does_not_matter():
    hand, scaled = (learn(scale * direction(0), [6], NOWHERE) for scale in (1, 1000))
    one, other = (blend(sure_of(5), length * direction(30), hand)[0] for length in (1, 0.001))
    assert one == pytest.approx(other, abs=1e-5)
    assert np.allclose(hand.directions, scaled.directions)


def test_features_are_compared_as_they_are_seen_from_the_centre():
    """Features that all have much in common differ a lot in what they do not."""
    angles = np.deg2rad(np.arange(0, 360, 10))
    ordinary = with_edges(np.stack([np.full(36, 10), np.cos(angles), np.sin(angles)], axis=1))
    centre = centre_of(ordinary)
    hand = learn(ordinary[:1], [6], centre)
    assert blend(sure_of(5), ordinary[:1], hand)[0].argmax() == 6
    assert blend(sure_of(5), ordinary[18:19], hand)[0].argmax() == 5


def test_features_that_are_all_zero_break_nothing():
    nothing = describe(np.zeros((1, 3), np.float32), np.zeros((1, 28, 28), np.float32))
    hand = learn(nothing, [6], NOWHERE)
    for features in (nothing, direction(0)):
        assert np.isfinite(blend(sure_of(5), features, hand)[0]).all()
