"""The sidebar: the network in use, and training your own while its curves of accuracy and loss grow."""

from views.sidebar.region import render

__all__ = ["render"]
