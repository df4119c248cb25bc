"""Blends a network's answers with labelled examples of one hand, without training.

Everything here is arithmetic on features: what a network makes of an image before it decides. The idea is Bayes': a
digit becomes more probable the more of this person's examples of it are near, and the nearer they are. It stays as
probable as the network says where nothing is near, so other people's digits are read as before.

The constants were decided on people whom the network did not learn from (docs/experiments.md); `python -m bench.hands`
measures what comes of them.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from model.networks import CLASSES

# An example at the cosine similarity s counts exp((s − NEAR) / SCALE) times as much as what the network knew before.
# One person's 7s are usually 0.7 to 0.9 similar, a 7 and a 1 about 0.3.
NEAR, SCALE = 0.3, 0.06
# As the share of the examples goes to 1, the network's probabilities are raised to the power of 1 − DISTRUST.
DISTRUST = 0.6
SAME = 0.99  # the similarity from which a drawing is one of the examples: what the network thinks of it does not matter
SLIP = 0.001  # the probability that any digit has beside the network's: however sure, it may be wrong about this hand
# What the network gives all ten digits alike says that it is no digit. That much of it may become one by what is near.
NO_DIGIT = 0.1


class Hand(NamedTuple):
    """Examples of one hand, as one network sees them."""

    directions: np.ndarray  # float32 (N, F), each of length 1: the features of the examples, seen from the centre
    answers: np.ndarray  # float32 (N, 10): 1 for the digit of each example
    centre: np.ndarray  # float32 (F,): the mean direction of ordinary digits


def centre_of(features: np.ndarray) -> np.ndarray:
    """The mean direction of features (N, F): float32 (F,).

    Features are mostly positive, so all of them are similar until they are seen from the middle of ordinary digits.
    """
    return _to_length_1(features).mean(axis=0)


def learn(features: np.ndarray, digits: Sequence[int] | np.ndarray, centre: np.ndarray) -> Hand:
    """The hand whose examples have these features, (N, F), and these digits, (N,) in 0–9."""
    return Hand(_directions(features, centre), np.eye(CLASSES, dtype=np.float32)[np.asarray(digits, int)], centre)


def blend(probabilities: np.ndarray, features: np.ndarray, hand: Hand) -> tuple[np.ndarray, np.ndarray]:
    """What a network's probabilities, (M, 10), become once a hand is known, and the share of its examples, (M,) in 0–1.

    `features`, (M, F), are those of the same images.
    """
    similarity = _directions(features, hand.centre) @ hand.directions.T
    weights = np.exp((similarity - NEAR) / SCALE)
    nearness, same = weights @ hand.answers, np.where(similarity >= SAME, weights, 0) @ hand.answers
    share = _share(probabilities, _from_examples(probabilities, nearness) + same)
    trusted = probabilities ** (1 - DISTRUST * share)
    trusted /= trusted.sum(axis=1, keepdims=True)
    own = _from_examples(trusted, nearness) + same
    total = trusted + own
    return total / total.sum(axis=1, keepdims=True), _share(trusted, own)[:, 0]


def _from_examples(probabilities: np.ndarray, nearness: np.ndarray) -> np.ndarray:
    """How much the examples add to each digit, (M, 10)."""
    no_digit = probabilities.min(axis=1, keepdims=True)
    return (probabilities - (1 - NO_DIGIT) * no_digit + SLIP) * nearness


def _share(network: np.ndarray, own: np.ndarray) -> np.ndarray:
    """The share of the examples in the sum of both, (M, 1)."""
    added = own.sum(axis=1, keepdims=True)
    return added / (network.sum(axis=1, keepdims=True) + added)


def _directions(features: np.ndarray, centre: np.ndarray) -> np.ndarray:
    return _to_length_1(_to_length_1(features) - centre)


def _to_length_1(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
