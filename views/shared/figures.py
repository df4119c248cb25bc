"""Small pictures with their captions, and tables of numbers, as HTML: they wrap on a phone or scroll inside themselves.

Every text is escaped: the name of a layer comes from a file.
"""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

import numpy as np
import streamlit as st

from views.shared.gallery import to_png

_HERE = Path(__file__).parent

picker = st.components.v2.component(
    "picker", js=(_HERE / "picker.js").read_text(encoding="utf-8"), isolate_styles=False
)


def apply_figure_style() -> None:
    st.html(_HERE / "figures.css")


def picture(pixels: np.ndarray, alt: str) -> str:
    """Uint8 (H, W) grey or (H, W, 3) RGB."""
    return f'<img src="{to_png(pixels)}" alt="{escape(alt)}">'


def figure(pixels: np.ndarray, alt: str, caption: str, kind: str = "") -> str:
    """One picture; `caption` is HTML of ours, `kind` a class for the style sheet."""
    return f'<figure class="{kind}">{picture(pixels, alt)}<figcaption>{caption}</figcaption></figure>'


def row(figures: Iterable[str], kind: str = "") -> str:
    return f'<div class="figures {kind}">{"".join(figures)}</div>'


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], label: str, numbers: int = 0) -> str:
    """A table of plain texts that scrolls inside itself; the last `numbers` columns are set to the right.

    Where it is narrow, long names go on in another line after a low line.
    """
    first = len(heads) - numbers

    def cells(tag: str, texts: Sequence[str]) -> str:
        made = [escape(text).replace("_", "_<wbr>") for text in texts]
        return "".join(f"<{tag}{' class=number' if i >= first else ''}>{text}</{tag}>" for i, text in enumerate(made))

    body = "".join(f"<tr>{cells('td', each)}</tr>" for each in rows)
    return (
        f'<div class="scroller" tabindex="0" role="region" aria-label="{escape(label)}"><table class="plain">'
        f"<thead><tr>{cells('th', heads)}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def pixel_table(image: np.ndarray) -> str:
    """The values of a uint8 image (H, W) as a table, each on its own grey."""
    columns = "".join(f"<th>{x}</th>" for x in range(image.shape[1]))
    lines = "".join(
        f"<tr><th>{y}</th>" + "".join(f'<td style="--grey:{value}">{value}</td>' for value in line) + "</tr>"
        for y, line in enumerate(image.tolist())
    )
    return (
        '<div class="scroller" tabindex="0" role="region" aria-label="Pixel values">'
        f'<table class="pixels"><thead><tr><th></th>{columns}</tr></thead><tbody>{lines}</tbody></table></div>'
    )
