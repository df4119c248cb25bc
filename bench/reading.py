"""Measures how long one reading takes, as a whole and in parts, compared with Keras's own `model.predict`; and loading.

python -m bench.reading
"""

import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from bench import machine
from model import Recognizer, load_light_reader, load_recognizer
from model.paths import EXAMPLE_DRAWINGS
from model.preprocessing import CANVAS_SIZE, draw_strokes, load_strokes, prepare

T = TypeVar("T")

EXAMPLES = 1_000  # of a hand
ROUNDS = 300  # of each call, in turns, so that all find the machine in the same state


def main() -> None:
    light, light_took = timed(load_light_reader)
    recognizer, took = timed(load_recognizer)
    grey = [draw_strokes(entry.strokes, 20, CANVAS_SIZE) for entry in load_strokes(EXAMPLE_DRAWINGS)]
    drawings = [np.dstack([picture] * 3 + [np.full_like(picture, 255)]) for picture in grey]
    prepared = [recognizer.read(drawing).image[None] for drawing in drawings]
    knowing = recognizer.adapted(examples(np.concatenate(prepared)))
    measured = {
        "read, all of it": lambda i: recognizer.read(drawings[i]),
        f"read, {EXAMPLES:,} examples known": lambda i: knowing.read(drawings[i]),
        "preprocessing": lambda i: prepare(drawings[i]),
        "network": lambda i: recognizer.predict(prepared[i]),
        "network in OpenCV": lambda i: light.predict(prepared[i]),
        "model.predict": lambda i: keras_predict(recognizer, prepared[i]),
    }
    times = in_turns(measured, len(drawings))
    print(machine())
    print(f"One {CANVAS_SIZE}×{CANVAS_SIZE} RGBA drawing, {ROUNDS} times, in ms:")
    print("| | median | p95 |\n| --- | --- | --- |")
    for name, values in times.items():
        print(f"| {name} | {np.median(values):.2f} | {np.percentile(values, 95):.2f} |")
    ratio = np.median(times["read, all of it"]) / np.median(times["model.predict"])
    print(f"read takes {ratio:.3f} of the time of model.predict (target: less than 0.2)")
    more = np.median(times[f"read, {EXAMPLES:,} examples known"]) / np.median(times["read, all of it"])
    print(f"With {EXAMPLES:,} examples known, read takes {more:.2f} times as long.")
    print(f"Loading takes {took:.1f} s with the import of Keras, and {1000 * light_took:.0f} ms in OpenCV.")


def examples(images: np.ndarray) -> list[tuple[np.ndarray, int]]:
    """EXAMPLES images with digits: the given ones, float32 (10, 28, 28), each a little different every time."""
    noise = np.random.default_rng(0).normal(0, 0.1, (EXAMPLES // 10, *images.shape))
    varied = np.clip(images + noise, 0, 1).astype(np.float32)
    return [(image, digit) for copies in varied for digit, image in enumerate(copies)]


def timed(load: Callable[[], T]) -> tuple[T, float]:
    """What is loaded, and the seconds that it took."""
    started = time.perf_counter()
    return load(), time.perf_counter() - started


def keras_predict(recognizer: Recognizer, batch: np.ndarray) -> np.ndarray:
    """What `recognizer.predict` returns, computed by Keras's own `model.predict`."""
    return recognizer.model.predict(batch[..., None], verbose=0)  # pyright: ignore[reportArgumentType] - 0 is silent


def in_turns(calls: dict[str, Callable[[int], object]], count: int) -> dict[str, list[float]]:
    """Milliseconds of ROUNDS calls of each function, in turns. Each is called with 0 to `count` − 1, over and over."""
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
