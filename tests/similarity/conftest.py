"""Every test has an index of its own, of either kind where it asks for both."""

from pathlib import Path

import pytest
from pytest_django import Settings

from gongmo.similarity import corpus


@pytest.fixture(autouse=True)
def own_index(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of one test are not another's, and what a process keeps of the corpus neither."""
    settings.GONGMO_HOME = tmp_path
    settings.GONGMO_FILES = tmp_path / "files"
    monkeypatch.setattr(corpus, "_kept", None)
