"""How Korean readers expect figures, dates and particles. Formatting happens at the edge; values stay exact."""

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from gongmo.kernel.clock import SEOUL

_UNITS = ((10**16, "경"), (10**12, "조"), (10**8, "억"), (10**4, "만"))


def won(amount: int) -> str:
    """14000000000 → "14,000,000,000원"."""
    return f"{amount:,}원"


def eok(amount: int) -> str:
    """A reading aid: 14000000000 → "140억", 23340000000 → "233억 4,000만", 5120 → "5,120"."""
    sign, rest, parts = ("-" if amount < 0 else ""), abs(amount), []
    for size, name in _UNITS:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count:,}{name}")
    if rest or not parts:
        parts.append(f"{rest:,}")
    return sign + " ".join(parts)


def percent(part: int | Fraction, whole: int = 1, places: int = 2) -> str:
    """Share of two exact numbers as text: percent(5998, 10000) → "59.98 %"; "–" when the whole is zero."""
    if whole == 0:
        return "–"
    share = Fraction(part) / whole * 100
    scaled = Decimal(share.numerator) / Decimal(share.denominator)
    return f"{scaled.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)} %"


def day(value: date | datetime) -> str:
    """2025-08-29 → "2025. 8. 29." (an instant is shown as the day in Seoul)."""
    local = value.astimezone(SEOUL) if isinstance(value, datetime) else value
    return f"{local.year}. {local.month}. {local.day}."


def stamp(value: datetime, *, seconds: bool = False) -> str:
    """An instant in Seoul: "2025. 8. 29. 17:00", with seconds "2025. 8. 29. 16:59:59"."""
    local = value.astimezone(SEOUL)
    return f"{day(local)} {local:%H:%M:%S}" if seconds else f"{day(local)} {local:%H:%M}"


def duration(span: timedelta) -> str:
    """Time left or passed: "2일 03:14:22"."""
    total = max(0, int(span.total_seconds()))
    days, rest = divmod(total, 86400)
    text = f"{rest // 3600:02d}:{rest % 3600 // 60:02d}:{rest % 60:02d}"
    return f"{days}일 {text}" if days else text


def span(passed: timedelta) -> str:
    """How long something took or takes, in its two largest units: "45초", "12분", "3시간 5분", "3일 12시간"."""
    return _span(passed, ("일", "시간", "분", "초"))


def span_en(passed: timedelta) -> str:
    """The same in English: "45 s", "12 min", "3 h 5 min", "3 d 12 h"."""
    return _span(passed, (" d", " h", " min", " s"))


def _span(passed: timedelta, units: tuple[str, str, str, str]) -> str:
    total = max(0, int(passed.total_seconds()))
    if total < 60:
        return f"{total}{units[3]}"
    if total < 3600:
        return f"{total // 60}{units[2]}"
    large, small, step = (0, 1, 3600) if total >= 86400 else (1, 2, 60)
    whole, rest = divmod(total, 24 * 3600 if large == 0 else 3600)
    return f"{whole}{units[large]}" + (f" {rest // step}{units[small]}" if rest // step else "")


def particle(word: str, with_final: str, without_final: str) -> str:
    """The word with the right particle: particle("국비", "은", "는") → "국비는", particle("현금", "은", "는") → "현금은"."""
    last = word.rstrip(")]』」'\"”’").strip()[-1:] or " "
    code = ord(last) - 0xAC00
    if 0 <= code < 11172:
        final = code % 28
        closed = final != 0 and not (with_final == "으로" and final == 8)
    else:
        closed = last in "013678lmnrLMNR"
        if with_final == "으로" and last in "178lLrR":
            closed = False
    return word + (with_final if closed else without_final)


PARTICLES = {
    "은(는)": ("은", "는"),
    "이(가)": ("이", "가"),
    "을(를)": ("을", "를"),
    "와(과)": ("과", "와"),
    "(으)로": ("으로", "로"),
}
"""How a sentence names a particle that depends on what stands before it: with a final consonant, without."""
_PARTICLE = re.compile("|".join(map(re.escape, PARTICLES)))


def settled(sentence: str) -> str:
    """The sentence with each "을(를)" as the word before it wants it: "‘나’을(를)" → "‘나’를"."""
    if "(" not in sentence:
        return sentence

    def put(found: re.Match[str]) -> str:
        before = sentence[max(0, found.start() - 16) : found.start()]
        return particle(before, *PARTICLES[found.group()])[len(before) :]

    return _PARTICLE.sub(put, sentence)
