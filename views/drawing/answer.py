"""The answer beside the canvas: the digit, ten probability bars, and the picture that the network sees."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from model import BLANK, Reading
from views.shared.figures import to_png
from views.shared.steps import draw_steps, show_steps
from views.shared.style import live_element
from views.shared.words import a_digit, doubt, probability

PICTURE_SIZE = 112  # pixels a side on the screen: four for each pixel that the network sees

_answer = live_element(
    "answer",
    """
    <div class="live answer" data-root role="status" aria-live="polite">
      <div class="line">
        <h2 data-text="digit"></h2><p class="probability" data-text="probability"></p>
      </div>
      <p class="hint" data-text="hint"></p>
    </div>
    """,
)
_probabilities = live_element(
    "probabilities",
    '<div class="live meters" data-root>'
    + "".join(
        f'<div role="meter" data-meter="{digit}" aria-label="Probability of {a_digit(digit)}" aria-valuemin="0" '
        f'aria-valuemax="1"><span class="digit">{digit}</span><div class="track"><div class="bar"></div></div>'
        "<output></output></div>"
        for digit in range(10)
    )
    + '<div class="scale" aria-hidden="true"><span></span><div class="ticks"><span>0 %</span><span>50 %</span>'
    "<span>100 %</span></div><span></span></div></div>",
)
_network_input = live_element(
    "network_input",
    """
    <div class="live network-input" data-root>
      <img data-image="picture" alt="The 28×28 picture that the network reads">
      <p>The network sees</p>
    </div>
    """,
)


def show_answer(reading: Reading | None, try_example: Callable[[], None]) -> None:
    """Shows the answer; `reading` is None while the network loads, and `try_example` draws an example."""
    shown = reading or BLANK
    blank = shown.digit is None
    with st.container(key="top", horizontal=True, wrap=False, vertical_alignment="top"):
        with st.container(key="answer"):
            _answer(data=_in_words(reading), key="answer_text")
            if reading is BLANK:
                st.button("Try an example", key="example", on_click=try_example, icon=":material/draw:")
        with st.container(key="network_input", width=PICTURE_SIZE):
            _network_input(data={"picture": to_png(shown.image * 255)}, key="network_picture")
    with st.container(key="probabilities"):
        _probabilities(
            data={
                "state": "waiting" if blank else "answered" if shown.is_digit else "doubtful",
                "probabilities": [0.0] * 10 if blank else [round(float(p), 4) for p in shown.probabilities],
                "percentages": ["–"] * 10 if blank else [probability(p) for p in shown.probabilities],
                "highest": shown.digit if shown.is_digit else None,
            },
            key="probability_meters",
        )
    steps = st.expander("How the drawing became this picture", key="steps", on_change="rerun")
    if steps.open:
        with steps:
            _show_steps(shown)


def _in_words(reading: Reading | None) -> dict[str, str]:
    """The answer as the page says it: the digit, its probability, and the second guess."""
    if reading is None:
        hint = "The network is loading. You can already draw: it reads the drawing as soon as it is ready."
        return {"state": "waiting", "digit": "", "probability": "", "hint": hint}
    if reading.digit is None:
        hint = "Draw a digit in the black box, as large or small as you like."
        return {"state": "waiting", "digit": "", "probability": "", "hint": hint}
    if not reading.is_digit:
        return {"state": "doubtful", "digit": "?", "probability": "", "hint": doubt(reading)}
    second = int(np.argsort(reading.probabilities)[-2])
    return {
        "state": "answered",
        "digit": str(reading.digit),
        "probability": probability(reading.probabilities[reading.digit]),
        "hint": f"or {a_digit(second)}, {probability(reading.probabilities[second])}",
    }


def _show_steps(reading: Reading) -> None:
    if reading.steps is None:
        st.caption("Draw something first. Then this shows, step by step, how it is prepared for the network.")
        return
    show_steps(draw_steps(reading.steps), "step_pictures")
