"""Networks to take along: as Keras keeps them, and as LiteRT, which is converted when someone asks for it."""

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import streamlit as st

from model import InputError
from model.export import SUFFIX, convert_apart

POLL_SECONDS = 1.0  # how often the page looks whether a conversion is done
KEPT = 8  # conversions, so that nobody has to wait for them again; of 1 to 5 MB each

Version = tuple[Path, int]  # a file and, in nanoseconds, when it was changed


def offer_network(network: Path, name: str, ready: bool) -> None:
    """A button for each kind of file, to stand in a horizontal container.

    `name` is what the file is called when it is saved; not `ready`: there is nothing to take along.
    """
    key = f"{network.parent.name}/{name}"  # a run may be called as the network that ships is
    st.download_button(
        "Keras (.keras)",
        data=network.read_bytes if ready else b"",
        file_name=f"{name}.keras",
        key=f"keras_{key}",
        icon=":material/download:",
        on_click="ignore",
        disabled=not ready,
    )
    version, label = _version(network), f"LiteRT ({SUFFIX})"
    conversion = _conversions().get(version)
    if conversion is None or (conversion.done() and conversion.exception() is not None):
        st.button(
            label,
            key=f"convert_{key}",
            icon=":material/change_circle:",
            disabled=not ready,
            help="For LiteRT (TensorFlow Lite). Converting it takes some ten seconds; draw on meanwhile.",
            on_click=_convert,
            args=(version,),
        )
        if conversion is not None:
            st.caption(_explain(conversion.exception()))
    elif conversion.done():
        st.download_button(
            label,
            data=conversion.result,
            file_name=f"{name}{SUFFIX}",
            key=f"litert_{key}",
            icon=":material/download:",
            on_click="ignore",
        )
    else:
        st.button("Converting …", key=f"converting_{key}", icon=":material/hourglass_top:", disabled=True)
        st.fragment(_look_again, run_every=POLL_SECONDS)(conversion)


def _look_again(conversion: Future[bytes]) -> None:
    if conversion.done():
        st.rerun()


def _explain(error: BaseException) -> str:
    return str(error) if isinstance(error, InputError) else "The conversion failed: try again."


def _version(network: Path) -> Version:
    try:
        return network, network.stat().st_mtime_ns
    except OSError:
        return network, 0  # converting it will say what is wrong


def _convert(version: Version) -> None:
    """LiteRT was pressed: by this page, or by another one in the same moment."""
    conversions = _conversions()
    present = conversions.get(version)
    if present is not None and not (present.done() and present.exception() is not None):
        return
    conversions[version] = _converter().submit(convert_apart, version[0])
    for old in list(conversions)[:-KEPT]:
        conversions.pop(old, None)


@st.cache_resource(show_spinner=False)
def _conversions() -> dict[Version, Future[bytes]]:
    """Those asked for, on any page, the latest last."""
    return {}


@st.cache_resource(show_spinner=False)
def _converter() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="convert")
