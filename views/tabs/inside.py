"""The Inside tab: all that the network in use makes of the drawing, layer by layer, and which ink mattered."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import numpy as np
import streamlit as st

from model import Reading, Recognizer
from model.analysis import (
    MAX_MAPS,
    PATCH,
    Evidence,
    Layer,
    Maps,
    describe_layers,
    evidence_picture,
    evidence_scale,
    feature_maps,
    map_sheet,
    occlude,
)
from model.networks import MERGING_LAYER
from views.shared.figures import figure, picture, row, table
from views.shared.following import follow
from views.shared.style import apply_style
from views.shared.words import a_digit, probability

ANSWER, CLOSEST = "The answer", "The closest"  # the latter if the drawing does not look like a digit
OCCLUSION = "https://arxiv.org/abs/1311.2901"
GRAD_CAM = "https://arxiv.org/abs/1610.02391"
TWO_ORIGINS = (
    "<p>This network has learned scanned and drawn digits as separate classes, because some people draw a 1 the way "
    f"others write a 7. Its last layer, {MERGING_LAYER}, adds up the probabilities of both. If there is one for what "
    "is no digit, it shares that out among the ten.</p>"
)


class Inside(NamedTuple):
    """What the tab shows of one drawing, as far as it is the same for every digit."""

    answer: int
    is_digit: bool
    image: np.ndarray  # float32 (28, 28)
    evidence: Evidence
    maps: str  # HTML; empty for a network without convolutions


class Look(NamedTuple):
    """What the tab shows."""

    layers: str  # the table of layers as HTML
    inside: Inside | None  # None for a blank canvas


def render() -> None:
    """The whole tab, which follows the drawing and the network in use."""
    apply_style("figures")
    with st.container(key="inside"):
        follow(_look_inside, _show)


def _look_inside(recognizer: Recognizer, reading: Reading) -> Look:
    rows = _layer_table(describe_layers(recognizer))
    if reading.digit is None:
        return Look(rows, None)
    evidence = occlude(recognizer, reading.image)
    answer = int(evidence.probabilities.argmax())
    return Look(
        rows,
        Inside(answer, reading.is_digit, reading.image, evidence, _map_sheets(feature_maps(recognizer, reading.image))),
    )


def _show(look: Look | None) -> None:
    if look is None:
        st.caption("Looking inside …")
        st.skeleton(height=320)
        return
    if look.inside is None:
        st.info(
            "Draw a digit to see which parts of it spoke for the answer and which against it, and the feature maps of "
            "each convolution.",
            icon=":material/draw:",
        )
    else:
        st.subheader("What each convolution sees", anchor=False)
        _show_maps(look.inside.maps)
        st.subheader("What mattered in your drawing", anchor=False)
        _show_evidence(look.inside)
    st.subheader("The layers", anchor=False)
    st.html(look.layers)


def _show_evidence(inside: Inside) -> None:
    first = ANSWER if inside.is_digit else CLOSEST
    chosen = st.segmented_control(
        "What speaks for",
        [ANSWER, *range(10)],
        key="inside_digit",
        default=ANSWER,
        required=True,
        format_func=lambda each: f"{first}, {inside.answer}" if each == ANSWER else str(each),
        persist_state="session",
    )
    digit = chosen if isinstance(chosen, int) else inside.answer
    a = a_digit(digit)
    evidence = inside.evidence
    whole, without_best = float(evidence.probabilities[digit]), float(evidence.without_best[digit])
    coloured = evidence_picture(evidence.credit[digit], inside.image)
    scale = f'<div class="legend">{picture(evidence_scale(), "")}</div>'
    st.html(
        '<div class="evidence"><figure>'
        + picture(coloured, f"The drawing: blue where its ink speaks for {a}, orange where against")
        + scale
        + f"<figcaption><span>◀ against {a}</span><span>for {a} ▶</span></figcaption></figure>"
        + f'<div class="words"><p>Blue ink speaks for {a}, orange ink against it, grey ink neither way. The '
        f"probability of {a} is <b>{probability(whole)}</b>; without the {PATCH}×{PATCH} pixels that speak for it "
        f"most strongly, it is <b>{probability(without_best)}</b>.</p>"
        f'<p>The method is <a href="{OCCLUSION}">occlusion</a> (Zeiler and Fergus, 2014): the ink is erased square by '
        "square, and the network reads the rest. Where that lowers the log-odds of the digit, the ink spoke for it; "
        "where it raises them, against it. This needs only the network's answers, so it works with every network; "
        f'<a href="{GRAD_CAM}">Grad-CAM</a> (Selvaraju et al., 2017) needs a convolution, and is as coarse as the '
        "last one.</p></div></div>"
    )


def _show_maps(sheets: str) -> None:
    if not sheets:
        st.info(
            "This network has no convolutions: its first layer takes the 784 pixels as one long row, so there are no "
            "feature maps to show.",
            icon=":material/grid_off:",
        )
        return
    st.caption(
        "Each small picture belongs to a filter and shows where in the drawing it found what it looks for. White is "
        "the layer's highest value; black is 0, or the lowest value if there are negative ones."
    )
    st.html(sheets)


def _map_sheets(all_maps: Sequence[Maps]) -> str:
    return row((_map_figure(maps) for maps in all_maps), "sheets") if all_maps else ""


def _map_figure(maps: Maps) -> str:
    height, width, count = maps.values.shape
    through = f", after {', '.join(maps.through)}" if maps.through else ""
    some = f"the first {MAX_MAPS} of " if count > MAX_MAPS else ""
    title = f"{maps.name}: {some}{count} maps of {height}×{width}{through}"
    return figure(map_sheet(maps.values), title, escape(title))


def _layer_table(rows: Sequence[Layer]) -> str:
    texts = [(each.name, each.kind, "×".join(map(str, each.shape)), f"{each.parameters:,}") for each in rows]
    texts.append(("Total", "", "", f"{sum(each.parameters for each in rows):,}"))
    made = table(("Layer", "Kind", "Output", "Parameters"), texts, "The layers of the network", numbers=2)
    return (TWO_ORIGINS if any(each.name == MERGING_LAYER for each in rows) else "") + made
