"""Measures what it takes to keep drawings, and to ask for those of a hand: in SQLite, or in any other database.

python -m bench.drawings
python -m bench.drawings --url postgresql+psycopg://…
"""

import argparse
import tempfile
import uuid
from typing import Any

import numpy as np

from bench import machine
from bench.reading import ROUNDS, in_turns
from model.drawings import export_strokes, import_file, open_drawings
from model.paths import EXAMPLE_DRAWINGS
from model.preprocessing import CANVAS_SIZE

KEPT = 1_000  # drawings of the hand that is asked for


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="a database; without it, one of SQLite is made in the folder for temporary files")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        measure(given.url or f"sqlite:///{folder}/drawings.db")


def measure(url: str) -> None:
    """Prints the times."""
    drawings, hand, other = open_drawings(url), f"bench {uuid.uuid4().hex}", f"bench {uuid.uuid4().hex}"
    examples = import_file(str(EXAMPLE_DRAWINGS), EXAMPLE_DRAWINGS.read_bytes())
    kept = drawings.add_all(hand, (examples[number % len(examples)] for number in range(KEPT)))
    on_canvas = [[to_object(stroke["points"]) for stroke in strokes or ()] for _, strokes, _ in examples]
    times = in_turns(
        {
            "has the hand changed": lambda _: drawings.version(hand),
            "keep what is on the canvas": lambda i: drawings.keep_canvas(hand, on_canvas[i], examples[i][2]),
            "find what was on it": lambda _: drawings.canvas(hand),
            "keep a labelled drawing": lambda i: drawings.add(other, *examples[i]),
            "all drawings of the hand": lambda _: drawings.of(hand),
        },
        len(examples),
    )
    print(machine())
    print(f"{KEPT:,} drawings of a hand, {ROUNDS} times, in ms:")
    print("| | median | p95 |\n| --- | --- | --- |")
    for name, values in times.items():
        print(f"| {name} | {np.median(values):.2f} | {np.percentile(values, 95):.2f} |")
    size = sum(len(drawing.png) for drawing in kept) + len(export_strokes(kept))
    print(f"A drawing takes {size / KEPT / 1_000:.1f} kB.")
    drawings.forget_canvas(hand)
    for drawing in kept + drawings.of(other):
        drawings.delete(drawing.hand, drawing.id)


def to_object(points: list[list[float]]) -> dict[str, Any]:
    """A stroke as the canvas sends it: short curves, and how they are drawn."""
    path = [["Q", *point, *point] for point in (np.array(points) * CANVAS_SIZE).tolist()]
    return {"type": "Path", "path": path, "stroke": "#ffffff", "strokeWidth": 14, "left": 0, "top": 0, "fill": None}


if __name__ == "__main__":
    main()
