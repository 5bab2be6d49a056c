"""Resident registration numbers in a text, found so that they can be taken out. What is kept of one is masked.

Form: YYMMDD-SNNNNNN, S telling century, sex and whether a citizen (1-4) or a foreigner (5-8). The last digit was a check digit until
numbers given out from October 2020 on, so a wrong one only makes the find less sure. Corporate registration numbers look alike and are told
apart by their own check digit, by the words before them, and by nobody being older than 110.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

OLDEST = 110

_NUMBER = re.compile(r"(?<![\d-])(\d{6})([ \t]?[-][ \t]?|[ \t]?)([1-8])(\d{6})(?![\d])")
_LIKE = str.maketrans("０１２３４５６７８９‐‑‒–—―−－﹣", "0123456789---------")
_COMPANY = re.compile(r"법인|corporat", re.IGNORECASE)
_PERSON = re.compile(r"주민|외국인|생년|resident", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A number from `start` to `end` of a text: masked, whether its check digit fits, and whether a foreigner's."""

    start: int
    end: int
    masked: str
    sure: bool
    foreign: bool


def resident_numbers(text: str, today: date) -> Iterator[Found]:
    """Every resident or foreigner registration number in the text, in order."""
    plain = text.translate(_LIKE)
    for match in _NUMBER.finditer(plain):
        birth, between, sex, rest = match.groups()
        digits = birth + sex + rest
        if not _could_be_born(birth, sex, today):
            continue
        before = plain[max(0, match.start() - 24) : match.start()]
        sure = check_digit(digits)
        if not sure:
            # Thirteen digits in a row are mostly something else.
            if "-" not in between:
                continue
            if not _PERSON.search(before) and (_corporate(digits) or _COMPANY.search(before)):
                continue
        elif _corporate(digits) and _COMPANY.search(before) and not _PERSON.search(before):
            continue
        yield Found(match.start(), match.end(), f"{birth}-{sex}******", sure, sex in "5678")


def masked(text: str, today: date) -> str:
    """The text with every number's last six digits as stars. As long as before."""
    out, at = [], 0
    for found in resident_numbers(text, today):
        out += [text[at : found.end - 6], "*" * 6]
        at = found.end
    return "".join(out) + text[at:]


def check_digit(digits: str) -> bool:
    """Whether the last of thirteen digits is the check digit of the others, by the citizens' or the foreigners' rule."""
    total = sum(
        int(digit) * weight
        for digit, weight in zip(digits, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5), strict=False)
    )
    base = 13 if digits[6] in "5678" else 11
    return (base - total % 11) % 10 == int(digits[12])


def _could_be_born(birth: str, sex: str, today: date) -> bool:
    century = 1900 if sex in "1256" else 2000
    try:
        born = date(century + int(birth[:2]), int(birth[2:4]), int(birth[4:]))
    except ValueError:
        return False
    return born <= today and today.year - born.year <= OLDEST


def _corporate(digits: str) -> bool:
    """Whether the check digit of a corporate registration number fits (weights 1 and 2 in turn)."""
    total = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(digits[:12]))
    return (10 - total % 10) % 10 == int(digits[12])
