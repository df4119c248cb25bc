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
    few_of_each,
    hold_out,
    join_images,
    load_data,
    load_scans,
    prepare_again,
    write_forms,
)
from model.errors import InputError
from model.preprocessing import EVERY_WRITER, VALIDATION_WRITERS, StrokeDigit, decides, load_strokes, load_symbols
from model.runs import Settings, chosen_network, held_out_count, split_paths

# How often each digit made of strokes is drawn, each time differently, and how many of a digit by one writer at a time
STROKE_COPIES, DIGITS_BY_WRITER = 4, 25
FORM_COPIES = 150  # how often each written form is added to the digits of a stroke file
FORM_SCANS = 50  # and how often to the scans
SCAN_COPIES, SCANS_BY_WRITER = 2, 300  # the same of a file of scans
DIGITS_PER_NONDIGIT = 8
# With a file of non-digits: more of them, the made-up kinds among them, and at most so many of a label at a time
DIGITS_PER_REAL_NONDIGIT, MADE_UP, NONDIGITS_OF_LABEL = 6, 1 / 3, 150


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
    recipe = chosen_network(settings).recipe
    dataset = load_data(settings.data, tell, mend=settings.mend)
    digits, validation = dataset.train, dataset.test
    if recipe.held_out:
        digits, validation = hold_out(digits, held_out_count(settings, len(digits.labels)))
    rng = np.random.default_rng(settings.seed)
    digits = choose_images(digits, settings.images, rng)
    if settings.shuffled_labels:
        digits = shuffle_labels(digits, settings.shuffled_labels, settings.seed)
    scans = join_images(digits, prepare_again(digits, rng)) if recipe.prepared else digits
    if settings.scans:
        scans = join_images(scans, _choose_scans(settings.scans, rng))
    strokes = split_paths(settings.strokes)
    drawn = _draw_strokes(strokes, rng) if strokes else Images(digits.images[:0], digits.labels[:0])
    if strokes and recipe.origins:
        scans = join_images(scans, draw_augmented(write_forms(FORM_SCANS, rng), 1, rng))
    if recipe.nondigits:
        count = (len(scans.labels) + len(drawn.labels)) // (
            DIGITS_PER_REAL_NONDIGIT if settings.nondigits else DIGITS_PER_NONDIGIT
        )
        images = _draw_nondigits(settings.nondigits, count, digits, rng)
        drawn = join_images(drawn, Images(images, np.full(len(images), NON_DIGIT, np.uint8)))
    return RunImages(join_images(scans, drawn), validation, dataset.test, len(scans.labels))


def _choose_scans(path: str, rng: np.random.Generator) -> Images:
    """The digits of a file of scans, without those of the writers who decide, drawn by lot SCAN_COPIES times over.

    Each time, there are at most SCANS_BY_WRITER of a digit by one writer.
    """
    scans = load_scans(path)
    kept = np.flatnonzero([not decides(*who) for who in zip(scans.writers.tolist(), scans.sources, strict=True)])
    if not len(kept):
        raise _all_held_out(path)
    groups = [
        _group(str(scans.sources[place]), int(scans.writers[place]), int(scans.labels[place]), place)
        for place in kept.tolist()
    ]
    chosen = np.concatenate([kept[few_of_each(groups, SCANS_BY_WRITER, rng)] for _ in range(SCAN_COPIES)])
    return Images(scans.images[chosen], scans.labels[chosen])


def _draw_strokes(paths: list[str], rng: np.random.Generator) -> Images:
    """The digits of stroke files, without those of the writers who decide, and written forms: all drawn repeatedly."""
    written = []
    for path in paths:
        kept = [digit for digit in load_strokes(path) if not digit.decides]
        if not kept:
            raise _all_held_out(path)
        written += kept
    groups = [_group(digit.source, digit.writer, digit.digit, place) for place, digit in enumerate(written)]
    copies = [
        draw_augmented([written[place] for place in few_of_each(groups, DIGITS_BY_WRITER, rng)], 1, rng)
        for _ in range(STROKE_COPIES)
    ]
    return join_images(*copies, draw_augmented(write_forms(FORM_COPIES, rng), STROKE_COPIES, rng))


def _all_held_out(path: str) -> InputError:
    return InputError(
        f"All digits of {path} are by writers who are held out for validation: give yours other numbers than "
        f"{VALIDATION_WRITERS[0]} to {VALIDATION_WRITERS[-1]} or, in a file that names sources, than multiples of "
        f"{EVERY_WRITER}."
    )


def _group(source: str, writer: int, label: int, place: int) -> tuple[str, int, int]:
    """What a digit is one of: a writer's digits of one kind; itself alone in a file that names no sources."""
    return (source, writer, label) if source else ("", place, label)


def _draw_nondigits(path: str | None, count: int, digits: Images, rng: np.random.Generator) -> np.ndarray:
    """`count` non-digits, uint8 (N, 28, 28): of made-up kinds and, if there is a file, of those that people drew."""
    if path is None:
        return draw_nondigits(TRAINING_KINDS, count, digits, rng)
    symbols = [symbol for symbol in load_symbols(path) if not symbol.decides]
    if not symbols:
        raise InputError(f"All of {path} is held out for validation: give a file with other sources as well.")
    made_up = draw_nondigits(TRAINING_KINDS, round(MADE_UP * count), digits, rng)
    chosen = few_of_each([(symbol.source, symbol.label) for symbol in symbols], NONDIGITS_OF_LABEL, rng)
    places = np.resize(chosen, count - len(made_up))
    real = draw_augmented([StrokeDigit(NON_DIGIT, *symbols[place][1:]) for place in places], 1, rng)
    return np.concatenate([made_up, real.images])


def choose_images(images: Images, count: int | None, rng: np.random.Generator) -> Images:
    """`count` of the images, chosen at random; all of them for None. Raises InputError if there are too few."""
    if not count:
        return images
    if count > len(images.labels):
        raise InputError(f"There are only {len(images.labels):,} images to train on, not {count:,}: choose fewer.")
    chosen = choose_numbers(len(images.labels), count, rng)
    return Images(images.images[chosen], images.labels[chosen])


def shuffle_labels(images: Images, share: float, seed: int) -> Images:
    """The images with this share of their labels, 0–1, exchanged among each other at random.

    Some of them get their own digit again. C. Zhang et al. (2017), Understanding deep learning requires rethinking
    generalization.
    """
    rng = np.random.default_rng([seed, len(images.labels)])
    chosen = rng.permutation(len(images.labels))[: round(share * len(images.labels))]
    labels = images.labels.copy()
    labels[chosen] = labels[rng.permutation(chosen)]
    return Images(images.images, labels)
