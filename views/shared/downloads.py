"""Files to download: any, and networks as Keras files or as LiteRT, which is converted when somebody asks for it."""

from pathlib import Path

import streamlit as st

from model.export import SUFFIX, convert_apart
from model.paths import LIGHT_NETWORK, SHIPPED_NETWORK
from views.shared.jobs import find, forget, start, watch
from views.shared.notes import plain

Version = tuple[Path, int]  # a file and, in nanoseconds, when it was changed


def offer_file(label: str, path: Path, name: str, key: str, ready: bool) -> None:
    """A button that saves a file under this name. If it is not `ready`, there is nothing to download yet."""
    st.download_button(
        label,
        data=path.read_bytes if ready else b"",
        file_name=name,
        key=key,
        icon=":material/download:",
        on_click="ignore",
        disabled=not ready,
    )


def offer_network(network: Path, name: str, ready: bool) -> None:
    """A button for each kind of file, to be placed in a horizontal container.

    `name` is that of the saved file. If it is not `ready`, there is nothing to download yet.
    """
    key = f"{network.parent.name}/{name}"  # a run may have the same name as the built-in network
    offer_file("Keras (.keras)", network, f"{name}.keras", f"keras_{key}", ready)
    label = f"LiteRT ({SUFFIX})"
    if network == SHIPPED_NETWORK:
        offer_file(label, LIGHT_NETWORK, f"{name}{SUFFIX}", f"litert_{key}", LIGHT_NETWORK.is_file())
        return
    version = _version(network)
    conversion = find("conversions", version)
    failure = None if conversion is None else conversion.failure()
    if conversion is None or failure:
        st.button(
            label,
            key=f"convert_{key}",
            icon=":material/change_circle:",
            disabled=not ready,
            help="For LiteRT (TensorFlow Lite). Converting takes about ten seconds; you can go on drawing meanwhile.",
            on_click=_convert,
            args=(version,),
        )
        if failure:
            st.caption(plain(failure))
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
        watch(conversion)


def _version(network: Path) -> Version:
    try:
        return network, network.stat().st_mtime_ns
    except OSError:
        return network, 0  # converting it will say what is wrong


def _convert(version: Version) -> None:
    """Called when LiteRT is pressed on this page, and perhaps on another one at the same moment."""
    conversion = find("conversions", version)
    if conversion is not None and conversion.failure():
        forget("conversions", version)
    start("conversions", version, lambda _: convert_apart(version[0]))
