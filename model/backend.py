"""TensorFlow, imported when it is needed and without its chatter on stderr."""

import contextlib
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from types import ModuleType

_importing = Lock()  # what the first thread has half imported is of no use to another


BFLOAT16 = {"avx512_bf16", "amx_bf16"}  # processor flags: TensorFlow multiplies bfloat16 in hardware with either


@contextlib.contextmanager
def _silent_stderr() -> Iterator[None]:
    """Nothing that the process writes to the file descriptor of stderr is seen meanwhile, C++ code included."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def import_keras() -> ModuleType:
    """The module keras, with TensorFlow behind it. The first call takes seconds.

    TensorFlow reports what it found on the machine whatever its log level says, which would hide our own messages.
    """
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # TensorFlow leaves its faster convolutions out on processors without AVX-512 unless it is told to take them.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    with _importing:
        quiet = contextlib.nullcontext() if "keras" in sys.modules else _silent_stderr()
        with quiet:
            import keras
    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # it warns of every fifth network that a process trains
    return keras


def has_bfloat16() -> bool:
    """Whether the processor computes in bfloat16, at twice the speed of float32. Only Linux tells."""
    try:
        words = Path("/proc/cpuinfo").read_text(encoding="utf-8").split()
    except OSError:
        return False
    return not BFLOAT16.isdisjoint(words)
