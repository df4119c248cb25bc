"""InputError, the one exception for everything that the user can put right."""


class InputError(ValueError):
    """Input that cannot be used. The message says what is wrong and what to do about it."""


class DivergedError(InputError):
    """A training whose loss is no longer a number; of a sweep, only this one trial has failed."""


def first_line(error: BaseException) -> str:
    """The first line of an exception's message, or the name of its class if it has none."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
