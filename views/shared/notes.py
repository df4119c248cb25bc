"""What the page says as it is: whatever comes from a file, a name or an error is escaped.

Streamlit takes every text for Markdown, and a picture in Markdown is fetched by the browser of whoever reads it.
"""

import re

import streamlit as st

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")  # of ASCII: Markdown has no other signs, and all may be escaped
_SIMPLE = re.compile(r"[\w .:/\\-]+")


def plain(text: str) -> str:
    """A text as Markdown that shows it, in one line."""
    return _PUNCTUATION.sub(r"\\\1", " ".join(text.split()))


def plain_lines(text: str) -> str:
    """A text as Markdown that shows it line by line."""
    return "  \n".join(map(plain, text.splitlines()))


def code(text: str) -> str:
    """A name as Markdown that shows it like code, if there is nothing special in it."""
    return f"`{text}`" if _SIMPLE.fullmatch(text) else plain(text)


def show_error(text: str) -> None:
    """What went wrong and what to do about it, in a sentence."""
    st.error(plain(text), icon=":material/error:")


def show_warning(text: str) -> None:
    """What is not as one might think."""
    st.warning(plain(text), icon=":material/warning:")
