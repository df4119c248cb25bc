"""Opens files that anybody may have uploaded: each in a process that is ended if it takes too much memory or time.

A decoder may be told to unpack gigabytes by a file of some kilobytes, and a thread that does so cannot be stopped. The
processes wait for the next file, so that most files cost no more than they would here.

`python -m model.uploads` is such a process. A message either way is a line of JSON and as many bytes as that says.
"""

import base64
import contextlib
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from threading import Lock, Thread
from typing import IO, Any

import numpy as np
import psutil

from model.drawings import Imported, import_file
from model.errors import InputError
from model.paths import ROOT
from model.preprocessing import decode_picture
from model.processes import Limits, processor_seconds

LIMITS = Limits(memory=495_000_000, seconds=2.5, wait=20.0)  # a photograph of 50 megapixels takes 300 MB and a second
MAX_DATA = 500_000_000  # bytes that can be asked for at all, where the system has such a limit
LOOK_INTERVAL = 0.01  # seconds between two looks at what a process uses
MAX_IDLE = 2  # processes that wait for the next file
NICE = 5  # reading what is being drawn comes first

Message = tuple[dict[str, Any], bytes]


def decode_upload(content: bytes) -> np.ndarray:
    """What `decode_picture` makes of the content of a file, at little risk. Raises InputError."""
    head, pixels = _ask({"task": "picture"}, content, "the picture", "make it smaller, or save it as PNG.")
    return np.frombuffer(pixels, np.uint8).reshape(head["shape"])


def import_upload(name: str, content: bytes) -> list[Imported]:
    """What `import_file` makes of a file, at little risk. Raises InputError."""
    _, found = _ask({"task": "drawings", "name": name}, content, name, "divide it into smaller files.")
    return [(digit, strokes, base64.b64decode(png)) for digit, strokes, png in json.loads(found)]


@dataclass
class _Helper:
    """A process that opens files."""

    process: subprocess.Popen
    known: psutil.Process

    @classmethod
    def start(cls) -> "_Helper":
        """Raises OSError."""
        command = [sys.executable, "-m", __name__]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=_environment())
        return cls(process, psutil.Process(process.pid))

    def is_beyond(self, began: float, used: float) -> bool:
        """Whether it takes more than it may, or has ended; `began` and `used` are those of `Limits.exceeded`."""
        try:
            return LIMITS.exceeded(self.known, began, used) is not None
        except psutil.Error:
            return True

    def end(self) -> None:
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError, ValueError):
                    stream.close()
        self.process.kill()
        self.process.wait()


_idle: list[_Helper] = []
_lock = Lock()


def _ask(head: dict[str, Any], content: bytes, what: str, remedy: str) -> Message:
    """The answer of a helper. Raises InputError: its own, or one that says that `what` took too much."""
    try:
        helper = _take() or _started()
        answer = _exchange(helper, head, content)
    except (OSError, psutil.Error) as error:
        raise InputError(f"{what} cannot be opened ({error}): free some memory, then try again.") from None
    if answer is None:
        helper.end()
        raise InputError(f"{what} takes too much memory or time to open; {remedy}")
    with _lock:
        if len(_idle) < MAX_IDLE:
            _idle.append(helper)
            helper = None
    if helper is not None:
        helper.end()
    if "error" in answer[0]:
        raise InputError(answer[0]["error"])
    return answer


def _take() -> _Helper | None:
    """A helper that waits for work, if there is one that is alive."""
    with _lock:
        while _idle:
            helper = _idle.pop()
            if helper.process.poll() is None:
                return helper
            helper.end()
    return None


def _started() -> _Helper:
    """A new helper, once it is ready: what it imports is not what a file costs."""
    helper = _Helper.start()
    if helper.process.stdout is None or not helper.process.stdout.readline():
        helper.end()
        raise OSError("it ended at once")
    return helper


def _exchange(helper: _Helper, head: dict[str, Any], content: bytes) -> Message | None:
    """What a helper answers; None if it had to be ended, or has ended itself."""
    answers: list[Message] = []

    def talk() -> None:
        with contextlib.suppress(OSError, ValueError, KeyError):
            _send(helper.process.stdin, head, content)
            answers.append(_receive(helper.process.stdout))

    used, began = processor_seconds(helper.known), time.monotonic()
    thread = Thread(target=talk, name="upload", daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(LOOK_INTERVAL)
        if thread.is_alive() and helper.is_beyond(began, used):
            helper.process.kill()
            thread.join()
            return None
    return answers[0] if answers else None


def _send(stream: IO[bytes] | None, head: dict[str, Any], content: bytes) -> None:
    if stream is None:
        raise OSError
    stream.write(json.dumps(head | {"length": len(content)}).encode() + b"\n")
    stream.write(content)
    stream.flush()


def _receive(stream: IO[bytes] | None) -> Message:
    """Raises ValueError if the other side has ended."""
    if stream is None:
        raise OSError
    head = json.loads(stream.readline() or "null")
    if not isinstance(head, dict):
        raise ValueError
    content = stream.read(head["length"])
    if len(content) != head["length"]:
        raise ValueError
    return head, content


def _environment() -> dict[str, str]:
    """One thread for each library: more would take memory and no less time."""
    return os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def main() -> None:
    """Opens one file after the other, until its input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library may print is no answer
    _limit_itself()
    answers.write(b"ready\n")
    answers.flush()
    while True:
        try:
            head, content = _receive(sys.stdin.buffer)
        except ValueError:
            return
        with _alarm():
            answer = _open(head, content)
        _send(answers, *answer)


def _limit_itself() -> None:
    """So that no single step can take more than there is; whoever asked looks only now and then."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MAX_DATA, MAX_DATA))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(psutil.Error, OSError):
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if sys.platform == "win32" else NICE)


@contextlib.contextmanager
def _alarm() -> Any:  # noqa: ANN401
    """Ends this process if the work takes too long, in case nobody looks any more."""
    import signal

    alarm = getattr(signal, "alarm", lambda _: None)  # Windows has none
    alarm(round(2 * LIMITS.wait))
    try:
        yield
    finally:
        alarm(0)


def _open(head: dict[str, Any], content: bytes) -> Message:
    """What is in a file, or why it cannot be opened."""
    try:
        if head["task"] == "picture":
            pixels = np.ascontiguousarray(decode_picture(content))
            return {"shape": pixels.shape}, pixels.tobytes()
        found = import_file(head["name"], content)
        packed = [(digit, strokes, base64.b64encode(png).decode()) for digit, strokes, png in found]
        return {}, json.dumps(packed).encode()
    except InputError as error:
        return {"error": str(error)}, b""
    except MemoryError:
        return {"error": "this takes too much memory to open; make it smaller."}, b""


if __name__ == "__main__":
    main()
