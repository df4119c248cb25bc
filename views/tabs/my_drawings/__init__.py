"""The My drawings tab: what is kept of this hand and how it is read, practising, and files of drawings."""

from views.tabs.my_drawings.tab import render

__all__ = ["render"]
