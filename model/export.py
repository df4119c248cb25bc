"""Exports a network as a LiteRT file (.tflite), for phones, browsers and small computers.

    python -m model.export runs/mine/model.keras mine.tflite

The file has one signature. Its input `images` is float32 (N, 28, 28, 1), from 0 (background) to 1 (ink), for any N; its
output `output_0` is float32 (N, 10), the probabilities. model/preprocessing/pipeline.py turns a drawing into such an
image.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from model.errors import InputError, first_line
from model.files import atomic_write, explaining_os_errors
from model.networks import INPUT_SHAPE, load_network
from model.paths import ROOT
from model.processes import last_complaint, start_yielding

SUFFIX = ".tflite"
INPUT_NAME = "images"
TIMEOUT = 300  # seconds; ten are enough on an idle machine, but a training may be under way


def convert(network: Path, out: Path) -> None:
    """Writes the network in a .keras file as LiteRT. Takes about five seconds once TensorFlow is loaded.

    Raises InputError if `network` cannot be read or `out` cannot be written.
    """
    if out.suffix != SUFFIX:
        raise InputError(f"{out} is not the name of a LiteRT file: give one that ends in {SUFFIX}.")
    model, _ = load_network(network)
    import tensorflow as tf

    with explaining_os_errors(f"{out} cannot be written"), atomic_write(out) as path:
        try:
            model.export(
                path,
                format="litert",
                input_signature=[tf.TensorSpec((None, *INPUT_SHAPE), tf.float32, name=INPUT_NAME)],
                # LiteRT's own operations only: others need more than the plain runtime
                target_spec={"supported_ops": [tf.lite.OpsSet.TFLITE_BUILTINS]},
                verbose=False,
            )
        except (RuntimeError, TypeError, ValueError) as error:  # a network from elsewhere, with custom layers
            raise InputError(
                f"{network} cannot be converted to LiteRT ({first_line(error)}): use the .keras file."
            ) from None


def convert_apart(network: Path) -> bytes:
    """The network in a .keras file as the bytes of a LiteRT file, converted by a separate low-priority process.

    Takes about ten seconds and leaves the caller's process and its TensorFlow alone. Raises InputError.
    """
    with tempfile.TemporaryDirectory(prefix="digits-") as folder:
        out = Path(folder) / f"network{SUFFIX}"
        command = [sys.executable, "-m", "model.export", str(network.absolute()), str(out)]
        try:
            process = start_yielding(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        except OSError as error:
            reason = error.strerror or error
            raise InputError(f"The conversion cannot be started ({reason}): free some memory.") from None
        try:
            _, complaint = process.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise InputError("The conversion took too long: try again when the machine is less busy.") from None
        if process.returncode:
            reason = last_complaint(complaint, "model.export")
            raise InputError(reason or "The conversion ended early: free some memory, then try again.")
        return out.read_bytes()


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit status: 0 if the file was written, 2 if not."""
    parser = argparse.ArgumentParser(prog="model.export", description="Writes a network as a LiteRT file.")
    parser.add_argument("network", type=Path, help="a .keras file, such as assets/reader.keras")
    parser.add_argument("out", type=Path, help="the .tflite file to write")
    given = parser.parse_args(arguments)
    try:
        convert(given.network, given.out)
    except InputError as error:
        print(f"model.export: {error}", file=sys.stderr)
        return 2
    print(f"{given.out} holds the network: {given.out.stat().st_size / 1e6:.1f} MB.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
