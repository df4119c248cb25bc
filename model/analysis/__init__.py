"""Shows how a network reads: evaluation, nearest neighbours, layers, feature maps, kernels, occlusion, and pictures."""

from model.analysis.evaluation import (
    DRAWINGS,
    Evaluation,
    evaluate,
    evaluation_file,
    keep_evaluation,
    load_evaluation,
    load_test_images,
    local_source,
)
from model.analysis.kernels import Kernel, examine_kernel
from model.analysis.layers import Layer, Maps, describe_layers, feature_maps
from model.analysis.neighbours import BEYOND, WORDS, Index, Neighbour, build_index, find_nearest
from model.analysis.occlusion import PATCH, Evidence, occlude
from model.analysis.pictures import MAX_MAPS, evidence_picture, evidence_scale, map_sheet
from model.analysis.stages import Stage, find_stages
from model.analysis.tracing import is_traced

__all__ = [
    "BEYOND",
    "DRAWINGS",
    "MAX_MAPS",
    "PATCH",
    "WORDS",
    "Evaluation",
    "Evidence",
    "Index",
    "Kernel",
    "Layer",
    "Maps",
    "Neighbour",
    "Stage",
    "build_index",
    "describe_layers",
    "evaluate",
    "evaluation_file",
    "evidence_picture",
    "evidence_scale",
    "examine_kernel",
    "feature_maps",
    "find_nearest",
    "find_stages",
    "is_traced",
    "keep_evaluation",
    "load_evaluation",
    "load_test_images",
    "local_source",
    "map_sheet",
    "occlude",
]
