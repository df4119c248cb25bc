"""A network as a LiteRT file (.tflite), for phones, browsers and small computers.

    python -m model.export runs/mine/model.keras mine.tflite

The file has one signature: `images`, float32 (N, 28, 28, 1) from 0 (ground) to 1 (ink), any N, gives `output_0`,
float32 (N, 10), the probabilities. What makes such an image of a drawing is model/preprocessing/prepare.py.
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
TIMEOUT = 300  # seconds; ten are enough on an idle machine, but a training may be running


def convert(network: Path, out: Path) -> None:
    """Writes the network of a .keras file as LiteRT. Takes some five seconds once TensorFlow is there.

    Raises InputError if `network` cannot be read or `out` cannot be written.
    """
    if out.suffix != SUFFIX:
        raise InputError(f"{out} is not a name for a LiteRT file: give one that ends in {SUFFIX}.")
    model, _ = load_network(network)
    import tensorflow as tf

    with explaining_os_errors(f"{out} cannot be written"), atomic_write(out) as path:
        try:
            model.export(
                path,
                format="litert",
                input_signature=[tf.TensorSpec((None, *INPUT_SHAPE), tf.float32, name=INPUT_NAME)],
                target_spec={
                    "supported_ops": [tf.lite.OpsSet.TFLITE_BUILTINS]
                },  # else the file may need more than LiteRT
                verbose=False,
            )
        except (RuntimeError, TypeError, ValueError) as error:  # somebody else's network, with layers of its own
            raise InputError(
                f"{network} cannot be converted to LiteRT ({first_line(error)}): use the .keras file."
            ) from None


def convert_apart(network: Path) -> bytes:
    """The content of a LiteRT file of the network, made by a process of its own that gives way to every other.

    Takes some ten seconds, without disturbing the caller's process and its TensorFlow. Raises InputError.
    """
    with tempfile.TemporaryDirectory(prefix="digits-") as folder:
        out = Path(folder) / f"network{SUFFIX}"
        command = [sys.executable, "-m", "model.export", str(network.absolute()), str(out)]
        try:
            process = start_yielding(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
            _, complaint = process.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise InputError("The conversion took too long: try again when the machine is less busy.") from None
        except OSError as error:
            reason = error.strerror or error
            raise InputError(f"The conversion cannot be started ({reason}): free some memory.") from None
        if process.returncode:
            reason = last_complaint(complaint, "model.export")
            raise InputError(reason or "The conversion ended early: free some memory, then try again.")
        return out.read_bytes()


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 0 if the file was written, 2 if not."""
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
