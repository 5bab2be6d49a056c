"""An allocation's inputs and result as plain values: the same for the first computation and for every replay."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from gongmo.definition.model import Definition
from gongmo.rules.allocation import Allocated, Claim, allocate
from gongmo.rules.allocation_hand import adjust


def claims_of(inputs: dict[str, object]) -> list[Claim]:
    """The claims kept in an allocation's canonical inputs."""
    rows = inputs["claims"]
    if not isinstance(rows, list):
        raise TypeError("claims are a list")
    return [
        Claim(
            application=str(row["application"]),
            rank=int(row["rank"]),
            score=Decimal(row["score"]),
            requested=int(row["requested"]),
        )
        for row in rows
    ]


def result_value(allocated: Allocated) -> dict[str, object]:
    """The part of an allocation's result that is kept and compared: sums and every amount with its reason."""
    return {
        "source": allocated.source,
        "year": allocated.year,
        "method": allocated.method,
        "pot": allocated.pot,
        "total": allocated.total,
        "left": allocated.left,
        "amounts": [
            {
                "application": int(amount.application),
                "rank": amount.rank,
                "score": amount.score,
                "requested": amount.requested,
                "amount": amount.amount,
                "exact": amount.exact,
                "why": {"ko": amount.why.ko, "en": amount.why.en},
            }
            for amount in allocated.amounts
        ],
    }


def without_words(result: Mapping[str, Any]) -> dict[str, Any]:
    """A result as it is compared with its recomputation by a later version, which may say better why: all but the reasons."""
    amounts = [{name: value for name, value in each.items() if name != "why"} for each in result["amounts"]]
    return {**result, "amounts": amounts}


def recompute(definition: Definition, inputs: dict[str, object]) -> dict[str, object]:
    """The result that the rules give for kept inputs, with what was changed by hand."""
    return result_value(by_hand(allocate(definition, claims_of(inputs)), inputs))


def by_hand(proposed: Allocated, inputs: Mapping[str, object]) -> Allocated:
    """The proposal with the changes by hand that the inputs hold ("by_hand": amounts by application, reason)."""
    hand = inputs.get("by_hand")
    if not isinstance(hand, Mapping):
        return proposed
    amounts = {str(name): int(value) for name, value in hand["amounts"].items()}
    return adjust(proposed, amounts, str(hand["reason"]))
