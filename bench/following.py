"""Measures what follows a drawing: its nearest neighbours, its way through the network, the Inside tab of each network.

python -m bench.following [--data mnist.npz]
"""

import argparse
import pickle
import time
from collections.abc import Callable

import numpy as np

from bench import machine
from model import Recognizer, load_recognizer
from model.analysis import build_index, describe_layers, feature_maps, find_nearest, find_stages, occlude
from model.data import load_data
from model.networks import NETWORKS
from model.paths import EXAMPLE_DRAWINGS
from model.preprocessing import load_strokes, replay

PEN_WIDTH = 20  # pixels: the page's own
ROUNDS = 5  # over the ten example drawings


def main() -> None:
    parser = argparse.ArgumentParser(description="Prints how long the tabs that follow a drawing take.")
    parser.add_argument("--data", default="digits", help="mnist, digits or the path of an mnist.npz")
    data = load_data(parser.parse_args().data)
    built_in = load_recognizer()
    examples = load_strokes(EXAMPLE_DRAWINGS)
    images = [built_in.read(replay(each.strokes, PEN_WIDTH)).image for each in examples] * ROUNDS
    print(machine())
    started = time.perf_counter()
    index = build_index(data.train)
    took, size = time.perf_counter() - started, len(pickle.dumps(index))
    print(f"Index of {len(data.train.labels):,} images: built in {took:.1f} s, {size / 1e6:.0f} MB with the images")
    print("| for one drawing | median | p95 |\n| --- | ---: | ---: |")
    print(row("nearest neighbours", lambda image: find_nearest(index, image), images))
    print(row("the strip below the canvas", lambda image: find_stages(built_in, image), images))
    recognizers = {"built-in": built_in} | {name: Recognizer(network.build()) for name, network in NETWORKS.items()}
    for name, recognizer in recognizers.items():
        describe_layers(recognizer)  # traces the network, once and for all
        print(row(f"inside of {name}", lambda image, by=recognizer: look_inside(by, image), images))


def look_inside(recognizer: Recognizer, image: np.ndarray) -> None:
    """Computes what the Inside tab shows of a drawing."""
    occlude(recognizer, image)
    feature_maps(recognizer, image)


def row(name: str, work: Callable[[np.ndarray], object], images: list[np.ndarray]) -> str:
    """A line of the table: milliseconds over all images, after one image to warm up."""
    work(images[0])
    times = []
    for image in images:
        started = time.perf_counter()
        work(image)
        times.append(1000 * (time.perf_counter() - started))
    return f"| {name} | {np.median(times):.0f} ms | {np.percentile(times, 95):.0f} ms |"


if __name__ == "__main__":
    main()
