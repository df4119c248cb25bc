"""The one error for everything a person can put right."""


class InputError(ValueError):
    """What was given cannot be used; the message says what is wrong and what to do, in one sentence or two."""
