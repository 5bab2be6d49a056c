"""Whom the days of presentations and the site visits concern: presenters, evaluators, officers."""

from collections.abc import Iterable

from django.urls import reverse

from gongmo.applications.notices import joined, to_organisations
from gongmo.calls.notices import to_operators
from gongmo.definition.base import Text
from gongmo.evaluation.models import PresentationDay, Seat, SiteVisit, StageRun
from gongmo.evaluation.states import DayState, SeatState, StageState
from gongmo.kernel.actor import Role
from gongmo.kernel.korean import particle, stamp
from gongmo.ledger.queries import Record
from gongmo.notices.calendar import Appointment, appoints
from gongmo.notices.categories import Category
from gongmo.notices.telling import Telling, tells
from gongmo.parties.models import Person


@tells("evaluation.announce_presentations")
def announced(entry: Record) -> Iterable[Telling]:
    day = PresentationDay.objects.select_related("run__call").filter(pk=int(entry.subject_id)).first()
    if day is None:
        return
    call, again = day.run.call, entry.payload["minutes"] and day.sequence > 0
    for slot in day.slots.select_related("application__lead"):
        yield from to_organisations(
            joined(slot.application),
            Category.EVALUATION,
            Text(
                ko=f"발표 시각이 {'바뀌었습니다' if again else '정해졌습니다'}: {stamp(slot.starts_at)}",
                en=f"Your presentation {'is moved to' if again else 'is at'} {stamp(slot.starts_at)}",
            ),
            Text(
                ko=f"{particle(f'‘{slot.application.title}’', '을', '를')} {day.place}에서 발표합니다. 총괄책임자가 발표하며, 30분 전까지 와 주세요.",
                en=f"“{slot.application.title}” is presented at {day.place} by the project director. Be there 30 minutes before.",
            ),
            reverse("evaluation:presenter", args=[slot.application_id]),
        )
    seats = Seat.objects.filter(
        committee=day.run.committee_id, state=SeatState.PLEDGED, reserve=False
    ).select_related("evaluator")
    words = Text(
        ko=f"발표평가가 {stamp(day.starts_at)}에 있습니다{' (바뀜)' if again else ''}",
        en=f"Presentations on {stamp(day.starts_at)}{' (changed)' if again else ''}",
    )
    count = day.slots.count()
    body = Text(
        ko=f"‘{call.title_ko}’ {count}건, {day.place}.", en=f"“{call.title_en}”, {count} talks, {day.place}."
    )
    url = reverse("evaluation:day", args=[day.pk])
    for seat in seats:
        yield Telling(
            [seat.evaluator.person_id], Category.EVALUATION, words, body, url, key="", role=Role.EVALUATOR
        )
    yield from to_operators(call, Category.EVALUATION, words, body, url)


@tells("evaluation.want_site_visit")
def visit_wanted(entry: Record) -> Iterable[Telling]:
    visit = _visit(entry)
    if visit is not None:
        yield from to_operators(
            visit.committee.call,
            Category.REQUEST,
            Text(
                ko=f"현장평가가 필요합니다: {visit.application.title}",
                en=f"A site visit is necessary: {visit.application.title}",
            ),
            Text(ko="일정을 잡아 주세요.", en="Please plan it."),
            reverse("evaluation:visit", args=[visit.pk]),
        )


@tells("evaluation.plan_visit")
def visit_planned(entry: Record) -> Iterable[Telling]:
    visit = _visit(entry)
    if visit is None or visit.planned_at is None:
        return
    seats = (
        Seat.objects.filter(committee=visit.committee_id, state=SeatState.PLEDGED, reserve=False)
        .exclude(disqualifications__application=visit.application_id)
        .select_related("evaluator")
    )
    for seat in seats:
        yield Telling(
            [seat.evaluator.person_id],
            Category.EVALUATION,
            Text(
                ko=f"현장평가가 {stamp(visit.planned_at)}에 있습니다",
                en=f"Site visit on {stamp(visit.planned_at)}",
            ),
            Text(ko=f"장소: {visit.planned_place}", en=f"At {visit.planned_place}"),
            reverse("evaluation:visit", args=[visit.pk]),
            key="",
            role=Role.EVALUATOR,
        )


def _visit(entry: Record) -> SiteVisit | None:
    return (
        SiteVisit.objects.select_related("committee__call", "application")
        .filter(pk=int(entry.subject_id))
        .first()
    )


@appoints
def scoring(person: Person) -> Iterable[Appointment]:
    """For an evaluator: until when the own sheets are to be locked, and the announced days of presentations."""
    seats = Seat.objects.filter(evaluator__person=person, state=SeatState.PLEDGED, reserve=False)
    runs = StageRun.objects.filter(
        committee__seats__in=seats, state=StageState.OPEN, due_at__isnull=False
    ).select_related("call")
    for run in runs.distinct():
        if run.due_at is not None:
            yield Appointment(
                f"stage-{run.pk}",
                run.due_at,
                Text(ko=f"평가표 확정: {run.call.title_ko}", en=f"Lock your sheets: {run.call.title_en}"),
                reverse("evaluation:desk"),
            )
    days = PresentationDay.objects.filter(
        run__committee__seats__in=seats, run__state=StageState.OPEN, state=DayState.ANNOUNCED
    ).select_related("run__call")
    for day in days.distinct():
        yield Appointment(
            f"presentations-{day.pk}",
            day.starts_at,
            Text(ko=f"발표평가: {day.run.call.title_ko}", en=f"Presentations: {day.run.call.title_en}"),
            reverse("evaluation:day", args=[day.pk]),
            note=Text(ko=day.place, en=day.place),
        )
