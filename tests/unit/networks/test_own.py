"""Networks of one's own: what their recipes make, and which are refused."""

import json

import numpy as np
import pytest

from model import InputError
from model.networks import OwnNetwork, read_recipe
from model.networks.own import MAX_PARAMETERS, MAX_PRODUCTS, seconds_per_epoch

CONVOLUTION = {"filters": 6, "kernel": 3, "pool": True}
RECIPES = [
    {},
    {"dense": [16, 8], "dropout": 0.5},
    {"convolutions": [CONVOLUTION]},
    {"convolutions": [CONVOLUTION | {"kernel": 4}, {"filters": 5}, CONVOLUTION], "dense": [7]},
    {"convolutions": [CONVOLUTION] * 4, "dense": [3]},  # down to a single pixel
]


@pytest.mark.parametrize("recipe", RECIPES, ids=json.dumps)
def test_a_recipe_is_built_and_its_parameters_are_known_before(recipe):
    network = read_recipe(json.dumps(recipe))
    model = network.network().build()
    assert model.count_params() == network.parameters == network.network().parameters
    assert np.asarray(model(np.zeros((2, 28, 28, 1)))).shape == (2, 10)
    assert read_recipe(network.to_text()) == network


def test_its_multiplications_are_counted():
    network = read_recipe(json.dumps({"convolutions": [CONVOLUTION], "dense": [7]}))
    assert network.products == 28 * 28 * 9 * 6 + 14 * 14 * 6 * 7 + 7 * 10


def test_more_work_takes_longer():
    small, large = (read_recipe(json.dumps({"dense": [units]})) for units in (10, 2_000))
    assert seconds_per_epoch(large, 1_000) > seconds_per_epoch(small, 1_000) > 0
    assert seconds_per_epoch(small, 2_000) == pytest.approx(2 * seconds_per_epoch(small, 1_000))


@pytest.mark.parametrize(
    ("recipe", "complaint"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("3", "not a JSON object"),
        ('{"layers": []}', "'layers', which is not known"),
        ('{"dense": 3}', "list of up to 4"),
        ('{"dense": [1, 1, 1, 1, 1]}', "5 of them"),
        ('{"dense": [true]}', "dense layer 1"),
        ('{"dense": [2.5]}', "dense layer 1"),
        ('{"dense": [9999]}', "from 1 to 2048"),
        ('{"dropout": 1}', "from 0 to 0.9"),
        ('{"dropout": NaN}', "from 0 to 0.9"),
        ('{"convolutions": [3]}', "must be an object"),
        ('{"convolutions": [{}]}', "not nothing"),
        ('{"convolutions": [{"filters": 4, "kernel": 12}]}', "kernel"),
        ('{"convolutions": [{"filters": 4, "pool": 1}]}', "true or false"),
        ('{"convolutions": [{"filters": 4, "units": 1}]}', "takes filters, kernel, pool"),
        (json.dumps({"convolutions": [CONVOLUTION] * 5}), "halves the maps too often"),
        ('{"convolutions": [{"filters": 64}], "dense": [2048]}', f"more than {MAX_PARAMETERS:,}"),
        ('{"convolutions": [{"filters": 200, "kernel": 7}, {"filters": 9}]}', None),
        (
            '{"convolutions": [{"filters": 99, "kernel": 9}, {"filters": 99, "kernel": 9, "pool": true}]}',
            f"more than {MAX_PRODUCTS:,}",
        ),
    ],
)
def test_what_cannot_be_built_is_refused_in_a_sentence(recipe, complaint):
    if complaint is None:
        assert isinstance(read_recipe(recipe), OwnNetwork)
        return
    with pytest.raises(InputError) as refused:
        read_recipe(recipe)
    assert complaint in str(refused.value)
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)
