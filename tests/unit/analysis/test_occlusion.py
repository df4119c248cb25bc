from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from model import Recognizer
from model.analysis import PATCH, feature_maps, occlude
from model.networks import NETWORKS, import_keras
from tests.support.digits import on_canvas


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_gives_evidence_where_there_is_ink(name, untrained, seven):
    recognizer = untrained(name)
    evidence = occlude(recognizer, seven)
    assert evidence.probabilities == pytest.approx(recognizer.predict(seven[None])[0], abs=1e-6)
    assert not evidence.credit[:, seven == 0].any()
    assert evidence.credit[:, seven > 0].any()


def test_ink_that_makes_the_answer_speaks_for_it():
    """In a dense network that counts ink on the left for 3 and on the right for 8."""
    keras = import_keras()
    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, "softmax")])
    weights = np.zeros((28, 28, 10), np.float32)
    weights[:, :14, 3] = weights[:, 14:, 8] = 0.1
    model.set_weights([weights.reshape(784, 10), np.zeros(10, np.float32)])
    image = np.zeros((28, 28), np.float32)
    image[10:18, 6:9] = image[10:18, 19:22] = 1
    evidence = occlude(Recognizer(model), image)
    left, right = (slice(10, 18), slice(6, 9)), (slice(10, 18), slice(19, 22))
    assert (evidence.credit[3][left] > 0).all()
    assert (evidence.credit[3][right] < 0).all()
    assert (evidence.credit[8][right] > 0).all()
    assert (evidence.credit[8][left] < 0).all()
    assert evidence.without_best[3] < evidence.probabilities[3]
    without = _without(model, image, (slice(10, 14), slice(6, 10)))
    assert evidence.without_best[3] == pytest.approx(without[3], abs=1e-5)


def _without(model, image, square):
    erased = image.copy()
    erased[square] = 0
    assert (square[0].stop - square[0].start) == PATCH
    return np.array(model(erased[None, :, :, None]))[0]


def test_a_blank_image_has_no_evidence(recognizer):
    evidence = occlude(recognizer, np.zeros((28, 28), np.float32))
    assert not evidence.credit.any()
    assert evidence.without_best == pytest.approx(evidence.probabilities)


def test_without_its_strongest_ink_the_built_in_network_is_less_certain(recognizer, seven):
    evidence = occlude(recognizer, seven)
    assert evidence.probabilities.argmax() == 7
    assert evidence.credit[7].max() > 0
    assert evidence.without_best[7] < evidence.probabilities[7]


def test_many_threads_at_a_time_see_the_same_evidence(recognizer, seven):
    """While others compute feature maps."""
    alone = occlude(recognizer, seven)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda _: (feature_maps(recognizer, seven), occlude(recognizer, seven))[1], range(4)))
    for found in together:
        assert found.credit == pytest.approx(alone.credit, abs=1e-4)


def test_the_bar_of_a_7_speaks_for_it_and_against_a_1(recognizer):
    image = recognizer.read(on_canvas(7, 0.6)).image
    top = slice(0, 10)
    credit = occlude(recognizer, image).credit
    assert credit[7][top].sum() > 0 > credit[1][top].sum()
