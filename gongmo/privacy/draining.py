"""The thread by which a web process carries its notes into the database, off the requests."""

import logging
import threading
import time
from itertools import count

from django.db import close_old_connections, connections

from gongmo.kernel.actor import system
from gongmo.privacy import commands

log = logging.getLogger(__name__)
SECONDS = 5.0
"""How often the machine's disk is made to hold what was noted; every sixth time the notes move on. Few large batches are quick to verify."""
TIMES = 6


def start(seconds: float = SECONDS) -> threading.Thread:
    """Begin to drain every half minute until the process ends. What is not drained then waits in its file for the next process."""
    thread = threading.Thread(target=_run, args=(seconds,), name="access-log", daemon=True)
    thread.start()
    return thread


def _run(seconds: float) -> None:
    for turn in count(1):
        time.sleep(seconds)
        if turn % TIMES == 0:
            once()
        else:
            commands.buffer().sync()


def once() -> None:
    """Drain now. A failure is told in the log; the notes stay in their files."""
    try:
        close_old_connections()
        commands.drain(actor=system("web"))
    except Exception:
        log.exception("the access log could not be carried into the database; it is tried again")
    finally:
        connections.close_all()
