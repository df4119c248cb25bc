"""Blends a network's answers with labelled examples of one hand, without training.

Everything here is arithmetic on features: what a network makes of an image before it decides, and where the edges of
its ink run. The idea is Bayes': a digit becomes more probable the more of this person's examples of it are near, and
the nearer they are. It stays as probable as the network says where nothing is near, so other people's digits are read
as before.

The constants were decided on people whom the network did not learn from (docs/experiments.md); `python -m bench.hands`
measures what comes of them.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from model.networks import CLASSES
from model.preprocessing import SIZE

# Edges are counted by direction in FIELDS × FIELDS fields of an image. A field is a bell, SPREAD pixels wide, and
# reaches into its neighbours: an edge that is a pixel further on is hardly another one.
FIELDS, SPREAD = 7, 2.0
_MIDDLES = (np.arange(FIELDS) + 0.5) * SIZE / FIELDS - 0.5
BELLS = np.exp(-((_MIDDLES[:, None] - np.arange(SIZE)) ** 2) / (2 * SPREAD**2)).astype(np.float32)  # (FIELDS, 28)
ANGLES = np.arange(8, dtype=np.float32)[:, None, None] * np.float32(np.pi / 4)
EDGES = FIELDS * FIELDS * len(ANGLES)  # the features that say where edges run: the last ones
EDGE_WEIGHT = 0.2  # how much of a similarity comes from the edges. The network's maps tell hands apart better
# An example at the similarity s counts exp((s − NEAR) / SCALE) times as much as what the network knew before. Of two 7s
# by one person, it is usually 0.6 to 0.8; of a 7 and a 1, 0.1 to 0.2.
NEAR, SCALE = 0.33, 0.06
# Where the examples contradict the network, as their share goes to 1, its probabilities are raised to the power of
# 1 − DISTRUST. Where they agree, it is as sure as before.
DISTRUST = 0.6
SAME = 0.99  # the similarity from which a drawing is one of the examples: what the network thinks of it does not matter
SLIP = 0.001  # the probability that any digit has beside the network's: however sure, it may be wrong about this hand
# What the network gives all ten digits alike says that it is no digit. That much of it may become one by what is near.
NO_DIGIT = 0.1


class Hand(NamedTuple):
    """Examples of one hand, as one network sees them."""

    directions: np.ndarray  # float32 (N, F), each of length 1: the features of the examples, seen from the centre
    answers: np.ndarray  # float32 (N, 10): 1 for the digit of each example
    centre: np.ndarray  # float32 (F,): the middle of ordinary digits, from `centre_of`


def describe(features: np.ndarray, images: np.ndarray) -> np.ndarray:
    """What images are compared by, float32 (N, F): a network's features for them, and the edges of their ink.

    The network's features may have any length; images are float32 (N, 28, 28) in 0–1.
    """
    return np.hstack([_to_length_1(features), _to_length_1(_edges(images))])


def centre_of(features: np.ndarray) -> np.ndarray:
    """The middle of features (N, F), as `describe` returns them: float32 (F,).

    Features are mostly positive, so all of them are similar until they are seen from the middle of ordinary digits.
    """
    return features.mean(axis=0)


def learn(features: np.ndarray, digits: Sequence[int] | np.ndarray, centre: np.ndarray) -> Hand:
    """The hand whose examples have these features, (N, F) from `describe`, and these digits, (N,) in 0–9."""
    return Hand(_directions(features, centre), np.eye(CLASSES, dtype=np.float32)[np.asarray(digits, int)], centre)


def blend(probabilities: np.ndarray, features: np.ndarray, hand: Hand) -> tuple[np.ndarray, np.ndarray]:
    """What a network's probabilities, (M, 10), become once a hand is known, and the share of its examples, (M,) in 0–1.

    `features`, (M, F), are those of the same images.
    """
    similarity = _directions(features, hand.centre) @ hand.directions.T
    weights = np.exp((similarity - NEAR) / SCALE)
    nearness, same = weights @ hand.answers, np.where(similarity >= SAME, weights, 0) @ hand.answers
    share = _share(probabilities, _from_examples(probabilities, nearness) + same)
    agreement = (probabilities * nearness).sum(axis=1, keepdims=True) / nearness.sum(axis=1, keepdims=True)
    trusted = probabilities ** (1 - DISTRUST * share * (1 - agreement))
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
    """Features as they are seen from the centre, each of length 1: their products are similarities, at most 1."""
    network, edges = (_to_length_1(part) for part in np.split(features - centre, [-EDGES], axis=1))
    return np.hstack([np.sqrt(1 - EDGE_WEIGHT) * network, np.sqrt(EDGE_WEIGHT) * edges]).astype(np.float32, copy=False)


def _edges(images: np.ndarray) -> np.ndarray:
    """How much edge runs in each of the eight directions in each field of images (N, 28, 28): float32 (N, EDGES)."""
    down, right = (slope[:, None] for slope in np.gradient(images, axis=(1, 2)))
    strength = np.maximum(np.hypot(down, right), np.finfo(np.float16).tiny)  # whose square is no zero in float32
    # The cosine of the angle in between, to the third power: little is left at 45 degrees, the next direction.
    along = np.maximum(right * np.cos(ANGLES) + down * np.sin(ANGLES), 0) ** 3 / strength**2
    return (BELLS @ along @ BELLS.T).reshape(len(images), EDGES)


def _to_length_1(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
