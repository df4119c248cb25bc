"""The confusion matrix as a heat map that makes mistakes visible."""

from __future__ import annotations

from typing import Any

import numpy as np

from views.charts.colours import HEAT, PADDING, TEXT_ON_DARK, TEXT_ON_LIGHT, WHITE, colours
from views.charts.later import alt

SIDE = 340  # pixels, with the axes: it fits on a phone, and four digits fit in a cell
MISTAKES, ALL = "Mistakes", "All, logarithmic"
CHOSEN = "cell"  # the selection's name


def confusion_chart(counts: np.ndarray, scale: str, dark: bool, cell: tuple[int, int]) -> dict[str, Any]:
    """The confusion matrix as a chart for `st.vega_lite_chart`. `counts`, (10, 10): rows are labels, columns answers.

    Right answers outnumber mistakes a hundred to one, so either they have no colour or the colours are logarithmic.
    `cell`, a label and an answer, is outlined. Choosing another cell selects its `label` and `answer`.
    """
    off_diagonal = counts - np.diag(np.diag(counts))
    shown = off_diagonal if scale == MISTAKES else np.log10(counts + 1.0)
    highest = max(float(shown.max()), 1e-9)
    cells = [
        {
            "label": label,
            "answer": answer,
            "images": int(counts[label, answer]),
            "text": f"{counts[label, answer]}" if counts[label, answer] else "",
            "colour": float(shown[label, answer]) / highest,
            "what": f"{label}, read correctly" if label == answer else f"{label}, read as {answer}",
        }
        for label in range(10)
        for answer in range(10)
    ]
    axis = {"labelAngle": 0, "labelFlush": False, "labelBound": False, "domain": False, "ticks": False, "grid": False}
    base = alt.Chart(alt.Data(values=cells)).encode(
        x=alt.X("answer:O", title="Read as", axis=alt.Axis(orient="top", **axis)),
        y=alt.Y("label:O", title="The image is a", axis=alt.Axis(**axis)),
        tooltip=[alt.Tooltip("what:N", title="Digit"), alt.Tooltip("images:Q", title="Images", format="d")],
    )
    outlined = f"datum.label == {cell[0]} && datum.answer == {cell[1]}"
    chosen = alt.selection_point(name=CHOSEN, fields=["label", "answer"], toggle=False)
    # A faint blue lets the background of either theme shine through.
    shades = alt.Scale(domain=[0, 1], range=["rgba(47, 111, 237, 0.07)", HEAT])
    heat = base.mark_rect(cornerRadius=2).encode(color=alt.Color("colour:Q", scale=shades, legend=None))
    pale = TEXT_ON_DARK if dark else TEXT_ON_LIGHT
    text = base.mark_text(fontSize=11).encode(
        text="text:N", color=alt.condition("datum.colour > 0.45", alt.value(WHITE), alt.value(pale))
    )
    # Transparent cells on top, so that a click on a count is a click on its cell
    cells_to_choose = (
        base.mark_rect(cornerRadius=2, cursor="pointer", fill=WHITE, fillOpacity=0.0, stroke=colours(dark)[1])
        .encode(strokeWidth=alt.condition(outlined, alt.value(2), alt.value(0)))
        .add_params(chosen)
    )
    chart = alt.layer(
        heat,
        text,
        cells_to_choose,
        width=SIDE,
        height=SIDE,
        padding=PADDING | {"right": 2},
    )
    return chart.configure_view(strokeWidth=0).to_dict()
