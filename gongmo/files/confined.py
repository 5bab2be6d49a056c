"""Starting programs that read what strangers wrote: apart from the server, without its environment, and not for long."""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

LONGEST_ANSWER = 64 * 1024**2


BESIDE = 10
"""How far behind everything else on the machine stands what nobody waits for (nice): reading a stranger's file takes longer than handing it
in, and on a deadline day the processors belong to those who hand in. These programs hold no lock that anybody could wait for."""


def read_files(
    files: Sequence[tuple[str, str, Path]], *, wall: float, beside: bool = False
) -> dict[str, list[Mapping[str, Any]]]:
    """What gongmo.files.extract tells of files (name, extension, path), by name. Files it could not come to are missing.

    `wall`: seconds after which all of it is ended; `beside`: nobody waits for it. Raises OSError when the program cannot be started or a file opened.
    """
    told: dict[str, list[Mapping[str, Any]]] = {}
    with ExitStack() as opened, tempfile.TemporaryFile() as out:
        handles = [opened.enter_context(path.open("rb")) for _, _, path in files]
        arguments = [
            f"{name}:{extension}:{handle.fileno()}"
            for (name, extension, _), handle in zip(files, handles, strict=True)
        ]
        run(
            [sys.executable, "-I", "-m", "gongmo.files.extract", *arguments],
            wall=wall,
            beside=beside,
            stdout=out.fileno(),
            pass_fds=[handle.fileno() for handle in handles],
        )
        out.seek(0)
        for line in out.read(LONGEST_ANSWER).splitlines():
            name, _, value = line.partition(b"\t")
            with suppress(ValueError):
                # PostgreSQL takes no NUL.
                told.setdefault(name.decode(), []).append(json.loads(value.replace(b"\\u0000", b"")))
    return told


def run(
    command: Sequence[str],
    *,
    wall: float,
    stdout: int = subprocess.DEVNULL,
    pass_fds: Sequence[int] = (),
    environment: Mapping[str, str] | None = None,
    cwd: str = "/",
    memory: int = 0,
    seconds: int = 0,
    beside: bool = False,
) -> int:
    """Run a program in a group of its own until it ends or its time is over; everything it started ends with it.

    `memory`: bytes that it may have, `seconds`: of the processor, 0 for as many as there are; `beside`: nobody waits for it. Returns its exit code, negative when a signal ended it.
    """
    process = subprocess.Popen(  # noqa: S603 - our own program, no shell
        command,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        pass_fds=tuple(pass_fds),
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **(environment or {})},
        cwd=cwd,
        start_new_session=True,
    )
    # From outside: between fork and exec a server with threads can do nothing safely.
    if beside:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, os.getpriority(os.PRIO_PROCESS, 0) + BESIDE)
    if memory:
        with suppress(OSError, ValueError):
            resource.prlimit(process.pid, resource.RLIMIT_AS, (memory, memory))
    if seconds:
        with suppress(OSError, ValueError):
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (seconds, seconds))
    try:
        return process.wait(wall)
    except BaseException as error:
        # Not yet waited for, so that the number still is this group's.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if isinstance(error, subprocess.TimeoutExpired):
            return -signal.SIGKILL
        raise
