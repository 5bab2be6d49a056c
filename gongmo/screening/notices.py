"""Whom this floor tells: consortia of requests, demands and results; the operator's officers of answers."""

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse

from gongmo.applications.models import Application
from gongmo.applications.notices import application_of, joined, to_organisations
from gongmo.calls.notices import to_operators
from gongmo.calls.queries import definition_of
from gongmo.definition.base import Text
from gongmo.kernel import clock
from gongmo.kernel.korean import stamp
from gongmo.ledger.queries import Record
from gongmo.notices import commands as notices
from gongmo.notices.calendar import Appointment, appoints
from gongmo.notices.categories import Category
from gongmo.notices.telling import Telling, tells
from gongmo.notices.wording import quoted
from gongmo.parties.models import Membership, Organisation, Person
from gongmo.screening.models import ProofDemand, Review, Supplement
from gongmo.screening.policies import WRITING
from gongmo.screening.states import ReviewState, SupplementState
from gongmo.tasks import schedule

SOON = timedelta(days=1)


def page(application_id: int) -> str:
    return reverse("screening:own", args=[application_id])


def _fact_name(application: Application, fact: str) -> Text:
    kinds = {kind.id: kind.name for kind in definition_of(application.call).facts}
    return kinds.get(fact, Text(ko=fact, en=fact))


# --- Requests and what came of them ---------------------------------------------------------------------------------
@tells("screening.request_supplement")
def supplement_requested(entry: Record) -> Iterable[Telling]:
    application = application_of(entry)
    supplement = Supplement.objects.get(pk=entry.payload["supplement"])
    due = stamp(supplement.due_at)
    yield from to_organisations(
        [application.lead_id],
        Category.REQUEST,
        Text(ko=f"보완 요청: {due}까지 답해 주세요", en=f"Please complete something by {due}"),
        Text(
            ko=f"‘{application.title}’에 대한 요청입니다.\n{supplement.what}",
            en=f"A request on “{application.title}”.\n{supplement.what}",
        ),
        page(application.pk),
        roles=WRITING,
    )


@tells("screening.answer_supplement")
def supplement_answered(entry: Record) -> Iterable[Telling]:
    application = application_of(entry)
    yield from to_operators(
        application.call,
        Category.REQUEST,
        Text(
            ko=f"보완이 들어왔습니다: {application.title}",
            en=f"A supplement has come in: {application.title}",
        ),
        Text(
            ko=f"{application.lead.name}의 답을 확인하고 처리해 주세요.",
            en=f"See the answer of {application.lead.name} and settle it.",
        ),
        reverse("screening:review", args=[application.call.slug, application.pk]),
    )


@tells("screening.accept_supplement")
def supplement_accepted(entry: Record) -> Iterable[Telling]:
    application = application_of(entry)
    yield from to_organisations(
        [application.lead_id],
        Category.REQUEST,
        Text(ko="보완이 끝났습니다", en="Your supplement is accepted"),
        Text(
            ko=f"‘{application.title}’에 낸 보완 자료를 담당자가 확인했습니다.",
            en=f"The officer has accepted what you handed in for “{application.title}”.",
        ),
        page(application.pk),
        roles=WRITING,
    )


@tells("screening.expire_supplements")
def supplements_expired(entry: Record) -> Iterable[Telling]:
    late = Supplement.objects.filter(pk__in=entry.payload["supplements"]).select_related("application")
    for supplement in late.order_by("pk"):
        yield from to_organisations(
            [supplement.application.lead_id],
            Category.REQUEST,
            Text(ko="보완 기한이 지났습니다", en="A request has run out"),
            Text(
                ko=f"{stamp(supplement.due_at)}까지 답이 없어 그대로 검토합니다.\n{supplement.what}",
                en=f"There was no answer by {stamp(supplement.due_at)} (Seoul); the review goes on as things are.\n{supplement.what}",
            ),
            page(supplement.application_id),
            roles=WRITING,
        )


@tells("screening.demand_proof")
def proof_demanded(entry: Record) -> Iterable[Telling]:
    application = application_of(entry)
    demand = ProofDemand.objects.select_related("organisation").get(pk=entry.payload["demand"])
    due, fact = stamp(demand.due_at), _fact_name(application, demand.fact)
    name = demand.organisation.name
    yield from to_organisations(
        {application.lead_id, demand.organisation_id},
        Category.REQUEST,
        Text(ko=f"증빙 요구: {due}까지 내 주세요", en=f"Proof is due by {due}"),
        Text(
            ko=f"‘{application.title}’에서 {name}의 ‘{fact.ko}’ 증빙을 냅니다. 기한까지 내지 않으면 제외될 수 있습니다.",
            en=f"{name} has to prove “{fact.en}” for “{application.title}”. Without it the application may be excluded.",
        ),
        page(application.pk),
        roles=WRITING,
    )


@tells("screening.hand_in_proof")
def proof_handed_in(entry: Record) -> Iterable[Telling]:
    application = application_of(entry)
    name = Organisation.objects.values_list("name", flat=True).get(pk=entry.payload["organisation"])
    yield from to_operators(
        application.call,
        Category.REQUEST,
        Text(ko=f"증빙이 들어왔습니다: {application.title}", en=f"Proof has come in: {application.title}"),
        Text(ko=f"{name}의 증빙을 확인해 주세요.", en=f"See the proof of {name}."),
        reverse("screening:review", args=[application.call.slug, application.pk]),
    )


# --- Results --------------------------------------------------------------------------------------------------------
@tells("screening.decide_eligible", "screening.reinstate")
def eligible(entry: Record) -> Iterable[Telling]:
    """A proposal that was taken back was never told: then there is nothing to tell."""
    if entry.act == "screening.reinstate" and entry.payload["from"] != ReviewState.EXCLUDED:
        return
    application = Application.objects.select_related("call", "lead").get(pk=entry.payload["application"])
    again = entry.act == "screening.reinstate"
    yield from to_organisations(
        joined(application),
        Category.EVALUATION,
        Text(ko="제외가 취소되어 적격이 되었습니다", en="The exclusion is lifted")
        if again
        else Text(ko="적격성 검토를 통과했습니다", en="Found eligible"),
        Text(
            ko=f"{quoted(application.title, '이', '가')} 다음 단계인 평가로 갑니다.",
            en=f"“{application.title}” goes on to the evaluation.",
        ),
        page(application.pk),
    )


@tells("screening.confirm_exclusion")
def excluded(entry: Record) -> Iterable[Telling]:
    """The reason is for the lead and the organisation concerned; the others learn the clause, as on the page."""
    review = Review.objects.select_related("application__call", "application__lead").get(
        pk=int(entry.subject_id)
    )
    application, clause = review.application, entry.payload["clause"]
    concerned = {application.lead_id, entry.payload["organisation"] or application.lead_id}
    title = Text(ko=f"적격성 검토에서 제외되었습니다 ({clause})", en=f"Excluded in the review ({clause})")
    for organisations, ko, en in (
        (concerned & {*joined(application)}, f"\n까닭: {review.reason}", f"\nReason: {review.reason}"),
        ({*joined(application)} - concerned, "", ""),
    ):
        yield from to_organisations(
            organisations,
            Category.EVALUATION,
            title,
            Text(
                ko=f"{quoted(application.title, '은', '는')} 평가에 오르지 않습니다.{ko}",
                en=f"“{application.title}” is not evaluated.{en}",
            ),
            page(application.pk),
        )


# --- Deadlines ------------------------------------------------------------------------------------------------------
@schedule(
    name="screening.remind_requests",
    every=timedelta(minutes=10),
    ko="기한이 다가오는 보완·증빙을 알립니다",
    en="Tell requests that are due soon",
)
def remind_requests() -> None:
    """Tell, once, every request and demand that is due within a day and not answered."""
    now = clock.now()
    soon = {"due_at__gt": now, "due_at__lte": now + SOON}
    title = "보완 기한이 하루도 남지 않았습니다"
    supplements = Supplement.objects.filter(state=SupplementState.ASKED, asked_at__lte=now - SOON / 4, **soon)
    for one in supplements.select_related("application"):
        _remind(
            one.application,
            {one.application.lead_id},
            f"supplement:{one.pk}",
            title,
            one.what,
            stamp(one.due_at),
        )
    demands = ProofDemand.objects.filter(handed_in_at=None, demanded_at__lte=now - SOON / 4, **soon)
    for demand in demands.select_related("application__call__version"):
        fact = _fact_name(demand.application, demand.fact)
        organisations = {demand.application.lead_id, demand.organisation_id}
        title = "증빙 기한이 하루도 남지 않았습니다"
        _remind(demand.application, organisations, f"proof:{demand.pk}", title, fact.ko, stamp(demand.due_at))


def _remind(
    application: Application, organisations: set[int], key: str, title: str, what: str, due: str
) -> None:
    for telling in to_organisations(
        organisations,
        Category.DEADLINE,
        Text(ko=title, en="Less than a day is left for a request"),
        Text(
            ko=f"{due}까지 ‘{application.title}’에 답해 주세요.\n{what}",
            en=f"Answer on “{application.title}” before {due} (Seoul).\n{what}",
        ),
        page(application.pk),
        roles=WRITING,
    ):
        notices.tell(
            Telling(
                telling.people,
                telling.category,
                telling.title,
                telling.body,
                telling.url,
                key=f"{key}:{due}",
                organisation=telling.organisation,
            )
        )


@appoints
def due_requests(person: Person) -> Iterable[Appointment]:
    """Requests and demands that the person's organisations have to answer."""
    own = list(
        Membership.objects.filter(person=person, until__isnull=True, role__in=WRITING).values_list(
            "organisation_id", flat=True
        )
    )
    supplements = Supplement.objects.filter(state=SupplementState.ASKED, application__lead__in=own)
    for one in supplements.select_related("application").order_by("pk"):
        yield Appointment(
            uid=f"supplement-{one.pk}",
            at=one.due_at,
            title=Text(
                ko=f"보완 기한: {one.application.title}", en=f"Supplement due: {one.application.title}"
            ),
            url=page(one.application_id),
            note=Text(ko=one.what, en=one.what),
        )
    demands = ProofDemand.objects.filter(handed_in_at=None, organisation__in=own)
    for demand in demands.select_related("application").order_by("pk"):
        yield Appointment(
            uid=f"proof-{demand.pk}",
            at=demand.due_at,
            title=Text(
                ko=f"증빙 기한: {demand.application.title}", en=f"Proof due: {demand.application.title}"
            ),
            url=page(demand.application_id),
        )
