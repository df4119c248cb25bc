import numpy as np
import pytest

from model import BLANK, Recognizer
from model.analysis import feature_maps, find_stages
from model.analysis.pictures import to_grey
from model.analysis.stages import MAX_STRONGEST
from model.networks import import_keras


@pytest.mark.parametrize(
    ("name", "stages"),
    [
        ("reader", ["Conv2D 5×5", "Conv2D 3×3", "Conv2D 3×3"]),
        ("he-cnn", ["Conv2D 3×3, relu"] * 3),
        ("keras-cnn", ["Conv2D 3×3, relu", "Conv2D 3×3, relu", "Dense, relu"]),
        ("cnn-sgd", ["Conv2D 5×5, relu", "Conv2D 2×2, relu", "Dense, relu"]),
        ("quick", ["Conv2D 5×5", "Conv2D 3×3", "Dense, relu"]),
        ("dense-512", ["Dense, relu"]),
        ("dense-128x2", ["Dense, relu", "Dense, relu"]),
    ],
)
def test_every_network_shows_its_way_to_the_answer(name, stages, untrained, seven):
    found = find_stages(untrained(name), seven)
    assert [each.kind for each in found] == stages
    for each in found:
        assert len(each.pictures) == (len(each.channels) if each.convolution else 1)
        assert each.pictures.dtype == np.uint8
        assert each.pictures.max() == 255


def test_the_first_a_middle_and_the_last_convolution(recognizer, seven):
    found = find_stages(recognizer, seven)
    assert [(each.number, each.shape) for each in found] == [(1, (28, 28, 32)), (3, (14, 14, 64)), (7, (3, 3, 256))]


def test_the_maps_that_the_drawing_excites_most_come_first(recognizer, seven):
    blank = np.zeros_like(seven)
    for stage in find_stages(recognizer, seven):
        maps, rest = (feature_maps(recognizer, image)[stage.layer].values for image in (seven, blank))
        excitement = np.maximum(maps - rest, 0).mean(axis=(0, 1))
        assert len(stage.channels) == MAX_STRONGEST
        assert list(excitement[list(stage.channels)]) == sorted(excitement, reverse=True)[:MAX_STRONGEST]
        grey = to_grey(maps)
        for channel, picture in zip(stage.channels, stage.pictures, strict=True):
            assert np.array_equal(picture, grey[..., channel])


def test_a_blank_image_excites_nothing(recognizer):
    found = find_stages(recognizer, BLANK.image)
    assert [each.channels for each in found] == [(), (), ()]


def test_a_network_without_hidden_layers_has_no_stages(seven):
    keras = import_keras()
    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, "softmax")])
    assert find_stages(Recognizer(model), seven) == []


def test_each_neuron_of_a_dense_layer_is_a_pixel(untrained, seven):
    recognizer = untrained("dense-512")
    (stage,) = find_stages(recognizer, seven)
    assert stage.pictures.shape == (1, 16, 32)
    expected = np.array(recognizer.model.layers[1](seven.reshape(1, -1)))[0]
    assert np.array_equal(stage.pictures.ravel(), to_grey(expected))
