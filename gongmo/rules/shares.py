"""Shares of a budget, compared exactly: what a share is, how far it lies from its limit, and the smallest mends in won."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from gongmo.definition.base import Text
from gongmo.kernel.korean import particle, percent
from gongmo.rules.values import money_en, money_ko, text


def _ceil(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


def share_text(part: int, whole: int, limit: Fraction) -> str:
    """A share as people read it, with as many places as it takes to lie on its own side of a limit that it is not.

    share_text(6, 10, 3/5) → "60.00 %"; one won more of 10^10 → "60.00000001 %".
    """
    if whole == 0:
        return "–"
    share = Fraction(part, whole)
    if share == limit:
        return percent(part, whole)
    with localcontext() as context:
        context.prec = 80
        exact = Decimal(share.numerator * 100) / Decimal(share.denominator)
        for places in range(2, 40):
            shown = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
            told = Fraction(shown)
            if told != limit * 100 and (told > limit * 100) == (share > limit):
                break
    return f"{shown} %"


@dataclass(frozen=True, slots=True)
class Mend:
    """One way to mend a share: change so many won. `act` is "move", "raise_part", "lower_part", "raise_rest" or "lower_rest"."""

    act: str
    amount: int


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole against a limit, all in won.

    `overlap` is the sum of the cells that belong to both. `inside` says that the part always lies within the whole,
    `apart` that the two never meet, `has_rest` that the whole has cells outside the part.
    """

    part: int
    whole: int
    overlap: int
    limit: Fraction
    floor: bool
    inside: bool
    apart: bool
    has_rest: bool

    def _lack(self) -> int:
        """How far beyond the limit, in won times the limit's denominator; 0 or less is lawful."""
        above = self.limit.denominator * self.part - self.limit.numerator * self.whole
        return -above if self.floor else above

    @property
    def empty(self) -> bool:
        """Nothing to judge: no money in the part nor in the whole."""
        return self.part == 0 and self.whole == 0

    @property
    def lawful(self) -> bool:
        """Whether the share keeps the limit (the limit itself is lawful)."""
        return self._lack() <= 0

    @property
    def limit_won(self) -> int:
        """The part that the limit allows (ceiling) or demands (floor) at this whole, in won."""
        exact = self.limit.numerator * self.whole
        bottom = self.limit.denominator
        return _ceil(exact, bottom) if self.floor else exact // bottom

    @property
    def distance(self) -> int:
        """Won between the part and its limit at this whole: what is left, or what is missing or too much."""
        return abs(self.part - self.limit_won)

    def mends(self) -> tuple[Mend, ...]:
        """Every single change that mends the share, each the smallest of its kind to the won; none when lawful."""
        lack = self._lack()
        if lack <= 0:
            return ()
        top, bottom = self.limit.numerator, self.limit.denominator
        rest = self.whole - self.overlap
        found: list[Mend] = []
        # Moving between part and rest keeps the whole, so every won counts fully.
        if self.inside and self.has_rest:
            move = _ceil(lack, bottom)
            if not self.floor or move <= rest:
                found.append(Mend("move", move))
        # A part that lies in the whole carries the whole along when it changes.
        own_weight = bottom - top if self.inside else bottom if self.apart else 0
        if own_weight > 0:
            found.append(Mend("raise_part" if self.floor else "lower_part", _ceil(lack, own_weight)))
        if top > 0 and self.has_rest:
            change = _ceil(lack, top)
            if not self.floor:
                found.append(Mend("raise_rest", change))
            elif change <= rest:
                found.append(Mend("lower_rest", change))
        return tuple(found)


def mend_text(share: Share, part: Text, whole: Text, rest: Text | None) -> Text | None:
    """The mends of a share in words; None when there is none.

    `rest` names the whole's cells outside the part where they have a name of their own.
    """
    other = rest or text(f"{whole.ko} 가운데 나머지", f"the rest of {whole.en}")
    ko: list[tuple[str, str]] = []
    en: list[str] = []
    for mend in share.mends():
        won_ko, won_en = money_ko(mend.amount), money_en(mend.amount)
        if mend.act == "move":
            giver, taker = (other, part) if share.floor else (part, other)
            head = f"합계는 그대로 두고 {giver.ko} {won_ko}을 {particle(taker.ko, '으로', '로')} "
            ko.append((head + "옮기거나", head + "옮겨 주세요"))
            en.append(f"move {won_en} from {giver.en} to {taker.en}, keeping the sum")
        else:
            what = part if mend.act.endswith("part") else other
            head = f"{particle(what.ko, '을', '를')} {won_ko} "
            raising = mend.act.startswith("raise")
            ko.append(
                (
                    head + ("늘리거나" if raising else "줄이거나"),
                    head + ("늘려" if raising else "줄여") + " 주세요",
                )
            )
            en.append(f"{'raise' if raising else 'lower'} {what.en} by {won_en}")
    if not ko:
        return None
    sentence = ", ".join([pair[0] for pair in ko[:-1]] + [ko[-1][1]]) + "."
    english = ", or ".join(en)
    return text(sentence, english[0].upper() + english[1:] + ".")
