"""What a person may see of negotiation, allocation and agreement."""

import json
from collections.abc import Hashable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Subquery, Sum

from gongmo.awards import policies
from gongmo.awards.models import Agreement, AgreementMoney, AllocationRun, Negotiation
from gongmo.calls.models import Call
from gongmo.calls.policies import operates
from gongmo.calls.states import CallState
from gongmo.definition.base import Text
from gongmo.evaluation import policies as evaluation
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.errors import NotFound
from gongmo.ledger.models import Entry
from gongmo.ledger.prepared import prepared
from gongmo.ledger.queries import mark_of
from gongmo.screening import policies as screening


def negotiations_of(actor: Actor, call: Call) -> QuerySet[Negotiation]:
    """The negotiations of a call in order. Raises NotFound for those who may not oversee it."""
    if not policies.oversee(actor, call):
        raise NotFound
    return (
        Negotiation.objects.filter(call=call)
        .select_related("application__lead", "application__region", "promoted_for__application__lead")
        .prefetch_related("notes")
        .order_by("place")
    )


def negotiation_for(actor: Actor, negotiation_id: int) -> Negotiation:
    """One negotiation with its call and lead, for those who oversee the call. One statement. Raises NotFound."""
    found = Negotiation.objects.select_related("call", "application__lead").filter(pk=negotiation_id).first()
    if found is None or not policies.oversee(actor, found.call):
        raise NotFound
    return found


def overseen_calls(actor: Actor) -> list[Call]:
    """The calls whose board the actor may see, newest first, each with the number of its applications."""
    found = (
        Call.objects.select_related("operator", "parent")
        .annotate(application_count=Count("applications"))
        .order_by("-published_at", "-pk")
    )
    calls: list[Call] = [call for call in found if policies.oversee(actor, call)]
    if not calls and actor.role not in (Role.MINISTRY, Role.AGENCY, Role.TASK_FORCE):
        raise NotFound
    return calls


def visible_agreements(actor: Actor, call: Call | None = None) -> QuerySet[Agreement]:
    """Agreements that the actor may see: own calls' for the operator, all for the ministry, the own ones for a party."""
    found = Agreement.objects.select_related(
        "call__operator", "application__region", "application__lead"
    ).order_by("id")
    if call is not None:
        found = found.filter(call=call)
    if actor.role is Role.MINISTRY:
        return found
    if actor.organisation is None or actor.role in (Role.EVALUATOR, Role.OPERATOR, Role.PUBLIC):
        return found.none()
    mine = Q(parties__organisation=actor.organisation, parties__left_at=None)
    if actor.role in (Role.AGENCY, Role.TASK_FORCE):
        mine |= Q(call__operator=actor.organisation)
    return found.filter(mine).distinct()


def agreements_with_money(actor: Actor) -> list[Agreement]:
    """The agreements that the actor may see, each with its parties and money. Three statements."""
    return list(visible_agreements(actor).prefetch_related("money", "parties"))


def has_agreements(call: Call) -> bool:
    """Whether an agreement was drawn up in the call, after which sums are not adjusted any more. One statement."""
    return Agreement.objects.filter(call=call).exists()


def agreement_for(actor: Actor, agreement_id: int) -> Agreement:
    """One agreement with its parties and money. Raises NotFound where there is none or the actor may not see it."""
    agreement = (
        Agreement.objects.select_related("call__operator", "application__region", "application__lead")
        .prefetch_related("parties__organisation", "money")
        .filter(pk=agreement_id)
        .first()
    )
    if agreement is None or not policies.see_agreement(actor, agreement):
        raise NotFound
    return agreement


def mark_of_agreement(agreement_id: int) -> tuple[Hashable, ...]:
    """The mark under which a page of the agreement may be kept: of its call, and of the calls that hand on its money. Two statements.

    Raises NotFound where there is no such agreement.
    """
    found = _marked.first(agreement=agreement_id)
    if found is None:
        raise NotFound
    slug, newest_below = found
    return (mark_of(slug), newest_below)


@prepared
def _marked(*, agreement: int) -> QuerySet[Agreement, tuple[str, str | None]]:
    below = Call.objects.filter(parent_agreement=agreement).values("slug")
    newest = Entry.objects.filter(call__in=below).order_by("-sequence").values("hash")[:1]
    found = Agreement.objects.filter(pk=agreement).annotate(newest_below=Subquery(newest))
    return found.values_list("call__slug", "newest_below")


def child_calls(agreement: Agreement) -> QuerySet[Call]:
    """Second-level calls that hand on this agreement's money."""
    return (
        Call.objects.filter(parent_agreement=agreement.pk).select_related("operator").order_by("published_at")
    )


@dataclass(frozen=True, slots=True)
class AllocationView:
    """An allocation as it was fixed: run and its stored result (plain JSON values)."""

    run: AllocationRun
    result: dict[str, object]


def allocation_of(actor: Actor, call: Call) -> AllocationView | None:
    """The newest allocation of a call. Raises NotFound for those who may not oversee it."""
    if not policies.oversee(actor, call):
        raise NotFound
    run = AllocationRun.objects.filter(call=call).order_by("-number").first()
    return None if run is None else AllocationView(run, json.loads(run.result))


def manages(actor: Actor, call: Call) -> bool:
    """Whether acts of negotiation and agreement are offered to the actor."""
    return operates(actor, call)


def work_pages(actor: Actor, call: Call) -> list[tuple[Text, str]]:
    """The pages on which a call's work is done, in its order, as names and views: only those that answer to this actor."""
    pages = (
        (policies.manage(actor, call), Text(ko="공고 운영", en="Run the call"), "calls:manage"),
        (policies.manage(actor, call), Text(ko="도착 등록", en="Arrivals"), "applications:arrivals"),
        (screening.oversee(actor, call), Text(ko="적격성 검토", en="Eligibility"), "screening:queue"),
        (evaluation.manage(actor, call), Text(ko="평가", en="Evaluation"), "evaluation:stages"),
        (evaluation.oversee(actor, call), Text(ko="순위", en="Ranking"), "evaluation:ranking"),
        (
            policies.oversee(actor, call),
            Text(ko="협상·배분", en="Negotiation and allocation"),
            "awards:negotiations",
        ),
    )
    return [(name, view) for answers, name, view in pages if answers]


def money_for(agreement: Agreement, sources: tuple[str, ...]) -> int:
    """Won that the agreement holds of these sources, all years, cash only: what is in kind cannot be handed on."""
    total: int | None = AgreementMoney.objects.filter(
        agreement=agreement, source__in=sources, form="cash"
    ).aggregate(total=Sum("amount"))["total"]
    return total or 0


def handed_on(agreement: Agreement) -> int:
    """Won that calls under this agreement already hand on; cancelled calls do not count."""
    total: int | None = (
        Call.objects.filter(parent_agreement=agreement.pk)
        .exclude(state=CallState.CANCELLED)
        .aggregate(total=Sum("pot"))["total"]
    )
    return total or 0
