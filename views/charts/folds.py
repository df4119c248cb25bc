"""The accuracies of a cross-validation: a point for each fold, and a box plot beside the tutorial's result."""

from __future__ import annotations

import json
import math
from functools import lru_cache
from typing import Any

from model.runs import Fold, Summary, summarise
from views.charts.colours import PADDING, colours
from views.charts.later import alt

HEIGHT = 240  # pixels of one chart with its axes
# What the tutorial of he-cnn reached in its five folds, on MNIST's training images
TUTORIAL_NETWORK, TUTORIAL_DATA = "he-cnn", "mnist"
TUTORIAL = Summary(mean=0.9896, deviation=0.00097)
TUTORIAL_LABEL = "the tutorial"
# Accuracies lie close together: the axis begins and ends at a multiple of one of these, and no fold touches its ends.
STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
MAX_STEPS = 6
MARGIN = 0.1  # of the range, above and below


def fold_charts(folds: tuple[Fold, ...], wanted: int, with_tutorial: bool, dark: bool) -> tuple[dict, dict]:
    """A chart of the accuracy of each finished fold, out of `wanted`, and a box plot, both for `st.vega_lite_chart`.

    They share their accuracy axis, and are rebuilt only when another fold is finished.
    """
    points, box = _charts(folds, wanted, with_tutorial, dark)
    return json.loads(points), json.loads(box)


@lru_cache(maxsize=32)
def _charts(folds: tuple[Fold, ...], wanted: int, with_tutorial: bool, dark: bool) -> tuple[str, str]:
    """Both as JSON, from which each page gets copies of its own."""
    accuracies = [fold.accuracy for fold in folds]
    spread = [TUTORIAL.mean - TUTORIAL.deviation, TUTORIAL.mean + TUTORIAL.deviation] if with_tutorial else []
    start, end, step = limits([*accuracies, *spread])
    number = ".1%" if step < 0.01 else ".0%"
    axis = alt.Axis(format=number, values=_ticks(start, end, step), minExtent=52, titlePadding=10, labelFlush=False)
    y = {"scale": alt.Scale(domain=[start, end], nice=False), "title": "Validation accuracy", "axis": axis}
    charts = _points(folds, wanted, y, colours(dark)[0]), _box(accuracies, with_tutorial, y, dark)
    return json.dumps(charts[0]), json.dumps(charts[1])


def limits(values: list[float]) -> tuple[float, float, float]:
    """Where an axis for these accuracies begins and ends, and its step."""
    low, high = min(values), max(values)
    margin = MARGIN * (high - low) + STEPS[0] / 10
    low, high = low - margin, min(1.0, high + margin)
    step = next((step for step in STEPS if (high - low) / step <= MAX_STEPS), STEPS[-1])
    return max(0.0, math.floor(low / step) * step), min(1.0, math.ceil(high / step) * step), step


def _ticks(start: float, end: float, step: float) -> list[float]:
    return [round(start + i * step, 6) for i in range(round((end - start) / step) + 1)]


def _points(folds: tuple[Fold, ...], wanted: int, y: dict[str, Any], colour: str) -> dict:
    rows = [{"fold": fold.number, "accuracy": fold.accuracy, "loss": fold.loss} for fold in folds]
    mean = summarise([fold.accuracy for fold in folds]).mean
    data = alt.Data(values=rows)
    tooltip = [
        alt.Tooltip("fold:O", title="Fold"),
        alt.Tooltip("accuracy:Q", title="Accuracy", format=".2%"),
        alt.Tooltip("loss:Q", title="Loss", format=".4f"),
    ]
    numbers = list(range(1, wanted + 1))
    x = alt.X("fold:O", title="Fold", scale=alt.Scale(domain=numbers), axis=_fold_axis(numbers))
    points = alt.Chart(data).mark_point(filled=True, size=80, color=colour, opacity=1)
    line = alt.Chart(alt.Data(values=[{"accuracy": mean}])).mark_rule(strokeDash=[4, 3], color=colour)
    layers = alt.layer(
        line.encode(y=alt.Y("accuracy:Q", **y), tooltip=alt.Tooltip("accuracy:Q", title="Mean", format=".2%")),
        points.encode(x=x, y=alt.Y("accuracy:Q", **y), tooltip=tooltip),
    )
    return layers.properties(title=_title("Each fold, and their mean (dashed)"), padding=PADDING).to_dict()


def _fold_axis(numbers: list[int]) -> alt.Axis:
    every = math.ceil(len(numbers) / 20)
    return alt.Axis(labelAngle=0, labelAlign="center", values=numbers[::every], titlePadding=2)


def _box(accuracies: list[float], with_tutorial: bool, y: dict[str, Any], dark: bool) -> dict:
    blue, orange, *_ = colours(dark)
    here = f"{len(accuracies)} fold{'s' * (len(accuracies) > 1)} here"
    names = [here, *([TUTORIAL_LABEL] if with_tutorial else [])]
    # An empty axis title makes it as high as the chart beside it, so that the grid lines of both are level.
    axis = alt.Axis(labelAngle=0, labelAlign="center", labelLimit=160, titlePadding=2)
    x = alt.X("who:N", title=" ", scale=alt.Scale(domain=names), axis=axis)
    rows = [{"who": here, "accuracy": accuracy} for accuracy in accuracies]
    layers = [
        alt.Chart(alt.Data(values=rows))
        .mark_boxplot(extent="min-max", size=40, color=blue, median={"color": "white"})
        .encode(x=x, y=alt.Y("accuracy:Q", **y))
    ]
    if with_tutorial:
        low, high = TUTORIAL.mean - TUTORIAL.deviation, TUTORIAL.mean + TUTORIAL.deviation
        row = {
            "who": TUTORIAL_LABEL,
            "low": low,
            "high": high,
            "accuracy": TUTORIAL.mean,
            "says": TUTORIAL.in_percent(),
        }
        data, tooltip = alt.Data(values=[row]), alt.Tooltip("says:N", title="Mean ± standard deviation")
        bar = alt.Chart(data).mark_errorbar(ticks={"color": orange, "size": 20}, color=orange, thickness=2)
        point = alt.Chart(data).mark_point(filled=True, size=80, color=orange, opacity=1)
        layers += [
            bar.encode(x=x, y=alt.Y("low:Q", **y), y2="high:Q"),
            point.encode(x=x, y=alt.Y("accuracy:Q", **y), tooltip=tooltip),
        ]
    title = "Box: quartiles and median; whiskers: lowest and highest"
    return alt.layer(*layers).properties(title=_title(title), padding=PADDING).to_dict()


def _title(text: str) -> alt.TitleParams:
    return alt.TitleParams(text, fontSize=12, fontWeight="normal", anchor="start", limit=340)
