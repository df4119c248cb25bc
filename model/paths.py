"""Where the project's own files are: the one module that knows the layout of the repository."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
TRAIN_SCRIPT = ROOT / "train.py"
ASSETS = ROOT / "assets"
SHIPPED_NETWORK = ASSETS / "reader.keras"
LIGHT_NETWORK = ASSETS / "reader.tflite"  # the same, as OpenCV reads it; see model/light.py
SHIPPED_RUN = ASSETS / "reader.json"  # the run.json of the training it comes from
EXAMPLE_DRAWINGS = ASSETS / "examples.json"  # the ten digits as pen strokes, one of each
REAL_DRAWINGS = ASSETS / "real-drawings.json"  # on which every network is scored
STATIC = ROOT / "views" / "static"  # the page's own JavaScript and CSS
