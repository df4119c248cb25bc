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
    KERAS_CACHE,
    Dataset,
    Images,
    Scans,
    choose_numbers,
    hold_out,
    load_data,
    load_embedded_digits,
    load_npz,
    load_scans,
    mnist_file,
    mnist_is_local,
    prepare_all,
)
from model.data.forms import write_forms
from model.data.nondigits import NON_DIGIT, TRAINING_KINDS, UNSEEN_KINDS, draw_nondigits
from model.data.real_drawings import Score, load_real_drawings, score_drawings

__all__ = [
    "KERAS_CACHE",
    "NON_DIGIT",
    "SCAN_DISTORTION",
    "TRAINING_KINDS",
    "UNSEEN_KINDS",
    "Dataset",
    "Facts",
    "Images",
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
    "few_of_each",
    "hold_out",
    "image_page",
    "load_data",
    "load_embedded_digits",
    "load_npz",
    "load_real_drawings",
    "load_scans",
    "mnist_file",
    "mnist_is_local",
    "place_strokes",
    "prepare_again",
    "prepare_all",
    "score_drawings",
    "write_forms",
]
