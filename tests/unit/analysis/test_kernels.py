import numpy as np
import pytest

from model import Recognizer
from model.analysis import examine_kernel, feature_maps, find_stages
from model.networks import import_keras
from tests.support.digits import on_canvas


def mixed_network():
    """A network with all that a convolution can be: padded or not, strides, dilation, groups, biases, pooling."""
    keras = import_keras()
    layers = keras.layers
    random = keras.initializers.RandomNormal(stddev=0.3, seed=1)
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(6, (4, 3), strides=2, padding="same", activation="tanh", bias_initializer=random),
            layers.BatchNormalization(moving_mean_initializer=random),
            layers.Conv2D(8, 3, padding="same", groups=2, bias_initializer=random),
            layers.MaxPooling2D(2),
            layers.ReLU(),
            layers.Conv2D(4, 2, dilation_rate=2, use_bias=False, activation="relu"),
            layers.AveragePooling2D(2, strides=1),
            layers.SeparableConv2D(3, 2),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )


@pytest.fixture(scope="module")
def mixed():
    return Recognizer(mixed_network())


def before_activation(recognizer, image):
    """For each convolution: what Keras itself gives it and makes of it before the activation."""
    values, found = image[None, :, :, None], []
    for layer in recognizer.model.layers:
        if type(layer).__name__ == "Conv2D":
            sums = layer.convolution_op(values, layer.kernel)
            found.append(np.array(sums + layer.bias if layer.use_bias else sums)[0])
        values = layer(values)
    return found


@pytest.mark.parametrize("which", ["recognizer", "mixed"])
def test_the_products_add_up_to_what_the_network_computes(which, request, seven):
    network = request.getfixturevalue(which)
    for layer, expected in enumerate(before_activation(network, seven)):
        for channel in (0, expected.shape[-1] - 1):
            kernel = examine_kernel(network, seven, layer, channel)
            scale = float(np.abs(expected).max())
            assert kernel.values == pytest.approx(expected[..., channel], abs=1e-5 * scale)
            for place in (0, 0), (kernel.values.shape[0] // 2, kernel.values.shape[1] - 1):
                assert sum_at(kernel, *place) == pytest.approx(expected[(*place, channel)], abs=1e-5 * scale)


def sum_at(kernel, row, column):
    """The sum as the description of `Kernel` has it."""
    total = kernel.bias
    for y, x, channel in np.ndindex(kernel.weights.shape):
        place = [
            at * stride + step * dilation - padding
            for at, step, stride, dilation, padding in zip(
                (row, column), (y, x), kernel.strides, kernel.dilation, kernel.padding, strict=True
            )
        ]
        if all(0 <= at < size for at, size in zip(place, kernel.inputs.shape[:2], strict=True)):
            total += float(kernel.weights[y, x, channel]) * float(kernel.inputs[place[0], place[1], channel])
    return total


def test_the_map_is_the_one_that_the_next_layer_gets(recognizer, seven):
    kernel = examine_kernel(recognizer, seven, 1, 5)
    assert kernel.through == ("MaxPooling2D 2×2", "BatchNormalization", "Activation, relu")
    assert (kernel.filters, kernel.values.shape, kernel.map.shape) == (64, (28, 28), (14, 14))
    assert np.array_equal(kernel.map, feature_maps(recognizer, seven)[1].values[..., 5])


def test_an_activation_of_the_convolution_itself_is_named(mixed, seven):
    assert examine_kernel(mixed, seven, 0, 0).through == ("tanh", "BatchNormalization")
    assert examine_kernel(mixed, seven, 2, 0).through == ("relu",)


def test_groups_read_their_own_channels(mixed, seven):
    assert [examine_kernel(mixed, seven, 1, channel).first_input for channel in (0, 3, 4, 7)] == [0, 0, 3, 3]
    assert examine_kernel(mixed, seven, 1, 7).weights.shape == (3, 3, 3)


@pytest.mark.parametrize(("layer", "channel"), [(3, 0), (9, 0), (-1, 0), (0, 6), (0, -1)])
def test_what_is_no_kernel_is_none(mixed, seven, layer, channel):
    """The fourth convolution is separable, so that no single kernel makes a map."""
    assert examine_kernel(mixed, seven, layer, channel) is None


def test_the_maps_lie_where_their_ink_is(mixed, recognizer):
    """A dot moves, and what it excites must move with it."""
    for network in (mixed, recognizer):
        for x, y in ((8, 10), (19, 17)):
            image = np.zeros((28, 28), np.float32)
            image[y - 1 : y + 1, x - 1 : x + 1] = 1
            for layer in (0, 1, 2):
                kernel, rest = (examine_kernel(network, each, layer, 0) for each in (image, np.zeros_like(image)))
                change = np.abs(kernel.values - rest.values)
                rows, columns = np.nonzero(change > 1e-6)
                height, width = change.shape
                middle_x = kernel.box.left + (columns.min() + columns.max() + 1) / 2 / width * kernel.box.width
                middle_y = kernel.box.top + (rows.min() + rows.max() + 1) / 2 / height * kernel.box.height
                step = max(kernel.box.width / width, kernel.box.height / height)
                assert (middle_x * 28, middle_y * 28) == pytest.approx((x, y), abs=28 * step), (layer, x, y)


def test_a_stage_can_be_examined(recognizer):
    image = recognizer.read(on_canvas(3, 0.6)).image
    for stage in find_stages(recognizer, image):
        kernel = examine_kernel(recognizer, image, stage.layer, stage.channels[0])
        assert (kernel.name, kernel.map.shape, kernel.map_box) == (stage.name, stage.shape[:2], stage.box)
