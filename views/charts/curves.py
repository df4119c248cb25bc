"""The curves of trainings: accuracy and loss by epoch."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from model.networks import NETWORKS
from model.runs import HISTORY_FILE, Run, read_history
from views.charts.colours import PADDING, colours
from views.charts.later import alt
from views.shared.style import is_dark
from views.shared.words import percent

TRAINING, TEST, VALIDATION = "training", "test", "validation"
HEIGHT = 200  # pixels of one chart with its axes
LEGEND_ROW = 36  # pixels more for each run, if several share a chart
MAX_EPOCHS_WITH_POINTS = 15
MAX_POINTS = 300  # of one curve: more cannot be told apart, and take time to draw
# Where an accuracy axis may begin: as high as the curves allow, but only here, so that it rarely jumps as they grow.
STARTS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98)
MAX_TICKS = 10  # up to so many epochs, each has a tick
MAX_STEPS = 6  # between the ticks of more epochs
RULE = "#808495"  # grey, for either theme

Histories = Mapping[str, Sequence[dict[str, float]]]  # the rows of history.csv by the name of the run


class Look(NamedTuple):
    """How charts look, besides their curves."""

    epochs: int | None = None
    """Where the axis ends, if that is beyond the curves."""
    second: str = TEST
    """Which images the second curve of each run is of."""
    dark: bool = False
    """Whether they are shown on the dark theme."""


def curves(
    folders: dict[str, Path], epochs: int | None = None, second: str = TEST, dark: bool | None = None
) -> tuple[dict, dict]:
    """Accuracy and loss of one or more runs, by their names, as Vega-Lite charts for `st.vega_lite_chart`.

    `epochs` is where the axis ends, if that is beyond the curves; `second` says which images the second curve is of;
    `dark` is the theme, by default the one in use. Altair takes a tenth of a second for both charts, and the page asks
    twice a second, so they are rebuilt only when a curve has grown.
    """
    versions = tuple((name, folder, _version(folder / HISTORY_FILE)) for name, folder in folders.items())
    return copy.deepcopy(_curves(versions, Look(epochs, second, is_dark() if dark is None else dark)))


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
    shown = {VALIDATION if run.folds or run.network in holding_out else TEST for run in runs}
    return " or ".join(kind for kind in (TEST, VALIDATION) if kind in shown)


def _version(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=32)
def _curves(runs: tuple[tuple[str, Path, Any], ...], look: Look) -> tuple[dict, dict]:
    histories = {name: read_history(folder) for name, folder, _ in runs}
    return accuracy_chart(histories, look), loss_chart(histories, look)


def accuracy_chart(histories: Histories, look: Look) -> dict[str, Any]:
    """The share of right answers by epoch, on training images and on those of the second curve."""
    points = _points(histories, "accuracy", look.second)
    lowest = min((point["value"] for point in points), default=0.0)
    start = max(each for each in STARTS if each <= lowest or each == 0.0)
    title = "Accuracy" if start == 0 else f"Accuracy, from {percent(start, 0)}"
    y = alt.Y("value:Q", title=title, scale=alt.Scale(domain=[start, 1], nice=False), axis=_value_axis("%"))
    return _chart(histories, "accuracy", points, y, look)


def loss_chart(histories: Histories, look: Look) -> dict[str, Any]:
    """The loss by epoch, on training images and on those of the second curve: cross-entropy in nats, from 0."""
    points = _points(histories, "loss", look.second)
    highest = max((point["value"] for point in points), default=0.0)
    y = alt.Y("value:Q", title="Loss", scale=alt.Scale(domain=[0, highest or 1]), axis=_value_axis(".2~f"))
    return _chart(histories, "loss", points, y, look)


def epoch_ticks(last: int) -> list[int]:
    """The epochs that an axis from 1 to `last` names: all of a few, else 1 and the multiples of a round number."""
    if last <= MAX_TICKS:
        return list(range(1, last + 1))
    step = next(step for step in _round_numbers() if last / step <= MAX_STEPS)
    return [1, *range(step, last + 1, step)]


def _round_numbers() -> Iterator[int]:
    """5, 10, 20, 50, 100, 200, 500 and so on."""
    yield 5
    decade = 10
    while True:
        yield from (decade, 2 * decade, 5 * decade)
        decade *= 10


def _points(histories: Histories, name: str, second: str) -> list[dict[str, Any]]:
    """The points of all curves of a figure."""
    return [
        {"run": run, "epoch": row["epoch"], "images": images, "value": value}
        for run, rows in histories.items()
        for row in _thinned(rows)
        for images, value in ((TRAINING, row[name]), (second, row[f"val_{name}"]))
        if math.isfinite(value)
    ]


def _thinned(rows: Sequence[dict[str, float]]) -> Sequence[dict[str, float]]:
    step = math.ceil(len(rows) / MAX_POINTS) or 1
    return [*rows[:-1:step], *rows[-1:]]


def _values(histories: Histories, name: str, second: str) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """What a tooltip says: the titles of its lines by field, and their texts for each epoch that has a point.

    A single run has a line for each curve, several runs have one each. The names of runs are no field names: Vega-Lite
    would take their dots and brackets for its own.
    """
    epochs = sorted({row["epoch"] for rows in histories.values() for row in _thinned(rows)})
    known = [{row["epoch"]: row for row in rows} for rows in histories.values()]
    lines: list[dict[str, Any]] = []
    for epoch in epochs:
        rows = [each.get(epoch) for each in known]
        if len(known) == 1:
            row = rows[0] or {}
            texts = [_text(name, row.get(name)), _text(name, row.get(f"val_{name}"))]
        else:
            texts = ["–" if row is None else _both(name, row) for row in rows]
        lines.append({"epoch": epoch} | {f"value{number}": text for number, text in enumerate(texts)})
    titles = [TRAINING, second] if len(known) == 1 else list(histories)
    return {f"value{number}": title for number, title in enumerate(titles)}, lines


def _both(name: str, row: dict[str, float]) -> str:
    return f"{_text(name, row[f'val_{name}'])} ({TRAINING} {_text(name, row[name])})"


def _text(name: str, value: float | None) -> str:
    if value is None or not math.isfinite(value):
        return "–"
    return percent(value) if name == "accuracy" else f"{value:.4f}"


def _in_words(histories: Histories, name: str, second: str) -> str:
    """What a chart shows, for those who cannot see it."""
    ends = []
    for run, rows in histories.items():
        if rows:
            row = rows[-1]
            one, other = _text(name, row[name]), _text(name, row[f"val_{name}"])
            ends.append(f"{run}: {one} on {TRAINING} and {other} on {second} images after epoch {row['epoch']}")
    return ". ".join([f"{name.capitalize()} by epoch", *ends])


def _value_axis(number: str) -> alt.Axis:
    return alt.Axis(format=number, tickCount=4, minExtent=36, titlePadding=2)


def _epoch_scale(last: int) -> alt.X:
    return alt.X(
        "epoch:Q",
        title="Epoch",
        scale=alt.Scale(domain=[1, max(last, 2)], nice=False),
        # Not the format "d": with it, Vega-Lite leaves out the middle one of three ticks.
        axis=alt.Axis(values=epoch_ticks(last), format=",.0f", grid=False, titlePadding=2),
    )


def _colours(second: str, runs: int, dark: bool) -> list[Any]:
    """What tells the curves apart: colours and, if several runs share a chart, dashes."""
    if runs <= 1:
        legend = alt.Legend(title=None, orient="top", symbolType="stroke", labelLimit=200, offset=2, padding=0)
        scale = alt.Scale(domain=[TRAINING, second], range=list(colours(dark)[:2]))
        return [alt.Color("images:N", scale=scale, legend=legend)]
    names = alt.Legend(title=None, orient="bottom", columns=1, labelLimit=400, offset=4, symbolType="stroke")
    each = alt.Scale(range=list(colours(dark)))  # else Streamlit's theme has colours of its own
    dashes = alt.Scale(domain=[TRAINING, second], range=[[4, 3], [1, 0]])
    return [
        alt.Color("run:N", scale=each, sort=None, legend=names),
        alt.StrokeDash("images:N", scale=dashes, legend=None),
    ]


def _chart(histories: Histories, name: str, points: list[dict[str, Any]], y: alt.Y, look: Look) -> dict[str, Any]:
    last = int(max([look.epochs or 1, *(point["epoch"] for point in points)]))
    x = _epoch_scale(last)
    drawn = alt.Chart(alt.Data(values=points)).encode(x, y, *_colours(look.second, len(histories), look.dark))
    dots = alt.OverlayMarkDef(size=36, opacity=1) if last <= MAX_EPOCHS_WITH_POINTS else False
    # Wherever the mouse or a finger is, the nearest epoch is shown: a rule, the values of all curves, and their points.
    nearest = alt.selection_point(name="nearest", nearest=True, on="pointermove", fields=["epoch"], empty=False)
    titles, lines = _values(histories, name, look.second)
    tooltip = [alt.Tooltip("epoch:Q", title="Epoch", format="d")]
    tooltip += [alt.Tooltip(f"{each}:N", title=title) for each, title in titles.items()]
    rule = (
        alt.Chart(alt.Data(values=lines))
        .mark_rule(color=RULE)
        .encode(x, opacity=alt.condition(nearest, alt.value(0.6), alt.value(0)), tooltip=tooltip)
        .add_params(nearest)
    )
    layers = alt.layer(
        drawn.mark_line(point=dots, strokeWidth=2),
        drawn.mark_point(filled=True, size=70, opacity=1, aria=False).transform_filter(nearest),
        rule,
        padding=PADDING,
        description=_in_words(histories, name, look.second),
    )
    return layers.to_dict()
