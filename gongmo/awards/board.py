"""The pipeline board of a call: who stands where, what waits for whom, what others just did."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from gongmo.applications.models import Application, ApplicationDocument, Arrival, Submission
from gongmo.applications.states import ApplicationState
from gongmo.awards import policies
from gongmo.awards.models import AgreementParty, Negotiation
from gongmo.awards.states import AgreementState, NegotiationState
from gongmo.calls.models import Call, Question
from gongmo.calls.queries import definition_of
from gongmo.calls.states import CallState
from gongmo.definition.base import Text
from gongmo.definition.model import Definition
from gongmo.evaluation.models import Ranking, ScoreSheet, StageRun
from gongmo.evaluation.states import SheetState, StageState
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound
from gongmo.kernel.states import Family
from gongmo.ledger.queries import Record, recent
from gongmo.screening.models import Supplement
from gongmo.screening.states import ReviewState, SupplementState

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Standing(TypedDict):
        """What the board's one query adds to an application."""

        received_at: datetime | None
        supplement_due: datetime | None
        document_count: int

    Placed = WithAnnotations[Application, Standing]

MakeCard = Callable[..., "Card"]
NOT_BEGUN = Text(ko="시작 전", en="not begun")
WRITING = frozenset(
    {
        "applications.save_fields",
        "applications.update_overview",
        "applications.set_cells",
        "applications.add_kpi",
        "applications.remove_kpi",
        "applications.declare",
        "applications.restore_field",
        "applications.restore_version",
    }
)
"""Acts of writing a draft: hundreds a day, and none of the operator's business before it is submitted."""


class Column(StrEnum):
    """Where an application stands, from draft to agreement."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SUPPLEMENT = "supplement"
    EXCLUSION = "exclusion"
    ELIGIBLE = "eligible"
    RESERVE = "reserve"
    NEGOTIATION = "negotiation"
    AGREEMENT = "agreement"
    STOPPED = "stopped"


SHOWN: dict[Column, tuple[Text, Family]] = {
    Column.DRAFT: (Text(ko="작성 중", en="Draft"), Family.PREPARING),
    Column.SUBMITTED: (Text(ko="제출", en="Submitted"), Family.PROGRESS),
    Column.SUPPLEMENT: (Text(ko="보완 요청", en="Supplement"), Family.ATTENTION),
    Column.EXCLUSION: (Text(ko="제외 확인 중", en="Exclusion to confirm"), Family.ATTENTION),
    Column.ELIGIBLE: (Text(ko="적격", en="Eligible"), Family.PROGRESS),
    Column.RESERVE: (Text(ko="예비순위", en="Reserve"), Family.PREPARING),
    Column.NEGOTIATION: (Text(ko="우선협상", en="Negotiating"), Family.PROGRESS),
    Column.AGREEMENT: (Text(ko="협약", en="Agreement"), Family.DONE),
    Column.STOPPED: (Text(ko="제외·중단", en="Stopped"), Family.STOPPED),
}


@dataclass(frozen=True, slots=True)
class Card:
    """One application on the board. `note` says what is missing, when, or who is waited for."""

    application: int
    title: Text
    lead: str
    note: Text
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    column: Column
    name: Text
    family: Family
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A step in the life of the call: "done", "current" or "coming"; the note says where the current one has not been begun."""

    name: Text
    state: str
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for the operator: what, how many, until when, and which page ("page" names a view)."""

    what: Text
    count: int
    page: str
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Board:
    call: Call
    definition: Definition
    lanes: tuple[Lane, ...]
    steps: tuple[Step, ...]
    waiting: tuple[Waiting, ...] = ()
    others: tuple[Record, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)


def board(actor: Actor, call: Call) -> Board:
    """The board of a call for its operator or the ministry. Raises NotFound for everybody else.

    The number of statements does not depend on the number of applications.
    """
    if not policies.oversee(actor, call):
        raise NotFound
    definition = definition_of(call)
    now = clock.now()
    lanes: dict[Column, list[Card]] = {column: [] for column in Column}
    for application in _applications(call):
        column, card = _place(application, call, now)
        lanes[column].append(card)
    return Board(
        call=call,
        definition=definition,
        lanes=tuple(Lane(column, *SHOWN[column], tuple(cards)) for column, cards in lanes.items()),
        steps=_steps(call, definition, now),
        waiting=tuple(_waiting(call, definition)) if policies.manage(actor, call) else (),
        others=tuple(_others(actor, call)),
        counts={column.value: len(cards) for column, cards in lanes.items()},
    )


def _applications(call: Call) -> "Iterable[Placed]":
    standing = Submission.objects.filter(application=OuterRef("pk"), withdrawn_at__isnull=True)
    documents = (
        ApplicationDocument.objects.filter(application=OuterRef("pk"), removed_at__isnull=True)
        .order_by()
        .values("application")
        .annotate(count=Count("pk"))
    )
    due = Supplement.objects.filter(application=OuterRef("pk"), state=SupplementState.ASKED).order_by(
        "due_at"
    )
    return (
        Application.objects.filter(call=call)
        .select_related("region", "lead", "review__organisation", "negotiation", "agreement")
        .annotate(
            received_at=Subquery(standing.values("received_at")[:1]),
            supplement_due=Subquery(due.values("due_at")[:1]),
            document_count=Coalesce(Subquery(documents.values("count")[:1]), 0),
        )
        .defer("summary", "review__inputs", "review__findings", "review__reason", "negotiation__outcome")
        .order_by("id")
    )


def _place(application: "Placed", call: Call, now: datetime) -> tuple[Column, Card]:
    region = application.region
    lead = application.lead.name
    name = Text(ko=lead, en=lead) if region is None else Text(ko=region.ko, en=region.en)

    def card(ko: str, en: str, at: datetime | None = None) -> Card:
        return Card(application.pk, name, application.lead.name, Text(ko=ko, en=en), at)

    agreement = getattr(application, "agreement", None)
    if agreement is not None:
        if agreement.state == AgreementState.TERMINATED:
            return Column.STOPPED, card(
                f"해약 ({agreement.end_clause})", f"Terminated ({agreement.end_clause})", agreement.ended_at
            )
        if agreement.state == AgreementState.DRAFT:
            return Column.AGREEMENT, card(
                "서명을 기다립니다", "Waiting for signatures", agreement.drawn_up_at
            )
        return Column.AGREEMENT, card(
            f"협약 {agreement.number}", f"Agreement {agreement.number}", agreement.in_force_at
        )
    negotiation = getattr(application, "negotiation", None)
    if negotiation is not None:
        place = negotiation.place
        if negotiation.state == NegotiationState.RESERVE:
            return Column.RESERVE, card(f"{place}번째 순서", f"Place {place}")
        if negotiation.state == NegotiationState.FAILED:
            return Column.STOPPED, card("협상 결렬", "Negotiation failed", negotiation.ended_at)
        if negotiation.state == NegotiationState.AGREED:
            return Column.NEGOTIATION, card(
                "협상 완료, 협약을 준비합니다", "Agreed; agreement to be drawn up", negotiation.ended_at
            )
        return Column.NEGOTIATION, card("협상 중", "Negotiating", negotiation.opened_at)
    review = getattr(application, "review", None)
    if review is not None:
        return _place_reviewed(application, review.state, card)
    if application.state == ApplicationState.SUBMITTED:
        return Column.SUBMITTED, card("접수했습니다", "Received", application.received_at)
    if application.state == ApplicationState.WITHDRAWN:
        return Column.STOPPED, card(
            "신청기관이 철회했습니다", "Withdrawn by the applicant", application.changed_at
        )
    if now >= call.closes_at:
        return Column.STOPPED, card("마감까지 제출하지 않았습니다", "Not submitted by the deadline")
    return Column.DRAFT, card(
        f"서류 {application.document_count}건 올림",
        f"{application.document_count} document(s) so far",
        application.changed_at,
    )


def _place_reviewed(application: "Placed", state: str, card: MakeCard) -> tuple[Column, Card]:
    review = application.review
    if state == ReviewState.EXCLUDED:
        who = review.organisation.name if review.organisation is not None else ""
        return Column.STOPPED, card(
            f"제외 ({review.clause}) {who}".strip(),
            f"Excluded ({review.clause}) {who}".strip(),
            review.decided_at,
        )
    if state == ReviewState.EXCLUSION_PROPOSED:
        return Column.EXCLUSION, card("다른 담당자의 확인을 기다립니다", "Waiting for a second officer")
    if state == ReviewState.SUPPLEMENT:
        return Column.SUPPLEMENT, card("보완 제출 기한", "Supplement due", application.supplement_due)
    if state == ReviewState.ELIGIBLE:
        return Column.ELIGIBLE, card("평가 대상", "To be evaluated", review.decided_at)
    return Column.SUBMITTED, card("적격성 검토 중", "Under review", application.received_at)


def _steps(call: Call, definition: Definition, now: datetime) -> tuple[Step, ...]:
    """Announcement, intake, review, the definition's stages, selection, agreement; the first one not done is current, and says
    so where nobody has begun it."""
    runs = dict(StageRun.objects.filter(call=call).values_list("stage", "state"))
    places = Negotiation.objects.filter(call=call).aggregate(
        all=Count("id"),
        open=Count("id", filter=Q(state__in=[NegotiationState.OPEN])),
        agreed=Count("id", filter=Q(state=NegotiationState.AGREED)),
        drawn_up=Count("id", filter=Q(application__agreement__isnull=False)),
        in_force=Count("id", filter=Q(application__agreement__in_force_at__isnull=False)),
    )
    reviews = Application.objects.filter(call=call, review__isnull=False).aggregate(
        all=Count("id"),
        undecided=Count(
            "id",
            filter=~Q(review__state__in=[ReviewState.ELIGIBLE, ReviewState.EXCLUDED]),
        ),
    )
    ranked = Ranking.objects.filter(call=call).exists()
    ran: list[tuple[Text, bool, bool]] = [
        (Text(ko="공고", en="Announcement"), True, now >= call.opens_at),
        (
            Text(ko="접수", en="Intake"),
            True,
            now >= call.closes_at or call.state in (CallState.CLOSED, CallState.FINISHED),
        ),
        (
            Text(ko="적격성", en="Eligibility"),
            bool(reviews["all"]),
            bool(reviews["all"]) and not reviews["undecided"],
        ),
    ]
    for stage in definition.evaluation.scored_stages():
        ran.append((stage.name, stage.id in runs, runs.get(stage.id) == StageState.LOCKED))
    ran.append(
        (
            Text(ko="선정", en="Selection"),
            bool(places["all"]),
            ranked and bool(places["all"]) and not places["open"],
        )
    )
    if definition.agreement is not None:
        ran.append(
            (
                Text(ko="협약", en="Agreement"),
                places["drawn_up"] > 0,
                bool(places["agreed"]) and places["in_force"] >= places["agreed"],
            )
        )
    steps: list[Step] = []
    reached = True
    for name, begun, finished in ran:
        if reached and finished:
            steps.append(Step(name, "done"))
            continue
        steps.append(
            Step(name, "current" if reached else "coming", NOT_BEGUN if reached and not begun else None)
        )
        reached = False
    return tuple(steps)


def _waiting(call: Call, definition: Definition) -> list[Waiting]:
    """What waits for the operator, soonest due first."""
    found: list[Waiting] = []

    def add(ko: str, en: str, count: int, page: str, due: datetime | None = None) -> None:
        if count:
            found.append(Waiting(Text(ko=ko, en=en), count, page, due))

    # The reviews of what came in begin with this act, which nobody does for the operator.
    over = call.state == CallState.PUBLISHED and clock.now() >= call.closes_at
    add("기간이 끝난 접수의 마감 처리", "Intake that is over, to be closed", int(over), "manage")
    questions = Question.objects.filter(call=call, answered_at__isnull=True).count()
    add("답하지 않은 질문", "Questions to answer", questions, "questions")
    required = [channel.id for channel in definition.intake.channels if channel.required]
    if required:
        submitted = Application.objects.filter(call=call, state=ApplicationState.SUBMITTED).count()
        arrived = Arrival.objects.filter(
            application__call=call, application__state=ApplicationState.SUBMITTED, channel__in=required
        ).count()
        add(
            "도착을 확인할 원본·공문", "Arrivals to register", submitted * len(required) - arrived, "arrivals"
        )
    answered = Supplement.objects.filter(application__call=call, state=SupplementState.ANSWERED).count()
    add("확인할 보완 자료", "Supplements to accept", answered, "screening")
    reviews = Application.objects.filter(call=call, review__isnull=False).aggregate(
        open=Count("id", filter=Q(review__state=ReviewState.OPEN)),
        proposed=Count("id", filter=Q(review__state=ReviewState.EXCLUSION_PROPOSED)),
    )
    add("판정할 적격성 검토", "Reviews to decide", reviews["open"], "screening")
    add("확인할 제외 처리", "Exclusions to confirm", reviews["proposed"], "screening")
    sheets = ScoreSheet.objects.filter(
        run__call=call, run__state=StageState.OPEN, state=SheetState.OPEN
    ).count()
    add("확정을 기다리는 평가표", "Score sheets not locked yet", sheets, "evaluation")
    places = Negotiation.objects.filter(call=call).aggregate(
        open=Count("id", filter=Q(state=NegotiationState.OPEN)),
        undrawn=Count("id", filter=Q(state=NegotiationState.AGREED, application__agreement__isnull=True)),
    )
    add("진행 중인 협상", "Negotiations under way", places["open"], "negotiations")
    add("만들 협약", "Agreements to draw up", places["undrawn"], "negotiations")
    unsigned = AgreementParty.objects.filter(
        agreement__call=call,
        agreement__state=AgreementState.DRAFT,
        organisation=F("agreement__call__operator"),
        signed_at__isnull=True,
    ).count()
    add("우리 기관이 서명할 협약", "Agreements for us to sign", unsigned, "agreements")
    return found


def _others(actor: Actor, call: Call) -> list[Record]:
    """The last acts of other people on this call. The words name the act; points and opinions are not in them."""
    found = recent(call.slug, without=WRITING, limit=60)
    return [record for record in found if record.actor_person != actor.person]
