"""The one error for everything that the user can put right."""


class InputError(ValueError):
    """Something given to the program cannot be used. The message says what is wrong and what to do about it."""


def first_line(error: BaseException) -> str:
    """The first line of what an exception says; the name of its class if it says nothing."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
