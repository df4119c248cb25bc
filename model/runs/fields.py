"""What flags, checks and forms need to know about a setting, beside its name and its type."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Bounds:
    """Which values of a number a training can use."""

    low: float
    high: float | None = None
    above: bool = False
    """Whether `low` itself is too low."""


@dataclass(frozen=True)
class FormField:
    """How the page asks for a setting. What is None is left to Streamlit or to the bounds."""

    label: str
    hint: str
    noun: str | None = None
    """What to call it in a sentence; the label in small letters if None."""
    low: float | None = None
    high: float | None = None
    step: float | None = None
    format: str | None = None
    placeholder: str | None = None
    """What an empty field means; without one, the field must be filled in."""
    group: str | None = None
    """The heading that it stands under, together with others; None for none."""


def described(
    help: str,  # noqa: A002 - argparse's own word
    metavar: str | None = None,
    bounds: Bounds | None = None,
    form: FormField | None = None,
    choices: Iterable[str] = (),
) -> Any:  # noqa: ANN401 - a field, which a dataclass declares as a value
    """A field of a dataclass that knows all this."""
    known = {"help": help, "metavar": metavar, "bounds": bounds, "form": form, "choices": tuple(choices)}
    return field(metadata=known)
