import json
import time
from itertools import pairwise

import altair as alt
import pytest

from model.runs import append_history, append_moment
from views.charts import curves as module
from views.charts.colours import ON_DARK, ON_LIGHT
from views.charts.curves import Look, accuracy_chart, curves, epoch_ticks, loss_chart

ROW = {"accuracy": 0.5, "loss": 1.5, "val_accuracy": 0.6123, "val_loss": 1.25, "seconds": 2.0}


def history(epochs, **more):
    return [{"epoch": epoch, **ROW, **more} for epoch in range(1, epochs + 1)]


def layers(chart):
    """Its layers by kind of mark, with their rows; the second one of lines holds the points that are pointed at."""
    return {layer["mark"]["type"]: layer | {"rows": layer["data"]["values"]} for layer in chart["layer"]}


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (1, [1]),
        (2, [1, 2]),
        (3, [1, 2, 3]),
        (5, [1, 2, 3, 4, 5]),
        (10, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        (11, [1, 5, 10]),
        (20, [1, 5, 10, 15, 20]),
        (50, [1, 10, 20, 30, 40, 50]),
        (100, [1, 20, 40, 60, 80, 100]),
        (1000, [1, 200, 400, 600, 800, 1000]),
    ],
)
def test_ticks_are_at_round_epochs(last, expected):
    assert epoch_ticks(1, last) == expected
    assert epoch_ticks(0, last) == (expected if last > 1 else [0, 0.5, 1])


def test_ticks_of_any_length_make_sense():
    for last in (*range(1, 400), 999, 10**6, 10**9):
        ticks = epoch_ticks(1, last)
        assert all(type(tick) is int and 1 <= tick <= last for tick in ticks)
        assert ticks[0] == 1
        assert len(ticks) <= 10
        if last > 10:
            step = ticks[1]
            assert str(step).rstrip("0") in ("1", "2", "5")
            assert {after - before for before, after in pairwise(ticks[1:])} <= {step}
            assert last - ticks[-1] < step


@pytest.mark.parametrize(("epochs", "start"), [(1, 0.9), (2, 0.95)])
def test_what_was_learned_in_the_only_epoch_stays_on_the_chart(epochs, start):
    """Of several, only the beginning of the first one leaves it."""
    moments = [
        {"epoch": epoch, "loss": 0.1, "accuracy": share} for epoch, share in ((0.05, 0.1), (0.2, 0.93), (0.9, 0.97))
    ]
    rows = [{"epoch": epoch + 1, **ROW, "accuracy": 0.97, "val_accuracy": 0.98} for epoch in range(epochs)]
    y = accuracy_chart({"mine": rows}, Look(), moments)["layer"][0]["encoding"]["y"]
    assert y["scale"]["domain"] == [start, 1]


@pytest.mark.parametrize("runs", [["mine"], ["mine", "yours"]])
@pytest.mark.parametrize("chart", [accuracy_chart, loss_chart])
def test_charts_are_what_vega_lite_knows(chart, runs):
    moments = [{"epoch": 0.5, **ROW}] if len(runs) == 1 else []
    drawn = chart(dict.fromkeys(runs, history(3)), Look(), moments)
    alt.Chart.from_dict(drawn, validate=True)
    assert all(layer["rows"] for layer in layers(drawn).values())


@pytest.mark.parametrize("dark", [False, True])
def test_runs_have_colours_of_their_own_in_either_theme(dark):
    many = accuracy_chart({f"run {number}": history(3) for number in range(6)}, Look(dark=dark))
    one = accuracy_chart({"run": history(3)}, Look(dark=dark))
    expected = list(ON_DARK if dark else ON_LIGHT)
    assert layers(many)["line"]["encoding"]["color"]["scale"]["range"] == expected
    assert layers(one)["line"]["encoding"]["color"]["scale"]["range"] == expected[:2]


def said_at(chart, epoch):
    """What the tooltip says at an epoch, by its titles."""
    rule = layers(chart)["rule"]
    row = next(row for row in rule["rows"] if row["epoch"] == epoch)
    return {each["title"]: row[each["field"]] for each in rule["encoding"]["tooltip"]}


def test_wherever_one_points_all_values_of_the_nearest_epoch_are_told():
    chart = accuracy_chart({"run": history(3)}, Look(second="test"))
    assert said_at(chart, 2) == {"Epoch": 2, "training": "50.00 %", "test": "61.23 %"}
    (selection,) = chart["params"]
    assert selection["select"] | {"nearest": True, "on": "pointermove"} == selection["select"]
    assert selection["views"] == [layers(chart)["rule"]["name"]]
    runs = {"a.b[0]": history(3), "shorter": history(1, val_loss=float("nan"))}
    assert said_at(loss_chart(runs, Look()), 2) == {"Epoch": 2, "a.b[0]": "1.2500 (training 1.5000)", "shorter": "–"}
    assert said_at(loss_chart(runs, Look()), 1)["shorter"] == "– (training 1.5000)"


def test_long_curves_are_thinned_and_keep_both_ends():
    rows = layers(accuracy_chart({"run": history(1000)}, Look()))["rule"]["rows"]
    assert len(rows) <= module.MAX_POINTS + 1
    assert (rows[0]["epoch"], rows[-1]["epoch"]) == (1, 1000)


def test_runs_of_different_lengths_leave_no_gap_in_what_is_told():
    chart = accuracy_chart({"long": history(1000), "short": history(301)}, Look())
    for epoch in (1, 2, 3, 151, 301):
        if any(row["epoch"] == epoch for row in layers(chart)["rule"]["rows"]):
            assert "–" not in said_at(chart, epoch).values()


def test_a_chart_says_in_words_what_it_shows():
    chart = accuracy_chart({"mine": history(3), "begun": []}, Look(second="held-out"))
    assert chart["description"] == (
        "Accuracy by epoch. mine: 50.00 % on training and 61.23 % on held-out images after epoch 3"
    )


def test_charts_are_rebuilt_only_when_a_curve_has_grown(tmp_path, monkeypatch):
    built = []
    monkeypatch.setattr(module, "loss_chart", lambda *of: built.append(of) or loss_chart(*of))
    append_history(tmp_path, {"epoch": 1, **ROW})
    first = curves({"mine": tmp_path}, 3, dark=False)
    first[0]["layer"].clear()  # whoever changes a chart changes no other
    again = curves({"mine": tmp_path}, 3, dark=False)
    assert len(built) == 1
    assert len(again[0]["layer"]) == 3
    time.sleep(0.01)  # so that the file has another time
    append_history(tmp_path, {"epoch": 2, **ROW})
    assert "after epoch 2" in curves({"mine": tmp_path}, 3, dark=False)[0]["description"]
    curves({"mine": tmp_path}, 3, dark=True)
    assert len(built) == 3
    assert json.dumps(again)


def test_a_single_run_is_shown_with_its_moments(tmp_path):
    """Before its first epoch is over, the training curve is there, and that of a sample of the test images."""
    append_moment(tmp_path, {"epoch": 0.1, "accuracy": 0.3, "loss": 2.0, "val_accuracy": 0.2, "val_loss": 2.1})
    append_moment(tmp_path, {"epoch": 0.2, "accuracy": 0.7, "loss": 1.0})
    chart = layers(curves({"run": tmp_path}, 3, "test", dark=False)[0])
    assert [(point["images"], point["epoch"], point["value"]) for point in chart["line"]["rows"]] == [
        ("training", 0.1, 0.3),
        ("sample", 0.1, 0.2),
        ("training", 0.2, 0.7),
    ]
    assert chart["line"]["encoding"]["x"]["scale"]["domain"] == [0, 3]
    assert [list(line.values())[1:] for line in chart["rule"]["rows"]] == [["30.00 %", "20.00 %"], ["70.00 %", "–"]]
    append_history(tmp_path, {"epoch": 1, **ROW})
    grown = layers(curves({"run": tmp_path}, 3, "test", dark=False)[0])["line"]["rows"]
    assert ("test", 1, 0.6123) in [(point["images"], point["epoch"], point["value"]) for point in grown]
    assert not any(point["images"] == "training" and point["epoch"] == 1 for point in grown)
    axis = layers(curves({"run": tmp_path}, 3, "test", dark=False)[0])["line"]["encoding"]["y"]["scale"]["domain"]
    assert axis == [0.5, 1]  # the first moments leave it at the bottom
    several = layers(curves({"run": tmp_path, "other": tmp_path}, 3, "test", dark=False)[0])["line"]["rows"]
    assert {point["epoch"] for point in several} == {1}
