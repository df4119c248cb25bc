"""Downloads a file that is known by its checksum, and never waits for a network that does not answer."""

import contextlib
import hashlib
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from threading import Thread

from model.errors import InputError
from model.files import replacing

STALL = 10.0  # seconds without a byte, after which a network counts as dead
CHUNK = 1 << 16  # bytes


def download(address: str, sha256: str, path: Path, tell: Callable[[str], None] | None = None) -> None:
    """Puts the file at `path`, whole, or raises InputError. `tell` is called with how far it is.

    The network is left to a thread: looking up a name cannot be interrupted, and would keep Ctrl-C waiting.
    """
    received = bytearray()
    state = {"length": 0, "error": None}
    thread = Thread(target=_receive, args=(address, received, state), daemon=True)
    thread.start()
    last, size = time.monotonic(), 0
    while thread.is_alive():
        thread.join(0.1)
        if len(received) > size:
            last, size = time.monotonic(), len(received)
        if time.monotonic() - last > STALL:
            raise _failure(address, f"nothing came for {STALL:.0f} seconds")
        if tell:
            tell(_in_words(size, state["length"]))
    if state["error"]:
        raise _failure(address, state["error"])
    if hashlib.sha256(received).hexdigest() != sha256:
        raise _failure(address, "what came has the wrong checksum")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as new:
            new.write_bytes(received)
    except OSError as error:
        raise InputError(f"MNIST cannot be kept at {path} ({error.strerror or error}): free some space.") from None


def _receive(address: str, received: bytearray, state: dict) -> None:
    """Fills `received`; the thread's part."""
    try:
        with contextlib.closing(urllib.request.urlopen(address, timeout=STALL)) as answer:
            state["length"] = int(answer.headers.get("Content-Length") or 0)
            while chunk := answer.read(CHUNK):
                received += chunk
    except Exception as error:  # sockets, TLS and HTTP each raise their own
        state["error"] = str(error) or type(error).__name__


def _in_words(received: int, length: int) -> str:
    of = f" of {length / 1e6:.1f}" if length else ""
    return f"Downloading MNIST: {received / 1e6:.1f}{of} MB"


def _failure(address: str, reason: str) -> InputError:
    return InputError(
        f"MNIST could not be downloaded from {address.split('/')[2]} ({reason}): connect to a network, give the path "
        "of an mnist.npz with --data PATH or DIGITS_MNIST, or train on the embedded digits with --data digits."
    )
