"""What the processes of one server share, and how they end together."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from pytest_django import Settings

from gongmo.operation import metrics
from gongmo.operation.probes import DRAINING
from gongmo.web import running, serve, telling
from gongmo.web.places import Kind, Load

ROOT = Path(__file__).resolve().parents[2]
PARENT = """
import os, sys, time
from pathlib import Path
from gongmo.web import running
running.IN_MEMORY = Path(sys.argv[1], "memory")
running.prepare(Path(sys.argv[1]))
if os.fork() == 0:
    running.accompany(lambda: Path(sys.argv[1], "told").touch(), look=0.05, end=lambda: Path(sys.argv[1], "ended").touch())
    time.sleep(20)
    os._exit(0)
time.sleep(60)
"""


def appears(file: Path) -> bool:
    until = time.monotonic() + 20
    while not file.exists() and time.monotonic() < until:
        time.sleep(0.02)
    return file.exists()


def test_a_worker_ends_when_its_server_was_killed(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], env=environment, start_new_session=True
    )
    try:
        told = appears(tmp_path / "told")
        early = (tmp_path / "ended").exists()
        server.kill()
        server.wait()

        assert (told, early, appears(tmp_path / "ended")) == (True, False, True)
    finally:
        os.killpg(server.pid, signal.SIGKILL)


def test_figures_are_kept_in_memory_where_a_full_disk_ends_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory, home = tmp_path / "memory", tmp_path / "home"
    memory.mkdir()
    monkeypatch.setattr(running, "IN_MEMORY", memory)
    for name in ("GONGMO_RUN", "PROMETHEUS_MULTIPROC_DIR"):
        monkeypatch.setenv(name, "")

    running.prepare(home)
    dead = home / "run" / f"{socket.gethostname()[:40]}-{2**22 + 1}"
    Path(os.environ["GONGMO_RUN"]).rename(dead)
    running.prepare(home)

    (kept,) = memory.iterdir()
    assert Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).resolve() == kept
    assert (kept.stat().st_mode & 0o077, dead.exists()) == (0, False)
    running.clear()
    assert (list(memory.iterdir()), list((home / "run").iterdir())) == ([], [])


def test_figures_stay_beside_the_data_where_there_is_no_such_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "IN_MEMORY", tmp_path / "none")
    for name in ("GONGMO_RUN", "PROMETHEUS_MULTIPROC_DIR"):
        monkeypatch.setenv(name, "")

    own = running.prepare(tmp_path / "home")

    assert Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]) == own / "figures"
    assert not (own / "figures").is_symlink()


def test_outside_of_a_server_nothing_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GONGMO_RUN", raising=False)

    assert not running.accompany(lambda: None)


def test_folders_of_dead_servers_go_and_those_of_living_ones_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGMO_RUN", "")
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    monkeypatch.setattr(running, "IN_MEMORY", tmp_path / "none")
    host = socket.gethostname()[:40]
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    dead, living = tmp_path / "run" / f"{host}-{ended.pid}", tmp_path / "run" / f"{host}-{os.getppid()}"
    other, forgotten = tmp_path / "run" / "machine-b-7", tmp_path / "run" / "machine-c-7"
    for folder in (dead, living, other, forgotten):
        folder.mkdir(parents=True)
    old = time.time() - running.FORGOTTEN - 60
    os.utime(forgotten, (old, old))

    own = running.prepare(tmp_path)

    assert {each.name for each in (tmp_path / "run").iterdir()} == {own.name, living.name, other.name}
    assert own.stat().st_mode & 0o077 == 0
    assert (own / "figures").stat().st_mode & 0o077 == 0


def test_a_server_says_that_it_stops_before_it_does(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GONGMO_RUN, settings.GONGMO_DRAIN_SECONDS = str(tmp_path), 0.2
    stopped = threading.Event()
    monkeypatch.setattr(serve.Server, "signal_handler_interrupt", lambda *_args, **_named: stopped.set())
    server = serve.Draining.__new__(serve.Draining)

    server.signal_handler_interrupt()
    at_first = ((tmp_path / DRAINING).exists(), stopped.is_set())

    assert at_first == (True, False)
    assert stopped.wait(10)


def test_asked_twice_a_server_stops_at_once(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GONGMO_RUN, settings.GONGMO_DRAIN_SECONDS = str(tmp_path), 3600
    stopped = threading.Event()
    monkeypatch.setattr(serve.Server, "signal_handler_interrupt", lambda *_args, **_named: stopped.set())
    server = serve.Draining.__new__(serve.Draining)

    server.signal_handler_interrupt()
    server.signal_handler_interrupt()

    assert stopped.is_set()


def test_whom_the_gate_turns_away_is_counted_once() -> None:
    def turned() -> float:
        return metrics.TURNED_AWAY.labels("read")._value.get()

    idle = (0,) * len(Kind)
    before = turned()
    for away in (3, 3, 5):
        telling.tell(Load(idle, idle, idle, tuple(away if kind is Kind.READ else 0 for kind in Kind)))

    assert turned() - before == 5
    assert metrics.MEMORY._value.get() > 0


OPENS = """
import os, threading, django
django.setup()
from django.db import connection
from gongmo.web.serve import _preload, let_go

def held():
    found = {}
    for name in os.listdir("/proc/self/fd"):
        try:
            found[name] = os.readlink(f"/proc/self/fd/{name}")
        except OSError:
            pass
    return {link for link in found.values() if "socket" in link or "sqlite" in link}

connection.ensure_connection()
opened = held()
_preload()
let_go()
print(bool(opened), held(), threading.active_count())
"""


@pytest.mark.django_db
def test_a_server_holds_no_connection_and_no_thread_when_its_workers_are_forked(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "GONGMO_HOME": str(tmp_path)}
    environment["DJANGO_SETTINGS_MODULE"] = "gongmo.web.settings"
    # Nothing listens there, and nothing is asked.
    environment["GONGMO_FILES_URL"] = "s3://key:secret@127.0.0.1:1/files?tls=0"
    if os.environ.get("GONGMO_TEST_DB") == "postgres":
        environment["GONGMO_DATABASE_URL"] = os.environ["GONGMO_TEST_POSTGRES_URL"]

    told = subprocess.run(
        [sys.executable, "-c", OPENS], env=environment, capture_output=True, text=True, check=True
    )

    assert told.stdout.split("\n")[0] == "True set() 1"
