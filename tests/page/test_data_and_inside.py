"""The tabs Data and Inside without a browser: what they say when there is little to show."""

import dataclasses

import pytest
from streamlit.testing.v1 import AppTest

from model import BLANK, Recognizer, load_recognizer
from model.analysis import Neighbour
from model.networks import NETWORKS
from tests.support.digits import on_canvas
from tests.support.page import run_until
from views.shared.figures import table
from views.tabs import data, inside


def data_tab():
    from views.tabs import data

    data.render()


def inside_of(look):
    from views.tabs import inside

    inside._show(look)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"no archive", "cannot be read as MNIST"), (b"", "cannot be read as MNIST")],
)
def test_a_damaged_file_is_reported_in_a_sentence(tmp_path, monkeypatch, content, said):
    path = tmp_path / "mnist.npz"
    path.write_bytes(content)
    monkeypatch.setenv("DIGITS_MNIST", str(path))
    page = AppTest.from_function(data_tab, default_timeout=60)
    run_until(page, lambda: page.error)
    assert said in page.error[0].value
    page.button_group("data_source").set_value("digits")
    run_until(page, lambda: not page.error and page.number_input)
    assert any("1,438 training images" in each.value for each in page.markdown)


def test_without_mnist_the_page_says_where_it_would_be(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGITS_MNIST", str(tmp_path / "nowhere.npz"))
    page = AppTest.from_function(data_tab, default_timeout=60)
    run_until(page, lambda: page.number_input)
    assert any("nowhere.npz" in each.value for each in page.caption)
    page.number_input("data_index").set_value(1437)
    run_until(page, lambda: any("Image 1437 of the training set" in each.value for each in page.markdown))
    page.button_group("data_part").set_value("test")  # it has fewer images
    run_until(page, lambda: any("of the test set" in each.value for each in page.markdown))
    assert page.number_input("data_index").value == 358


@pytest.fixture(scope="module")
def seven():
    return load_recognizer().read(on_canvas(7, 0.6))


@pytest.mark.parametrize("name", NETWORKS)
def test_the_inside_of_every_network(name, seven):
    look = inside._look_inside(Recognizer(NETWORKS[name].build()), seven)
    page = AppTest.from_function(inside_of, default_timeout=60, args=(look,)).run()
    assert not page.exception
    without = "no convolutions" in " ".join(each.value for each in page.info)
    assert without == name.startswith("dense")
    assert f"{NETWORKS[name].parameters:,}" in look.layers
    assert ("as separate classes" in look.layers) == NETWORKS[name].recipe.origins


def test_what_does_not_look_like_a_digit_is_no_answer(seven):
    doubtful = dataclasses.replace(seven, is_digit=False)
    look = inside._look_inside(load_recognizer(), doubtful)
    page = AppTest.from_function(inside_of, default_timeout=60, args=(look,)).run()
    assert "The closest, 7" in page.button_group("inside_digit").options
    neighbours = [Neighbour(0, 7, 1.0, "close")] * 5 + [Neighbour(1, 1, 1.0, "close")] * 5
    assert "does not think that the drawing is a digit" in data._in_words(doubtful, neighbours)
    assert "answers 7, too" in data._in_words(seven, neighbours)
    assert "answers 7, although more" in data._in_words(seven, neighbours[4:])


def test_the_inside_of_a_blank_canvas():
    look = inside._look_inside(load_recognizer(), BLANK)
    page = AppTest.from_function(inside_of, default_timeout=60, args=(look,)).run()
    assert not page.exception
    assert "Draw a digit" in page.info[0].value
    assert "softmax" in look.layers


def test_the_name_of_a_layer_may_go_on_in_another_line():
    """Else its parameters would be out of sight on a phone."""
    assert "global_<wbr>average_<wbr>pooling2d" in table(["Layer"], [["global_average_pooling2d"]], "layers")


def test_the_name_of_a_layer_is_never_markup():
    assert "<script" not in table(["Layer"], [["<script>alert(1)</script>"]], "<b>")
