"""Looking for garbage less often while something large is being made, and how much memory a process holds and gives back."""

import ctypes
import gc
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_HEAPS = -8
"""M_ARENA_MAX of glibc's malloc.h."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Python looks for garbage by how many objects are made; what makes a million that stay until its end is slowed by a fifth for nothing."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def one_heap() -> None:
    """Let the threads of this process and of its forks share one heap, where the system is of that kind (glibc).

    Else threads get heaps of their own, which are never given back: a web process was 12 MB larger with two than with one, and Python runs
    one thread at a time anyhow. The environment's MALLOC_ARENA_MAX is read when a program starts, which for a fork is too late.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None and "MALLOC_ARENA_MAX" not in os.environ:
        set_option(_HEAPS, 1)


def give_back() -> None:
    """Give the system the memory that lies free between what is in use, where it is of that kind (glibc). Takes some milliseconds, in which
    others who ask for memory wait: for quiet moments.

    By itself only what lies free at the heap's end is given back: one large paper or page left its room behind for ever.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def held_bytes() -> int:
    """Bytes of memory that this process holds (resident), 0 where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * resource.getpagesize()
