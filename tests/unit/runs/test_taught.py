import pytest

from model import InputError
from model.paths import SHIPPED_NETWORK
from model.runs import inherited, what_was_taught

TAUGHT = {
    "drawings": 12,
    "held_out": 5,
    "before": 2,
    "after": 4,
    "per_digit": {"1": {"before": [1, 7], "after": [1, 1]}, "6": {"before": [5, 5, 6], "after": [6, 6, 5]}},
    "test_before": 0.9929,
    "test_after": 0.9927,
}


def test_what_was_taught_is_told_in_sentences():
    assert what_was_taught(TAUGHT, "mnist") == (
        "Of 5 of your drawings held out, 2 → 4 are read right. Your 6: 5 → 6. MNIST: 99.29 → 99.27 %."
    )


def test_a_network_that_reads_less_than_before_says_so():
    worse = what_was_taught(TAUGHT | {"before": 4, "after": 2}, "mnist")
    assert worse.endswith("It reads fewer of your drawings than before: keep the network that you had, or draw more.")


def test_without_drawings_held_out_nothing_is_said_of_them():
    alone = TAUGHT | {"held_out": 0, "before": 0, "after": 0, "per_digit": {}}
    assert what_was_taught(alone, "mnist") == "MNIST: 99.29 → 99.27 %."


@pytest.mark.parametrize("data", ["digits", "/home/me/mnist.npz"])
def test_other_data_are_not_called_mnist(data):
    assert what_was_taught(TAUGHT, data).endswith("Test images: 99.29 → 99.27 %.")


def test_the_built_in_network_is_known():
    assert inherited(str(SHIPPED_NETWORK)) == {"network": "reader"}


@pytest.mark.parametrize("content", [None, "{", '{"settings": 3}', '{"settings": {"network": "unheard-of"}}'])
def test_what_is_not_said_beside_a_file_has_to_be_named(tmp_path, content):
    if content:
        (tmp_path / "run.json").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"name it with --network\.$"):
        inherited(str(tmp_path / "model.keras"))
