"""The card after a correction: why the network said something else, what it had learned from, and what it says now.

It stays until it is dismissed or taken back, so nothing moves while the next digit is drawn. What takes a while is
shown once it is there, in the place that is kept for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

import numpy as np
import streamlit as st

from model import Reading, Recognizer
from model.analysis import Index, evidence_picture, find_nearest, occlude
from model.preprocessing import SIZE, to_bytes
from views.shared import hand
from views.shared.catalogues import load_catalogue, load_index
from views.shared.figures import figure, row
from views.shared.hand import Example
from views.shared.jobs import Job, start, watch
from views.shared.learned import learned_from
from views.shared.state import session
from views.shared.style import apply_style
from views.shared.teaching import offer_teaching
from views.shared.words import a_digit, label_data, probability

NEAREST = 3
PATIENCE = 0.1  # seconds that the page waits for the evidence
NOT_YET = np.full((SIZE, SIZE), 24, np.uint8)  # the place of a picture that is not there yet


@dataclass
class _Card:
    likeness: str | None = None
    """Of the drawing that was corrected; None if no card is open."""
    reading: Reading | None = None
    """What was said of it."""
    network: Recognizer | None = None
    """The one that said so."""
    now: float | None = None
    """The probability of the right digit once the drawing was an example; None until it is shown."""


class _Near(NamedTuple):
    """An image that the network had learned from, or another example of the hand."""

    distance: float  # Euclidean, over the 784 pixels in 0–1
    image: np.ndarray  # uint8 (28, 28)
    digit: int
    whose: str


def open_card(likeness: str, reading: Reading, network: Recognizer) -> None:
    """Shows why the network misread a drawing that has just been kept as another digit."""
    card = session(_Card)
    card.likeness, card.reading, card.network, card.now = likeness, reading, network, None


def _dismiss() -> None:
    session(_Card).likeness = None


@st.fragment(key="correction_card")
def show_card() -> None:
    """The card of the last correction, unless it was dismissed or taken back."""
    card = session(_Card)
    example = None if card.likeness is None else hand.find(card.likeness)
    if example is None or card.reading is None or card.network is None:
        return
    said, label = card.reading.digit, example.kept.digit
    if said is None or label is None or label == said:
        return
    apply_style("correction")
    with st.container(key="correction", border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{a_digit(label).capitalize()}, not {a_digit(said)}**")
            st.button("Dismiss", key="dismiss", icon=":material/close:", type="tertiary", on_click=_dismiss)
        waiting: list[Job] = []
        parts = (
            _said_and_says(card, card.reading, example.image, label),
            _evidence(card.network, example, (said, label), waiting),
            _nearest(example, waiting),
        )
        st.html(f'<div class="correction">{"".join(parts)}</div>')
        offer_teaching("teach_correction")
        watch(*waiting)


def _part(title: str, figures: Sequence[str], words: str) -> str:
    return f"<section><h3>{title}</h3>{row(figures)}<p>{words}</p></section>"


def _said_and_says(card: _Card, reading: Reading, image: np.ndarray, label: int) -> str:
    """The drawing with what was said of it, and what is said now that it is an example."""
    network, words = hand.reader(), escape(reading.in_words().rstrip("."))
    if card.now is None and network is not None:
        card.now = float(network.predict(image[None])[0, label])
    if reading.is_digit and reading.digit is not None:
        words = f"<b>{reading.digit}</b> ({probability(reading.probabilities[reading.digit])})"
    says = f"It said {words}. With this example, it says <b>{label}</b> ({probability(card.now or 0)})."
    return _part("What it says", [figure(to_bytes(image), "Your drawing as the network sees it", "your drawing")], says)


def _evidence(network: Recognizer, example: Example, digits: tuple[int, int], waiting: list[Job]) -> str:
    """Which ink spoke for what the network said, and which for what it is."""
    job = start("tabs", ("correction", network, example.kept.id), lambda _: occlude(network, example.image), PATIENCE)
    pictures = [NOT_YET, NOT_YET]
    if not job.done():
        waiting.append(job)
    elif job.failure() is None and job.result() is not None:
        pictures = [evidence_picture(job.result().credit[digit], example.image) for digit in digits]
    figures = [
        figure(
            each, f"Your drawing: blue where its ink spoke for {a_digit(digit)}, orange where against", a_digit(digit)
        )
        for each, digit in zip(pictures, digits, strict=True)
    ]
    return _part("What spoke for each", figures, "Blue ink spoke for it, orange ink against it, grey ink neither way.")


def _nearest(example: Example, waiting: list[Job]) -> str:
    """The nearest of the images that the network had learned from and of the other examples of this hand."""
    near = [
        _Near(float(np.linalg.norm(each.image - example.image)), to_bytes(each.image), each.kept.digit, "yours")
        for each in hand.examples()
        if each.kept.id != example.kept.id and each.kept.digit is not None
    ]
    index, data = _learned_images(waiting)
    if index is not None:
        near += [
            _Near(each.distance, index.images.images[each.index], each.label, data)
            for each in find_nearest(index, example.image, NEAREST)
        ]
    near = sorted(near, key=lambda each: each.distance)[:NEAREST]
    figures = [
        figure(each.image, f"{a_digit(each.digit)}, {each.whose}", f"{a_digit(each.digit)}, {escape(each.whose)}")
        for each in near
    ]
    if waiting:
        figures += [figure(NOT_YET, "", "")] * (NEAREST - len(near))
        words = "The images that it learned from are being loaded."
    elif not near:
        words = "The images that it learned from are not on this machine, and this is the first drawing of yours."
    elif index is None:
        words = "The images that it learned from are not on this machine, so these are your own."
    else:
        words = "Of all that it had learned from, these look most like your drawing."
    return _part("The nearest it knew", figures, words)


def _learned_images(waiting: list[Job]) -> tuple[Index | None, str]:
    """The images that the network in use has learned from, and what they are called, once they can be searched."""
    learned = learned_from()
    if learned.settings is None or learned.missing is not None:
        return None, ""
    data = learned.settings.data
    catalogue = load_catalogue(data, learned.settings.mend)
    if not catalogue.done():
        waiting.append(catalogue)
        return None, ""
    if catalogue.failure() is not None:
        return None, ""
    index = load_index(data, catalogue.result(), learned.settings)
    if not index.done():
        waiting.append(index)
        return None, ""
    return (index.result(), label_data(data)) if index.failure() is None else (None, "")
