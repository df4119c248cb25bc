from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from model import Recognizer
from model.analysis import describe_layers, feature_maps
from model.networks import MERGING_LAYER, NETWORKS, import_keras

WITHOUT_CONVOLUTIONS = ("dense-512", "dense-128x2")


def convolutions(model):
    return [layer for layer in model.layers if type(layer).__name__ == "Conv2D"]


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_shows_its_layers_and_feature_maps(name, untrained, seven):
    recognizer = untrained(name)
    rows, maps = describe_layers(recognizer), feature_maps(recognizer, seven)
    assert [row.name for row in rows] == [layer.name for layer in recognizer.model.layers]
    assert sum(row.parameters for row in rows) == NETWORKS[name].parameters
    assert rows[-1].shape == (10,)
    assert [row.kind for row in rows if row.name != MERGING_LAYER][-1] == "Dense, softmax"
    assert [each.name for each in maps] == [layer.name for layer in convolutions(recognizer.model)]
    assert [each.values.shape[-1] for each in maps] == [layer.filters for layer in convolutions(recognizer.model)]
    assert (not maps) == (name in WITHOUT_CONVOLUTIONS)


@pytest.mark.parametrize(
    ("name", "through"),
    [
        ("reader", ("BatchNormalization", "Activation, relu")),
        ("quick", ("MaxPooling2D 2×2", "BatchNormalization", "Activation, relu")),
        ("keras-cnn", ()),
    ],
)
def test_a_map_is_what_the_next_layer_gets(name, through, untrained, seven):
    recognizer = untrained(name)
    first = feature_maps(recognizer, seven)[0]
    assert first.through == through
    expected = seven[None, :, :, None]
    layers = recognizer.model.layers
    convolution = next(place for place, layer in enumerate(layers) if layer.name == first.name)
    for layer in layers[: convolution + 1 + len(through)]:
        expected = layer(expected)
    assert first.values == pytest.approx(np.array(expected)[0], abs=1e-5)
    assert first.values.min() >= 0  # after relu


def test_pooling_belongs_to_a_map_only_if_an_activation_follows_it(untrained, seven):
    (first, _), (_, second) = (feature_maps(untrained(name), seven)[:2] for name in ("quick", "he-cnn"))
    assert first.through == ("MaxPooling2D 2×2", "BatchNormalization", "Activation, relu")
    assert first.values.shape == (10, 10, 16)
    assert second.through == ()


def test_a_branching_and_nested_network_shows_its_maps_and_stays_as_it_is(seven):
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
    assert [len(each._inbound_nodes) for each in recognizer.model.layers] == before


def test_many_threads_at_a_time_see_the_same_maps(recognizer, seven):
    alone = feature_maps(recognizer, seven)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda _: feature_maps(recognizer, seven), range(4)))
    for maps in together:
        assert all(np.allclose(a.values, b.values, atol=1e-5) for a, b in zip(maps, alone, strict=True))
