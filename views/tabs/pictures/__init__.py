"""The Pictures tab: picture files and photographs from the camera, read like a drawing."""

from views.tabs.pictures.region import render

__all__ = ["render"]
