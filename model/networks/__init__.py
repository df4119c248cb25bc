"""The networks: their table, variants and those of one's own, what builds and keeps them, and importing Keras."""

from model.networks.backend import has_bfloat16, import_keras
from model.networks.graph import CONVOLUTIONS, Call, answer_and_features, walk
from model.networks.inspection import inspect_network
from model.networks.keras_file import (
    load_model,
    load_network,
    open_network,
    read_threshold,
    save_network,
    write_threshold,
)
from model.networks.network import (
    ANSWERS,
    CLASSES,
    INPUT_SHAPE,
    MERGING_LAYER,
    ONE_HOT,
    ORIGINS,
    SPARSE,
    Network,
    digit_accuracy,
    for_inference,
)
from model.networks.own import OWN, OWN_TRAINING, Convolution, OwnNetwork, check_own, read_recipe
from model.networks.table import NETWORKS
from model.networks.variants import OPTIMIZERS, vary

__all__ = [
    "ANSWERS",
    "CLASSES",
    "CONVOLUTIONS",
    "INPUT_SHAPE",
    "MERGING_LAYER",
    "NETWORKS",
    "ONE_HOT",
    "OPTIMIZERS",
    "ORIGINS",
    "OWN",
    "OWN_TRAINING",
    "SPARSE",
    "Call",
    "Convolution",
    "Network",
    "OwnNetwork",
    "answer_and_features",
    "check_own",
    "digit_accuracy",
    "for_inference",
    "has_bfloat16",
    "import_keras",
    "inspect_network",
    "load_model",
    "load_network",
    "open_network",
    "read_recipe",
    "read_threshold",
    "save_network",
    "vary",
    "walk",
    "write_threshold",
]
