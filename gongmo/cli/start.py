"""Starts the web framework for the commands that need the database."""

import importlib
import os
import sys
from pathlib import Path

from gongmo.cli import output
from gongmo.kernel.errors import BadInput


def django() -> None:
    """Load the settings and every app. Only commands that read or write the database call this; it takes most of a second."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongmo.web.settings")
    importlib.import_module("django").setup()


def with_data() -> None:
    """`django()` for a command that reads what is stored. Raises BadInput, before anything is made, where the embedded installation's
    home holds no data: mostly it is another home than the one that was meant, and a new one would be judged in its place."""
    settings = sys.modules.get("django.conf")
    loaded = settings is not None and settings.settings.configured
    if not loaded and (home := _without_data()) is not None:
        raise BadInput(
            "no_data",
            f"{home}에 자료가 없습니다. GONGMO_HOME을 확인해 주세요. 다른 폴더에서 시작했다면 GONGMO_HOME=그 폴더를 앞에 적고, "
            "새로 시작하려면 `make run`이나 `gongmo manage prepare`를 실행해 주세요.",
            f"There is no data in {home}. Check GONGMO_HOME: name the folder with which it was started, "
            "or start anew with `make run` or `gongmo manage prepare`.",
            field="GONGMO_HOME",
        )
    django()


def _without_data() -> Path | None:
    """The home of an embedded installation when its database is not there or empty; None otherwise."""
    config = importlib.import_module("gongmo.web.config")
    if config.text("GONGMO_DATABASE_URL") or config.text("GONGMO_MODE", "embedded") != "embedded":
        return None
    home: Path = config.named_home()
    file = Path(config.database("", home)["NAME"])
    return None if file.is_file() and file.stat().st_size else home


def unreadable(error: Exception) -> int:
    """Say that the database cannot be read, and which one it is. Returns the exit code."""
    connection = importlib.import_module("django.db").connection
    name = connection.settings_dict["NAME"]
    output.complain(
        f"데이터베이스를 읽을 수 없습니다: {name}. 찾던 곳이 맞는지(GONGMO_HOME, GONGMO_DATABASE_URL) 먼저 확인해 주세요. "
        f"맞으면 `gongmo manage prepare`를 실행해 주세요. / The database {name} cannot be read. Check that it is the one that was meant "
        f"(GONGMO_HOME, GONGMO_DATABASE_URL), then run `gongmo manage prepare`. ({error})"
    )
    return output.UNUSABLE
