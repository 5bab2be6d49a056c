"""Where notes wait on this machine: one file a process, to which a line is appended before the answer leaves.

What was appended survives the death of the process; `sync` makes it survive the machine's, too. A file is held by a lock as long as its
process lives: the files of dead processes are taken by whoever drains next.
"""

import fcntl
import logging
import os
import secrets
import threading
import time
from pathlib import Path

log = logging.getLogger(__name__)
_OPEN, _FULL = ".open", ".full"


class Buffer:
    """The buffer in a folder, as one process uses it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._file: int | None = None
        self._path = folder
        self._owner = 0

    def append(self, line: bytes) -> None:
        """Add one line (without line ends in it). Raises OSError when it cannot be kept."""
        whole = line + b"\n"
        with self._lock:
            written = os.write(self._current(), whole)
            if written != len(whole):
                # A torn line is ended, so that the next one can be read; the taker leaves it out.
                raise OSError("the access log's buffer is full")

    def _current(self) -> int:
        if self._file is None or self._owner != os.getpid():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._path = self.folder / f"{time.time_ns():020d}-{os.getpid()}-{secrets.token_hex(4)}{_OPEN}"
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
            self._owner = os.getpid()
            fcntl.flock(self._file, fcntl.LOCK_EX)
            if os.geteuid() == 0:
                # A command that root ran must not leave what the servers' own user cannot take.
                home = self.folder.parent.stat()
                for path in (self.folder, self._path):
                    os.chown(path, home.st_uid, home.st_gid)
        return self._file

    def sync(self) -> None:
        """Have the machine's disk hold what was appended."""
        with self._lock:
            if self._file is not None and self._owner == os.getpid():
                os.fdatasync(self._file)

    def full(self) -> list[Path]:
        """Finished files, oldest first: this process's present one and those of processes that are gone become so."""
        with self._lock:
            if self._file is not None and self._owner == os.getpid():
                os.fdatasync(self._file)
                self._path.rename(self._path.with_suffix(_FULL))
                os.close(self._file)
                self._file = None
        if not self.folder.is_dir():
            return []
        for path in self.folder.glob(f"*{_OPEN}"):
            _orphan(path)
        return sorted(self.folder.glob(f"*{_FULL}"))


def _orphan(path: Path) -> None:
    """Finish a file whose process is gone."""
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    except PermissionError:
        log.error("%s belongs to another user of this machine and waits until that one carries it on", path)
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.rename(path.with_suffix(_FULL))
    except (BlockingIOError, FileNotFoundError):
        pass
    finally:
        os.close(file)
