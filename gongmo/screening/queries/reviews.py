"""What may be read of the eligibility review."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from gongmo.applications.models import Application, Member
from gongmo.applications.states import ApplicationState, MemberState
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.errors import NotFound
from gongmo.screening import policies
from gongmo.screening.deadlines import Deadline, objection_deadline
from gongmo.screening.judgement import Judgement, judge, screened_value
from gongmo.screening.models import (
    FactRecord,
    ProofDemand,
    Review,
    ReviewObjection,
    Supplement,
    SupplementItem,
)
from gongmo.screening.states import ReviewState, SupplementState

__all__ = [
    "OwnResult",
    "eligible_applications",
    "eligible_titles",
    "own_objections",
    "own_proof_demands",
    "own_result",
    "own_supplements",
    "review_for",
    "review_queue",
    "reviews_to_decide",
    "screened_value",
    "undecided_applications",
    "verdicts",
]


def eligible_applications(call: Call) -> QuerySet[Application]:
    """The applications of a call that go on to the evaluation: decided eligible and still standing, by id."""
    return Application.objects.filter(
        call=call, state=ApplicationState.SUBMITTED, review__state=ReviewState.ELIGIBLE
    ).order_by("id")


def eligible_titles(call: Call) -> list[tuple[int, str]]:
    """Of them the ids and titles, to choose from. One statement."""
    return list(eligible_applications(call).values_list("pk", "title"))


def undecided_applications(call: Call) -> QuerySet[Application]:
    """The submitted applications of a call whose eligibility is not decided yet."""
    decided = Q(review__state__in=(ReviewState.ELIGIBLE, ReviewState.EXCLUDED))
    return (
        Application.objects.filter(call=call, state=ApplicationState.SUBMITTED)
        .exclude(decided)
        .order_by("id")
    )


def verdicts(application: Application, *, on: date | None = None) -> Judgement:
    """The verdict on an application as it would be passed now, with every finding. Raises Refused without a submission.

    `on` judges the exclusions on a day after the closing day.
    """
    return judge(application, on=on)


def review_queue(actor: Actor, call: Call) -> QuerySet[Review]:
    """The reviews of a call with counts of what waits: `asked`, `answered` (supplements), `demanded` (proof not there).

    Raises NotFound for those who may not oversee them.
    """
    if not policies.oversee(actor, call):
        raise NotFound
    supplements = "application__supplements"
    return (
        Review.objects.filter(application__call=call)
        .select_related("application__lead", "application__region", "organisation")
        .annotate(
            asked=Count(
                supplements, filter=Q(**{f"{supplements}__state": SupplementState.ASKED}), distinct=True
            ),
            answered=Count(
                supplements, filter=Q(**{f"{supplements}__state": SupplementState.ANSWERED}), distinct=True
            ),
            demanded=Count(
                "application__proof_demands",
                filter=Q(application__proof_demands__handed_in_at__isnull=True),
                distinct=True,
            ),
        )
        .order_by("application_id")
    )


def reviews_to_decide(actor: Actor, call: Call, *, limit: int) -> list[int]:
    """The ids of the call's first open reviews, at most `limit`, in the order of `review_queue`. One statement. Raises NotFound likewise."""
    open_ = review_queue(actor, call).filter(state=ReviewState.OPEN)
    return list(open_.values_list("pk", flat=True)[:limit])


def review_for(actor: Actor, application_id: int) -> Review:
    """The review of an application with its members, facts, supplements and demands. Raises NotFound."""
    accepted = Member.objects.filter(state=MemberState.ACCEPTED).select_related("organisation").order_by("id")
    facts: QuerySet[FactRecord] = FactRecord.objects.select_related("recorded_by", "evidence").order_by("id")
    items: QuerySet[SupplementItem] = SupplementItem.objects.select_related("organisation")
    demands: QuerySet[ProofDemand] = ProofDemand.objects.select_related("organisation").order_by("id")
    objections = ReviewObjection.objects.select_related("filed_by", "answered_by").order_by("-id")
    review = (
        Review.objects.select_related(
            "application__call__version",
            "application__call__operator",
            "application__lead",
            "application__region",
            "organisation",
            "proposed_by",
            "confirmed_by",
            "officer",
        )
        .prefetch_related(
            Prefetch("application__members", queryset=accepted),
            Prefetch("application__facts", queryset=facts),
            Prefetch("application__supplements__items", queryset=items),
            Prefetch("application__proof_demands", queryset=demands),
            Prefetch("objections", queryset=objections),
        )
        .filter(application_id=application_id)
        .first()
    )
    if review is None or not policies.oversee(actor, review.application.call):
        raise NotFound
    return review


@dataclass(frozen=True, slots=True)
class OwnResult:
    """What the consortium sees of its review. `state` is `open`, `eligible` or `excluded`; a proposal is not told.

    The ground is told to the lead and to the organisation concerned; the others see the clause only.
    """

    state: str
    clause: str = ""
    organisation: str = ""
    reason: str = ""
    decided_at: datetime | None = None
    until: Deadline | None = None
    """Until when the lead may object; None where the call gives no period, and for organisations other than the lead."""


def own_result(actor: Actor, application: Application) -> OwnResult | None:
    """The consortium's own result, None before a review was opened. Raises NotFound for others."""
    if not policies.see_own(actor, application):
        raise NotFound
    review = Review.objects.select_related("organisation").filter(application=application).first()
    if review is None:
        return None
    if review.state == ReviewState.ELIGIBLE:
        return OwnResult("eligible")
    if review.state != ReviewState.EXCLUDED:
        return OwnResult("open")
    if actor.organisation not in (application.lead_id, review.organisation_id):
        return OwnResult("excluded", review.clause)
    name = review.organisation.name if review.organisation else ""
    until = None
    if actor.organisation == application.lead_id and review.decided_at is not None:
        until = objection_deadline(definition_of(application.call), review.decided_at)
    return OwnResult("excluded", review.clause, name, review.reason, review.decided_at, until)


def own_objections(actor: Actor, application: Application) -> list[ReviewObjection]:
    """The lead's own objections, newest first; none for the other organisations. Raises NotFound for others."""
    if not policies.see_own(actor, application):
        raise NotFound
    if actor.organisation != application.lead_id:
        return []
    found = ReviewObjection.objects.filter(review__application=application)
    return list(found.order_by("-id"))


def own_supplements(actor: Actor, application: Application) -> list[Supplement]:
    """The requests to the consortium, newest first. Raises NotFound for others."""
    if not policies.see_own(actor, application):
        raise NotFound
    items = SupplementItem.objects.select_related("organisation", "saved_by")
    return list(application.supplements.prefetch_related(Prefetch("items", queryset=items)).order_by("-id"))


def own_proof_demands(actor: Actor, application: Application) -> list[ProofDemand]:
    """The demands that the actor may answer: all for the lead, the own ones for a partner. Raises NotFound for others."""
    if not policies.see_own(actor, application):
        raise NotFound
    found = application.proof_demands.select_related("organisation").order_by("-id")
    if actor.role is Role.APPLICANT and actor.organisation != application.lead_id:
        found = found.filter(organisation=actor.organisation)
    return list(found)
