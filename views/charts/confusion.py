"""The confusion matrix as a heat map in which mistakes can be seen."""

from typing import Any

import altair as alt
import numpy as np

from views.charts.curves import PADDING

SIDE = 340  # pixels, with the axes: it fits a telephone, and four figures fit a cell
COLOUR = "#2f6fed"
MISTAKES, ALL = "Mistakes", "All, logarithmic"
CHOSEN = "cell"  # the selection's name


def confusion_chart(counts: np.ndarray, scale: str, dark: bool, cell: tuple[int, int]) -> dict[str, Any]:
    """Counts (10, 10), rows what the images are, columns what they were taken for, for `st.vega_lite_chart`.

    The right ones are a hundred times as many as the mistakes: they are left without colour, or the colours are
    logarithmic. `cell`, a label and an answer, is outlined. Choosing another one chooses its `label` and `answer`.
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
            "what": f"{label}, read right" if label == answer else f"{label}, read as {answer}",
        }
        for label in range(10)
        for answer in range(10)
    ]
    axis = {"labelAngle": 0, "labelFlush": False, "labelBound": False, "domain": False, "ticks": False, "grid": False}
    base = alt.Chart(alt.Data(values=cells)).encode(
        x=alt.X("answer:O", title="Read as", axis=alt.Axis(orient="top", **axis)),
        y=alt.Y("label:O", title="The image is a", axis=alt.Axis(**axis)),
        tooltip=[alt.Tooltip("what:N", title="Images of a"), alt.Tooltip("images:Q", title="How many", format="d")],
    )
    outlined = f"datum.label == {cell[0]} && datum.answer == {cell[1]}"
    chosen = alt.selection_point(name=CHOSEN, fields=["label", "answer"], toggle=False)
    # A faint blue lets the ground of either theme through.
    colours = alt.Scale(domain=[0, 1], range=["rgba(47, 111, 237, 0.07)", COLOUR])
    heat = base.mark_rect(cornerRadius=2).encode(color=alt.Color("colour:Q", scale=colours, legend=None))
    pale = "#e6e6ea" if dark else "#31333f"
    text = base.mark_text(fontSize=11).encode(
        text="text:N", color=alt.condition("datum.colour > 0.45", alt.value("#ffffff"), alt.value(pale))
    )
    # Clear cells over all of it, so that a click on a count is a click on its cell
    cells_to_choose = (
        base.mark_rect(cornerRadius=2, cursor="pointer", fill="#ffffff", fillOpacity=0.0, stroke="#f28e2b")
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
