"""A network from a file of the visitor's own: tried, kept as a run, and used."""

from dataclasses import dataclass

import streamlit as st

from model.runs import adopt_network, runs_folder
from model.runs.adopted import SUFFIXES
from views.shared.in_use import runs_in_use
from views.shared.jobs import Job, submit, watch
from views.shared.model_choice import switch_to
from views.shared.notes import show_error
from views.shared.state import session
from views.shared.visitor import own_browser, training_allowed


@dataclass
class _Adopting:
    """The file that this session has chosen last."""

    job: Job[str] | None = None
    trouble: str | None = None
    """Why it cannot be used."""


def offer_network_file() -> None:
    """A field for the file. What it needs is found out in the background, and then the page reads with it."""
    if not training_allowed():
        return
    adopting = session(_Adopting)
    _finish(adopting)
    with st.expander("Use a network file", key="network_file", icon=":material/upload_file:"):
        st.file_uploader(
            "A network that was trained elsewhere",
            type=[suffix[1:] for suffix in SUFFIXES],
            key="network_file_upload",
            on_change=_adopt,
            help="A .keras or .h5 file. It is tried on known digits to find out how it takes images, and nothing in it "
            "is run.",
        )
        if adopting.job is not None:
            st.caption("It is being tried on known digits, which takes some ten seconds.")
        if adopting.trouble:
            show_error(adopting.trouble)
    if adopting.job is not None:
        watch(adopting.job)


def _adopt() -> None:
    file, adopting = st.session_state.network_file_upload, session(_Adopting)
    adopting.trouble = None
    if file is None or not training_allowed():
        return
    runs, name, content = runs_folder(), file.name, file.getvalue()
    owner, in_use = own_browser(), runs_in_use()
    adopting.job = submit("conversions", lambda _: adopt_network(runs, name, content, owner, in_use))


def _finish(adopting: _Adopting) -> None:
    """Once the file has been tried, its network is chosen like any other."""
    job = adopting.job
    if job is None or not job.done():
        return
    adopting.job, adopting.trouble = None, job.failure()
    if adopting.trouble is None:
        switch_to(job.result())
        st.rerun()
