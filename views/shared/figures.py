"""Small pictures with captions and bars, and tables, as HTML: they wrap on a phone, or scroll inside themselves.

Every text is escaped, because the name of a layer comes from a file; only captions are HTML already.
"""

import base64
from collections.abc import Iterable, Sequence
from html import escape

import cv2
import numpy as np
import streamlit as st

from views.shared.style import script_element
from views.shared.words import a_digit

picker = script_element("picker", "picker", "report")


def to_png(pixels: np.ndarray) -> str:
    """Grey values 0–255, (H, W), or RGB, (H, W, 3), as a PNG in a data URL."""
    pixels = pixels[..., ::-1] if pixels.ndim == 3 else pixels
    png = cv2.imencode(".png", np.rint(pixels).astype(np.uint8))[1]
    return "data:image/png;base64," + base64.b64encode(png.tobytes()).decode("ascii")


def picture(pixels: np.ndarray, alt: str) -> str:
    """An `img` element: uint8 pixels, (H, W) grey or (H, W, 3) RGB, with a text that stands for them."""
    return f'<img src="{to_png(pixels)}" alt="{escape(alt)}">'


def figure(pixels: np.ndarray, alt: str, caption: str, kind: str = "") -> str:
    """A picture with a caption. `caption` is HTML and is not escaped; `kind` is a class of the style sheet."""
    return f'<figure class="{kind}">{picture(pixels, alt)}<figcaption>{caption}</figcaption></figure>'


def row(figures: Iterable[str], kind: str = "") -> str:
    return f'<div class="figures {kind}">{"".join(figures)}</div>'


def show_gallery(images: np.ndarray, labels: np.ndarray, probabilities: np.ndarray, numbers: np.ndarray) -> None:
    """A figure with ten bars for each image, uint8 (N, 28, 28). `numbers` are the indices of the test images."""
    figures = zip(images, labels, probabilities, numbers, strict=True)
    st.html('<div class="gallery">' + "".join(_gallery_figure(*figure) for figure in figures) + "</div>")


def _gallery_figure(image: np.ndarray, label: int, probabilities: np.ndarray, number: int) -> str:
    answer = int(probabilities.argmax())
    words = f"is {a_digit(label)}" + ("" if answer == label else f", read as {a_digit(answer)}")
    return (
        f'<figure><img src="{to_png(image)}" alt="Test image {number}, which {words}">'
        f"<figcaption><b>{label}</b>{'' if answer == label else f' read as <b>{answer}</b>'} · "
        f"{100 * probabilities[answer]:.1f} %</figcaption>{bars(probabilities, int(label))}"
        f"<small>test image {number}</small></figure>"
    )


def bars(probabilities: np.ndarray, label: int | None) -> str:
    """Ten upright bars as HTML, each above its digit. The right answer and a wrong one have their colours.

    Without a label, the right answer is unknown and no bar is coloured.
    """
    answer = int(probabilities.argmax())
    said = ", ".join(f"{digit}: {100 * share:.1f} %" for digit, share in enumerate(probabilities))
    each = "".join(
        f'<span class="{"right" if digit == label else "wrong" if digit == answer and label is not None else ""}" '
        f'style="--share: {share:.4f}"><i></i>{digit}</span>'
        for digit, share in enumerate(probabilities)
    )
    return f'<div class="bars" role="img" aria-label="Probabilities: {said}" title="{said}">{each}</div>'


def digit_rows(rows: Iterable[tuple[float, str]]) -> str:
    """A level bar for each digit, as HTML: its length, 0–1, and the text behind it."""
    each = "".join(
        f'<span><b>{digit}</b><i style="--share:{share:.3f}"></i>{escape(said)}</span>'
        for digit, (share, said) in enumerate(rows)
    )
    return f'<div class="counts">{each}</div>'


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], label: str, numbers: int = 0) -> str:
    """A table of plain texts that scrolls inside itself. The last `numbers` columns are aligned right.

    Where it is narrow, long names break after an underscore.
    """
    first = len(heads) - numbers

    def cells(tag: str, texts: Sequence[str]) -> str:
        made = [escape(text).replace("_", "_<wbr>") for text in texts]
        return "".join(f"<{tag}{' class=number' if i >= first else ''}>{text}</{tag}>" for i, text in enumerate(made))

    body = "".join(f"<tr>{cells('td', each)}</tr>" for each in rows)
    return _scroller(label, "plain", f"<thead><tr>{cells('th', heads)}</tr></thead><tbody>{body}</tbody>")


def pixel_table(image: np.ndarray) -> str:
    """The values of an image, uint8 (H, W), as a table, each on its own grey."""
    columns = "".join(f"<th>{x}</th>" for x in range(image.shape[1]))
    lines = "".join(
        f"<tr><th>{y}</th>" + "".join(f'<td style="--grey:{value}">{value}</td>' for value in line) + "</tr>"
        for y, line in enumerate(image.tolist())
    )
    return _scroller("Pixel values", "pixels", f"<thead><tr><th></th>{columns}</tr></thead><tbody>{lines}</tbody>")


def _scroller(label: str, kind: str, content: str) -> str:
    return (
        f'<div class="scroller" tabindex="0" role="region" aria-label="{escape(label)}">'
        f'<table class="{kind}">{content}</table></div>'
    )
