"""Whom a change of the parties concerns: the newcomer, whoever leaves, the lead and the operators."""

from collections.abc import Iterable

from django.urls import reverse

from gongmo.applications.notices import to_organisations
from gongmo.awards.models import Agreement, Amendment, PartyChange
from gongmo.calls.notices import to_operators
from gongmo.definition.base import Text
from gongmo.ledger.queries import Record
from gongmo.notices.categories import Category
from gongmo.notices.telling import Telling, tells


def _agreement(entry: Record) -> Agreement:
    found = Agreement.objects.select_related("call", "application")
    return found.get(pk=entry.payload["agreement"])


@tells("awards.ask_party_change")
def party_change_asked(entry: Record) -> Iterable[Telling]:
    """The newcomer, who answers first; where nobody joins the operators; and whoever is to leave, so that nobody is put out unheard."""
    agreement = _agreement(entry)
    told = entry.payload
    if told["joining"] is not None:
        yield from to_organisations(
            [told["joining"]],
            Category.AWARD,
            Text(
                ko=f"협약에 참여해 달라는 요청이 왔습니다: {agreement.application.title}",
                en=f"You are asked to join an agreement: {agreement.application.title}",
            ),
            Text(
                ko="협약 내용을 읽고 자가점검과 동의를 마친 뒤 참여할지 답해 주세요.",
                en="Read it, check yourself, give the consents, and say whether you join.",
            ),
            reverse("awards:join", args=[told["amendment"]]),
        )
    else:
        yield from _to_answer(agreement, told["reason"])
    if told["leaving"] is not None:
        yield from to_organisations(
            [told["leaving"]],
            Category.AWARD,
            Text(
                ko=f"귀 기관이 협약에서 나가는 변경을 요청했습니다: {agreement.number}",
                en=f"A change by which you leave agreement {agreement.number} is asked for",
            ),
            Text(
                ko=f"까닭: {told['reason']}\n사실과 다르면 승인하기 전에 운영기관에 알려 주세요. 시행되면 이 협약을 볼 수 없으니 필요한 문서는 미리 내려받아 주세요.",
                en=f"Reason: {told['reason']}\nTell the operator before it is approved if this is not so. Once it is in force you cannot open the agreement any more: download what you need.",
            ),
            reverse("awards:changes", args=[agreement.pk]),
        )


@tells("awards.answer_joining")
def joining_answered(entry: Record) -> Iterable[Telling]:
    """The lead; the operators where an answer is now theirs to give."""
    agreement = _agreement(entry)
    accepts = entry.payload["accepts"]
    yield from to_organisations(
        [agreement.application.lead_id],
        Category.AWARD,
        Text(
            ko=f"들어올 기관이 {'참여를 수락했습니다' if accepts else '참여하지 않겠다고 답했습니다'}: {agreement.number}",
            en=f"The newcomer {'accepts' if accepts else 'declines'}: {agreement.number}",
        ),
        Text(
            ko="운영기관의 승인을 기다립니다." if accepts else f"까닭: {entry.payload['answer']}",
            en="The operator's approval is awaited." if accepts else f"Reason: {entry.payload['answer']}",
        ),
        reverse("awards:changes", args=[agreement.pk]),
    )
    if accepts:
        amendment = Amendment.objects.get(pk=entry.payload["amendment"])
        yield from _to_answer(agreement, amendment.reason)


def _to_answer(agreement: Agreement, reason: str) -> Iterable[Telling]:
    yield from to_operators(
        agreement.call,
        Category.AWARD,
        Text(ko=f"협약 변경 승인 요청: {agreement.number}", en=f"To approve: a change of {agreement.number}"),
        Text(ko=f"참여기관이 바뀝니다. 까닭: {reason}", en=f"The parties change. Reason: {reason}"),
        reverse("awards:changes", args=[agreement.pk]),
    )


@tells("awards.withdraw_amendment")
def party_change_withdrawn(entry: Record) -> Iterable[Telling]:
    """The newcomer, where one was asked."""
    change = PartyChange.objects.select_related("amendment__agreement__application").filter(
        amendment=entry.payload["amendment"]
    )
    for each in change.exclude(joining=None):
        title = each.amendment.agreement.application.title
        yield from to_organisations(
            [each.joining_id or 0],
            Category.AWARD,
            Text(
                ko=f"협약 참여 요청을 거두었습니다: {title}", en=f"The request to join is withdrawn: {title}"
            ),
            Text(ko="더 하실 일은 없습니다.", en="Nothing is left to do."),
            reverse("awards:join", args=[each.amendment_id]),
        )


@tells("awards.refuse_amendment")
def joining_refused(entry: Record) -> Iterable[Telling]:
    """The newcomer; the lead is told with every refused change."""
    change = PartyChange.objects.filter(amendment=entry.payload["amendment"]).exclude(joining=None).first()
    if change is not None:
        title = _agreement(entry).application.title
        yield from to_organisations(
            [change.joining_id or 0],
            Category.AWARD,
            Text(ko=f"협약 참여가 승인되지 않았습니다: {title}", en=f"Your joining is not approved: {title}"),
            Text(ko=f"까닭: {entry.payload['answer']}", en=f"Reasons: {entry.payload['answer']}"),
            reverse("awards:join", args=[change.amendment_id]),
        )


@tells("awards.sign_agreement")
def left(entry: Record) -> Iterable[Telling]:
    """Whoever has left with the last signature."""
    gone = entry.payload.get("left", ())
    if gone:
        number = _agreement(entry).number
        yield from to_organisations(
            gone,
            Category.AWARD,
            Text(ko=f"협약에서 나갔습니다: {number}", en=f"You have left agreement {number}"),
            Text(
                ko="참여기관 변경이 시행되어 이 협약의 당사자가 아닙니다.",
                en="The change of the parties is in force; you are no party to it any more.",
            ),
            reverse("awards:agreements"),
        )
