"""How long this process's pages took within the last minute."""

import time
from collections import deque
from statistics import median as middle

WINDOW = 60.0
FEWEST = 20
"""Pages from which a median says something."""

_taken: deque[tuple[float, float]] = deque(maxlen=1000)


def took(seconds: float) -> None:
    """Note one page."""
    _taken.append((time.monotonic(), seconds))


def median() -> float | None:
    """The median of the last minute's pages in seconds, None where there were too few."""
    since = time.monotonic() - WINDOW
    found = [seconds for at, seconds in list(_taken) if at >= since]
    return middle(found) if len(found) >= FEWEST else None


def forget() -> None:
    """Begin anew."""
    _taken.clear()
