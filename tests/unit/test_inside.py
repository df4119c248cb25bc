from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from model import Recognizer, load_recognizer
from model.analysis import PATCH, describe_layers, feature_maps, occlude
from model.networks import MERGING_LAYER, NETWORKS, import_keras
from tests.support.digits import on_canvas

WITHOUT_CONVOLUTIONS = ("dense-512", "dense-128x2")


@pytest.fixture(scope="module")
def shipped():
    return load_recognizer()


@pytest.fixture(scope="module")
def seven(shipped):
    return shipped.read(on_canvas(7, 0.6)).image


def convolutions(model):
    return [layer for layer in model.layers if type(layer).__name__ == "Conv2D"]


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_shows_its_inside(name, seven):
    recognizer = Recognizer(NETWORKS[name].build())
    rows, maps = describe_layers(recognizer), feature_maps(recognizer, seven)
    assert [row.name for row in rows] == [layer.name for layer in recognizer.model.layers]
    assert sum(row.parameters for row in rows) == NETWORKS[name].parameters
    assert rows[-1].shape == (10,)
    assert [row.kind for row in rows if row.name != MERGING_LAYER][-1] == "Dense, softmax"
    assert [each.name for each in maps] == [layer.name for layer in convolutions(recognizer.model)]
    assert [each.values.shape[-1] for each in maps] == [layer.filters for layer in convolutions(recognizer.model)]
    assert (not maps) == (name in WITHOUT_CONVOLUTIONS)
    evidence = occlude(recognizer, seven)
    assert evidence.probabilities == pytest.approx(recognizer.predict(seven[None])[0], abs=1e-6)
    assert not evidence.credit[:, seven == 0].any()
    assert evidence.credit[:, seven > 0].any()


@pytest.mark.parametrize(
    ("name", "through"),
    [
        ("reader", ("BatchNormalization", "Activation, relu")),
        ("quick", ("MaxPooling2D 2×2", "BatchNormalization", "Activation, relu")),
        ("keras-cnn", ()),
    ],
)
def test_a_map_is_what_the_next_layer_gets(name, through, seven):
    recognizer = Recognizer(NETWORKS[name].build())
    first = feature_maps(recognizer, seven)[0]
    assert first.through == through
    expected = seven[None, :, :, None]
    for layer in recognizer.model.layers[: 1 + len(through)]:
        expected = layer(expected)
    assert first.values == pytest.approx(np.array(expected)[0], abs=1e-5)
    assert first.values.min() >= 0  # after relu


def test_pooling_belongs_to_a_map_only_if_an_activation_comes_after_it(seven):
    (first, _), (_, second) = (
        feature_maps(Recognizer(NETWORKS[name].build()), seven)[:2] for name in ("quick", "he-cnn")
    )
    assert first.through == ("MaxPooling2D 2×2", "BatchNormalization", "Activation, relu")
    assert first.values.shape == (12, 12, 16)
    assert second.through == ()


def test_a_branching_and_nested_network(seven):
    keras = import_keras()
    layer = keras.layers
    inner = keras.Sequential([keras.Input((28, 28, 4)), layer.Conv2D(4, 3, padding="same", name="inner"), layer.ReLU()])
    inputs = keras.Input((28, 28, 1))
    branch = layer.Conv2D(4, 3, padding="same", name="outer")(inputs)
    merged = layer.Add(name="sum")([branch, inner(branch)])
    outputs = layer.Dense(10, activation="softmax")(layer.GlobalAveragePooling2D()(layer.ReLU()(merged)))
    recognizer = Recognizer(keras.Model(inputs, outputs))
    before = [len(each._inbound_nodes) for each in recognizer.model.layers]
    maps = feature_maps(recognizer, seven)
    assert [(each.name, each.through) for each in maps] == [("outer", ()), ("inner", ("ReLU",))]
    assert [row.name for row in describe_layers(recognizer)][:2] == ["outer", "inner"]
    assert sum(row.parameters for row in describe_layers(recognizer)) == recognizer.model.count_params()
    assert [len(each._inbound_nodes) for each in recognizer.model.layers] == before  # it is left as it was


def test_ink_that_makes_the_answer_speaks_for_it(shipped):
    """A dense network that counts ink on the left for 3 and on the right for 8."""
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
    assert evidence.without_best[3] == pytest.approx(_without(model, image, (slice(10, 14), slice(6, 10)))[3], abs=1e-5)


def _without(model, image, square):
    erased = image.copy()
    erased[square] = 0
    assert (square[0].stop - square[0].start) == PATCH
    return np.array(model(erased[None, :, :, None]))[0]


def test_a_blank_image_has_no_evidence(shipped):
    evidence = occlude(shipped, np.zeros((28, 28), np.float32))
    assert not evidence.credit.any()
    assert evidence.without_best == pytest.approx(evidence.probabilities)


def test_the_shipped_network_is_surest_where_its_ink_speaks_most(shipped, seven):
    evidence = occlude(shipped, seven)
    assert evidence.probabilities.argmax() == 7
    assert evidence.credit[7].max() > 0
    assert evidence.without_best[7] < evidence.probabilities[7]


def test_many_threads_at_a_time_see_the_same(shipped, seven):
    alone = occlude(shipped, seven), feature_maps(shipped, seven)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda _: (occlude(shipped, seven), feature_maps(shipped, seven)), range(4)))
    for evidence, maps in together:
        assert evidence.credit == pytest.approx(alone[0].credit, abs=1e-4)
        assert all(np.allclose(a.values, b.values, atol=1e-5) for a, b in zip(maps, alone[1], strict=True))
