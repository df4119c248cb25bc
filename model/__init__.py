"""Everything about digits, independent of the page: `from model import load_recognizer`.

Importing this package does not import TensorFlow, which takes seconds; loading a recognizer does.
"""

from model.errors import InputError
from model.recognizer import BLANK, Reading, Recognizer, load_recognizer
from model.verdict import Case

__all__ = ["BLANK", "Case", "InputError", "Reading", "Recognizer", "load_recognizer"]
