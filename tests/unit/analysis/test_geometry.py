import numpy as np
import pytest

from model import Recognizer
from model.analysis import find_stages
from model.networks import INPUT_SHAPE, import_keras

keras = import_keras()
layers = keras.layers


@pytest.mark.parametrize(
    ("before", "top", "left", "height", "width"),
    [
        ([layers.Cropping2D(2)], 2, 2, 24, 24),
        ([layers.Cropping2D(((3, 1), (2, 4)))], 3, 2, 24, 22),
        ([layers.MaxPooling2D(2), layers.Cropping2D(((3, 1), (0, 4)))], 6, 0, 20, 20),
        ([layers.ZeroPadding2D(((2, 3), (1, 0)))], -2, -1, 33, 29),
        ([layers.ZeroPadding2D(1), layers.Conv2D(3, 3)], 0, 0, 28, 28),
    ],
)
def test_what_is_cropped_or_padded_moves_the_maps_in_the_image(before, top, left, height, width):
    model = keras.Sequential(
        [keras.Input(INPUT_SHAPE), *before, layers.Conv2D(2, 1), layers.Flatten(), layers.Dense(10, "softmax")]
    )
    box = find_stages(Recognizer(model), np.eye(28, dtype=np.float32))[-1].box
    assert np.array(box) * 28 == pytest.approx([left, top, width, height])
