"""Downloads a file with a known checksum, and never waits for a connection that has gone silent."""

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

from model.errors import InputError, first_line
from model.files import atomic_write

MAX_SILENCE = 10.0  # seconds without a byte, after which a connection counts as dead


class _Progress:
    """What pooch calls as it downloads: the part of tqdm's interface that it uses."""

    total = 0  # bytes; 0 if unknown

    def __init__(self) -> None:
        self.received = 0  # bytes
        self.last_byte = time.monotonic()
        self.error: Exception | None = None

    def update(self, count: int) -> None:
        self.received += count
        self.last_byte = time.monotonic()

    def reset(self) -> None:
        """Pooch ends by resetting the bar and adding the total, to show 100 %."""
        self.received = 0

    def close(self) -> None:
        pass

    def in_words(self) -> str:
        of = f" of {self.total / 1e6:.1f}" if self.total else ""
        return f"Downloading MNIST: {self.received / 1e6:.1f}{of} MB"


def download(address: str, sha256: str, path: Path, tell: Callable[[str], None] | None = None) -> None:
    """Downloads the file to `path`, complete, or raises InputError. `tell` is called with the progress in words.

    A thread does the waiting: looking up a host name cannot be interrupted and would hold up Ctrl-C. It writes to a
    folder of its own, so that nothing is left of a download that is cancelled.
    """
    with tempfile.TemporaryDirectory(prefix="digits-", ignore_cleanup_errors=True) as folder:
        downloaded = Path(folder) / path.name
        _download_to(downloaded, address, sha256, tell)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with atomic_write(path) as new:
                shutil.copyfile(downloaded, new)
        except OSError as error:
            raise InputError(f"MNIST cannot be saved at {path} ({error.strerror or error}): free some space.") from None


def _download_to(path: Path, address: str, sha256: str, tell: Callable[[str], None] | None) -> None:
    progress = _Progress()
    thread = Thread(target=_fetch, args=(address, sha256, path, progress), daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(0.1)
        if time.monotonic() - progress.last_byte > MAX_SILENCE + 1:  # requests gives up before that, if it can
            raise _failure(address, f"nothing arrived for {MAX_SILENCE:.0f} seconds")
        if tell:
            tell(progress.in_words())
    if progress.error:
        raise _failure(address, _reason(progress.error))


def _fetch(address: str, sha256: str, path: Path, progress: _Progress) -> None:
    import pooch  # not at the top: with requests it takes a tenth of a second, and most machines have MNIST

    pooch.get_logger().setLevel("ERROR")
    # Any, because pooch's own downloader does not match the protocol that pooch declares for downloaders.
    downloader: Any = pooch.HTTPDownloader(
        progressbar=progress,  # pyright: ignore[reportArgumentType] - also any object like tqdm's
        timeout=MAX_SILENCE,
    )
    try:
        pooch.retrieve(address, f"sha256:{sha256}", fname=path.name, path=path.parent, downloader=downloader)
    except Exception as error:  # told to whoever waits
        progress.error = error


def _reason(error: Exception) -> str:
    import requests

    match error:
        case requests.HTTPError(response=requests.Response() as response):
            return f"{response.status_code} {response.reason}"
        case requests.Timeout():
            return f"nothing arrived for {MAX_SILENCE:.0f} seconds"
        case requests.exceptions.SSLError() | requests.exceptions.ProxyError():  # these are connection errors, too
            return first_line(error)
        case requests.ConnectionError():
            return "there is no connection"
        case ValueError() if "hash" in str(error):
            return "the file that arrived has the wrong checksum"
    return first_line(error)


def _failure(address: str, reason: str) -> InputError:
    return InputError(
        f"MNIST could not be downloaded from {address.split('/')[2]} ({reason}): go online, name an mnist.npz "
        "with DIGITS_MNIST, or choose other images."
    )
