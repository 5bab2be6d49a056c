"""Whom the control room tells: experts who are not done, applicants of a result to read, officers of objections and of a new version.

No notice holds a result, a rank or a point: a mail may be read by others than the page it leads to.
"""

from collections.abc import Iterable

from django.urls import reverse

from gongmo.applications.models import Application
from gongmo.applications.notices import to_organisations
from gongmo.applications.policies import WRITING
from gongmo.calls.models import Call
from gongmo.calls.notices import to_operators
from gongmo.definition.base import Text
from gongmo.evaluation.models import Objection, ScoreSheet, Seat, StageRun
from gongmo.evaluation.states import SheetState
from gongmo.kernel.actor import Role
from gongmo.kernel.korean import stamp
from gongmo.ledger.queries import Record
from gongmo.notices.calendar import Appointment, appoints
from gongmo.notices.categories import Category
from gongmo.notices.telling import Telling, tells
from gongmo.notices.wording import quoted
from gongmo.parties.models import Membership, Person
from gongmo.parties.pages import address


@tells("evaluation.remind")
def reminded(entry: Record) -> Iterable[Telling]:
    """Each expert with open sheets, of the own number only."""
    run = StageRun.objects.select_related("call").get(pk=int(entry.subject_id))
    left: dict[int, int] = {}
    sheets = ScoreSheet.objects.filter(run=run, state=SheetState.OPEN, seat__in=entry.payload["seats"])
    for pk in sheets.values_list("seat_id", flat=True):
        left[pk] = left.get(pk, 0) + 1
    due = f" {stamp(run.due_at)}까지" if run.due_at else ""
    due_en = f" by {stamp(run.due_at)} (Seoul)" if run.due_at else ""
    for seat in Seat.objects.filter(pk__in=left).select_related("evaluator").order_by("pk"):
        yield Telling(
            [seat.evaluator.person_id],
            Category.EVALUATION,
            Text(
                ko=f"확정하지 않은 평가표가 {left[seat.pk]}장 있습니다: {run.call.title_ko}",
                en=f"{left[seat.pk]} sheet(s) are not locked yet: {run.call.title_en}",
            ),
            Text(
                ko=f"쓰신 내용은 저장되어 있습니다.{due} 평가표를 확정해 주세요.",
                en=f"What you wrote is saved. Please lock your sheets{due_en}.",
            ),
            reverse("evaluation:seat", args=[seat.pk]),
            role=Role.EVALUATOR,
        )


@tells("evaluation.tell_results")
def results_told(entry: Record) -> Iterable[Telling]:
    """The same words to every applicant, so that the notice itself tells nobody anything."""
    again = entry.payload["number"] > 1
    wanted = Application.objects.filter(pk__in=entry.payload["applications"]).select_related("call")
    for application in wanted.order_by("pk"):
        yield from to_organisations(
            [application.lead_id],
            Category.AWARD,
            Text(
                ko=f"평가 결과가 {'다시 ' if again else ''}나왔습니다: {application.call.title_ko}",
                en=f"The result is out{' again' if again else ''}: {application.call.title_en}",
            ),
            Text(
                ko=f"{quoted(application.title, '의', '의')} 결과를 확인해 주세요. 이의신청을 할 수 있는 기간도 적혀 있습니다.",
                en=f"See the result of “{application.title}”, and until when you may object.",
            ),
            reverse("evaluation:result", args=[application.pk]),
        )


def _objection(entry: Record) -> Objection:
    return Objection.objects.select_related("application", "ranking__call").get(pk=int(entry.subject_id))


@tells("evaluation.object")
def objected(entry: Record) -> Iterable[Telling]:
    objection = _objection(entry)
    call = objection.ranking.call
    yield from to_operators(
        call,
        Category.REQUEST,
        Text(
            ko=f"결과 이의신청이 들어왔습니다: {objection.application.title}",
            en=f"An objection to the result: {objection.application.title}",
        ),
        Text(ko="까닭을 읽고 기한 안에 답해 주세요.", en="Read the grounds and answer in time."),
        reverse("evaluation:objections", args=[call.slug]) + f"#objection-{objection.pk}",
    )


@tells("evaluation.answer_objection")
def objection_answered(entry: Record) -> Iterable[Telling]:
    objection = _objection(entry)
    yield from to_organisations(
        [objection.application.lead_id],
        Category.AWARD,
        Text(ko="결과 이의신청에 답변이 있습니다", en="Your objection is answered"),
        Text(
            ko=f"{quoted(objection.application.title, '의', '의')} 이의신청에 담당자가 답했습니다.",
            en=f"The officer has answered your objection on “{objection.application.title}”.",
        ),
        reverse("evaluation:result", args=[objection.application_id]),
    )


@tells("evaluation.fix_ranking")
def fixed_anew(entry: Record) -> Iterable[Telling]:
    """A later version: what was built on the one before has to be looked at."""
    if entry.payload.get("number", 1) == 1:
        return
    call = Call.objects.get(slug=entry.call)
    number = entry.payload["number"]
    yield from to_operators(
        call,
        Category.EVALUATION,
        Text(
            ko=f"순위 제{number}판이 확정되었습니다: {call.title_ko}",
            en=f"Version {number} of the ranking is fixed: {call.title_en}",
        ),
        Text(
            ko="앞선 판으로 시작한 협상과 배분이 있으면 새 순위와 맞는지 확인해 주세요. 결과를 다시 통보해야 합니다.",
            en="Check whether negotiations and allocations begun on the earlier version still fit, and tell the results again.",
        ),
        address("awards:negotiations", call.slug) or reverse("evaluation:ranking", args=[call.slug]),
    )


@appoints
def objection_days(person: Person) -> Iterable[Appointment]:
    """Until when the person's organisations may still object; nothing of the result."""
    own = Membership.objects.filter(person=person, until__isnull=True, role__in=WRITING).values(
        "organisation"
    )
    told = (
        Application.objects.filter(
            lead__in=own, call__rankings__notice__objections_until__isnull=False, sheets__isnull=False
        )
        .distinct()
        .order_by("pk")
    )
    for application in told:
        ranking = application.call.rankings.filter(notice__isnull=False).select_related("notice").first()
        until = ranking.notice.objections_until if ranking is not None else None
        if ranking is None or until is None or application.result_objections.filter(ranking=ranking).exists():
            continue
        yield Appointment(
            uid=f"result-objection-{application.pk}-{ranking.number}",
            at=until,
            title=Text(ko=f"이의신청 마감: {application.title}", en=f"Objections until: {application.title}"),
            url=reverse("evaluation:result", args=[application.pk]),
        )
