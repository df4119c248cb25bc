import pytest

from model.networks import INPUT_SHAPE, NETWORKS

PUBLISHED = {
    "cnn-sgd": 348_698,
    "he-cnn": 159_254,
    "dense-512": 407_050,
    "dense-128x2": 118_282,
    "keras-cnn": 1_199_882,
}


@pytest.mark.parametrize("name", NETWORKS)
def test_each_network_has_as_many_parameters_as_the_table_says(name):
    model = NETWORKS[name].build()
    assert model.count_params() == NETWORKS[name].parameters == PUBLISHED.get(name, NETWORKS[name].parameters)
    assert model.input_shape == (None, *INPUT_SHAPE)
    assert model.output_shape == (None, 10)
    assert model.compiled


@pytest.mark.parametrize(
    ("name", "optimizer", "rate", "loss", "epochs", "batch_size"),
    [
        ("cnn-sgd", "SGD", 0.01, "categorical_crossentropy", 20, 32),
        ("he-cnn", "Adam", 0.001, "categorical_crossentropy", 10, 200),
        ("dense-512", "RMSprop", 0.001, "sparse_categorical_crossentropy", 5, 128),
        ("dense-128x2", "Adam", 0.001, "sparse_categorical_crossentropy", 10, 32),
        ("keras-cnn", "Adam", 0.001, "sparse_categorical_crossentropy", 10, 128),
    ],
)
def test_each_tutorial_is_trained_as_it_says(name, optimizer, rate, loss, epochs, batch_size):
    recipe, model = NETWORKS[name].recipe, NETWORKS[name].build()
    assert type(model.optimizer).__name__ == optimizer
    assert float(model.optimizer.learning_rate) == pytest.approx(rate)
    assert model.loss == loss
    assert (recipe.epochs, recipe.batch_size) == (epochs, batch_size)
    assert not recipe.augment
    if optimizer == "SGD":
        assert model.optimizer.momentum == 0.9
