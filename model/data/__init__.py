"""The data that networks learn from: data sets, images made from strokes, non-digits, and augmentation."""

from model.data.augment import (
    SCAN_DISTORTION,
    augment_images,
    distort_strokes,
    draw_augmented,
    draw_varied,
    enlarge_image,
    few_of_each,
    place_strokes,
    prepare_again,
)
from model.data.browse import Facts, augmented_copies, describe, image_page
from model.data.datasets import (
    Dataset,
    Images,
    Scans,
    choose_numbers,
    every_fifth,
    hold_out,
    join_images,
    load_embedded_digits,
    load_scans,
    parse_npz,
    prepare_all,
)
from model.data.examples import example_images
from model.data.forms import write_forms
from model.data.keeping import is_upload, keep_upload
from model.data.nondigits import NON_DIGIT, TRAINING_KINDS, UNSEEN_KINDS, draw_nondigits
from model.data.reading import Change, OwnData
from model.data.real_drawings import Score, load_real_drawings, score_drawings
from model.data.sources import KERAS_CACHE, load_data, load_described, mnist_file, mnist_is_local

__all__ = [
    "KERAS_CACHE",
    "NON_DIGIT",
    "SCAN_DISTORTION",
    "TRAINING_KINDS",
    "UNSEEN_KINDS",
    "Change",
    "Dataset",
    "Facts",
    "Images",
    "OwnData",
    "Scans",
    "Score",
    "augment_images",
    "augmented_copies",
    "choose_numbers",
    "describe",
    "distort_strokes",
    "draw_augmented",
    "draw_nondigits",
    "draw_varied",
    "enlarge_image",
    "every_fifth",
    "example_images",
    "few_of_each",
    "hold_out",
    "image_page",
    "is_upload",
    "join_images",
    "keep_upload",
    "load_data",
    "load_described",
    "load_embedded_digits",
    "load_real_drawings",
    "load_scans",
    "mnist_file",
    "mnist_is_local",
    "parse_npz",
    "place_strokes",
    "prepare_again",
    "prepare_all",
    "score_drawings",
    "write_forms",
]
