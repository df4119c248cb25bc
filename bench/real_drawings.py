"""Scores a network on the shared set of real drawings, or chooses these.

python -m bench.real_drawings                 # the built-in network, or that of --model FILE
python -m bench.real_drawings --record        # keeps its score in assets/reader.json as well
python -m bench.real_drawings --choose PATH   # makes assets/real-drawings.json from a file of many hands
"""

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from model import Recognizer, load_recognizer
from model.data import Score, score_drawings
from model.files import atomic_write, read_json, write_json
from model.paths import REAL_DRAWINGS, SHIPPED_RUN
from model.preprocessing import PEN_WIDTHS, USUAL_PEN, load_strokes, replay

SOURCES = ("unipen", "uji", "kensanata")  # those under CC BY or CC0
DECIDING = 5  # nobody learns from the writers whose number is a multiple of it
OF_EACH = 30  # drawings of each digit
DECIMALS = 3  # of coordinates: a third of a pixel of the canvas

Entry = dict[str, Any]  # an entry of a stroke file that also names its source


def main() -> None:
    parser = argparse.ArgumentParser(description="Prints how a network reads the shared set of real drawings.")
    parser.add_argument("--model", help="a .keras file, instead of the built-in network")
    parser.add_argument("--record", action="store_true", help="keep the built-in network's score in its run file")
    parser.add_argument("--choose", metavar="PATH", help="choose the drawings from this stroke file, and do no more")
    given = parser.parse_args()
    if given.choose:
        load_strokes(given.choose)  # it says what is wrong with a file
        write(choose(read_entries(Path(given.choose))))
        return
    recognizer = load_recognizer(given.model)
    print("| real drawings | read correctly |\n| --- | --- |")
    for name, figure in figures(recognizer, read_entries(REAL_DRAWINGS)):
        print(f"| {name} | {figure} |")
    if given.record and not given.model:
        record(score_drawings(recognizer.predict))


def read_entries(path: Path) -> list[Entry]:
    """The entries of a stroke file as they stand in it."""
    content = path.read_bytes()
    return json.loads(gzip.decompress(content) if path.suffix == ".gz" else content)


def choose(entries: list[Entry]) -> list[Entry]:
    """As many of each digit, by as many people as possible, and always the same ones.

    The people take turns. Each time, one gives the digit of which most are still missing, if possible one that they
    have not given yet; which of their drawings of it is left to chance.
    """
    rng = np.random.default_rng(0)
    own: dict[int, dict[int, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        if entry["source"] in SOURCES and entry["writer"] % DECIDING == 0:
            own[entry["writer"]][entry["digit"]].append(entry)
    missing, given, chosen = Counter(dict.fromkeys(range(10), OF_EACH)), Counter(), []
    while missing.total():
        before = len(chosen)
        for writer in rng.permutation(sorted(own)):
            left = own[writer]
            digits = [digit for digit in sorted(left) if left[digit] and missing[digit]]
            if not digits:
                continue
            digit = max(digits, key=lambda digit: (-given[writer, digit], missing[digit]))
            chosen.append(left[digit].pop(int(rng.integers(len(left[digit])))))
            given[writer, digit] += 1
            missing[digit] -= 1
        if len(chosen) == before:
            raise SystemExit(f"There are too few drawings: {dict(missing)} are missing.")
    return sorted(chosen, key=lambda entry: (entry["digit"], entry["writer"]))


def write(chosen: list[Entry]) -> None:
    """Writes the shared set, a line for each drawing, and prints whose they are."""
    lines = []
    for entry in chosen:
        strokes = [[[round(float(x), DECIMALS) for x in point] for point in stroke] for stroke in entry["strokes"]]
        kept = {"digit": entry["digit"], "writer": entry["writer"], "source": entry["source"], "strokes": strokes}
        lines.append(json.dumps(kept, separators=(",", ":")))
    with atomic_write(REAL_DRAWINGS) as new:
        new.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    for source in SOURCES:
        people = {entry["writer"] for entry in chosen if entry["source"] == source}
        print(f"{source}: {sum(entry['source'] == source for entry in chosen)} drawings of {len(people)} people")


def figures(recognizer: Recognizer, entries: list[Entry]) -> Iterator[tuple[str, str]]:
    """How they are read at each pen width; at the usual one, also by digit and by source."""
    labels = np.array([entry["digit"] for entry in entries])
    sources = np.array([entry["source"] for entry in entries])
    digits = load_strokes(REAL_DRAWINGS)
    for width in PEN_WIDTHS:
        readings = recognizer.read_many([replay(each.strokes, width) for each in digits])
        right = np.array([reading.digit for reading in readings]) == labels
        yield f"drawn {width} px wide", _score(right)
        if width == USUAL_PEN:
            yield "of each digit", " · ".join(f"{digit}: {_score(right[labels == digit])}" for digit in range(10))
            by_source = (f"{source}: {_score(right[sources == source])}" for source in np.unique(sources))
            yield "of each source", " · ".join(by_source)
            refused = sum(not reading.is_digit for reading in readings)
            yield "called no digit", f"{refused} of {len(readings)}"


def _score(right: np.ndarray) -> str:
    return Score(int(right.sum()), len(right)).in_words()


def record(score: Score) -> None:
    """Keeps the score of the built-in network in its run file, where the page finds it."""
    run = read_json(SHIPPED_RUN)
    write_json(SHIPPED_RUN, run | {"metrics": run.get("metrics", {}) | {"real_drawings": score._asdict()}})


if __name__ == "__main__":
    main()
