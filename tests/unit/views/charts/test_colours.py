"""The colours of curves, measured: their contrast, and how far apart they are for every kind of colour vision."""

from itertools import combinations

import numpy as np
import pytest

from tests.support.colours import MIN_CONTRAST, contrast, linear
from views.charts.colours import MAX_CURVES, ON_DARK, ON_LIGHT
from views.tabs.runs.tab import MAX_COMPARED

# What Streamlit's themes have behind the charts of the page and of the sidebar
BEHIND = {ON_LIGHT: ("#ffffff", "#f8f8f7"), ON_DARK: ("#171614", "#21201d")}
# Linear RGB as people see it who lack one kind of cone (G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, 2009)
VISIONS = {
    "all cones": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
# In Oklab, where 0.02 is about the smallest difference that can be seen side by side. Tritanopia is very rare.
MIN_DISTANCES = {"all cones": 0.15, "protanopia": 0.09, "deuteranopia": 0.09, "tritanopia": 0.06}


TO_CONES = [[0.4122215, 0.5363325, 0.0514460], [0.2119035, 0.6806995, 0.1073970], [0.0883025, 0.2817188, 0.6299787]]
TO_LAB = [[0.2104543, 0.7936178, -0.0040720], [1.9779985, -2.4285922, 0.4505937], [0.0259040, 0.7827718, -0.8086758]]


def oklab(rgb):
    """Linear RGB in Oklab (B. Ottosson, 2020)."""
    return np.array(TO_LAB) @ np.cbrt(np.array(TO_CONES) @ np.clip(rgb, 0, 1))


def test_the_measures_are_right():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert oklab(linear("#ffffff")) == pytest.approx([1, 0, 0], abs=1e-3)
    assert oklab(linear("#ff0000")) == pytest.approx([0.628, 0.225, 0.126], abs=1e-3)


@pytest.mark.parametrize("colours", [ON_LIGHT, ON_DARK], ids=["light", "dark"])
def test_curves_stand_out_from_what_is_behind_them(colours):
    for colour in colours:
        assert min(contrast(colour, behind) for behind in BEHIND[colours]) >= MIN_CONTRAST, colour


@pytest.mark.parametrize("colours", [ON_LIGHT, ON_DARK], ids=["light", "dark"])
@pytest.mark.parametrize("vision", VISIONS)
def test_any_two_curves_can_be_told_apart(colours, vision):
    for one, other in combinations(colours, 2):
        places = [oklab(np.array(VISIONS[vision]) @ linear(each)) for each in (one, other)]
        assert np.linalg.norm(places[0] - places[1]) >= MIN_DISTANCES[vision], (one, other)


def test_there_are_enough_colours():
    assert len(ON_LIGHT) == len(ON_DARK) == MAX_CURVES
    assert MAX_COMPARED <= MAX_CURVES
