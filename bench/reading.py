"""How long one reading takes, in parts, beside Keras' own `model.predict`.

python -m bench.reading
"""

import time
from collections.abc import Callable

import numpy as np

from bench import machine
from model import load_recognizer
from model.preprocessing import CANVAS_SIZE, draw_strokes, load_strokes, prepare
from views import ROOT

ROUNDS = 300  # of each call, in turns, so that all meet the same machine


def main() -> None:
    recognizer = load_recognizer()
    strokes = load_strokes(ROOT / "assets" / "examples.json")
    grey = [draw_strokes(entry.strokes, 20, CANVAS_SIZE) for entry in strokes]
    drawings = [np.dstack([picture] * 3 + [np.full_like(picture, 255)]) for picture in grey]
    prepared = [prepare(drawing)[None] for drawing in drawings]
    measured = {
        "read, all of it": lambda i: recognizer.read(drawings[i]),
        "preprocessing": lambda i: prepare(drawings[i]),
        "network": lambda i: recognizer.predict(prepared[i]),
        "model.predict": lambda i: recognizer.model.predict(prepared[i][..., None], verbose=0),
    }
    times = in_turns(measured, len(drawings))
    print(machine())
    print(f"One {CANVAS_SIZE}×{CANVAS_SIZE} RGBA drawing, {ROUNDS} times, in ms:")
    print("| | median | p95 |\n| --- | --- | --- |")
    for name, values in times.items():
        print(f"| {name} | {np.median(values):.2f} | {np.percentile(values, 95):.2f} |")
    ratio = np.median(times["read, all of it"]) / np.median(times["model.predict"])
    print(f"read takes {ratio:.3f} of the time of model.predict (promised: less than 0.2)")


def in_turns(calls: dict[str, Callable[[int], object]], count: int) -> dict[str, list[float]]:
    """Milliseconds of each call, ROUNDS times with the numbers from 0 to `count` − 1, in turns."""
    times = {name: [] for name in calls}
    for turn in range(ROUNDS + 1):
        for name, call in calls.items():
            started = time.perf_counter()
            call(turn % count)
            if turn:  # the first one builds what later ones use
                times[name].append(1000 * (time.perf_counter() - started))
    return times


if __name__ == "__main__":
    main()
