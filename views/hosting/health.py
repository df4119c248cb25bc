"""Says whether this server can do its work: `/healthz`, for balancers and containers."""

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from streamlit.runtime import Runtime


async def answer(_request: Request) -> PlainTextResponse:
    """200 if Streamlit takes visitors and the network reads; 503 with what is wrong otherwise."""
    ready, trouble = await Runtime.instance().is_ready_for_browser_connection
    if ready:
        trouble = await run_in_threadpool(_trouble)
    status = 503 if trouble else 200
    return PlainTextResponse(trouble or "ok", status, headers={"Cache-Control": "no-store"})


def _trouble() -> str:
    """Why the server's own network does not read, in a sentence; empty if it does. The first call has it loaded."""
    from model import InputError, default_network
    from model.paths import EXAMPLE_DRAWINGS, SHIPPED_NETWORK
    from model.preprocessing import load_strokes, replay
    from views.shared.loading import light_reader, load_run

    loading = load_run(None)
    if not loading.done() and default_network() != SHIPPED_NETWORK:
        return "The network is loading."
    try:
        network = loading.result() if loading.done() else light_reader()
    except InputError as error:
        return str(error)
    reading = network.read(replay(load_strokes(EXAMPLE_DRAWINGS)[0].strokes, 20))
    return "" if np.isclose(reading.probabilities.sum(), 1, atol=1e-3) else "The network does not read."
