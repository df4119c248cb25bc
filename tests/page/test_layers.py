"""The strip that shows the drawing's way through the network, without a browser."""

import base64
from dataclasses import replace
from importlib import import_module
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from model import BLANK, Recognizer
from model.analysis import examine_kernel, find_stages
from model.networks import NETWORKS
from model.preprocessing import SIZE, to_bytes
from tests.support.digits import on_canvas
from tests.support.page import remember
from views.shared import reading
from views.shared.state import held_by

readings, shown = [BLANK], []


def strip(readings):
    from views.drawing.layers import show_layers
    from views.shared.reading import read_once

    read_once(None, str(len(readings)).encode(), lambda: readings[-1])  # another picture for each
    show_layers()


@pytest.fixture(scope="module")
def layers():
    """The module. Its package registers the canvas with Streamlit, so a page has to import it first."""
    assert not AppTest.from_string("import views.drawing", default_timeout=60).run().exception
    return import_module("views.drawing.layers")


@pytest.fixture
def use(monkeypatch):
    """A function that puts a network in use; None stands for one that is still loading."""

    def use(network):
        found = SimpleNamespace(done=lambda: network is not None, failure=lambda: None, result=lambda: network)
        monkeypatch.setattr(reading, "in_use", lambda: found)

    return use


@pytest.fixture
def page(monkeypatch, layers, use, recognizer):
    """A page with a drawing of a 7. What the strip is given is kept in `shown`."""
    monkeypatch.setattr(layers, "_layer_strip", lambda **given: shown.append(given["data"]))
    use(recognizer)
    readings[:], shown[:] = [recognizer.read(on_canvas(7, 0.6))], []
    return AppTest.from_function(strip, default_timeout=60, args=(readings,))


def run(page, **change):
    """Runs the page, with what the browser has asked for, and returns what the strip is given."""
    kind = import_module("views.drawing.layers")._Strip
    strip = held_by(page.session_state, kind) or kind()
    remember(page, replace(strip, **change))
    page.run()
    assert not page.exception
    return shown[-1]


def test_nothing_is_computed_before_the_strip_asks(page, layers, monkeypatch):
    monkeypatch.setattr(layers, "find_stages", None)
    for _ in range(2):
        data = run(page)
        assert data["pending"]
        assert data["content"] is None


def test_the_strip_shows_the_reading_once_it_has_asked(page, recognizer):
    data = run(page, asked=True)
    assert not data["pending"]
    content, read = data["content"], readings[-1]
    assert content["outputs"] == pytest.approx(read.probabilities, abs=1e-4)
    assert content["highest"] == 7
    assert content["place"] == list(read.steps.place)
    sheet = cv2.imdecode(np.frombuffer(base64.b64decode(content["sheet"].split(",")[1]), np.uint8), 0)
    assert np.array_equal(sheet[:SIZE, :SIZE], to_bytes(read.image))
    for stage, told in zip(find_stages(recognizer, read.image), content["stages"], strict=True):
        height, width = told["size"]
        assert told["channels"] == list(stage.channels)
        for i, picture in enumerate(stage.pictures):
            top, left = told["top"], i * width
            assert np.array_equal(sheet[top : top + height, left : left + width], picture)


def test_a_run_of_the_drawing_shows_again_what_is_known(page, layers, monkeypatch, recognizer):
    first = run(page, asked=True)["content"]
    readings.append(recognizer.read(on_canvas(3, 0.6)))
    data = run(page)
    assert data["pending"]
    assert data["content"] is first
    second = run(page, asked=True)["content"]
    assert second["highest"] == 3
    monkeypatch.setattr(layers, "find_stages", None)
    assert run(page, asked=True)["content"] is second


def test_another_network_is_pending_though_the_picture_is_the_same(page, use):
    run(page, asked=True)
    use(Recognizer(NETWORKS["dense-128x2"].build()))
    assert run(page)["pending"]
    content = run(page, asked=True)["content"]
    assert [stage["short"] for stage in content["stages"]] == ["Dense 1", "Dense 2"]
    assert [stage["detail"] for stage in content["stages"]] == ["128 neurons"] * 2


def test_a_network_that_loads_leaves_the_strip_as_it_is(page, use):
    use(None)
    data = run(page, asked=True)
    assert (data["pending"], data["traced"], data["content"], data["card"]) == (False, False, None, None)


def test_a_blank_canvas_has_no_maps_and_no_answer(page):
    readings.append(BLANK)
    content = run(page, asked=True)["content"]
    assert (content["outputs"], content["highest"]) == ([0.0] * 10, None)
    assert [stage["channels"] for stage in content["stages"]] == [[], [], []]


def test_a_pressed_map_is_sent_with_all_that_its_card_needs(page, recognizer):
    data = run(page, asked=True)
    stage = data["content"]["stages"][1]
    card = run(page, asked=True, pressed={"layer": stage["layer"], "channel": stage["channels"][0], "number": 5})[
        "card"
    ]
    assert card.pop("number") == 5
    kernel = examine_kernel(recognizer, readings[-1].image, stage["layer"], stage["channels"][0])
    assert (card["name"], card["channel"], card["bias"]) == (kernel.name, kernel.channel, kernel.bias)
    for name in ("inputs", "weights", "values", "map"):
        told = np.frombuffer(base64.b64decode(card[name]["values"]), "<f4").reshape(card[name]["shape"])
        assert np.array_equal(told, getattr(kernel, name))


def test_a_card_is_sent_again_until_the_strip_shows_another_picture(page):
    stage = run(page, asked=True)["content"]["stages"][1]
    run(page, asked=True, pressed={"layer": stage["layer"], "channel": stage["channels"][0], "number": 5})
    assert run(page)["card"]["number"] == 5  # the browser may not have been told before
    readings.append(BLANK)
    assert run(page, asked=True)["card"] is None


def test_a_layer_without_kernels_opens_no_card(page):
    assert run(page, asked=True, pressed={"layer": 99, "channel": 0, "number": 6})["card"] is None


@pytest.mark.parametrize(
    ("watched", "after", "follows"),
    [
        (True, "another picture", True),
        (False, "another picture", False),  # the browser asks once it is seen
        (False, "another answer", True),  # which the browser cannot notice by itself
        (True, "the same", False),
    ],
)
def test_it_follows_an_answer_if_it_is_seen_or_if_nobody_would_notice(
    page, layers, monkeypatch, recognizer, watched, after, follows
):
    along, strip = [], layers._Strip(watched=watched, seen=(recognizer, readings[-1]))
    now = {"another picture": recognizer.read(on_canvas(3, 0.6)), "another answer": replace(readings[-1], digit=1)}
    monkeypatch.setattr(layers, "session", lambda kind: strip)
    monkeypatch.setattr(layers, "network_and_reading", lambda: (recognizer, now.get(after, readings[-1])))
    monkeypatch.setattr(layers, "is_traced", lambda network: True)
    monkeypatch.setattr(layers, "run_along", along.append)
    layers.follow()
    assert along == [layers.FRAGMENT] * follows
    assert strip.asked == (watched and follows)
