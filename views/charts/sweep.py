"""The trials of a sweep as parallel coordinates: a line for each trial through its values to its accuracy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from model.runs import Outcome, in_words, rank
from views.charts.colours import BEHIND_DARK, PADDING, TEXT_ON_DARK, TEXT_ON_LIGHT, WHITE, colours
from views.charts.folds import limits
from views.charts.later import alt

HEIGHT = 300  # pixels
ACCURACY = "held-out accuracy"
OTHERS, BEST = "other trials", "trials of the best combination"


def sweep_chart(outcomes: Sequence[Outcome], dark: bool) -> dict[str, Any] | None:
    """The chart for `st.vega_lite_chart`; None before any trial has an accuracy."""
    known = [each for each in outcomes if each.accuracy is not None]
    if not known:
        return None
    rows = tuple((each.trial.number, *_row(each)) for each in known)
    best = rank(outcomes)[0]
    numbers = frozenset(each.trial.number for each in best.outcomes)
    return json.loads(_chart(rows, numbers, dark))


def _row(outcome: Outcome) -> tuple[tuple[tuple[str, Any], ...], float, int, str]:
    return tuple(outcome.trial.values.items()), outcome.accuracy or 0.0, outcome.epochs, outcome.status


@lru_cache(maxsize=32)
def _chart(rows: tuple, best: frozenset[int], dark: bool) -> str:
    """The chart as JSON, from which each page gets a copy of its own."""
    names = [name for name, _ in rows[0][1]]
    start, end, _ = limits([row[2] for row in rows])
    places = {name: _places([dict(row[1])[name] for row in rows]) for name in names}
    titles = [name.replace("_", " ") for name in names]
    points, labels = [], []
    for number, values, accuracy, epochs, status in rows:
        said = {
            "trial": number,
            "combination": in_words(dict(values)),
            "accuracy": accuracy,
            "epochs": f"{epochs} ({status})",
            "which": BEST if number in best else OTHERS,
        }
        points += [
            {"axis": title, "place": places[name][value], **said}
            for (name, value), title in zip(values, titles, strict=True)
        ]
        points.append({"axis": ACCURACY, "place": (accuracy - start) / (end - start), **said})
    for name, title in zip(names, titles, strict=True):
        labels += [
            {"axis": title, "place": place, "text": in_words({name: value}).removeprefix(f"{title} ")}
            for value, place in places[name].items()
        ]
    labels += [
        {"axis": ACCURACY, "place": place, "text": f"{start + place * (end - start):.1%}"} for place in (0, 0.5, 1)
    ]
    return json.dumps(_layers(points, labels, [*titles, ACCURACY], dark))


def _places(values: list[Any]) -> dict[Any, float]:
    """Where on its axis each value stands, 0–1, at equal distances."""
    different = sorted(set(values))
    if len(different) == 1:
        return {different[0]: 0.5}
    return {value: place / (len(different) - 1) for place, value in enumerate(different)}


def _layers(points: list[dict], labels: list[dict], axes: list[str], dark: bool) -> dict[str, Any]:
    blue, orange, *_ = colours(dark)
    x = alt.X(
        "axis:N",
        title=None,
        scale=alt.Scale(domain=axes, type="point", padding=0.3),
        axis=alt.Axis(orient="top", labelAngle=0, labelLimit=160, grid=True, domain=False, ticks=False),
    )
    y = alt.Y("place:Q", axis=None, scale=alt.Scale(domain=[-0.05, 1.05], nice=False))
    colour = alt.Color(
        "which:N",
        scale=alt.Scale(domain=[BEST, OTHERS], range=[orange, blue]),
        legend=alt.Legend(title=None, orient="bottom", symbolType="stroke", labelLimit=300),
    )
    tooltip = [
        alt.Tooltip("combination:N", title="Trial"),
        alt.Tooltip("accuracy:Q", title="Held-out accuracy", format=".2%"),
        alt.Tooltip("epochs:N", title="Epochs"),
    ]
    lines = alt.Chart(alt.Data(values=points)).encode(x, y, colour, detail="trial:N", tooltip=tooltip)
    texts = alt.Chart(alt.Data(values=labels)).encode(x, y, text="text:N")
    colour_of_text = TEXT_ON_DARK if dark else TEXT_ON_LIGHT
    halo = {"stroke": BEHIND_DARK if dark else WHITE, "strokeWidth": 4, "strokeOpacity": 0.9}  # lines run through them
    layers = alt.layer(
        lines.mark_line(strokeWidth=2, opacity=0.75, strokeJoin="round"),
        lines.mark_point(filled=True, size=40, opacity=1),
        texts.mark_text(align="left", dx=8, fontSize=12, **halo),
        texts.mark_text(align="left", dx=8, fontSize=12, color=colour_of_text),
    )
    return layers.properties(padding=PADDING).to_dict()
