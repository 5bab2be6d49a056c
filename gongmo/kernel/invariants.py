"""Invariants over live data. Each app registers its own in `invariants.py`; `gongmo doctor` runs them all.

@invariant("applications.cells_sum", ko="...", en="...")
def cells_sum_to_totals() -> Iterator[Broken]: ...
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gongmo.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class Broken:
    """One broken place: which thing, what was seen and what was expected (plain text)."""

    subject: str
    observed: str
    expected: str


@dataclass(frozen=True, slots=True)
class Invariant:
    name: str
    ko: str
    en: str
    check: Callable[[], Iterable[Broken]]


_invariants: dict[str, Invariant] = {}


def invariant(
    name: str, *, ko: str, en: str
) -> Callable[[Callable[[], Iterable[Broken]]], Callable[[], Iterable[Broken]]]:
    """Register a check under a name ("ledger.chain"). Raises ValueError when the name is taken."""

    def register(check: Callable[[], Iterable[Broken]]) -> Callable[[], Iterable[Broken]]:
        if name in _invariants:
            raise ValueError(f"two invariants are named {name}")
        _invariants[name] = Invariant(name, ko, en, check)
        return check

    return register


def invariants() -> list[Invariant]:
    """Every registered invariant, by name."""
    return [_invariants[name] for name in sorted(_invariants)]


def examine(one: Invariant) -> tuple[Broken, ...]:
    """Where an invariant does not hold. Data so damaged that the check cannot read it counts as broken, not as a crash.

    Database errors go through to the caller.
    """
    found: list[Broken] = []
    try:
        found.extend(one.check())
    except (
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        ArithmeticError,
        OSError,
        Refused,
    ) as unreadable:
        found.append(Broken(one.name, f"{type(unreadable).__name__}: {unreadable}", "data that can be read"))
    return tuple(found)
