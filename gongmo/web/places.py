"""Counted places in which requests are worked on, and the order in which they get one. Knows nothing of the web.

Submitting goes before saving, saving before signing in, signing in before reading. Reading never takes the last place, and where everything
waits one reader at a time is still let in, so that reading gets slow and does not stop. Pages for everyone, which come from memory, have a place of
their own, and so does checking a receipt, which works for seconds. While somebody waits to submit or to save, readers are let in at a measured pace: what is quickly answered is quickly asked again, and
would take the processor from those who work.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from heapq import heapify, heappop, heappush
from itertools import count
from threading import Lock
from time import monotonic
from typing import NamedTuple

CHECKS = 2
"""Checks of a receipt that are let in: the one that is worked on (gongmo.web.verify), and one that is told to come again."""
PACE = 0.03
"""Seconds between two readers, and between two pages for everyone, while somebody waits to submit or to save."""


class Kind(IntEnum):
    """What a request is for; the lower goes first."""

    SUBMIT = 0
    SAVE = 1
    SIGN_IN = 2
    READ = 3
    PUBLIC = 4
    CHECK = 5


class Load(NamedTuple):
    """How full it is: requests worked on, waiting, let in since the start and turned away since the start, by kind."""

    running: tuple[int, ...]
    waiting: tuple[int, ...]
    entered: tuple[int, ...]
    turned: tuple[int, ...]


@dataclass(slots=True, order=True)
class _Waiter:
    since: float
    number: int
    # A locked lock is the lightest thing a thread can wait for.
    gate: Lock = field(compare=False)
    patient: bool = field(compare=False)
    placed: bool = field(default=False, compare=False)


class Places:
    """`places` requests at a time (and one for everyone's pages), at most `queue` impatient ones waiting of each kind."""

    def __init__(self, places: int, *, queue: int = 32) -> None:
        self.places, self.queue = max(1, places), queue
        self._lock = Lock()
        self._numbers = count()
        self._running = [0] * len(Kind)
        self._waiting: list[list[_Waiter]] = [[] for _ in Kind]
        self._entered = [0] * len(Kind)
        self._turned = [0] * len(Kind)
        self._last = [float("-inf")] * len(Kind)

    @property
    def busy(self) -> bool:
        """Whether somebody waits, or the next one would."""
        return any(self._waiting) or sum(self._running[: Kind.CHECK]) >= self.places

    @property
    def load(self) -> Load:
        with self._lock:
            waiting = tuple(len(each) for each in self._waiting)
            return Load(tuple(self._running), waiting, tuple(self._entered), tuple(self._turned))

    def enter(self, kind: Kind, since: float = 0.0, patience: float | None = None) -> bool:
        """Take a place, waiting for it where all are taken; whoever asked `since` earlier goes first within a kind.

        With `patience` (seconds), False when none came free in that time, or when too many wait already; without, it waits until it has one.
        Everyone who got True must `leave`.
        """
        with self._lock:
            if not self._waiting[kind] and self._free(kind):
                self._let_in(kind)
                return True
            waiter = _Waiter(since, next(self._numbers), Lock(), patience is None)
            if patience is not None and not self._room(kind, waiter):
                self._turned[kind] += 1
                return False
            waiter.gate.acquire()
            heappush(self._waiting[kind], waiter)
        waiter.gate.acquire(timeout=-1 if patience is None else patience)
        with self._lock:
            if waiter.placed:
                return True
            if waiter in self._waiting[kind]:
                self._drop(kind, waiter)
            self._turned[kind] += 1
            return False

    def leave(self, kind: Kind) -> None:
        """Give the place back: it goes straight to whoever is next."""
        with self._lock:
            self._running[kind] -= 1
            for each in Kind:
                queue = self._waiting[each]
                while queue and self._free(each):
                    waiter = heappop(queue)
                    waiter.placed = True
                    self._let_in(each)
                    waiter.gate.release()

    def _let_in(self, kind: Kind) -> None:
        self._running[kind] += 1
        self._entered[kind] += 1
        if kind >= Kind.READ:
            self._last[kind] = monotonic()

    def _free(self, kind: Kind) -> bool:
        running, waiting = self._running, self._waiting
        # Those who work leave their places all the time, and then it is looked at again.
        works_wait = waiting[Kind.SUBMIT] or waiting[Kind.SAVE]
        if kind >= Kind.READ and works_wait and monotonic() - self._last[kind] < PACE:
            return False
        if kind is Kind.PUBLIC:
            return running[Kind.PUBLIC] < 1
        if kind is Kind.CHECK:
            return running[Kind.CHECK] < CHECKS
        works = running[Kind.SUBMIT] + running[Kind.SAVE]
        readers = running[Kind.SIGN_IN] + running[Kind.READ]
        if works + readers >= self.places:
            return False
        if self.places == 1:
            return True
        if kind <= Kind.SAVE:
            due = waiting[Kind.READ] and monotonic() - self._last[Kind.READ] >= PACE
            kept = not readers and (waiting[Kind.SIGN_IN] or due)
            return not kept or works < self.places - 1
        return readers < self.places - 1

    def _room(self, kind: Kind, waiter: _Waiter) -> bool:
        """Whether one more may wait; the one who came last makes room for somebody who has waited longer."""
        impatient = [each for each in self._waiting[kind] if not each.patient]
        if len(impatient) < self.queue:
            return True
        last = max(impatient)
        if last < waiter:
            return False
        self._drop(kind, last)
        last.gate.release()
        return True

    def _drop(self, kind: Kind, waiter: _Waiter) -> None:
        self._waiting[kind].remove(waiter)
        heapify(self._waiting[kind])
