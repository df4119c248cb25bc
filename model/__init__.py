"""Everything about digits, independent of the page: `from model import load_recognizer`.

Importing this package does not import TensorFlow, which takes seconds; loading a recognizer does.
"""

from model.errors import InputError
from model.light import load_light_reader
from model.reader import Reader
from model.reading import BLANK, Number, Reading
from model.recognizer import Recognizer, default_network, load_recognizer
from model.verdict import Case

__all__ = [
    "BLANK",
    "Case",
    "InputError",
    "Number",
    "Reader",
    "Reading",
    "Recognizer",
    "default_network",
    "load_light_reader",
    "load_recognizer",
]
