"""Exact arithmetic on points: sums, means, rounding. Nothing here depends on the process's decimal context."""

from collections.abc import Iterable
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from fractions import Fraction

from gongmo.definition.evaluation import Rounding

# Wide enough for every sum of points; a result that did not fit would raise instead of being rounded.
_EXACT = Context(prec=80, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])


def add(points: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    total = Decimal(0)
    for value in points:
        total = _EXACT.add(total, value)
    return total


def is_multiple(points: Decimal, step: Decimal) -> bool:
    """Whether points are a whole number of steps."""
    return (Fraction(points) / Fraction(step)).denominator == 1


def rounded(value: Fraction, rounding: Rounding) -> Decimal:
    """A value of at least 0 rounded to the definition's places and mode, from the exact fraction."""
    scaled = value * 10**rounding.places
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    twice = 2 * rest
    if rounding.mode == "half_up":
        up = twice >= scaled.denominator
    elif rounding.mode == "half_even":
        up = twice > scaled.denominator or (twice == scaled.denominator and whole % 2 == 1)
    else:
        up = False
    return Decimal(whole + up).scaleb(-rounding.places)


def text(points: Decimal) -> str:
    """Points in one spelling: 8.50 and 8.5 give "8.5", 1E+1 gives "10", -0 gives "0"."""
    if points == 0:
        return "0"
    plain = format(points, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
