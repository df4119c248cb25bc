"""The regions of the page, one module each; what they know about digits comes from `model`."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
