"""Whom acts on committees tell: experts of what falls to them, operators of what is missing, applicants of answers to challenges."""

from collections.abc import Iterable

from django.urls import reverse

from gongmo.applications.notices import to_organisations
from gongmo.applications.policies import WRITING
from gongmo.calls.models import Call
from gongmo.calls.notices import to_operators
from gongmo.calls.queries import definition_of
from gongmo.definition.base import Text
from gongmo.evaluation.assignments import SITTING
from gongmo.evaluation.models import Challenge, Seat
from gongmo.evaluation.sectors import standings
from gongmo.evaluation.states import SeatState
from gongmo.kernel.actor import Role
from gongmo.kernel.korean import particle
from gongmo.ledger.queries import Record
from gongmo.notices.categories import Category
from gongmo.notices.telling import Telling, tells
from gongmo.rules.committee_values import SECTORS


def _to_seat(seat: Seat, title: Text, body: Text, page: str = "evaluation:seat") -> Telling:
    return Telling(
        [seat.evaluator.person_id],
        Category.EVALUATION,
        title,
        body,
        reverse(page, args=[seat.pk]),
        key="",
        role=Role.EVALUATOR,
    )


def _seat(pk: int) -> Seat:
    return Seat.objects.select_related("evaluator", "committee__call__version").get(pk=pk)


@tells("evaluation.invite_expert")
def asked_to_join(entry: Record) -> Iterable[Telling]:
    seat = _seat(int(entry.subject_id))
    call = seat.committee.call
    yield _to_seat(
        seat,
        Text(
            ko=f"{'예비 평가위원' if seat.reserve else '평가위원'}으로 위촉합니다: {call.title_ko}",
            en=f"You are asked to {'be a reserve' if seat.reserve else 'sit'}: {call.title_en}",
        ),
        Text(
            ko="수락하고 서약하면 평가할 신청을 볼 수 있습니다. 어려우면 거절해 주세요.",
            en="Accept and pledge to see what is to be evaluated, or decline.",
        ),
    )


@tells("evaluation.dissolve_committee")
def dissolved(entry: Record) -> Iterable[Telling]:
    """Whoever was asked or sat, the officers, and the applicants whose challenge or site visit ends with the committee."""
    told = Seat.objects.select_related("evaluator", "committee__call").filter(
        pk__in=[each["seat"] for each in entry.payload["seats"]]
    )
    for seat in told.order_by("pk"):
        call = seat.committee.call
        yield _to_seat(
            seat,
            Text(
                ko=f"평가위원회를 해산했습니다: {call.title_ko}",
                en=f"The committee is dissolved: {call.title_en}",
            ),
            Text(
                ko=f"위촉이 끝났고 남은 평가표는 무효입니다. 더 하실 일은 없습니다. 까닭: {entry.payload['reason']}",
                en=f"Your seat has ended and open sheets are void; nothing is left to do. Reason: {entry.payload['reason']}",
            ),
        )
    call = Call.objects.get(slug=entry.call)
    yield from to_operators(
        call,
        Category.EVALUATION,
        Text(
            ko=f"{particle('‘' + entry.payload['name'] + '’', '을', '를')} 해산했습니다: {call.title_ko}",
            en=f"“{entry.payload['name']}” is dissolved: {call.title_en}",
        ),
        Text(
            ko=f"까닭: {entry.payload['reason']} 새 위원회를 구성해 주세요.",
            en=f"Reason: {entry.payload['reason']} Form another committee.",
        ),
        reverse("evaluation:committee", args=[call.slug]),
    )
    yield from _ended_with_it(entry)


def _ended_with_it(entry: Record) -> Iterable[Telling]:
    for made in Challenge.objects.select_related("application").filter(pk__in=entry.payload["challenges"]):
        yield from to_organisations(
            [made.application.lead_id],
            Category.EVALUATION,
            Text(
                ko="위원회가 해산되어 기피 신청이 끝났습니다",
                en="Your challenge ends: the committee is dissolved",
            ),
            Text(
                ko=f"그 위원은 {particle(f'‘{made.application.title}’', '을', '를')} 더는 평가하지 않습니다. 새 위원회가 구성되면 위원을 다시 확인해 주세요.",
                en=f"The member no longer judges “{made.application.title}”. See who sits once another committee is formed.",
            ),
            reverse("evaluation:challenge", args=[made.application_id]),
            roles=WRITING,
        )


@tells("evaluation.give_sheets")
def late_sheets(entry: Record) -> Iterable[Telling]:
    count = len(entry.payload["sheets"])
    if count:
        seat = _seat(int(entry.subject_id))
        yield _to_seat(
            seat,
            Text(
                ko=f"평가할 신청 {count}건이 있습니다: {seat.committee.call.title_ko}",
                en=f"{count} applications to evaluate: {seat.committee.call.title_en}",
            ),
            Text(
                ko="이해충돌을 먼저 신고하면 평가표가 열립니다.",
                en="Declare conflicts first; the sheets then open.",
            ),
        )


@tells("evaluation.seat_reserve")
def place_taken(entry: Record) -> Iterable[Telling]:
    """The operators and the panel's chair learn who sits now, and whether judges are still missing."""
    seat = _seat(int(entry.subject_id))
    call = seat.committee.call
    short = len(entry.payload.get("short", ()))
    gone = entry.payload.get("in_place_of", "")
    lacking = _lacking(seat)
    title = Text(
        ko=f"{seat.evaluator.label}: 예비위원에서 위원이 되었습니다",
        en=f"{seat.evaluator.label} takes a seat",
    )
    body = Text(
        ko=(f"{gone} 대신 앉았습니다. " if gone else "")
        + (f"정족수에 모자라는 신청이 {short}건 있습니다." if short else "모든 신청이 정족수를 채웁니다.")
        + "".join(
            f" {SECTORS[each].ko} 위원이 모자라 평가 단계를 열 수 없습니다. 위원회 화면에서 더 위촉해 주세요."
            for each in lacking
        ),
        en=(f"In place of {gone}. " if gone else "")
        + (f"{short} application(s) still lack judges." if short else "Every application has its quorum.")
        + "".join(
            f" Too few members from {SECTORS[each].en}: no stage can be opened. Ask more on the committee's page."
            for each in lacking
        ),
    )
    yield from to_operators(
        call, Category.EVALUATION, title, body, reverse("evaluation:committee", args=[call.slug])
    )
    chair = (
        Seat.objects.filter(
            committee=seat.committee_id, panel=seat.panel, chair=True, state=SeatState.PLEDGED, reserve=False
        )
        .select_related("evaluator", "committee__call")
        .exclude(pk=seat.pk)
        .first()
    )
    if chair is not None:
        yield _to_seat(chair, title, body)


def _lacking(seat: Seat) -> list[str]:
    """The sectors that have too few members on the seat's committee now."""
    held = Seat.objects.filter(committee=seat.committee_id, state__in=SITTING)
    found = standings(
        definition_of(seat.committee.call).evaluation.committee,
        held.values_list("evaluator__sector", "reserve"),
    )
    return [each.sector for each in found if each.lacks]


@tells("evaluation.no_reserve")
def nobody_left(entry: Record) -> Iterable[Telling]:
    call = Call.objects.get(slug=entry.call)
    short = len(entry.payload["short"])
    yield from to_operators(
        call,
        Category.REQUEST,
        Text(
            ko=f"{entry.payload['gone']} 대신 앉을 예비위원이 없습니다",
            en=f"No reserve can take the place of {entry.payload['gone']}",
        ),
        Text(
            ko=f"정족수에 모자라는 신청이 {short}건 있습니다. 위원회를 확인해 주세요."
            if short
            else "모든 신청이 아직 정족수를 채웁니다.",
            en=f"{short} application(s) lack judges. See the committee."
            if short
            else "Every application still has its quorum.",
        ),
        reverse("evaluation:committee", args=[call.slug]),
    )


@tells("evaluation.ask_challenge")
def challenged(entry: Record) -> Iterable[Telling]:
    made = Challenge.objects.select_related("seat__committee__call", "application").get(
        pk=int(entry.subject_id)
    )
    seat = made.seat
    call = seat.committee.call
    title = Text(ko="기피 신청이 들어왔습니다", en="A member is challenged")
    body = Text(
        ko="그 위원을 뺀 위원회가 정하고, 위원장이나 담당자가 기록합니다.",
        en="The committee decides without that member; the chair or an officer records it.",
    )
    yield from to_operators(
        call, Category.REQUEST, title, body, reverse("evaluation:committee", args=[call.slug])
    )
    chair = (
        Seat.objects.filter(
            committee=seat.committee_id, panel=seat.panel, chair=True, state=SeatState.PLEDGED, reserve=False
        )
        .select_related("evaluator", "committee__call")
        .exclude(pk=seat.pk)
        .first()
    )
    if chair is not None:
        yield _to_seat(chair, title, body, "evaluation:chair_challenges")


@tells("evaluation.challenge", "evaluation.reject_challenge")
def challenge_decided(entry: Record) -> Iterable[Telling]:
    if not entry.payload.get("challenge"):
        return
    made = Challenge.objects.select_related("application").get(pk=entry.payload["challenge"])
    upheld = entry.act == "evaluation.challenge"
    yield from to_organisations(
        [made.application.lead_id],
        Category.EVALUATION,
        Text(
            ko=f"기피 신청을 {'받아들였습니다' if upheld else '받아들이지 않았습니다'}",
            en=f"Your challenge is {'upheld' if upheld else 'rejected'}",
        ),
        Text(
            ko=f"‘{made.application.title}’의 기피 신청에 위원회가 답했습니다.",
            en="The committee has answered your challenge.",
        ),
        reverse("evaluation:challenge", args=[made.application_id]),
        roles=WRITING,
    )
