"""Whole won as people write it: typed, pasted from a spreadsheet, read from a file."""

import re
import unicodedata
from decimal import Decimal

from gongmo.definition.base import Text

MOST = 10**15
"""No single amount is larger (won); the database refuses it too."""

_UNITS = (("조", 10**12), ("억", 10**8), ("만", 10**4))
_PLAIN = re.compile(r"\d+|\d{1,3}(?:,\d{3})+")
_FRACTION = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)?\.(\d*)")
_READING = re.compile(
    r"(?:(?P<조>\d[\d,]*(?:\.\d+)?)조)?(?:(?P<억>\d[\d,]*(?:\.\d+)?)억)?(?:(?P<만>\d[\d,]*(?:\.\d+)?)만)?(?P<rest>\d[\d,]*)?"
)
_LONGEST = 40

FAULTS = {
    "negative": Text(
        ko="0보다 작은 금액은 적을 수 없습니다. 줄이려는 금액이 아니라 남는 금액을 적어 주세요.",
        en="An amount cannot be below 0. Write what remains, not what is taken away.",
    ),
    "fraction": Text(
        ko="원 단위 정수로 적어 주세요. 소수점 아래는 쓸 수 없습니다.",
        en="Write whole won, without decimals.",
    ),
    "formula": Text(
        ko="수식은 쓸 수 없습니다. 계산된 금액을 적어 주세요.",
        en="Formulas cannot be used. Write the amount itself.",
    ),
    "too_large": Text(
        ko="한 칸에는 1,000조원까지 적을 수 있습니다.",
        en=f"A cell holds at most KRW {MOST:,}.",
    ),
    "commas": Text(
        ko="쉼표 자리를 확인해 주세요. 세 자리마다 하나씩 찍거나 아예 빼고 적어 주세요.",
        en="Check the commas: one every three digits, or none at all.",
    ),
    "text": Text(
        ko="금액을 숫자로 적어 주세요. 예: 1,000,000 또는 100만",
        en="Write the amount in digits, such as 1,000,000.",
    ),
}
"""Why something is no amount, in words."""


class NotAnAmount(ValueError):
    """What was written is no amount of won; `fault` is a key of FAULTS."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


def read_amount(written: object) -> int:
    """The won that were written: "1,000,000", "1000000원", "₩ 1,000", "3억 5,000만", "1.5억", 1000, 1000.0; "" and "-" are 0.

    Raises NotAnAmount. Nothing is rounded or guessed.
    """
    if written is None:
        return 0
    if isinstance(written, bool):
        raise NotAnAmount("text")
    if isinstance(written, int):
        return _within(written)
    if isinstance(written, float | Decimal):
        return _exact(written)
    if not isinstance(written, str):
        raise NotAnAmount("text")
    return _read(written)


def _exact(written: float | Decimal) -> int:
    if written != written or written in (float("inf"), float("-inf")):
        raise NotAnAmount("text")
    if written < 0:
        raise NotAnAmount("negative")
    if written > MOST:
        raise NotAnAmount("too_large")
    if written != int(written):
        raise NotAnAmount("fraction")
    return int(written)


def _within(amount: int) -> int:
    if amount < 0:
        raise NotAnAmount("negative")
    if amount > MOST:
        raise NotAnAmount("too_large")
    return amount


def _read(written: str) -> int:
    # Full-width digits and commas, no-break spaces and the two won signs come out of spreadsheets and Korean keyboards.
    text = unicodedata.normalize("NFKC", written[: 4 * _LONGEST]).strip().removeprefix("'")
    text = (
        re.sub(r"\s+", "", text).removeprefix("₩").removeprefix("KRW").removesuffix("원").removesuffix("KRW")
    )
    if text in ("", "-", "–", "—"):
        return 0
    if text[0] in "=@" or (text[0] == "+" and not text[1:].replace(",", "").isdecimal()):
        raise NotAnAmount("formula")
    text = text.removeprefix("+")
    if len(text) > _LONGEST or len(written) > 4 * _LONGEST:
        raise NotAnAmount("too_large" if text.replace(",", "").isdecimal() else "text")
    if re.match(r"[-−–△▲▽]₩?[\d,.]|\(₩?[\d,.조억만원]+\)$", text):
        raise NotAnAmount("negative")
    if not text.isascii() or _PLAIN.fullmatch(text) is None:
        return _spoken(text)
    return _within(int(text.replace(",", "")))


def _spoken(text: str) -> int:
    """Amounts with 조, 억 and 만, and the fault of everything else."""
    if fraction := _FRACTION.fullmatch(text):
        if fraction[1] in ("0", "00"):  # "1.000" may mean a thousand: not guessed.
            return _within(int(text.split(".")[0].replace(",", "") or 0))
        raise NotAnAmount("fraction")
    if re.fullmatch(r"[\d,]+", text):
        raise NotAnAmount("commas")
    found = _READING.fullmatch(text)
    if found is None or not any(found.group(unit) for unit, _ in _UNITS):
        raise NotAnAmount("text")
    parts = [(found.group(unit), size) for unit, size in _UNITS] + [(found.group("rest"), 1)]
    total = Decimal(0)
    for digits, size in parts:
        if digits is None:
            continue
        whole = digits.split(".")[0]
        if _PLAIN.fullmatch(whole) is None:
            raise NotAnAmount("commas")
        total += Decimal(digits.replace(",", "")) * size
    return _exact(total)
