"""Measures how thick MNIST's strokes are, which the bounds in model/preprocessing/thickness.py come from.

python -m bench.thickness --data mnist
"""

import argparse

import cv2
import numpy as np

from model.data import load_data
from model.preprocessing import measure_thickness
from model.preprocessing.thickness import MAX_THICKNESS, MIN_THICKNESS, SCALE

PERCENTILES = (5, 25, 50, 75, 95)


def main() -> None:
    parser = argparse.ArgumentParser(description="Prints the stroke thickness of MNIST's training digits.")
    parser.add_argument("--data", default="mnist", help="mnist or the path of an mnist.npz")
    images = load_data(parser.parse_args().data).train.images
    enlarged = (cv2.resize(image, None, fx=SCALE, fy=SCALE, interpolation=cv2.INTER_CUBIC) for image in images)
    measured = np.percentile([measure_thickness(image) / SCALE for image in enlarged], PERCENTILES)
    print(f"Median stroke thickness of {len(images):,} digits, in pixels of 28×28:")
    print("  ".join(f"{p}th percentile {value:.2f}" for p, value in zip(PERCENTILES, measured, strict=True)))
    print(f"Drawings are brought into the range from {MIN_THICKNESS} to {MAX_THICKNESS}.")


if __name__ == "__main__":
    main()
