"""Altair, imported with the first chart: it takes a quarter of a second, and the page opens without charts."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt
else:

    class _Later:
        """Stands for a module that is imported when it is first used."""

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401
            return getattr(import_module("altair"), name)

    alt = _Later()

__all__ = ["alt"]
