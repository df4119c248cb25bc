"""The images of a run: those it trains on, is validated on and is tested on."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from model.data import (
    NON_DIGIT,
    TRAINING_KINDS,
    Images,
    choose_numbers,
    draw_augmented,
    draw_nondigits,
    hold_out,
    load_data,
    prepare_again,
    write_forms,
)
from model.errors import InputError
from model.networks import NETWORKS
from model.preprocessing import VALIDATION_WRITERS, load_strokes
from model.runs import Settings, held_out_count

STROKE_COPIES = 4  # how often each digit made of strokes is drawn, each time differently
FORM_COPIES = 200  # how often each written form is added to the digits of a stroke file
DIGITS_PER_NONDIGIT = 8


class RunImages(NamedTuple):
    """What a run learns from. A network that holds no images out is validated on the test images themselves."""

    training: Images
    validation: Images  # the same object as `test` if none are held out
    test: Images
    scans: int  # the first `scans` training images come from the data set; the others are drawings and non-digits


def load_images(settings: Settings, tell: Callable[[str], None] | None = None) -> RunImages:
    """The images that a run with these settings uses, chosen and made as its network's recipe says.

    `tell` is called with the progress of a download in words. Raises InputError if the data cannot be used.
    """
    recipe = NETWORKS[settings.network].recipe
    dataset = load_data(settings.data, tell)
    digits, validation = dataset.train, dataset.test
    if recipe.held_out:
        digits, validation = hold_out(digits, held_out_count(settings.network, len(digits.labels)))
    rng = np.random.default_rng(settings.seed)
    digits = choose_images(digits, settings.images, rng)
    drawn = _draw_strokes(settings.strokes, rng) if settings.strokes else Images(digits.images[:0], digits.labels[:0])
    if recipe.nondigits:
        count = (len(digits.labels) + len(drawn.labels)) // DIGITS_PER_NONDIGIT
        images = draw_nondigits(TRAINING_KINDS, count, digits, rng)
        drawn = _join(drawn, Images(images, np.full(len(images), NON_DIGIT, np.uint8)))
    scans = _join(digits, prepare_again(digits, rng)) if recipe.prepared else digits
    return RunImages(_join(scans, drawn), validation, dataset.test, len(scans.labels))


def _draw_strokes(path: str, rng: np.random.Generator) -> Images:
    """The digits of a stroke file, without those of the validation writers, and written forms: all drawn repeatedly."""
    written = [digit for digit in load_strokes(path) if digit.writer not in VALIDATION_WRITERS]
    if not written:
        raise InputError(
            f"All digits of {path} are by writers {VALIDATION_WRITERS[0]} to {VALIDATION_WRITERS[-1]}, who are held "
            "out for validation: give yours another number."
        )
    return draw_augmented(written + write_forms(FORM_COPIES, rng), STROKE_COPIES, rng)


def choose_images(images: Images, count: int | None, rng: np.random.Generator) -> Images:
    """`count` of the images, chosen at random; all of them for None. Raises InputError if there are too few."""
    if not count:
        return images
    if count > len(images.labels):
        raise InputError(f"There are only {len(images.labels):,} images to train on, not {count:,}: choose fewer.")
    chosen = choose_numbers(len(images.labels), count, rng)
    return Images(images.images[chosen], images.labels[chosen])


def _join(first: Images, second: Images) -> Images:
    return Images(*(np.concatenate(parts) for parts in zip(first, second, strict=True)))
