"""Changing a proposed allocation by hand, within the same bounds and to the won."""

from collections.abc import Mapping
from dataclasses import replace

from gongmo.definition.base import Text
from gongmo.kernel.errors import BadInput
from gongmo.kernel.korean import won
from gongmo.rules.allocation import Allocated, Amount


def adjust(proposed: Allocated, amounts: Mapping[str, int], reason: str) -> Allocated:
    """The allocation with some amounts set by hand; the others stay, and what is not given stays in the pot.

    Each amount keeps the bounds of its application (floor, ceiling, request), and all together the pot. Amounts equal to the proposal
    are no change. Raises BadInput for an unknown application, an amount out of its bounds, more than the pot, or a change without a reason.
    """
    known = {amount.application: amount for amount in proposed.amounts}
    for name in amounts:
        if name not in known:
            raise BadInput(
                "unknown_application",
                "배분할 신청이 아닙니다. 화면을 새로 열어 주세요.",
                "This application is not among those that are paid; open the page anew.",
                field="amounts",
            )
    changed = {name: value for name, value in amounts.items() if value != known[name].amount}
    if not changed:
        return proposed
    if not reason.strip():
        raise BadInput(
            "empty_text",
            "손으로 바꾼 까닭을 적어 주세요.",
            "Say why amounts were changed by hand.",
            field="reason",
        )
    for name, value in changed.items():
        bounds = known[name]
        if not bounds.lower <= value <= bounds.upper:
            raise BadInput(
                "out_of_bounds",
                f"{bounds.rank}번째 신청의 금액은 {won(bounds.lower)}에서 {won(bounds.upper)} 사이여야 합니다(하한·상한·신청 금액).",
                f"The amount of place {bounds.rank} lies between {bounds.lower:,} and {bounds.upper:,} won (floor, ceiling, request).",
                field="amounts",
                details={"application": name, "least": bounds.lower, "most": bounds.upper},
            )
    made = tuple(_set(amount, changed, reason.strip()) for amount in proposed.amounts)
    total = sum(amount.amount for amount in made)
    if total > proposed.pot:
        raise BadInput(
            "beyond_pot",
            f"배분액을 모두 더하면 {won(total)}으로 재원 {won(proposed.pot)}보다 {won(total - proposed.pot)} 많습니다. 다른 신청의 금액을 줄여 주세요.",
            f"The amounts add up to {total:,} won, {total - proposed.pot:,} above the pot. Lower another.",
            field="amounts",
            details={"over": total - proposed.pot},
        )
    return replace(proposed, amounts=made, total=total, left=proposed.pot - total)


def _set(amount: Amount, changed: Mapping[str, int], reason: str) -> Amount:
    if amount.application not in changed:
        return amount
    value = changed[amount.application]
    return replace(
        amount,
        amount=value,
        rounding=value - amount.exact,
        why=Text(
            ko=f"계산한 {won(amount.amount)}을 담당자가 {won(value)}으로 바꾸었습니다. 까닭: {reason}",
            en=f"The computed {amount.amount:,} won were set to {value:,} won by an officer. Reason: {reason}",
        ),
    )
