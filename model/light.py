"""The built-in network in OpenCV, which reads long before Keras is there.

TensorFlow and Keras take seconds to import. OpenCV, which prepares every picture anyway, computes the same network from
a LiteRT file, made from the .keras file by

    python -m model.export assets/reader.keras assets/reader.tflite
"""

import zipfile
from threading import Lock

import cv2
import numpy as np

from model.errors import InputError
from model.networks import read_threshold
from model.paths import LIGHT_NETWORK, SHIPPED_NETWORK
from model.reader import Reader


def load_light_reader() -> Reader:
    """A reader with the built-in network that takes some 20 ms to load.

    Its probabilities differ by less than 1e-4 from those of `load_recognizer()`, which can be looked into as well.
    Raises InputError if a file is missing or damaged.
    """
    try:
        network = cv2.dnn.readNetFromTFLite(np.fromfile(LIGHT_NETWORK, np.uint8))
        threshold = read_threshold(SHIPPED_NETWORK)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, cv2.error):
        raise InputError(
            f"{LIGHT_NETWORK} or {SHIPPED_NETWORK.name} beside it is missing or damaged: get the project's assets "
            "folder again."
        ) from None
    lock = Lock()  # OpenCV keeps the input of a network in the network

    def infer(images: np.ndarray) -> np.ndarray:
        with lock:
            network.setInput(images.transpose(0, 3, 1, 2))
            return network.forward()

    return Reader(infer, threshold)
