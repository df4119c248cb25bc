"""Ray itself: whether it is installed, the cluster, and how many cores each part of a training gets."""

import contextlib
import os
import signal
import socket
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from types import ModuleType

from model.errors import InputError, first_line

ADDRESS = "RAY_ADDRESS"
OBJECT_STORE = 200_000_000  # bytes on this machine: a checkpoint at a time passes through it
REACH_TIMEOUT = 5.0  # seconds
REMEDY = "run ray start on this machine, or unset it to train on this machine alone"
MAX_RETRIES = 3  # how often a fold or a trial goes on elsewhere when its node is lost
QUIET = {  # Ray reports its usage to its makers, and tells things on stderr, unless told not to
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_raylet_start_wait_time_s": "120",  # not 30: a machine that is training already is slow to start
}


def import_ray() -> ModuleType:
    """Ray, told to be quiet. Raises InputError if it is not installed."""
    if find_spec("ray") is None:
        raise InputError(
            "--engine ray needs Ray, which is not installed: pip install -r requirements-ray.txt, or leave --engine "
            "out."
        )
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    import ray  # pyright: ignore[reportMissingImports] - an extra

    return ray


@contextlib.contextmanager
def connected() -> Iterator[ModuleType]:
    """Ray, connected to the cluster that RAY_ADDRESS names, or else to one of its own on this machine.

    Raises InputError if there is none at that address. After the block, all that it has started there ends.
    """
    ray = import_ray()
    address = os.environ.get(ADDRESS, "")
    if address.startswith("ray://"):
        raise InputError(
            f"{ADDRESS} is {address}, but this machine must belong to the cluster: run ray start on it, with "
            "--num-cpus=0 if nothing is to be trained here, and give the address without ray://."
        )
    _check_reachable(address)
    own = {} if address else {"include_dashboard": False, "object_store_memory": OBJECT_STORE}
    handlers = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        ray.init(address or "local", log_to_driver=False, logging_level="CRITICAL", **own)
    except (ray.exceptions.RayError, ConnectionError, RuntimeError, ValueError, TimeoutError) as error:
        where = _nobody(address) if address else "Ray cannot start on this machine"
        raise InputError(f"{where} ({first_line(error)}): {REMEDY if address else 'leave --engine out'}.") from None
    finally:
        for each, handler in handlers.items():  # Ray has put its own in their place
            signal.signal(each, handler)
    try:
        yield ray
    finally:
        ray.shutdown()


def _check_reachable(address: str) -> None:
    """Raises InputError if nobody listens at an address with a port: Ray would try for a minute."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        return  # such as "auto", for the cluster that this machine belongs to
    try:
        socket.create_connection((host.strip("[]"), int(port)), REACH_TIMEOUT).close()
    except (OSError, OverflowError) as error:
        raise InputError(f"{_nobody(address)} ({first_line(error)}): {REMEDY}.") from None


def _nobody(address: str) -> str:
    return f"There is no Ray cluster at {ADDRESS}={address}"


def cores_of_each(nodes: Sequence[int], parts: int) -> int:
    """How many cores each of the parts gets, given those of each node: as many as leave room for all at once.

    Otherwise one, so that as many as possible train at once: a second core speeds up a small network only a little.
    """
    for cores in range(max(nodes, default=1), 1, -1):
        if sum(node // cores for node in nodes) >= parts:
            return cores
    return 1


def cores_for(ray: ModuleType, parts: int) -> int:
    """The same, for the nodes of the cluster that are alive."""
    return cores_of_each([int(each["Resources"].get("CPU", 0)) for each in ray.nodes() if each["Alive"]], parts)


def reason_of(ray: ModuleType, error: Exception) -> BaseException:
    """Why a part has failed: the exception that it raised itself, or an InputError that says how it was lost."""
    cause = getattr(error, "cause", None)
    if isinstance(error, ray.exceptions.RayTaskError) and isinstance(cause, BaseException):
        if isinstance(cause, ModuleNotFoundError):
            return InputError(
                f"A node of the cluster lacks a module ({first_line(cause)}): put this program at the same path on "
                "each node, with the same packages."
            )
        return cause
    return InputError(
        f"The cluster has lost a part of the training {1 + MAX_RETRIES} times, or its head ({type(error).__name__}): "
        "see that its nodes have enough memory, then resume the run."
    )
