"""What the processes of one server share: the folder GONGMO_RUN, their figures, and their end with the process that started them.

Prepared before Django is loaded: the library of the figures looks for its folder when it is imported.
"""

import logging
import os
import shutil
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gongmo.kernel import memory

log = logging.getLogger(__name__)

LOOK = 1.0
"""Seconds between looks at the parent."""
TELL = 5.0
"""Seconds between two tellings of memory and load."""
GIVE_BACK = 60.0
"""Seconds after which a process gives back the memory that it has free."""
GRACE = 15.0
"""Seconds that an orphan has for the requests under way."""
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own with a drawn name is made there
"""Where figures are kept while a server runs: they are written through the memory, and a full disk would end whoever writes them (SIGBUS)."""
FIGURES = "figures"
FORGOTTEN = 2 * 24 * 3600
"""Seconds after which the folder of another machine's server that does not touch it is taken away."""


def prepare(home: Path) -> Path:
    """Make this server's folder under `home`/run, empty, and name it to all its processes. Those of dead servers go."""
    runs = home / "run"
    folder = runs / f"{socket.gethostname()[:40]}-{os.getpid()}"
    _sweep(runs, folder)
    folder.mkdir(parents=True, mode=0o700)
    figures = folder / FIGURES
    try:
        figures.symlink_to(tempfile.mkdtemp(prefix="gongmo-figures-", dir=IN_MEMORY))
    except OSError:
        # No such place on this machine: then beside the data, as everything else.
        figures.mkdir(mode=0o700)
    os.environ["GONGMO_RUN"] = str(folder)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(figures)
    return folder


def _sweep(runs: Path, own: Path) -> None:
    host = own.name.rpartition("-")[0]
    for folder in runs.iterdir() if runs.is_dir() else ():
        of, _, pid = folder.name.rpartition("-")
        dead = not _lives(int(pid)) if of == host and pid.isdecimal() else _age(folder) > FORGOTTEN
        if dead or folder == own:
            _take_away(folder)


def _take_away(folder: Path) -> None:
    """A server's folder with its figures."""
    figures = folder / FIGURES
    if figures.is_symlink():
        shutil.rmtree(figures.readlink(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def others(home: Path) -> list[int]:
    """Process ids of the other servers that run from `home` on this machine."""
    found = []
    for folder in (home / "run").glob(f"{socket.gethostname()[:40]}-*"):
        pid = folder.name.rpartition("-")[2]
        if pid.isdecimal() and str(folder) != os.environ.get("GONGMO_RUN") and _serves(int(pid)):
            found.append(int(pid))
    return sorted(found)


def _serves(pid: int) -> bool:
    """Whether that process lives, and is no other program that has the number since."""
    try:
        return b"gongmo" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return _lives(pid) and not Path("/proc/self").exists()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _age(folder: Path) -> float:
    try:
        return time.time() - folder.stat().st_mtime
    except OSError:
        return 0.0


def clear() -> None:
    """Take this server's folder away: it has ended."""
    if folder := os.environ.get("GONGMO_RUN"):
        _take_away(Path(folder))


def accompany(tell: Callable[[], None], *, look: float = LOOK, end: Callable[[], Any] | None = None) -> bool:
    """In a worker process of `gongmo serve`: tell its figures every few seconds, and end it when its parent is gone. False elsewhere.

    A parent that was killed can end nobody; its workers would hold the port and answer by an old version for ever.
    """
    folder = os.environ.get("GONGMO_RUN", "")
    pid = folder.rpartition("-")[2]
    if not pid.isdecimal() or int(pid) == os.getpid():
        return False
    parent = int(pid)

    def run() -> None:
        told, given = 0.0, time.monotonic()
        while os.getppid() == parent:
            if time.monotonic() - given >= GIVE_BACK:
                given = time.monotonic()
                memory.give_back()
            if time.monotonic() - told >= TELL:
                told = time.monotonic()
                try:
                    tell()
                    os.utime(folder)
                except OSError:
                    log.warning("the figures of this process could not be told", exc_info=True)
            time.sleep(look)
        log.warning("the process that started this one has ended; finishing what is under way")
        (end or _end)()

    threading.Thread(target=run, name="accompany", daemon=True).start()
    return True


def _end() -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)
