"""The site visit (programme clause A-11c): only where the presentation committee finds it necessary, and without a weight."""

from datetime import date, datetime
from typing import BinaryIO

from django.db import transaction

from gongmo.applications.fields.base import text_of
from gongmo.applications.models import Application
from gongmo.calls.queries import definition_of
from gongmo.evaluation import policies
from gongmo.evaluation.commands.base import locked_call, manager, record, said, unfixed
from gongmo.evaluation.models import Disqualification, Seat, SiteVisit, StageRun, VisitPhoto
from gongmo.evaluation.presentation import presentation_stage
from gongmo.evaluation.states import SeatState, VisitState, visits_table
from gongmo.files.commands import store
from gongmo.files.commands.receiving import receive
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger.locks import lock
from gongmo.screening.queries import eligible_applications

PHOTO_PURPOSE = "visit-photo"
PHOTOS = frozenset({"jpg", "png", "pdf"})
MOST_PHOTOS = 60


def want_site_visit(*, actor: Actor, application_id: int, reason: str) -> SiteVisit:
    """A member of the presentation committee records that a visit is necessary, with the reason.

    Refused before the presentation stage is open, in a call without site visits, and for a member who does not judge the
    application.
    """
    with transaction.atomic():
        application = Application.objects.filter(pk=application_id).first()
        if application is None:
            raise NotFound
        call = locked_call(application.call_id)
        run = _presentation(application)
        seat = (
            Seat.objects.select_related("evaluator")
            .filter(
                committee=run.committee,
                evaluator__person=actor.person,
                state=SeatState.PLEDGED,
                reserve=False,
            )
            .first()
            if run is not None and actor.role is Role.EVALUATOR and actor.person is not None
            else None
        )
        if seat is None or run is None:
            if policies.oversee(actor, call):
                raise Refused(
                    "visit_by_committee",
                    "현장평가는 대면평가가 열린 뒤 평가위원회가 필요하다고 인정할 때 평가위원이 기록합니다.",
                    "A site visit is asked for by a member of the presentation committee, once that stage is open.",
                )
            raise NotFound
        reason = said(
            reason,
            field="reason",
            ko="현장평가가 필요한 까닭을 적어 주세요.",
            en="Say why a visit is necessary.",
        )
        if Disqualification.objects.filter(seat=seat, application=application).exists():
            raise NotFound
        unfixed(call)
        if all(stage.scored for stage in definition_of(call).evaluation.stages):
            raise Refused(
                "no_site_visit", "이 공고에는 현장평가가 없습니다.", "This call has no site visits."
            )
        if not eligible_applications(call).filter(pk=application_id).exists():
            raise NotFound
        held = SiteVisit.objects.select_for_update().filter(application=application).first()
        if held is not None and held.state != VisitState.DROPPED:
            raise Refused(
                "visit_wanted_already",
                "이 신청의 현장평가는 이미 의결되었습니다.",
                "A site visit of this application is asked for already.",
            )
        visit = held or SiteVisit(application=application)
        visit.committee, visit.reason, visit.wanted_at = run.committee, reason, clock.now()
        if held is not None:
            # One that fell with a dissolved committee; the record keeps what had been planned.
            visit.state = visits_table.require(VisitState(visit.state), VisitState.WANTED)
            visit.planned_at, visit.planned_place, visit.plan = None, "", ""
        visit.save()
        record(
            actor,
            call,
            "evaluation.want_site_visit",
            ("visit", visit.pk),
            {"application": application.pk, "evaluator": seat.evaluator.label, "reason": reason},
        )
        return visit


def _presentation(application: Application) -> StageRun | None:
    stage = presentation_stage(definition_of(application.call))
    return (
        StageRun.objects.select_related("committee")
        .filter(call=application.call, stage=stage.id)
        .order_by("-round")
        .first()
        if stage is not None
        else None
    )


def plan_visit(*, actor: Actor, visit_id: int, planned_at: datetime, place: str, plan: str) -> SiteVisit:
    """Set when and where a wanted visit takes place, what is to be looked at and who goes. The operator plans it; a plan may be changed."""
    with transaction.atomic():
        if not lock(SiteVisit, visit_id):
            raise NotFound
        visit = SiteVisit.objects.select_related("committee__call").get(pk=visit_id)
        manager(actor, visit.committee.call)
        place = said(place, field="place", ko="방문할 곳을 적어 주세요.", en="Say where.", limit=200)
        plan = said(
            plan,
            field="plan",
            ko="확인할 것과 함께 갈 사람을 적어 주세요.",
            en="Say what to look at and who goes.",
        )
        if planned_at <= clock.now():
            raise BadInput(
                "visit_past", "앞으로 올 시각을 골라 주세요.", "Choose a time to come.", field="planned_at"
            )
        visit.state = visits_table.require(VisitState(visit.state), VisitState.PLANNED)
        visit.planned_at, visit.planned_place, visit.plan = planned_at, place, plan
        visit.save(update_fields=["state", "planned_at", "planned_place", "plan"])
        record(
            actor,
            visit.committee.call,
            "evaluation.plan_visit",
            ("visit", visit.pk),
            {"application": visit.application_id, "planned_at": planned_at, "place": place, "plan": plan},
        )
        return visit


def add_photo(
    *,
    actor: Actor,
    visit_id: int,
    caption: str = "",
    name: str = "",
    stream: BinaryIO | None = None,
    upload: str = "",
) -> VisitPhoto:
    """Add a photograph (or another page of evidence) to a visit, before the ranking is fixed. Who may record the visit adds it."""
    visit = SiteVisit.objects.select_related("committee__call").filter(pk=visit_id).first()
    if visit is None or not may_record(actor, visit):
        raise NotFound
    caption = text_of(caption)[:200]
    unfixed(visit.committee.call)
    stored, name = receive(actor=actor, purpose=PHOTO_PURPOSE, name=name, stream=stream, upload=upload)
    if stored.extension not in PHOTOS:
        raise BadInput(
            "not_a_photo",
            "사진(JPG, PNG)이나 PDF를 올려 주세요.",
            "Upload a photograph (JPG, PNG) or a PDF.",
            field="file",
        )
    with transaction.atomic():
        visit = _locked(visit_id)
        unfixed(visit.committee.call)
        if visit.photos.count() >= MOST_PHOTOS:
            raise Refused(
                "too_many_photos",
                f"사진은 {MOST_PHOTOS}장까지 올릴 수 있습니다.",
                f"At most {MOST_PHOTOS} photographs are kept.",
            )
        photo = VisitPhoto.objects.create(
            visit=visit, file=stored, file_name=name[:255], caption=caption, added_at=clock.now()
        )
        record(
            actor,
            visit.committee.call,
            "evaluation.add_visit_photo",
            ("visit", visit.pk),
            {"application": visit.application_id, "file": stored.sha256, "caption": caption},
        )
        return photo


def _locked(visit_id: int) -> SiteVisit:
    if not lock(SiteVisit, visit_id):
        raise NotFound
    return SiteVisit.objects.select_related("committee__call").get(pk=visit_id)


def record_visit(
    *,
    actor: Actor,
    visit_id: int,
    visited_on: date,
    memo: str,
    name: str | None = None,
    stream: BinaryIO | None = None,
) -> SiteVisit:
    """Record a visit that took place, with its memo and a file where there is one. The operator or a member records it."""
    visit = SiteVisit.objects.select_related("committee__call").filter(pk=visit_id).first()
    if visit is None or not may_record(actor, visit):
        raise NotFound
    memo = said(
        memo, field="memo", ko="현장에서 확인한 내용을 적어 주세요.", en="Write what was seen.", limit=20_000
    )
    if visited_on > clock.now().astimezone(SEOUL).date():
        raise BadInput(
            "visited_ahead",
            "방문한 날은 오늘보다 뒤일 수 없습니다.",
            "The visit cannot lie ahead.",
            field="visited_on",
        )
    stored = store(stream=stream, name=name) if stream is not None and name else None
    with transaction.atomic():
        visit = _locked(visit_id)
        visit.state = visits_table.require(VisitState(visit.state), VisitState.DONE)
        visit.visited_on, visit.memo = visited_on, memo
        visit.file, visit.file_name = stored, (name or "") if stored else ""
        visit.save()
        record(
            actor,
            visit.committee.call,
            "evaluation.record_visit",
            ("visit", visit.pk),
            {
                "application": visit.application_id,
                "visited_on": visited_on,
                "memo": memo,
                "file": stored.sha256 if stored else None,
            },
        )
        return visit


def may_record(actor: Actor, visit: SiteVisit) -> bool:
    """Whether the actor records this visit: the operator, or a member of the committee who judges the application."""
    if policies.manage(actor, visit.committee.call):
        return True
    if actor.role is not Role.EVALUATOR or actor.person is None:
        return False
    out = Disqualification.objects.filter(application=visit.application_id).values("seat")
    return (
        Seat.objects.filter(
            committee=visit.committee, evaluator__person=actor.person, state=SeatState.PLEDGED, reserve=False
        )
        .exclude(pk__in=out)
        .exists()
    )
