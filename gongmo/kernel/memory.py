"""Looking for garbage less often while something large is being made, and how much memory a process holds."""

import gc
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Python looks for garbage by how many objects are made; what makes a million that stay until its end is slowed by a fifth for nothing."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def held_bytes() -> int:
    """Bytes of memory that this process holds (resident), 0 where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * resource.getpagesize()
