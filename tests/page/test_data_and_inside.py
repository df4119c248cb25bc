"""The tabs Data and Inside without a browser: what they say when there is little to show."""

import dataclasses
import re
import shutil

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from model import BLANK, Recognizer, load_recognizer
from model.analysis import BEYOND, Neighbour
from model.data import load_embedded_digits
from model.networks import NETWORKS
from model.runs import Settings, checksums
from tests.support.digits import on_canvas
from tests.support.page import run_until, texts
from tests.support.runs import make_usable_run
from views.shared.figures import table
from views.tabs import data, inside


def data_tab():
    from views.tabs import data

    data.render()


def data_tab_with(reading):
    from views.shared.loading import in_use
    from views.shared.reading import read_once
    from views.tabs import data

    read_once(in_use(), b"a drawing", lambda: reading)
    data.render()


def inside_of(look):
    from views.tabs import inside

    inside._show(look)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"no archive", "cannot be read as images of digits"), (b"", "is empty")],
)
def test_a_damaged_file_is_reported_in_a_sentence(tmp_path, monkeypatch, content, said):
    path = tmp_path / "mnist.npz"
    path.write_bytes(content)
    monkeypatch.setenv("DIGITS_MNIST", str(path))
    page = AppTest.from_function(data_tab, default_timeout=60)
    run_until(page, lambda: page.error)
    assert said in page.error[0].value
    assert page.button("data_again")
    run_until(page, lambda: "has learned from MNIST, which cannot be read here" in texts(page))
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


def neighbours_of(reading):
    """What the tab says of a drawing, in words and below its neighbours."""
    page = AppTest.from_function(data_tab_with, default_timeout=60, args=(reading,))
    run_until(page, lambda: "nearest neighbours, " in "".join(each.proto.body for each in page.get("html")))
    found = next(each.proto.body for each in page.get("html") if "nearest neighbours, " in each.proto.body)
    return texts(page), found


@pytest.fixture
def mnist(tmp_path, monkeypatch):
    """A file that stands for MNIST: that of the small scans."""
    train, test = load_embedded_digits()
    path = tmp_path / "mnist.npz"
    np.savez(path, x_train=train.images, y_train=train.labels, x_test=test.images, y_test=test.labels)
    monkeypatch.setenv("DIGITS_MNIST", str(path))
    return path


@pytest.fixture
def use(monkeypatch, runs):
    """Makes a run with these settings, whose network every session reads with."""

    def use(name, **more):
        settings = Settings.of("quick", **more)
        folder = make_usable_run(runs, name, settings=settings.to_json(), checksums=checksums(settings))
        monkeypatch.setattr("views.shared.in_use._read", lambda _: name)
        return folder

    return use


def test_without_mnist_the_neighbours_are_no_judgement_of_the_built_in_network(runs, seven):
    said, found = neighbours_of(seven)
    assert "has learned from MNIST, which is not on this machine. So these are other images" in said
    assert "1,438 training images of the small scans" in said
    assert "far off" not in said + found
    assert "The network answers" not in found
    assert "caution" not in found


def test_with_mnist_they_are_what_the_built_in_network_has_learned_from(runs, mnist, seven):
    said, found = neighbours_of(seven)
    # of 1,438 images it holds out one in six
    assert "has learned from 1,199 training images of MNIST" in said
    assert "learned from drawings as well" in said
    assert "The network answers 7" in found


def test_a_network_of_ones_own_is_compared_with_what_it_has_learned_from(use, mnist, seven):
    use("mine", data="digits")
    said, found = neighbours_of(seven)
    assert "has learned from 1,438 training images of the small scans" in said
    assert "drawings as well" not in said
    assert "The network answers 7, too" in found


def test_only_the_images_that_it_was_given_count(use, seven):
    use("mine", data="digits", images=200, seed=3)
    said, found = neighbours_of(seven)
    assert "has learned from 200 training images" in said
    given = set(np.random.default_rng(3).permutation(1_438)[:200])
    shown = {int(number) for number in re.findall(r"no\. (\d+)", found)}
    assert len(shown) == 10
    assert shown <= given


def test_of_a_file_that_is_gone_or_has_changed_no_judgement_is_made(use, mnist, tmp_path, seven):
    mine = tmp_path / "mine.npz"
    shutil.copy(mnist, mine)
    use("mine", data=str(mine))
    assert "has learned from 1,438 training images of `mine.npz`" in neighbours_of(seven)[0]
    train, test = load_embedded_digits()
    np.savez(mine, x_train=train.images[::-1], y_train=train.labels[::-1], x_test=test.images, y_test=test.labels)
    said, found = neighbours_of(seven)
    assert "has learned from `mine.npz`, which has changed since. So these are other images" in said
    assert "of MNIST, those that differ least" in said
    assert "The network answers" not in found
    mine.unlink()
    assert "has learned from `mine.npz`, which is not on this machine" in neighbours_of(seven)[0]


def test_what_a_network_without_settings_has_learned_from_is_not_known(use, seven):
    (use("mine", data="digits") / "run.json").write_text('{"settings": {"network": "lost"}, "status": "done"}')
    said, found = neighbours_of(seven)
    assert "What the network in use has learned from is not known. So these are other images" in said
    assert "The network answers" not in found


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
    learned = Settings.of("quick", data="digits")
    assert "does not think that the drawing is a digit" in data._in_words(doubtful, neighbours, learned)
    assert "answers 7, too" in data._in_words(seven, neighbours, learned)
    assert "answers 7, although more" in data._in_words(seven, neighbours[4:], learned)
    assert data._in_words(seven, neighbours, None) == "Of the 10 nearest neighbours, 5 are 7s, 5 are 1s."


def test_doubt_comes_only_from_all_that_the_network_has_learned_from(seven):
    far = [Neighbour(0, 7, 9.0, BEYOND)] * 10
    assert "with caution" in data._in_words(seven, far, Settings.of("quick", data="digits"))
    assert "with caution" not in data._in_words(seven, far, Settings.of("reader", strokes="strokes.json"))
    assert "with caution" not in data._in_words(seven, far, None)


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
