"""What is open in an officer's hands, and what was handed over before."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q, QuerySet

from gongmo.applications.states import ApplicationState
from gongmo.calls.models import Call
from gongmo.definition.base import Text
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.ledger.queries import Record, history
from gongmo.screening import policies
from gongmo.screening.models import ProofDemand, Review, ReviewObjection, Supplement
from gongmo.screening.states import ObjectionState, ReviewState, SupplementState

_REQUESTED = (SupplementState.ASKED, SupplementState.ANSWERED)
OPEN_WORK = Q(application__state=ApplicationState.SUBMITTED) & (
    ~Q(state__in=(ReviewState.ELIGIBLE, ReviewState.EXCLUDED))
    | Q(objections__state=ObjectionState.FILED)
    | Q(application__supplements__state__in=_REQUESTED)
    | Q(state=ReviewState.ELIGIBLE, application__proof_demands__handed_in_at__isnull=True)
    & Q(application__proof_demands__isnull=False)
)
"""Reviews on which something is still to be done. Joins several rows: ask for distinct ids."""


class DutyKind(StrEnum):
    REVIEW = "review"
    SUPPLEMENT = "supplement"
    PROOF = "proof"
    OBJECTION = "objection"


KINDS: dict[str, Text] = {
    DutyKind.REVIEW: Text(ko="적격성 검토", en="Review"),
    DutyKind.SUPPLEMENT: Text(ko="보완 요청", en="Supplement request"),
    DutyKind.PROOF: Text(ko="요구한 증빙", en="Demanded proof"),
    DutyKind.OBJECTION: Text(ko="이의신청", en="Objection"),
}


@dataclass(frozen=True, slots=True)
class Duty:
    """One open thing that follows a review's officer: its kind and id, the application, by when something is due, and its own page
    (the review's, where `url` is empty)."""

    kind: str
    key: int
    application: int
    title: str
    due_at: datetime | None = None
    url: str = ""

    @property
    def name(self) -> Text:
        return KINDS[self.kind]


Source = Callable[[Call], Iterable[Duty]]
_SOURCES: list[Source] = []


def contributes(kinds: Mapping[str, Text]) -> Callable[[Source], Source]:
    """A floor above tells what is open there of a call's applications: whoever is in charge of the review is in charge of it, too."""

    def enter(source: Source) -> Source:
        KINDS.update(kinds)
        _SOURCES.append(source)
        return source

    return enter


def open_reviews(call: Call) -> tuple[QuerySet[Review], list[Duty]]:
    """The reviews on which something is still to be done, here or on a floor above, and what is open above. Ask for distinct ids."""
    above = [duty for source in _SOURCES for duty in source(call)]
    own = Review.objects.filter(application__call=call)
    return own.filter(OPEN_WORK | Q(application__in={duty.application for duty in above})), above


def duties(reviews: Mapping[int, int], above: Iterable[Duty] = ()) -> list[Duty]:
    """Everything open of these reviews ({review: application}), by application and kind. Four statements. `above`: of floors above."""
    wanted, applications = set(reviews), set(reviews.values())
    found = [
        Duty(DutyKind.REVIEW, pk, application, title)
        for pk, application, title in Review.objects.filter(pk__in=wanted)
        .exclude(state__in=(ReviewState.ELIGIBLE, ReviewState.EXCLUDED))
        .values_list("pk", "application_id", "application__title")
    ]
    of = {"application__review__in": wanted}
    title = ("pk", "application_id", "application__title", "due_at")
    supplements = Supplement.objects.filter(state__in=_REQUESTED, **of)
    found += [Duty(DutyKind.SUPPLEMENT, *row) for row in supplements.values_list(*title)]
    demands = ProofDemand.objects.filter(handed_in_at__isnull=True, **of)
    found += [Duty(DutyKind.PROOF, *row) for row in demands.values_list(*title)]
    objections = ReviewObjection.objects.filter(state=ObjectionState.FILED, review__in=wanted)
    found += [
        Duty(DutyKind.OBJECTION, *row[:3], due_at=row[3])
        for row in objections.values_list(
            "pk", "review__application_id", "review__application__title", "answer_due_at"
        )
    ]
    found += [duty for duty in above if duty.application in applications]
    return sorted(found, key=lambda duty: (duty.application, str(duty.kind), duty.key))


def open_work(actor: Actor, call: Call) -> dict[int | None, list[Duty]]:
    """Everything open of a call by the officer in charge (None: nobody). Raises NotFound for those who may not oversee it."""
    if not policies.oversee(actor, call):
        raise NotFound
    reviews, above = open_reviews(call)
    rows = list(reviews.values_list("pk", "officer_id", "application_id"))
    officers = {application: officer for _, officer, application in rows}
    found: dict[int | None, list[Duty]] = {}
    for duty in duties({pk: application for pk, _, application in rows}, above):
        found.setdefault(officers[duty.application], []).append(duty)
    return found


def handovers(actor: Actor, call: Call, limit: int = 20) -> list[Record]:
    """What was handed over in a call, the newest first. Raises NotFound for those who may not oversee it."""
    if not policies.oversee(actor, call):
        raise NotFound
    return history("call", call.pk, acts=frozenset({"screening.hand_over"}), limit=limit)
