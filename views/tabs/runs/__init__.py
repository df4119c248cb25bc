"""The Runs tab: all trainings, what people call them, what can be done with each, and two compared on one drawing."""

from views.tabs.runs.tab import render

__all__ = ["render"]
