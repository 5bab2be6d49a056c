"""Finds the browser of the browser tests.

The headless shell comes first: it is Chromium without its own windows, tabs and menus, which cost more than our pages do.
"""

import os
import shutil

import pytest

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
"""Without a graphics card its imitation costs more than it saves."""


def chromium() -> str:
    """The browser's path (GONGMO_TEST_CHROMIUM names another). Without one the test is skipped, in CI failed."""
    found = os.environ.get("GONGMO_TEST_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    message = "no Chromium: sudo apt-get install chromium-headless-shell fonts-noto-cjk"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)
