"""The Data tab: the images that networks learn from, by digit and one by one, and those that look like the drawing."""

from collections import Counter
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from model import Reading, Recognizer
from model.analysis import BEYOND, WORDS, Index, Neighbour, find_nearest
from model.data import SCAN_DISTORTION, Facts, Images, augmented_copies, image_page, mnist_file, mnist_is_local
from model.preprocessing import to_bytes
from model.runs import Settings
from views.shared.catalogues import Catalogue, forget_catalogue, load_catalogue, load_index
from views.shared.figures import digit_rows, figure, picker, picture, pixel_table, row
from views.shared.following import follow
from views.shared.jobs import watch
from views.shared.learned import learned_from
from views.shared.notes import show_error
from views.shared.own_data import choose_own_data, own_mending
from views.shared.style import apply_style
from views.shared.words import DATA_SETS, a_digit, label_data, name_data

PARTS = {"train": "Training images", "test": "Test images"}
ALL_DIGITS = "All"
OWN, PATH_KEY = "own", "data_tab_path"  # data of one's own
PER_PAGE = 60
FIRST_SHOWN = 35  # in MNIST's training set, the 5 that tutorials show
COPIES = 10  # of the augmented image, shown at a time


class Searched(NamedTuple):
    """The images that the drawing is compared with."""

    source: str
    learned: Settings | None
    """What the network was trained with, if these are the images that it has learned from; else they are others."""
    why: str
    """Why they are others, in a sentence."""


def render() -> None:
    """The whole tab. The images and their index are loaded in the background."""
    apply_style("figures")
    _show_neighbours()
    st.subheader("All images", anchor=False)
    source = _choose_source()
    if source is None:
        return
    catalogue = load_catalogue(source, mend := source in DATA_SETS or own_mending(PATH_KEY))
    if not catalogue.done():
        st.caption(f"{label_data(source)}: the images are loading. You can go on drawing meanwhile.")
        st.skeleton(height=180)
        watch(catalogue)
    elif (trouble := catalogue.failure()) is not None:
        if source in DATA_SETS:  # else it has been told
            show_error(trouble)
        icon = ":material/refresh:"
        st.button("Try again", key="data_again", icon=icon, on_click=forget_catalogue, args=(source, mend))
    else:
        _browse(catalogue.result())


def _choose_source() -> str | None:
    """Which images, all of this machine: looking at them downloads nothing. None for one's own until there are any."""
    sources = [source for source in DATA_SETS if source != "mnist" or mnist_is_local()] + [OWN]
    if st.session_state.get("data_source") not in sources:
        st.session_state.data_source = sources[0]
    source = st.segmented_control(
        "Images",
        sources,
        key="data_source",
        format_func=lambda source: DATA_SETS.get(source, "Your own"),
        required=True,
        persist_state="session",
    )
    if "mnist" not in sources:
        st.caption(
            "MNIST is not on this machine: train on it to download it, or put mnist.npz at "
            f"`{mnist_file()}`. Until then, you see the small scans that come with scikit-learn."
        )
    return choose_own_data(PATH_KEY) if source == OWN else source or sources[0]


def _show_neighbours() -> None:
    st.subheader("Your drawing and its nearest neighbours", anchor=False)
    searched = _choose_searched()
    catalogue = load_catalogue(searched.source, searched.learned is None or searched.learned.mend)
    if not catalogue.done():
        st.skeleton(height=180)
        watch(catalogue)
        return
    index = load_index(searched.source, catalogue.result(), searched.learned)
    if not index.done():
        st.caption("The training images are being indexed. This takes a few seconds and happens once.")
        st.skeleton(height=180)
        watch(index)
        return
    if (trouble := index.failure()) is not None:
        show_error(trouble)
        return
    found, learned = index.result(), searched.learned
    st.caption(_explain(searched, len(found.numbers)))
    with st.container(key="neighbours"):
        follow(partial(_find, found, learned), partial(_show_found, learned), found, learned is not None)


def _choose_searched() -> Searched:
    """The images that the network in use has learned from, if they are on this machine; else others that are.

    Only the former say anything about its answers.
    """
    learned = learned_from()
    settings, missing = learned.settings, learned.missing
    if settings is not None and missing is None:
        if load_catalogue(settings.data, settings.mend).failure() is None:
            return Searched(settings.data, settings, "")
        missing = "which cannot be read here"
    why = "What the network in use has learned from is not known."
    if settings is not None:
        why = f"The network in use has learned from {name_data(settings.data)}, {missing}."
    others = "mnist" if mnist_is_local() and load_catalogue("mnist").failure() is None else "digits"
    return Searched(others, None, why)


def _explain(searched: Searched, count: int) -> str:
    images = f"{count:,} training images of {name_data(searched.source)}"
    number = "The number is the Euclidean distance over all 784 pixels, each from 0 to 1."
    if searched.learned is None:
        return (
            f"{searched.why} So these are other images, which say nothing about its answers: of the {images}, those "
            f"that differ least from what the network sees. {number}"
        )
    more = " It has learned from drawings as well, which are not searched." if searched.learned.strokes else ""
    return (
        f"The network in use has learned from {images}. Of these, the ones below differ least from what it sees.{more} "
        f"{number}"
    )


def _find(index: Index, learned: Settings | None, recognizer: Recognizer, reading: Reading) -> str:
    """The drawing beside its nearest neighbours, and a sentence about them, as HTML; empty for a blank canvas.

    How close they are is only said of images that the network has learned from.
    """
    if reading.digit is None:
        return ""
    nearest = find_nearest(index, reading.image)
    figures = [figure(to_bytes(reading.image), "The drawing as the network sees it", "Your drawing", "drawn")]
    for each in nearest:
        word = f"{each.word}<br>" if learned else ""
        caption = f"<b>{each.label}</b> · {each.distance:.1f}<br>{word}no. {each.index}"
        alt = f"Training image {each.index}, {a_digit(each.label)}" + (f", {each.word}" if learned else "")
        figures.append(figure(index.images.images[each.index], alt, caption))
    return row(figures, "neighbours") + f"<p>{_in_words(reading, nearest, learned)}</p>"


def _in_words(reading: Reading, nearest: list[Neighbour], learned: Settings | None) -> str:
    labels = Counter(each.label for each in nearest).most_common()
    among = ", ".join(f"{times} are {label}s" if times > 1 else f"1 is {a_digit(label)}" for label, times in labels)
    if len(labels) == 1:
        among = f"all are {labels[0][0]}s"
    words = f"Of the {len(nearest)} nearest neighbours, {among}."
    if learned is None:
        return words
    most = labels[0][1]
    agree = "too" if (reading.digit, most) in labels else "although more of them are something else"
    if reading.is_digit:
        words += f" The network answers {reading.digit}, {agree}."
    else:
        words += " The network does not think that the drawing is a digit."
    if nearest[0].word == BEYOND and not learned.strokes:  # else it may have learned from such a drawing
        words += " No training image looks much like this drawing, so treat any answer with caution."
    return words


def _show_found(learned: Settings | None, html: str | None) -> None:
    if html is None:
        st.skeleton(height=180)
    elif not html:
        st.info("Draw a digit to see the training images that look most like it.", icon=":material/draw:")
    else:
        st.html(html)
        if learned is not None:
            _explain_words()


def _explain_words() -> None:
    first, second, third = WORDS
    st.caption(
        "The words compare the distance with those of training images to their own nearest neighbours: "
        f"{first[0]} is within the smallest {100 * first[1]:.0f} % of these, {second[0]} within "
        f"{100 * second[1]:.0f} %, {third[0]} within {100 * third[1]:.0f} %, and {BEYOND} is beyond that."
    )


@st.fragment
def _browse(images: Catalogue) -> None:
    """The images by digit, page by page, and one of them in full."""
    name = st.segmented_control(
        "Part",
        list(PARTS),
        key="data_part",
        default="train",
        format_func=lambda name: PARTS[name],
        required=True,
        persist_state="session",
    )
    part: Images = getattr(images.data, name)
    _show_facts(getattr(images, name), PARTS[name])
    state, last = st.session_state, len(part.labels) - 1
    state.data_index = min(state.get("data_index", FIRST_SHOWN), last)
    with st.container(key="image_grid"):
        _show_grid(part)
    with st.container(key="one_image"):
        _show_one(part, name, last)


def _show_facts(facts: Facts, name: str) -> None:
    count, height, width = facts.shape
    st.markdown(
        f"**{count:,} {name.lower()}** of {height}×{width} pixels: a `uint8` array of shape `{facts.shape}` with "
        f"values from {facts.lowest} (background) to {facts.highest} (ink). Images of each digit:"
    )
    most = max(facts.counts)
    st.html(digit_rows([(times / most, f"{times:,}") for times in facts.counts]))


def _show_grid(part: Images) -> None:
    choice = st.segmented_control(
        "Digit",
        [ALL_DIGITS, *range(10)],
        key="data_digit",
        default=ALL_DIGITS,
        required=True,
        persist_state="session",
        format_func=str,
    )
    digit = choice if isinstance(choice, int) else None
    _, pages = image_page(part.labels, digit, 1, PER_PAGE)
    page = st.pagination(pages, key=f"data_page_{choice}_{len(part.labels)}", persist_state="session")
    indices, _ = image_page(part.labels, digit, page, PER_PAGE)
    if not indices:
        st.caption(f"There is no {digit} among these images.")
        return
    buttons = "".join(_button(part, index, index == st.session_state.data_index) for index in indices)
    picker(data={"html": buttons}, key="data_gallery", on_chosen_change=_choose_pressed)


def _button(part: Images, index: int, pressed: bool) -> str:
    label = f"Image {index}, {a_digit(part.labels[index])}"
    return (
        f'<button data-index="{index}" aria-pressed="{str(pressed).lower()}" aria-label="{label}">'
        f"{picture(part.images[index], '')}{index}</button>"
    )


def _choose_pressed() -> None:
    pressed: Any = st.session_state.data_gallery.get("chosen")
    if isinstance(pressed, int):
        st.session_state.data_index = pressed


def _show_one(part: Images, name: str, last: int) -> None:
    state = st.session_state
    index = st.number_input(
        f"Index of an image, from 0 to {last:,}", 0, last, key="data_index", width=280, persist_state="session"
    )
    image, label = part.images[index], part.labels[index]
    of = "training" if name == "train" else "test"
    st.markdown(f"Image {index} of the {of} set is **{a_digit(label)}**.")
    st.html(row([figure(image, f"Image {index}, {a_digit(label)}", "", "large")]))
    with st.expander("Its pixel values as numbers", key="pixel_values", on_change="rerun") as numbers:
        if numbers.open:
            st.html(pixel_table(image))
    st.markdown(
        f"**What augmentation makes of it**: rotated by up to {SCAN_DISTORTION.rotation:g}°, zoomed by up to "
        f"{100 * SCAN_DISTORTION.zoom:.0f} %, sheared, shifted by up to {SCAN_DISTORTION.shift:g} pixels, bent by "
        f"about {SCAN_DISTORTION.elastic:g} pixel, thickened or thinned, and half of the time blurred, all at random."
    )
    turn = state.setdefault("data_variants", 0)
    made = augmented_copies(np.asarray(image), COPIES, turn)
    with st.container(key="variants"):
        st.html(row((figure(each, f"Copy {turn * COPIES + i + 1}", "") for i, each in enumerate(made)), "ten"))
        st.button("Ten more", key="more_variants", icon=":material/refresh:", on_click=_vary_again)


def _vary_again() -> None:
    st.session_state.data_variants += 1
