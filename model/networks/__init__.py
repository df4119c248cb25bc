"""The networks: the table that defines them, what builds them, the files that keep them, and importing Keras."""

from model.networks.backend import FLOAT32, MIXED_BFLOAT16, has_bfloat16, import_keras
from model.networks.keras_file import load_model, load_network, read_threshold, save_network, write_threshold
from model.networks.network import (
    ANSWERS,
    CLASSES,
    INPUT_SHAPE,
    MERGING_LAYER,
    ONE_HOT,
    ORIGINS,
    SPARSE,
    Network,
    Recipe,
    digit_accuracy,
    for_inference,
)
from model.networks.table import NETWORKS

__all__ = [
    "ANSWERS",
    "CLASSES",
    "FLOAT32",
    "INPUT_SHAPE",
    "MERGING_LAYER",
    "MIXED_BFLOAT16",
    "NETWORKS",
    "ONE_HOT",
    "ORIGINS",
    "SPARSE",
    "Network",
    "Recipe",
    "digit_accuracy",
    "for_inference",
    "has_bfloat16",
    "import_keras",
    "load_model",
    "load_network",
    "read_threshold",
    "save_network",
    "write_threshold",
]
