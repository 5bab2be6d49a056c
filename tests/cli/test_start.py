"""Commands over stored data say where they looked; those that only read files or explain themselves leave no trace."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gongmo.cli.start import _without_data


def gongmo(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GONGMO_")}
    return subprocess.run(
        [sys.executable, "-m", "gongmo.cli.main", *arguments],
        env={**environment, "GONGMO_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("words", [("doctor",), ("replay", "--json")])
def test_a_home_without_data_is_named_and_left_as_it_is(words: tuple[str, ...], tmp_path: Path) -> None:
    home = tmp_path / "elsewhere"

    done = gongmo(home, *words)

    assert done.returncode == 2
    assert f"{home}에 자료가 없습니다. GONGMO_HOME을 확인해 주세요." in done.stdout + done.stderr
    assert not home.exists()


def test_the_server_s_help_makes_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"

    done = gongmo(home, "serve", "--help")

    assert (done.returncode, "--workers" in done.stdout, home.exists()) == (0, True, False)


def test_only_the_embedded_database_is_looked_for_in_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GONGMO_DATABASE_URL", "GONGMO_MODE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GONGMO_HOME", str(tmp_path))
    file = tmp_path / "gongmo.sqlite3"

    file.touch()
    empty = _without_data()
    file.write_bytes(b"SQLite format 3\0")
    filled = _without_data()
    file.unlink()
    monkeypatch.setenv("GONGMO_MODE", "server")

    assert (empty, filled, _without_data()) == (tmp_path.resolve(), None, None)
