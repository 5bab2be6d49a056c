"""Offers of either side in a negotiation, as versions, and the points on which both agree (programme clause A-12)."""

from dataclasses import dataclass

from django.db import transaction

from gongmo.applications.models import Application
from gongmo.applications.queries import submitted_value
from gongmo.awards import policies
from gongmo.awards.models import Negotiation, NegotiationOffer, NegotiationPoint, Side
from gongmo.awards.refit import asked_of, refit
from gongmo.awards.states import NegotiationState, OfferState, offers_table
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.definition.model import Definition
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger import commands as ledger
from gongmo.ledger.locks import lock

LONGEST = 10_000
POINTS = ("money", "scope", "goals")


@dataclass(frozen=True, slots=True)
class Terms:
    """What is offered: won of the allocated source in its year (None where the call allocates no money), scope, goals, and a word to it."""

    amount: int | None = None
    scope: str = ""
    goals: str = ""
    message: str = ""


def make_offer(*, actor: Actor, negotiation_id: int, terms: Terms) -> NegotiationOffer:
    """Offer terms for the actor's side. What stood before is answered by it; points that read as before stay agreed.

    The sum must lie between the allocation's floor and what was asked, and a lawful budget must exist for it. Raises NotFound, NotAllowed,
    BadInput, Refused where the negotiation is not open.
    """
    with transaction.atomic():
        negotiation, definition = _open(actor, negotiation_id)
        side = side_of(actor, negotiation)
        _check(definition, negotiation, terms)
        before = current_offer(negotiation)
        if before is not None:
            before.state = offers_table.require(OfferState(before.state), OfferState.ANSWERED)
            before.answered_at, before.answered_by_id = clock.now(), actor.person
            before.save(update_fields=["state", "answered_at", "answered_by"])
        made = NegotiationOffer.objects.create(
            negotiation=negotiation,
            number=(before.number if before else 0) + 1,
            side=side,
            amount=terms.amount,
            scope=terms.scope.strip(),
            goals=terms.goals.strip(),
            message=terms.message.strip(),
            made_at=clock.now(),
            made_by_id=actor.person,
        )
        agreed = []
        for point in points_of(definition, negotiation):
            same = before is not None and value_of(before, point.kind) == value_of(made, point.kind)
            point.by_agency = side == Side.AGENCY or (same and point.by_agency)
            point.by_party = side == Side.CONSORTIUM or (same and point.by_party)
            agreed += _settle(point, made)
        _record(
            actor,
            negotiation,
            "awards.make_offer",
            {
                "offer": made.number,
                "side": side,
                "amount": made.amount,
                "scope": made.scope,
                "goals": made.goals,
                "agreed": agreed,
            },
        )
        return made


def accept_points(*, actor: Actor, negotiation_id: int, offer: int, kinds: list[str]) -> NegotiationOffer:
    """Say yes to points of the offer that lies before the actor. Once both agree on all of them the offer is accepted.

    `offer` is the number of the offer that was read: a newer one is not accepted unseen.
    """
    with transaction.atomic():
        negotiation, definition = _open(actor, negotiation_id)
        side = side_of(actor, negotiation)
        standing = current_offer(negotiation)
        if standing is None or standing.number != offer:
            raise Refused(
                "offer_moved",
                "읽으시는 동안 새 제안이 나왔습니다. 새 제안을 읽고 다시 답해 주세요.",
                "A new offer came while you were reading; read it and answer again.",
            )
        known = [point.kind for point in points_of(definition, negotiation)]
        if not kinds or any(kind not in known for kind in kinds):
            raise BadInput(
                "points_missing",
                "동의할 항목을 골라 주세요.",
                "Choose the points you agree to.",
                field="kinds",
            )
        agreed = []
        for point in points_of(definition, negotiation):
            if point.kind in kinds:
                point.by_agency = point.by_agency or side == Side.AGENCY
                point.by_party = point.by_party or side == Side.CONSORTIUM
            agreed += _settle(point, standing)
        if len(agreed) == len(known):
            standing.state = offers_table.require(OfferState(standing.state), OfferState.ACCEPTED)
            standing.answered_at, standing.answered_by_id = clock.now(), actor.person
            standing.save(update_fields=["state", "answered_at", "answered_by"])
        _record(
            actor,
            negotiation,
            "awards.accept_points",
            {"offer": standing.number, "side": side, "kinds": sorted(kinds), "agreed": agreed},
        )
        return standing


def side_of(actor: Actor, negotiation: Negotiation) -> Side:
    """For whom the actor speaks. Raises NotFound for those who know nothing of it, NotAllowed for the rest."""
    if policies.manage(actor, negotiation.call):
        return Side.AGENCY
    if not policies.see_negotiation(actor, negotiation):
        raise NotFound
    policies.negotiate.require(actor, negotiation)
    return Side.CONSORTIUM


def current_offer(negotiation: Negotiation) -> NegotiationOffer | None:
    """The newest offer."""
    return NegotiationOffer.objects.filter(negotiation=negotiation).order_by("-number").first()


def points_of(definition: Definition, negotiation: Negotiation) -> list[NegotiationPoint]:
    """The points that are negotiated, made when they are first asked for within an act."""
    terms = definition.agreement.negotiation if definition.agreement is not None else None
    wanted = [
        kind
        for kind in (terms.points if terms is not None else POINTS)
        if kind != "money" or definition.allocation is not None
    ]
    standing = {point.kind: point for point in NegotiationPoint.objects.filter(negotiation=negotiation)}
    return [standing.get(kind) or NegotiationPoint(negotiation=negotiation, kind=kind) for kind in wanted]


def value_of(offer: NegotiationOffer, kind: str) -> object:
    """What an offer says on a point."""
    return {"money": offer.amount, "scope": offer.scope, "goals": offer.goals}[kind]


def _settle(point: NegotiationPoint, offer: NegotiationOffer) -> list[str]:
    point.agreed = point.by_agency and point.by_party
    point.offer, point.changed_at = offer, clock.now()
    point.save()
    return [point.kind] if point.agreed else []


def _check(definition: Definition, negotiation: Negotiation, terms: Terms) -> None:
    for said in (terms.scope, terms.goals, terms.message):
        if len(said) > LONGEST:
            raise BadInput(
                "too_long",
                f"{LONGEST:,}자 이내로 적어 주세요.",
                f"Keep it within {LONGEST:,} letters.",
                field="scope",
            )
    rule = definition.allocation
    if rule is None:
        if terms.amount is not None:
            raise BadInput(
                "no_allocation",
                "이 공모는 금액을 협상하지 않습니다.",
                "No sum is negotiated here.",
                field="amount",
            )
        return
    value = submitted_value(negotiation.application)
    asked = asked_of(definition, value)
    least = min(rule.floor, asked)
    if terms.amount is None or not least <= terms.amount <= asked:
        raise BadInput(
            "amount_out_of_bounds",
            f"금액은 {least:,}원에서 {asked:,}원 사이로 적어 주세요.",
            f"The sum lies between {least:,} and {asked:,} won.",
            field="amount",
            details={"least": least, "most": asked},
        )
    refit(definition, value, terms.amount)


def _open(actor: Actor, negotiation_id: int) -> tuple[Negotiation, Definition]:
    """An open negotiation, its call locked first as everywhere. Raises NotFound, Refused."""
    call_id = Negotiation.objects.filter(pk=negotiation_id).values_list("call_id", flat=True).first()
    if call_id is None or not lock(Call, call_id):
        raise NotFound
    negotiation = Negotiation.objects.select_related("application__lead", "call").get(pk=negotiation_id)
    side_of(actor, negotiation)
    if negotiation.state != NegotiationState.OPEN:
        raise Refused(
            "negotiation_state",
            "진행 중인 협상이 아닙니다. 협상 상태를 확인해 주세요.",
            "This negotiation is not open; see how it stands.",
        )
    return negotiation, definition_of(negotiation.call)


def _record(actor: Actor, negotiation: Negotiation, act: str, payload: dict[str, object]) -> None:
    application: Application = negotiation.application
    ledger.append(
        actor=actor,
        act=act,
        subject=("application", application.pk),
        call=negotiation.call.slug,
        payload={"negotiation": negotiation.pk, **payload},
    )
