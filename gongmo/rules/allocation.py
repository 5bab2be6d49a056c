"""Who gets how much of a pot: by result, within floors and ceilings, exact to the won.

The exact share is found by filling: every claim gets `level` x its weight, held between its floor and its ceiling, with the one
`level` at which the shares add up to the pot (or to all ceilings, where that is less). Shares are exact fractions; only then
are they cut to multiples of `round_to`, and what that leaves goes on by rank.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from gongmo.definition.base import Text
from gongmo.definition.evaluation import Allocation
from gongmo.definition.model import Definition
from gongmo.kernel.errors import BadInput
from gongmo.kernel.korean import won

Bound = Literal["floor", "ceiling", "request"]


@dataclass(frozen=True, slots=True)
class Claim:
    """An application that is to be paid: its rank (1 is best; equal ranks are ties), final score, and the won it asks for."""

    application: str
    rank: int
    score: Decimal
    requested: int


@dataclass(frozen=True, slots=True)
class Amount:
    """What one application gets, with its way: weight, exact share, the bound that held it (if one did), won.

    `lower` and `upper` are the least and the most that it could get; `rounding` is amount minus exact share.
    """

    application: str
    rank: int
    score: Decimal
    requested: int
    lower: int
    upper: int
    weight: Fraction
    exact: Fraction
    bound: Bound | None
    amount: int
    rounding: Fraction
    why: Text


@dataclass(frozen=True, slots=True)
class Allocated:
    """The result, by rank. `total` is the sum of the amounts: min(pot, all ceilings). `left` stays in the pot.

    Not `feasible`: the floors together are `short` won more than the pot; then nobody is given anything and `told` says why.
    """

    feasible: bool
    source: str
    year: int | None
    method: str
    pot: int
    total: int
    left: int
    short: int
    amounts: tuple[Amount, ...]
    told: tuple[Text, ...]

    def amount(self, application: str) -> int:
        """The won that an application gets. Raises KeyError."""
        for amount in self.amounts:
            if amount.application == application:
                return amount.amount
        raise KeyError(application)


def allocate(definition: Definition, claims: Sequence[Claim]) -> Allocated:
    """Hand out the call's pot among `claims` by its allocation block.

    A floor above what may be given at most (ceiling, request) is held to that. Ranks that tie share the mean of their rank
    weights. Raises BadInput when the call has no allocation or the claims are unusable.
    """
    rule = definition.allocation
    if rule is None:
        raise BadInput(
            "no_allocation",
            "이 공고의 정의에는 예산 배분 방법(allocation)이 없습니다. 정의에 적어 주세요.",
            "This call's definition has no allocation; add one.",
        )
    _check(claims)
    ordered = sorted(claims, key=lambda claim: (claim.rank, claim.application))
    uppers = [_upper(rule, claim) for claim in ordered]
    lowers = [min(rule.floor, upper) for upper in uppers]
    total = min(rule.pot, sum(uppers))
    if sum(lowers) > rule.pot:
        return _infeasible(rule, lowers)
    weights = _weights(rule, ordered)
    exact = fill(total, weights, lowers, uppers)
    amounts = cut(total, exact, lowers, uppers, rule.round_to)
    told: list[Text] = []
    left = rule.pot - total
    if left:
        told.append(
            Text(
                ko=f"모두에게 줄 수 있는 최대 금액을 주고도 {won(left)}이 남습니다.",
                en=f"Everyone gets the most allowed and {left:,} won stay in the pot.",
            )
        )
    return Allocated(
        feasible=True,
        source=rule.source,
        year=rule.year,
        method=rule.method,
        pot=rule.pot,
        total=total,
        left=left,
        short=0,
        amounts=tuple(
            _amount(rule, claim, lowers[i], uppers[i], weights[i], exact[i], amounts[i])
            for i, claim in enumerate(ordered)
        ),
        told=tuple(told),
    )


def fill(
    total: int, weights: Sequence[Fraction], lowers: Sequence[int], uppers: Sequence[int]
) -> list[Fraction]:
    """Exact shares that add up to `total`: share i = level x weight i, held between its bounds.

    Needs sum(lowers) <= total <= sum(uppers). Claims of no weight get their floor; only when all others stand at their
    ceilings do they share, equally, what is left.
    """
    weighted = [i for i, weight in enumerate(weights) if weight > 0]
    unweighted = [i for i, weight in enumerate(weights) if weight == 0]
    shares = [Fraction(lower) for lower in lowers]
    rest = total - sum(lowers[i] for i in unweighted)
    for i, share in _level(min(rest, sum(uppers[i] for i in weighted)), weighted, weights, lowers, uppers):
        shares[i] = share
    rest = total - sum(uppers[i] for i in weighted)
    if unweighted and rest > sum(lowers[i] for i in unweighted):
        equal = [Fraction(1)] * len(weights)
        for i, share in _level(rest, unweighted, equal, lowers, uppers):
            shares[i] = share
    return shares


def _level(
    total: int, members: list[int], weights: Sequence[Fraction], lowers: Sequence[int], uppers: Sequence[int]
) -> list[tuple[int, Fraction]]:
    """Shares of `members` that add up to `total`. The sum rises with the level in straight pieces: walk to the right one."""
    turns = sorted(
        [(lowers[i] / weights[i], weights[i]) for i in members]
        + [(uppers[i] / weights[i], -weights[i]) for i in members]
    )
    reached, slope, level = Fraction(sum(lowers[i] for i in members)), Fraction(0), Fraction(0)
    for turn, change in turns:
        step = (turn - level) * slope
        if slope and reached + step >= total:
            break
        reached, level = reached + step, turn
        slope += change
    if slope:
        level += (total - reached) / slope
    return [(i, min(max(level * weights[i], Fraction(lowers[i])), Fraction(uppers[i]))) for i in members]


def cut(
    total: int, exact: Sequence[Fraction], lowers: Sequence[int], uppers: Sequence[int], step: int
) -> list[int]:
    """Whole won that add up to `total`: multiples of `step` as far as bounds and total allow. Order is rank order.

    Every share is cut down to a multiple (not below its floor). What that leaves goes on by rank in whole steps: first to those
    whose share was cut, then to anyone with room; the last part, less than a step, to the first with room for it.
    """
    amounts = [max(lower, int(share // step) * step) for share, lower in zip(exact, lowers, strict=True)]
    rest = total - sum(amounts)
    first = [i for i, share in enumerate(exact) if amounts[i] < share]
    everyone = list(range(len(amounts)))
    takers = first
    while rest >= step and takers:
        for i in takers:
            if rest >= step and uppers[i] - amounts[i] >= step:
                amounts[i] += step
                rest -= step
        takers = [i for i in everyone if uppers[i] - amounts[i] >= step]
    for i in everyone:
        if rest and uppers[i] - amounts[i] >= rest:
            amounts[i] += rest
            rest = 0
    for i in everyone:
        more = min(rest, uppers[i] - amounts[i])
        amounts[i] += more
        rest -= more
    return amounts


def _upper(rule: Allocation, claim: Claim) -> int:
    bounds = [rule.pot]
    if rule.ceiling is not None:
        bounds.append(rule.ceiling)
    if rule.not_above_request:
        bounds.append(claim.requested)
    return min(bounds)


def _weights(rule: Allocation, ordered: Sequence[Claim]) -> list[Fraction]:
    if rule.method == "by_score":
        weights = [Fraction(claim.score) for claim in ordered]
    elif rule.method == "by_rank":
        # Place in the order, not the rank's number: a ranking may have gaps where someone dropped out.
        table = [Fraction(w) for w in rule.rank_weights] + [Fraction(0)] * len(ordered)
        weights = []
        for claim in ordered:
            places = [n for n, other in enumerate(ordered) if other.rank == claim.rank]
            weights.append(sum((table[n] for n in places), Fraction(0)) / len(places))
    else:
        weights = [Fraction(1)] * len(ordered)
    return weights if any(weights) else [Fraction(1)] * len(ordered)


def _bound(rule: Allocation, claim: Claim, lower: int, upper: int, exact: Fraction) -> Bound | None:
    if exact == upper:
        return "request" if rule.not_above_request and claim.requested == upper else "ceiling"
    return "floor" if exact == lower and lower > 0 else None


def _amount(
    rule: Allocation, claim: Claim, lower: int, upper: int, weight: Fraction, exact: Fraction, amount: int
) -> Amount:
    bound = _bound(rule, claim, lower, upper, exact)
    return Amount(
        application=claim.application,
        rank=claim.rank,
        score=claim.score,
        requested=claim.requested,
        lower=lower,
        upper=upper,
        weight=weight,
        exact=exact,
        bound=bound,
        amount=amount,
        rounding=amount - exact,
        why=_why(rule, claim, bound, exact, amount),
    )


def _why(rule: Allocation, claim: Claim, bound: Bound | None, exact: Fraction, amount: int) -> Text:
    basis = {
        "equal": ("똑같이 나눈 몫", "an equal share"),
        "by_score": (
            f"최종 점수 {claim.score}점에 비례한 몫",
            f"a share in proportion to the final score {claim.score}",
        ),
        "by_rank": (f"{claim.rank}위의 순위 가중치에 따른 몫", f"a share by the weight of rank {claim.rank}"),
    }[rule.method]
    held = {
        "floor": (
            f"{basis[0]}이 하한보다 작아 하한까지 올렸습니다",
            f"{basis[1]} lies below the floor and was raised to it",
        ),
        "ceiling": (
            f"{basis[0]}이 상한 이상이어서 상한까지만 배분했습니다",
            f"{basis[1]} was held to the ceiling",
        ),
        "request": (
            f"{basis[0]}이 신청 금액 이상이어서 신청 금액까지만 배분했습니다",
            f"{basis[1]} was held to what was asked",
        ),
    }
    ko, en = held[bound] if bound is not None else (f"{basis[0]}입니다", basis[1])
    if amount != exact:
        ko += f". {won(rule.round_to)} 단위로 맞추면서 우수리를 순위에 따라 나누었습니다"
        en += f"; fitted to units of {rule.round_to:,} won, what was left going on by rank"
    return Text(ko=f"{ko}. 배분액은 {won(amount)}입니다.", en=f"{en[0].upper()}{en[1:]}: {amount:,} won.")


def _infeasible(rule: Allocation, lowers: Sequence[int]) -> Allocated:
    """The floors do not fit into the pot. Says by how much, and what would mend it."""
    short = sum(lowers) - rule.pot
    enough, used = 0, 0
    for lower in lowers:
        if used + lower > rule.pot:
            break
        enough, used = enough + 1, used + lower
    told = Text(
        ko=f"하한을 모두 지키려면 재원이 {won(short)} 모자랍니다. 하한을 {won(rule.pot // len(lowers))} 이하로 낮추거나, "
        f"재원을 {won(short)} 늘리거나, 순위대로 {enough}건까지만 배분해 주세요.",
        en=f"The floors need {short:,} won more than the pot holds. Lower the floor to at most "
        f"{rule.pot // len(lowers):,} won, add {short:,} won to the pot, or pay only the first {enough} in rank.",
    )
    return Allocated(
        feasible=False,
        source=rule.source,
        year=rule.year,
        method=rule.method,
        pot=rule.pot,
        total=0,
        left=rule.pot,
        short=short,
        amounts=(),
        told=(told,),
    )


def _check(claims: Sequence[Claim]) -> None:
    """Raise BadInput for the first claim that is unusable."""
    seen: set[str] = set()
    if not claims:
        raise BadInput(
            "no_claims",
            "배분할 신청이 없습니다. 하나 이상 적어 주세요.",
            "There is no application to be paid; give at least one.",
        )
    for claim in claims:
        name = claim.application
        if name in seen:
            raise BadInput(
                "double_claim",
                f"신청 {name}이 두 번 나옵니다. 한 번만 적어 주세요.",
                f"Application {name} stands twice.",
            )
        seen.add(name)
        if claim.requested < 0 or claim.rank < 1 or not claim.score.is_finite() or claim.score < 0:
            raise BadInput(
                "bad_claim",
                f"신청 {name}의 순위는 1 이상, 점수와 신청 금액은 0 이상이어야 합니다. 값을 고쳐 주세요.",
                f"Application {name} needs a rank of at least 1 and a score and request of at least 0.",
            )
