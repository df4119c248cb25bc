"""Altair, imported with the first chart: it takes a quarter of a second, and the page opens without charts.

It copies a chart's data again and again, which is most of the time that a chart takes. So one that changes all the time
is built with names in place of its data, which `fill_in` replaces.
"""

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

__all__ = ["alt", "fill_in"]


def fill_in(chart: dict[str, Any], **data: list[dict[str, Any]]) -> dict[str, Any]:
    """The chart with data in place of their names, in all of its layers."""
    if (name := chart.get("data", {}).get("name")) is not None:
        chart["data"] = {"values": data[name]}
    for layer in chart.get("layer", ()):
        fill_in(layer, **data)
    return chart
