"""Whom this floor tells: experts of their seats and sheets; officers of answers. Points and ranks are told to nobody."""

from collections.abc import Iterable

from django.urls import reverse

from gongmo.applications.notices import application_of, to_organisations
from gongmo.applications.policies import WRITING
from gongmo.calls.models import Call
from gongmo.calls.notices import to_operators
from gongmo.definition.base import Text
from gongmo.evaluation.models import ScoreSheet, Seat, StageRun
from gongmo.evaluation.states import SeatState
from gongmo.kernel.actor import Role
from gongmo.kernel.korean import particle
from gongmo.ledger.queries import Record
from gongmo.notices.categories import Category
from gongmo.notices.telling import Telling, tells


def _to_seat(seat: Seat, title: Text, body: Text) -> Telling:
    return Telling(
        [seat.evaluator.person_id],
        Category.EVALUATION,
        title,
        body,
        reverse("evaluation:seat", args=[seat.pk]),
        key="",
        role=Role.EVALUATOR,
    )


def _seats(pks: Iterable[int]) -> list[Seat]:
    found = Seat.objects.filter(pk__in=list(pks)).select_related("evaluator", "committee__call")
    return list(found.order_by("pk"))


@tells("evaluation.form_committee")
def asked_to_sit(entry: Record) -> Iterable[Telling]:
    for seat in _seats(row["seat"] for row in entry.payload["seats"]):
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


@tells("evaluation.seat_reserve")
def seated(entry: Record) -> Iterable[Telling]:
    for seat in _seats([int(entry.subject_id)]):
        yield _to_seat(
            seat,
            Text(
                ko=f"예비위원에서 평가위원이 되었습니다: {seat.committee.call.title_ko}",
                en=f"You take a regular seat: {seat.committee.call.title_en}",
            ),
            Text(
                ko="평가 단계가 열리면 평가표가 나타납니다. 아직 수락하지 않았다면 먼저 수락해 주세요.",
                en="Your sheets appear when a stage opens. Accept first if you have not yet.",
            ),
        )


@tells("evaluation.open_stage")
def stage_opened(entry: Record) -> Iterable[Telling]:
    sheets = [row["sheet"] for row in entry.payload["sheets"]]
    run = StageRun.objects.select_related("call").get(pk=int(entry.subject_id))
    counts: dict[int, int] = {}
    for each in ScoreSheet.objects.filter(pk__in=sheets).values_list("seat_id", flat=True):
        counts[each] = counts.get(each, 0) + 1
    for seat in _seats(counts):
        yield _to_seat(
            seat,
            Text(
                ko=f"평가할 신청 {counts[seat.pk]}건이 있습니다: {run.call.title_ko}",
                en=f"{counts[seat.pk]} applications to evaluate: {run.call.title_en}",
            ),
            Text(
                ko="점수와 의견은 쓰는 대로 저장됩니다. 다 쓰면 평가표를 확정해 주세요.",
                en="Points and opinions are saved as you go. Lock each sheet when it is done.",
            ),
        )


@tells("evaluation.void_sheets", "evaluation.reopen_sheets")
def sheets_changed(entry: Record) -> Iterable[Telling]:
    sheets = [row["sheet"] if isinstance(row, dict) else row for row in entry.payload["sheets"]]
    void = entry.act == "evaluation.void_sheets"
    touched = ScoreSheet.objects.filter(pk__in=sheets).values_list("seat_id", flat=True)
    for seat in _seats(set(touched)):
        if seat.state != SeatState.PLEDGED:
            continue
        yield _to_seat(
            seat,
            Text(ko="평가하지 않아도 되는 신청이 생겼습니다", en="Some of your sheets fall away")
            if void
            else Text(ko="평가할 신청이 다시 생겼습니다", en="Some of your sheets are open again"),
            Text(
                ko=f"‘{seat.committee.call.title_ko}’의 평가표가 바뀌었습니다. 목록을 확인해 주세요.",
                en=f"Your sheets for “{seat.committee.call.title_en}” have changed. See the list.",
            ),
        )


@tells("evaluation.decline", "evaluation.leave")
def seat_left(entry: Record) -> Iterable[Telling]:
    call = Call.objects.get(slug=entry.call)
    label = entry.payload["evaluator"]
    left = entry.act == "evaluation.leave"
    yield from to_operators(
        call,
        Category.EVALUATION,
        Text(
            ko=f"{particle(label, '이', '가')} {'위원회를 떠났습니다' if left else '위촉을 거절했습니다'}",
            en=f"{label} has {'left the committee' if left else 'declined'}",
        ),
        Text(
            ko="예비위원을 위촉할 수 있습니다. 정족수를 확인해 주세요.",
            en="A reserve may take the seat. See whether there is a quorum.",
        ),
        reverse("evaluation:committee", args=[call.slug]),
    )


@tells("evaluation.ask_substitute")
def substitute_asked(entry: Record) -> Iterable[Telling]:
    application = application_of(entry)
    yield from to_operators(
        application.call,
        Category.REQUEST,
        Text(
            ko=f"대리 발표를 요청했습니다: {application.title}",
            en=f"A substitute presenter: {application.title}",
        ),
        Text(ko="동의할지 정해 주세요.", en="Say whether you consent."),
        reverse("evaluation:stages", args=[application.call.slug]),
    )


@tells("evaluation.answer_substitute")
def substitute_answered(entry: Record) -> Iterable[Telling]:
    application = application_of(entry)
    consent = entry.payload["consent"]
    yield from to_organisations(
        [application.lead_id],
        Category.EVALUATION,
        Text(
            ko=f"대리 발표를 할 수 {'있습니다' if consent else '없습니다'}",
            en=f"A substitute {'may' if consent else 'may not'} present",
        ),
        Text(
            ko=f"‘{application.title}’의 대리 발표 요청에 담당자가 답했습니다.",
            en=f"The officer has answered your request on “{application.title}”.",
        ),
        reverse("evaluation:presenter", args=[application.pk]),
        # Those who may open that page.
        roles=WRITING,
    )
