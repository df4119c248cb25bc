"""The curves of trainings: accuracy and loss by epoch and, of a single run, while an epoch runs."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from model.files import stamp
from model.runs import HISTORY_FILE, MOMENTS_FILE, Run, read_history, read_moments
from views.charts.colours import PADDING, colours
from views.charts.later import alt, fill_in
from views.shared.style import is_dark
from views.shared.words import percent

TRAINING, TEST, VALIDATION = "training", "test", "validation"
SAMPLE = "sample"  # of the images of the second curve, read while an epoch runs
# Epochs: once the first one is over, what was before that leaves the chart at its edge; less if it is the only one
SETTLED, BEGUN = 0.5, 0.1
HEIGHT = 200  # pixels of one chart with its axes
LEGEND_ROW = 36  # pixels more for each run, if several share a chart
MAX_EPOCHS_WITH_POINTS = 15
MAX_POINTS = 120  # of one curve: more cannot be told apart, and take time to send and to draw
# Where an accuracy axis may begin: as high as the curves allow, but only here, so that it rarely jumps as they grow.
STARTS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98)
MAX_TICKS = 10  # up to so many epochs, each has a tick
MAX_STEPS = 6  # between the ticks of more epochs
RULE = "#808495"  # grey, for either theme

Rows = Sequence[dict[str, float]]
Histories = Mapping[str, Rows]  # the rows of history.csv by the name of the run


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

    A single run is shown with its moments, on training images and on a sample of those of the second curve.

    `epochs` is where the axis ends, if that is beyond the curves; `second` says which images the second curve is of;
    `dark` is the theme, by default the one in use. The charts are built once for all pages, and again only when a curve
    has grown.
    """
    versions = tuple(
        (name, folder, stamp(folder / HISTORY_FILE, folder / MOMENTS_FILE, growing=True))
        for name, folder in folders.items()
    )
    charts = _curves(versions, Look(epochs, second, is_dark() if dark is None else dark))
    return json.loads(charts[0]), json.loads(charts[1])


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
    shown = {VALIDATION if run.holds_out else TEST for run in runs}
    return " or ".join(kind for kind in (TEST, VALIDATION) if kind in shown)


@lru_cache(maxsize=32)
def _curves(runs: tuple[tuple[str, Path, Any], ...], look: Look) -> tuple[str, str]:
    """Both charts as JSON, from which a page gets copies of its own: Streamlit changes what it is given."""
    histories = {name: read_history(folder) for name, folder, _ in runs}
    moments = read_moments(runs[0][1]) if len(runs) == 1 else []
    return json.dumps(accuracy_chart(histories, look, moments)), json.dumps(loss_chart(histories, look, moments))


def accuracy_chart(histories: Histories, look: Look, moments: Rows = ()) -> dict[str, Any]:
    """The share of right answers by epoch, on training images and on those of the second curve."""
    points = _points(histories, moments, "accuracy", look.second)
    lowest = min(_settled(points, look), default=0.0)
    start = max(each for each in STARTS if each <= lowest or each == 0.0)
    title = "Accuracy" if start == 0 else f"Accuracy, from {percent(start, 0)}"
    y = alt.Y("value:Q", title=title, scale=alt.Scale(domain=[start, 1], nice=False), axis=_value_axis("%"))
    return _chart(histories, "accuracy", points, y, look)


def loss_chart(histories: Histories, look: Look, moments: Rows = ()) -> dict[str, Any]:
    """The loss by epoch, on training images and on those of the second curve: cross-entropy in nats, from 0."""
    points = _points(histories, moments, "loss", look.second)
    highest = max(_settled(points, look), default=0.0)
    y = alt.Y("value:Q", title="Loss", scale=alt.Scale(domain=[0, highest or 1]), axis=_value_axis(".2~f"))
    return _chart(histories, "loss", points, y, look)


def _settled(points: list[dict[str, Any]], look: Look) -> list[float]:
    """The values that must fit on the axis."""
    last = max((point["epoch"] for point in points), default=0)
    first = 0 if last < 1 else BEGUN if max(last, look.epochs or 1) == 1 else SETTLED
    return [point["value"] for point in points if point["epoch"] >= first]


def epoch_ticks(first: int, last: int) -> list[float]:
    """The epochs that an axis from 0 or 1 to `last` names: all of a few, else 1 and the multiples of a round number."""
    if (first, last) == (0, 1):
        return [0, 0.5, 1]
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


def _points(histories: Histories, moments: Rows, name: str, second: str) -> list[dict[str, Any]]:
    """The points of all curves of a figure. Where there are moments, the training curve is theirs."""
    own = () if moments else (TRAINING,)
    found = [
        (run, row["epoch"], images, row[column])
        for run, rows in histories.items()
        for row in _thinned(rows)
        for images, column in ((TRAINING, name), (second, f"val_{name}"))
        if images == second or images in own
    ]
    found += [
        (next(iter(histories)), row["epoch"], images, row[column])
        for row in _thinned(moments)
        for images, column in ((TRAINING, name), (SAMPLE, f"val_{name}"))
        if column in row
    ]
    columns = ("run", "epoch", "images", "value")
    return [dict(zip(columns, point, strict=True)) for point in found if math.isfinite(point[-1])]


def _thinned(rows: Rows) -> Rows:
    step = math.ceil(len(rows) / MAX_POINTS) or 1
    return [*rows[:-1:step], *rows[-1:]]


def _values(
    histories: Histories, points: list[dict[str, Any]], name: str
) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """What a tooltip says: the titles of its lines by field, and their texts for each epoch that has a point.

    A single run has a line for each curve, several runs have one each. The names of runs are no field names: Vega-Lite
    would take their dots and brackets for its own.
    """
    titles = list(histories)
    texts: dict[float, dict[str, str]] = {point["epoch"]: {} for point in points}
    if len(histories) == 1:
        titles = list(dict.fromkeys(point["images"] for point in points))
        for point in points:
            texts[point["epoch"]][point["images"]] = _text(name, point["value"])
    for run, rows in histories.items() if len(histories) > 1 else ():
        for row in rows:
            if row["epoch"] in texts:
                texts[row["epoch"]][run] = _both(name, row)
    lines = [
        {"epoch": epoch} | {f"value{number}": texts[epoch].get(title, "–") for number, title in enumerate(titles)}
        for epoch in sorted(texts)
    ]
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


def _epoch_scale(first: int, last: int) -> alt.X:
    return alt.X(
        "epoch:Q",
        title="Epoch",
        scale=alt.Scale(domain=[first, max(last, first + 1)], nice=False),
        # Not the format "d": with it, Vega-Lite leaves out the middle one of three ticks.
        axis=alt.Axis(values=epoch_ticks(first, last), format=",.1~f", grid=False, titlePadding=2),
    )


def _colours(second: str, runs: int, dark: bool, sampled: bool) -> list[Any]:
    """What tells the curves apart: colours and, if several runs share a chart, dashes."""
    if runs <= 1:
        # A sample is dotted, which the page says below; there is no room for it in the legend
        shown = [TRAINING, second]
        legend = alt.Legend(
            title=None, orient="top", values=shown, symbolType="stroke", labelLimit=200, offset=2, padding=0
        )
        one, other = colours(dark)[:2]
        count = 3 if sampled else 2
        names = [*shown, SAMPLE][:count]
        hues = alt.Scale(domain=names, range=[one, other, other][:count])
        dashes = alt.Scale(domain=names, range=[[1, 0], [1, 0], [2, 3]][:count])
        return [
            alt.Color("images:N", scale=hues, legend=legend),
            alt.StrokeDash("images:N", scale=dashes, legend=None),
        ]
    names = alt.Legend(title=None, orient="bottom", columns=1, labelLimit=400, offset=4, symbolType="stroke")
    each = alt.Scale(range=list(colours(dark)))  # else Streamlit's theme has colours of its own
    dashes = alt.Scale(domain=[TRAINING, second], range=[[4, 3], [1, 0]])
    return [
        alt.Color("run:N", scale=each, sort=None, legend=names),
        alt.StrokeDash("images:N", scale=dashes, legend=None),
    ]


def _chart(histories: Histories, name: str, points: list[dict[str, Any]], y: alt.Y, look: Look) -> dict[str, Any]:
    last = math.ceil(max([look.epochs or 1, *(point["epoch"] for point in points)]))
    x = _epoch_scale(0 if any(point["epoch"] < 1 for point in points) else 1, last)
    sampled = any(point["images"] == SAMPLE for point in points)
    colour = _colours(look.second, len(histories), look.dark, sampled)
    drawn = alt.Chart(alt.Data(name="points")).encode(x, y, *colour)
    dots = alt.OverlayMarkDef(size=36, opacity=1) if last <= MAX_EPOCHS_WITH_POINTS and not sampled else False
    # Wherever the mouse or a finger is, the nearest epoch is shown: a rule, the values of all curves, and their points.
    nearest = alt.selection_point(name="nearest", nearest=True, on="pointermove", fields=["epoch"], empty=False)
    titles, lines = _values(histories, points, name)
    tooltip = [alt.Tooltip("epoch:Q", title="Epoch", format=".2~f")]
    tooltip += [alt.Tooltip(f"{each}:N", title=title) for each, title in titles.items()]
    rule = (
        alt.Chart(alt.Data(name="lines"))
        .mark_rule(color=RULE)
        .encode(x, opacity=alt.condition(nearest, alt.value(0.6), alt.value(0)), tooltip=tooltip)
        .add_params(nearest)
    )
    layers = alt.layer(
        drawn.mark_line(point=dots, strokeWidth=2, clip=True),
        drawn.mark_point(filled=True, size=70, opacity=1, aria=False, clip=True).transform_filter(nearest),
        rule,
        padding=PADDING,
        description=_in_words(histories, name, look.second),
    )
    # Altair's check takes as long as all the rest; a test has it check these charts
    return fill_in(layers.to_dict(validate=False), points=points, lines=lines)
