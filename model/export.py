"""A network as a LiteRT file (.tflite), for phones, browsers and small computers.

    python -m model.export runs/mine/model.keras mine.tflite

The file has one signature: `images`, float32 (N, 28, 28, 1) from 0 (ground) to 1 (ink), any N, gives `output_0`,
float32 (N, 10), the probabilities. What makes such an image of a drawing is model/preprocess.py.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from model.errors import InputError
from model.files import replacing, telling
from model.networks import INPUT_SHAPE
from model.recognizer import load_network
from model.trainer import apart, yield_to_others

SUFFIX = ".tflite"
INPUT_NAME = "images"
PATIENCE = 300  # seconds; ten are enough on an idle machine, but a training may be running


def convert(network: Path, out: Path) -> None:
    """Writes the network of a .keras file as LiteRT. Takes some five seconds once TensorFlow is there.

    Raises InputError if `network` cannot be read or `out` not be written.
    """
    if out.suffix != SUFFIX:
        raise InputError(f"{out} is no name for a LiteRT file: give one that ends in {SUFFIX}.")
    model, _ = load_network(network)
    import tensorflow as tf

    with telling(f"{out} cannot be written"), replacing(out) as path:
        try:
            model.export(
                path,
                format="litert",
                input_signature=[tf.TensorSpec((None, *INPUT_SHAPE), tf.float32, name=INPUT_NAME)],
                target_spec={"supported_ops": [tf.lite.OpsSet.TFLITE_BUILTINS]},  # else it may need more than LiteRT
                verbose=False,
            )
        except (RuntimeError, TypeError, ValueError) as error:  # a network of somebody else's, with layers of its own
            reason = str(error).strip().split("\n")[0]
            raise InputError(f"{network} cannot be had as LiteRT ({reason}): use the .keras file.") from None


def convert_apart(network: Path) -> bytes:
    """The content of a LiteRT file of the network, made by a process of its own that yields to everything else.

    Takes some ten seconds, in which the caller's process and its TensorFlow are left in peace. Raises InputError.
    """
    with tempfile.TemporaryDirectory(prefix="digits-") as folder:
        out = Path(folder) / f"network{SUFFIX}"
        command = [sys.executable, "-m", "model.export", str(network.absolute()), str(out)]
        try:
            process = subprocess.Popen(
                command,
                cwd=Path(__file__).parent.parent,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                **apart(),  # else the whole session of the page would yield with it
            )
            yield_to_others(process.pid)
            _, complaint = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise InputError("The conversion took too long: try again when the machine is less busy.") from None
        except OSError as error:
            reason = error.strerror or error
            raise InputError(f"The conversion cannot be started ({reason}): free some memory.") from None
        if process.returncode:
            raise InputError(_last_line(complaint) or "The conversion ended early: free some memory, then try again.")
        return out.read_bytes()


def _last_line(complaint: str) -> str:
    lines = [line for line in complaint.splitlines() if line.strip()]
    return lines[-1].removeprefix("model.export: ") if lines else ""


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
