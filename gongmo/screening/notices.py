"""Whom this floor tells: consortia of requests, demands and results; the operator's officers of answers."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from gongmo.applications.models import Application
from gongmo.applications.notices import application_of, joined, to_organisations
from gongmo.calls.models import Call
from gongmo.calls.notices import operators_of, to_operators
from gongmo.definition.base import Text
from gongmo.kernel.korean import stamp
from gongmo.ledger.queries import Record
from gongmo.notices.categories import Category
from gongmo.notices.telling import Telling, tells
from gongmo.notices.wording import quoted
from gongmo.parties.models import Organisation
from gongmo.screening.exclusion_notice import exclusion_notices, page
from gongmo.screening.exclusion_notice import fact_name as _fact_name
from gongmo.screening.models import ProofDemand, Review, Supplement
from gongmo.screening.policies import WRITING
from gongmo.screening.reminders import remind_requests
from gongmo.screening.states import ReviewState, SupplementState

__all__ = ["remind_requests"]


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


@tells("screening.withdraw_supplement")
def supplement_withdrawn(entry: Record) -> Iterable[Telling]:
    application = application_of(entry)
    yield from to_organisations(
        [application.lead_id],
        Category.REQUEST,
        Text(ko="보완 요청을 거두었습니다", en="A request is taken back"),
        Text(
            ko=f"‘{application.title}’에 보낸 보완 요청에는 답하지 않으셔도 됩니다.\n까닭: {entry.payload['reason']}",
            en=f"The request on “{application.title}” needs no answer.\nReason: {entry.payload['reason']}",
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
    review = Review.objects.select_related("application__call__version", "application__lead").get(
        pk=int(entry.subject_id)
    )
    clause, organisation = entry.payload["clause"], entry.payload["organisation"]
    for notice in exclusion_notices(review, clause, organisation, entry.at):
        yield from to_organisations(
            notice.organisations, Category.EVALUATION, notice.title, notice.body, page(review.application_id)
        )


@tells("screening.propose_exclusion")
def proposed(entry: Record) -> Iterable[Telling]:
    """Another officer has to look: whoever proposed it is left out, as everyone is of an own act."""
    application = Application.objects.select_related("call").get(pk=entry.payload["application"])
    clause = entry.payload["clause"]
    yield from to_operators(
        application.call,
        Category.EVALUATION,
        Text(
            ko=f"제외 확인을 기다립니다: {application.title}", en=f"An exclusion waits: {application.title}"
        ),
        Text(
            ko=f"{entry.actor_name or '담당자'}님이 {clause} 조항으로 제외를 제안했습니다. 다른 담당자가 확정하거나 돌려보내야 합니다.",
            en=f"Proposed under {clause}. Another officer has to confirm it or send it back.",
        ),
        reverse("screening:review", args=[application.call.slug, application.pk]) + "#decide",
    )


@tells("screening.reinstate")
def sent_back(entry: Record) -> Iterable[Telling]:
    """The proposer hears that the proposal came back. Nobody is told of an own withdrawal."""
    proposer = entry.payload.get("proposed_by")
    if entry.payload["from"] != ReviewState.EXCLUSION_PROPOSED or not proposer:
        return
    application = Application.objects.select_related("call").get(pk=entry.payload["application"])
    for role, officers in operators_of(application.call):
        if proposer in officers:
            yield Telling(
                [proposer],
                Category.EVALUATION,
                Text(
                    ko=f"제외 제안이 돌아왔습니다: {application.title}",
                    en=f"Your proposal came back: {application.title}",
                ),
                Text(ko=f"까닭: {entry.payload['reason']}", en=f"Reason: {entry.payload['reason']}"),
                reverse("screening:review", args=[application.call.slug, application.pk]),
                key=f"sent-back:{entry.sequence}",
                role=role,
                organisation=application.call.operator_id,
            )


# --- Objections -----------------------------------------------------------------------------------------------------
@tells("screening.file_objection", "screening.withdraw_objection")
def objected(entry: Record) -> Iterable[Telling]:
    application = application_of(entry)
    filed = entry.act == "screening.file_objection"
    yield from to_operators(
        application.call,
        Category.EVALUATION,
        Text(ko=f"이의신청이 들어왔습니다: {application.title}", en=f"An objection: {application.title}")
        if filed
        else Text(
            ko=f"이의신청을 철회했습니다: {application.title}", en=f"Objection withdrawn: {application.title}"
        ),
        Text(
            ko="제외를 제안하지 않은 담당자가 답해 주세요." if filed else "답할 것이 없습니다.",
            en="An officer who did not propose the exclusion answers it."
            if filed
            else "Nothing is left to answer.",
        ),
        reverse("screening:review", args=[application.call.slug, application.pk]) + "#objection",
    )


@tells("screening.answer_objection")
def objection_answered(entry: Record) -> Iterable[Telling]:
    """Upheld or rejected, with the answer, for the lead: it has objected."""
    application, accepted = application_of(entry), entry.payload["accepted"]
    yield from to_organisations(
        [application.lead_id],
        Category.EVALUATION,
        Text(ko="이의신청이 받아들여졌습니다", en="Your objection is upheld")
        if accepted
        else Text(ko="이의신청이 받아들여지지 않았습니다", en="Your objection is rejected"),
        Text(ko=entry.payload["answer"], en=entry.payload["answer"]),
        page(application.pk) + "#objection",
    )


# --- Messages and work in other hands -------------------------------------------------------------------------------
@tells("screening.send_notice")
def message(entry: Record) -> Iterable[Telling]:
    application, title, text = application_of(entry), entry.payload["title"], entry.payload["text"]
    yield from to_organisations(
        joined(application),
        Category.REQUEST,
        Text(ko=title, en=title),
        Text(ko=f"‘{application.title}’에 대한 안내입니다.\n{text}", en=f"On “{application.title}”.\n{text}"),
        page(application.pk),
    )


@tells("screening.assign_officer")
def assigned(entry: Record) -> Iterable[Telling]:
    application = Application.objects.select_related("call").get(pk=entry.payload["application"])
    officer = entry.payload["to"]
    yield from _to_officer(
        application.call,
        officer,
        Text(ko=f"담당자가 되었습니다: {application.title}", en=f"You are in charge: {application.title}"),
        Text(ko="적격성 검토를 맡았습니다.", en="The eligibility review is in your hands."),
        reverse("screening:review", args=[application.call.slug, application.pk]),
    )


@tells("screening.hand_over")
def handed_over(entry: Record) -> Iterable[Telling]:
    call = Call.objects.get(pk=int(entry.subject_id))
    count = len(entry.payload["reviews"])
    yield from _to_officer(
        call,
        entry.payload["to"],
        Text(
            ko=f"업무를 인계받았습니다: 신청 {count}건", en=f"Work handed over to you: {count} application(s)"
        ),
        Text(ko=entry.payload["note"], en=entry.payload["note"]),
        reverse("screening:queue", args=[call.slug]) + "?officer=me",
    )


def _to_officer(call: Call, officer: int | None, title: Text, body: Text, url: str) -> Iterable[Telling]:
    for role, officers in operators_of(call):
        if officer in officers:
            yield Telling(
                [officer], Category.REQUEST, title, body, url, role=role, organisation=call.operator_id
            )


@tells("screening.remind")
def reminded(entry: Record) -> Iterable[Telling]:
    """Requests and demands that are still open when it is told."""
    title = Text(ko="답을 기다리는 요청이 있습니다", en="A request waits for your answer")
    supplements = Supplement.objects.filter(pk__in=entry.payload["supplements"], state=SupplementState.ASKED)
    for one in supplements.select_related("application").order_by("pk"):
        yield from _again(
            one.application, {one.application.lead_id}, title, one.due_at, Text(ko=one.what, en=one.what)
        )
    demands = ProofDemand.objects.filter(pk__in=entry.payload["demands"], handed_in_at=None)
    for demand in demands.select_related("application__call__version").order_by("pk"):
        fact = _fact_name(demand.application, demand.fact)
        organisations = {demand.application.lead_id, demand.organisation_id}
        yield from _again(demand.application, organisations, title, demand.due_at, fact)


def _again(
    application: Application, organisations: set[int], title: Text, due_at: datetime, what: Text
) -> Iterable[Telling]:
    yield from to_organisations(
        organisations,
        Category.REQUEST,
        title,
        Text(
            ko=f"{stamp(due_at)}까지 ‘{application.title}’에 답해 주세요.\n{what.ko}",
            en=f"Answer on “{application.title}” before {stamp(due_at)} (Seoul).\n{what.en}",
        ),
        page(application.pk),
        roles=WRITING,
    )
