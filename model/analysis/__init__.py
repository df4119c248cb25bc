"""Shows how a network reads: evaluation, nearest neighbours, layers and feature maps, occlusion, their pictures."""

from model.analysis.evaluation import (
    Evaluation,
    evaluate,
    evaluation_file,
    keep_evaluation,
    load_evaluation,
    load_test_images,
    local_source,
)
from model.analysis.layers import Layer, Maps, describe_layers, feature_maps
from model.analysis.neighbours import BEYOND, WORDS, Index, Neighbour, build_index, find_nearest
from model.analysis.occlusion import PATCH, Evidence, occlude
from model.analysis.pictures import MAX_MAPS, evidence_picture, evidence_scale, map_sheet

__all__ = [
    "BEYOND",
    "MAX_MAPS",
    "PATCH",
    "WORDS",
    "Evaluation",
    "Evidence",
    "Index",
    "Layer",
    "Maps",
    "Neighbour",
    "build_index",
    "describe_layers",
    "evaluate",
    "evaluation_file",
    "evidence_picture",
    "evidence_scale",
    "feature_maps",
    "find_nearest",
    "keep_evaluation",
    "load_evaluation",
    "load_test_images",
    "local_source",
    "map_sheet",
    "occlude",
]
