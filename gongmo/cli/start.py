"""Starts the web framework for the commands that need the database."""

import importlib
import os


def django() -> None:
    """Load the settings and every app. Only commands that read or write the database call this; it takes most of a second."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongmo.web.settings")
    importlib.import_module("django").setup()
