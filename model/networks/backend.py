"""TensorFlow behind Keras, imported only when it is needed and without its chatter on stderr."""

import contextlib
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from types import ModuleType

FLOAT32, MIXED_BFLOAT16 = "float32", "mixed_bfloat16"  # Keras dtype policies
BFLOAT16_FLAGS = {"avx512_bf16", "amx_bf16"}  # processor flags: either one multiplies bfloat16 in hardware

_import_lock = Lock()  # a module that one thread has half imported is of no use to another


def import_keras() -> ModuleType:
    """The module keras, with TensorFlow behind it. The first call takes seconds.

    TensorFlow reports what it found on the machine whatever its log level, which would hide our own messages.
    """
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # On processors without AVX-512, TensorFlow uses its faster convolutions only when told to.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    with _import_lock:
        quiet = contextlib.nullcontext() if "keras" in sys.modules else _silent_stderr()
        with quiet:
            import keras
    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # it warns of every fifth network that a process trains
    return keras


@contextlib.contextmanager
def _silent_stderr() -> Iterator[None]:
    """Discards what the process writes to file descriptor 2 meanwhile, C++ code included."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


@contextlib.contextmanager
def dtype_policy(policy: str) -> Iterator[None]:
    """Layers created meanwhile compute in this Keras dtype policy from then on."""
    config = import_keras().config
    before = config.dtype_policy()
    config.set_dtype_policy(policy)
    try:
        yield
    finally:
        config.set_dtype_policy(before)


def has_bfloat16() -> bool:
    """Whether the processor computes in bfloat16, at twice the speed of float32. Only Linux tells."""
    try:
        words = Path("/proc/cpuinfo").read_text(encoding="utf-8").split()
    except OSError:
        return False
    return not BFLOAT16_FLAGS.isdisjoint(words)
