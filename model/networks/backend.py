"""Imports Keras and TensorFlow: only when they are needed, and without TensorFlow's chatter on stderr."""

import contextlib
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from types import ModuleType

FLOAT32, MIXED_BFLOAT16 = "float32", "mixed_bfloat16"  # Keras dtype policies
BFLOAT16_FLAG = "amx_bf16"  # of a processor with matrix units for bfloat16; with avx512_bf16 alone, float32 is faster

_import_lock = Lock()  # so that no thread uses a module that another has half imported


def import_keras() -> ModuleType:
    """The module keras, with TensorFlow as its backend. The first call takes seconds.

    While it is imported, TensorFlow reports on the machine at any log level, which would bury our own messages. So the
    first call silences stderr.
    """
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # On processors without AVX-512, TensorFlow uses its faster convolutions only when told to.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    with _import_lock:
        quiet = contextlib.nullcontext() if "keras" in sys.modules else _silent_stderr()
        with quiet:
            import keras
    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # it warns about every fifth network a process trains
    return keras


@contextlib.contextmanager
def _silent_stderr() -> Iterator[None]:
    """Discards what the process, C++ code included, writes to file descriptor 2 in the block."""
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
    """Layers created in the block keep this Keras dtype policy: how they compute and store their weights."""
    config = import_keras().config
    before = config.dtype_policy()
    config.set_dtype_policy(policy)
    try:
        yield
    finally:
        config.set_dtype_policy(before)


def has_bfloat16() -> bool:
    """Whether the processor trains faster in bfloat16 than in float32. Only Linux tells; False elsewhere."""
    try:
        words = Path("/proc/cpuinfo").read_text(encoding="utf-8").split()
    except OSError:
        return False
    return BFLOAT16_FLAG in words
