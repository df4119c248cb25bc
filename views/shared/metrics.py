"""What Prometheus may ask of this process, on a port of this machine alone: `DIGITS_METRICS=9101`.

Streamlit's own `/_stcore/metrics` is open to everybody and knows nothing of readings.
"""

from prometheus_client import Gauge, Histogram, start_http_server
from streamlit.runtime import Runtime

from model import InputError
from model.runs import running_run, runs_folder

READING_SECONDS = Histogram(
    "digits_reading_seconds",
    "Seconds that the network took for a reading",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0),
)
SESSIONS = Gauge("digits_sessions", "Tabs that are open")
TRAININGS = Gauge("digits_trainings", "Trainings that run")


def serve_metrics(port: str) -> None:
    """Serves them on this port from now on. Raises InputError if that cannot be."""
    SESSIONS.set_function(lambda: Runtime.instance()._session_mgr.num_active_sessions())
    TRAININGS.set_function(lambda: int(running_run(runs_folder()) is not None))
    try:
        start_http_server(int(port), addr="127.0.0.1")
    except (ValueError, OverflowError, OSError) as error:
        raise InputError(
            f"Metrics cannot be served on port {port!r} ({error}): let DIGITS_METRICS name a free port of this machine."
        ) from None
