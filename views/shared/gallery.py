"""Images of digits with what they are, what they were taken for, and the ten bars of each."""

import base64

import cv2
import numpy as np
import streamlit as st

from views.shared.words import a_digit


def to_png(pixels: np.ndarray) -> str:
    """Grey values 0–255, (H, W), or RGB, (H, W, 3), as the address of a PNG that needs no request of its own."""
    pixels = pixels[..., ::-1] if pixels.ndim == 3 else pixels
    png = cv2.imencode(".png", np.rint(pixels).astype(np.uint8))[1]
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


def show_gallery(images: np.ndarray, labels: np.ndarray, probabilities: np.ndarray, numbers: np.ndarray) -> None:
    """A figure for each image, uint8 (N, 28, 28); `numbers` say which of the test images it is."""
    figures = zip(images, labels, probabilities, numbers, strict=True)
    st.html('<div class="gallery">' + "".join(_figure(*figure) for figure in figures) + "</div>")


def _figure(image: np.ndarray, label: int, probabilities: np.ndarray, number: int) -> str:
    """Nothing in it comes from a name or a text of somebody's: numbers alone."""
    answer = int(probabilities.argmax())
    words = f"is {a_digit(label)}" + ("" if answer == label else f", read as {a_digit(answer)}")
    return (
        f'<figure><img src="{to_png(image)}" alt="Test image {number}, which {words}">'
        f"<figcaption><b>{label}</b>{'' if answer == label else f' read as <b>{answer}</b>'} · "
        f"{100 * probabilities[answer]:.1f} %</figcaption>{bars(probabilities, int(label))}"
        f"<small>test image {number}</small></figure>"
    )


def bars(probabilities: np.ndarray, label: int | None) -> str:
    """Ten bars side by side as HTML, the digit below each: what it is, and what else it was taken for, in colour.

    Without a label, nobody knows what it is: no bar is right or wrong.
    """
    answer = int(probabilities.argmax())
    said = ", ".join(f"{digit}: {100 * share:.1f} %" for digit, share in enumerate(probabilities))
    each = "".join(
        f'<span class="{"right" if digit == label else "wrong" if digit == answer and label is not None else ""}" '
        f'style="--share: {share:.4f}"><i></i>{digit}</span>'
        for digit, share in enumerate(probabilities)
    )
    return f'<div class="bars" role="img" aria-label="Probabilities: {said}" title="{said}">{each}</div>'
