"""The curves of trainings: accuracy and loss by epoch."""

import copy
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import altair as alt

from model.networks import NETWORKS
from model.runs import HISTORY_FILE, Run, read_history
from views.charts.colours import BLUE, ORANGE, PADDING
from views.shared.words import percent

TRAINING, TEST, HELD_OUT = "training", "test", "held-out"
HEIGHT = 200  # pixels of one chart with its axes
LEGEND_ROW = 36  # pixels more for each run, if several share a chart
MAX_EPOCHS_WITH_POINTS = 15
MAX_POINTS = 300  # of one curve: more cannot be told apart, and take time to draw
# Where an accuracy axis may begin: as high as the curves allow, but only here, so that it rarely jumps as they grow.
STARTS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98)

Histories = Mapping[str, Sequence[dict[str, float]]]  # the rows of history.csv by the name of the run


def curves(folders: dict[str, Path], epochs: int | None = None, second: str = TEST) -> tuple[dict, dict]:
    """Accuracy and loss of one or more runs, by their names, as Vega-Lite charts for `st.vega_lite_chart`.

    `epochs` is where the axis ends, if that is beyond the curves; `second` says which images the second curve is of.
    Altair takes a tenth of a second for both charts, and the page asks twice a second, so they are rebuilt only when a
    curve has grown.
    """
    versions = tuple((name, folder, _version(folder / HISTORY_FILE)) for name, folder in folders.items())
    return copy.deepcopy(_curves(versions, epochs, second))


def height_of(runs: int) -> int:
    """The height in pixels of a chart of this many runs, including the legend below it."""
    return HEIGHT + LEGEND_ROW * runs if runs > 1 else HEIGHT


def explain_dashes(second: str = TEST) -> str:
    """A caption that says which curve of each run is solid and which is dashed, for charts with several runs.

    It is needed because Vega-Lite draws no symbols for dashes beside a legend of colours.
    """
    return f"Solid: {second} images. Dashed: {TRAINING} images."


def validated_on(runs: Iterable[Run]) -> str:
    """Which images the second curves of these runs are of: test images, or validation images that are held out."""
    holding_out = [name for name, network in NETWORKS.items() if network.recipe.held_out]
    shown = {HELD_OUT if run.folds or run.network in holding_out else TEST for run in runs}
    return " or ".join(kind for kind in (TEST, HELD_OUT) if kind in shown)


def _version(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=32)
def _curves(runs: tuple[tuple[str, Path, Any], ...], epochs: int | None, second: str) -> tuple[dict, dict]:
    histories = {name: read_history(folder) for name, folder, _ in runs}
    return (
        accuracy_chart(histories, epochs, second).to_dict(),
        loss_chart(histories, epochs, second).to_dict(),
    )


def accuracy_chart(histories: Histories, epochs: int | None = None, second: str = TEST) -> alt.Chart:
    """The share of right answers by epoch, on training images and on those of the `second` curve.

    `epochs` is where the axis ends, if that is beyond the curves.
    """
    points = _points(histories, "accuracy", second)
    lowest = min((point["value"] for point in points), default=0.0)
    start = max(each for each in STARTS if each <= lowest or each == 0.0)
    title = "Accuracy" if start == 0 else f"Accuracy, from {percent(start, 0)}"
    y = alt.Y("value:Q", title=title, scale=alt.Scale(domain=[start, 1], nice=False), axis=_value_axis("%"))
    return _chart(points, y, alt.Tooltip("value:Q", title="Accuracy", format=".2%"), epochs, second, len(histories))


def loss_chart(histories: Histories, epochs: int | None = None, second: str = TEST) -> alt.Chart:
    """The loss by epoch, on training images and on those of the `second` curve: cross-entropy in nats, from 0.

    `epochs` is where the axis ends, if that is beyond the curves.
    """
    points = _points(histories, "loss", second)
    y = alt.Y("value:Q", title="Loss", scale=alt.Scale(zero=True), axis=_value_axis(".2~f"))
    return _chart(points, y, alt.Tooltip("value:Q", title="Loss", format=".4f"), epochs, second, len(histories))


def _points(histories: Histories, name: str, second: str) -> list[dict[str, Any]]:
    points = []
    for run, rows in histories.items():
        step = math.ceil(len(rows) / MAX_POINTS)
        for row in [*rows[: -1 : step or 1], *rows[-1:]]:
            for images, value in ((TRAINING, row[name]), (second, row[f"val_{name}"])):
                if math.isfinite(value):
                    points.append({"run": run, "epoch": row["epoch"], "images": images, "value": value})
    return points


def _value_axis(number: str) -> alt.Axis:
    return alt.Axis(format=number, tickCount=4, minExtent=36, titlePadding=2)


def _epoch_axis(last: float) -> alt.X:
    ticks = sorted({1, last} | {round(1 + i * (last - 1) / 5) for i in range(6)})
    return alt.X(
        "epoch:Q",
        title="Epoch",
        scale=alt.Scale(domain=[1, max(last, 2)], nice=False),
        axis=alt.Axis(values=ticks, format="d", grid=False, titlePadding=2),
    )


def _colours(second: str, runs: int) -> list[Any]:
    """What tells the curves apart: colours and, if several runs share a chart, dashes."""
    if runs <= 1:
        legend = alt.Legend(title=None, orient="top", symbolType="stroke", labelLimit=200, offset=2, padding=0)
        scale = alt.Scale(domain=[TRAINING, second], range=[BLUE, ORANGE])
        return [alt.Color("images:N", scale=scale, legend=legend)]
    names = alt.Legend(title=None, orient="bottom", columns=1, labelLimit=400, offset=4)
    dashes = alt.Scale(domain=[TRAINING, second], range=[[4, 3], [1, 0]])
    return [alt.Color("run:N", legend=names), alt.StrokeDash("images:N", scale=dashes, legend=None)]


def _chart(
    points: list[dict[str, Any]], y: alt.Y, value: alt.Tooltip, epochs: int | None, second: str, runs: int
) -> alt.Chart:
    last = max([epochs or 1, *(point["epoch"] for point in points)])
    tooltip = [
        alt.Tooltip("run:N", title="Run"),
        alt.Tooltip("images:N", title="Images"),
        alt.Tooltip("epoch:Q", title="Epoch", format="d"),
        value,
    ]
    return (
        alt.Chart(alt.Data(values=points), padding=PADDING)
        .mark_line(point=alt.OverlayMarkDef(size=36, opacity=1 if last <= MAX_EPOCHS_WITH_POINTS else 0), strokeWidth=2)
        .encode(_epoch_axis(last), y, *_colours(second, runs), tooltip=tooltip)
    )
