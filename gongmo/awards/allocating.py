"""An allocation's inputs and result as plain values: the same for the first computation and for every replay."""

from decimal import Decimal

from gongmo.definition.model import Definition
from gongmo.rules.allocation import Allocated, Claim, allocate


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


def recompute(definition: Definition, inputs: dict[str, object]) -> dict[str, object]:
    """The result that the rules give for kept inputs."""
    return result_value(allocate(definition, claims_of(inputs)))
