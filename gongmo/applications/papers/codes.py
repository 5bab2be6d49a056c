"""The code on a cover sheet: short, not guessed from its neighbours, and with two check letters, so that a slip of typing is seen."""

import re

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O and U."""
_BITS = 35
_FACTOR = 0x5A1D_33B97 | 1
_SHIFT = 0x2F0C4_1E6D
_PRIME = 1021
"""The largest prime below 32 x 32: it sees every wrong letter and every swap of neighbours."""
_BACK = pow(_FACTOR, -1, 1 << _BITS)
_READ = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def code_of(number: int) -> str:
    """The code of an application's number, "GM-ABCD-EFGHJ". Raises ValueError for numbers beyond 2^35 - 1."""
    if not 0 <= number < 1 << _BITS:
        raise ValueError("the number must lie between 0 and 2^35 - 1")
    mixed = (number * _FACTOR + _SHIFT) % (1 << _BITS)
    letters = _letters(mixed, 7) + _letters(mixed % _PRIME, 2)
    return f"GM-{letters[:4]}-{letters[4:]}"


def read_arrival_code(text: str) -> int | None:
    """The application's number that a code names; None where the text is no such code or was mistyped.

    Small letters, spaces and missing hyphens do not matter; O is read as 0, I and L as 1, U as V.
    """
    bare = re.sub(r"[\s\-–—_.]", "", text.upper())
    if not (bare.startswith("GM") and len(bare) == 11):
        return None
    letters = bare[2:].translate(_READ)
    if any(letter not in LETTERS for letter in letters):
        return None
    mixed, check = _number(letters[:7]), _number(letters[7:])
    if mixed % _PRIME != check:
        return None
    return (mixed - _SHIFT) * _BACK % (1 << _BITS)


def _letters(number: int, count: int) -> str:
    return "".join(LETTERS[number >> 5 * place & 31] for place in reversed(range(count)))


def _number(letters: str) -> int:
    found = 0
    for letter in letters:
        found = found << 5 | LETTERS.index(letter)
    return found
