"""An applicant's objection to the own result, the officer's answer, and the re-evaluation that an upheld one leads to."""

from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from gongmo.applications.models import Application
from gongmo.calls.due import due_day
from gongmo.calls.models import Call
from gongmo.definition.forming import USUAL
from gongmo.definition.model import Definition
from gongmo.definition.results import times_to_object
from gongmo.evaluation import conflicts, policies
from gongmo.evaluation.commands.base import locked_call, managed_call, record, record_void, said
from gongmo.evaluation.commands.dissolving import standing, take_over
from gongmo.evaluation.commands.results import ANSWER, period
from gongmo.evaluation.commands.stages import enough, later
from gongmo.evaluation.inputs import definition_by_hash, parse
from gongmo.evaluation.models import (
    Committee,
    Disqualification,
    Objection,
    ObjectionFile,
    Ranking,
    ResultNotice,
    ScoreSheet,
    Seat,
    StageRun,
)
from gongmo.evaluation.states import ObjectionState, SeatState, SheetState, objections_table
from gongmo.evaluation.voiding import counts_in
from gongmo.files.commands import receive
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, Role
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.ledger.locks import lock
from gongmo.notices.queries import officers
from gongmo.screening.queries import eligible_applications

UPLOAD_PURPOSE = "result-objection"
MOST_FILES = 10


def object_to_result(
    *,
    actor: Actor,
    application_id: int,
    reason: str,
    files: Sequence[tuple[str, BinaryIO]] = (),
) -> Objection:
    """Object to the own result, with reasons and files. Refused before the result was told, at or after the last instant, and more often
    than the definition allows (once, where it says nothing)."""
    found = Application.objects.filter(pk=application_id).first()
    if found is None or not policies.see_result(actor, found):
        raise NotFound
    policies.object_to_result.require(actor, found)
    reason = said(
        reason,
        field="reason",
        ko="이의를 신청하는 까닭을 적어 주세요.",
        en="Say why you object.",
        limit=10_000,
    )
    if len(files) > MOST_FILES:
        raise BadInput(
            "too_many_files",
            f"파일은 {MOST_FILES}개까지 붙일 수 있습니다.",
            f"Up to {MOST_FILES} files can be attached.",
            field="files",
        )
    _open_notice(found)
    # Stored before anything is locked, so that a slow upload holds up nobody.
    stored = [
        receive(actor=actor, purpose=UPLOAD_PURPOSE, name=name, stream=stream) for name, stream in files
    ]
    with transaction.atomic():
        call = locked_call(found.call_id)
        application = Application.objects.get(pk=application_id)
        notice = _open_notice(application)
        definition = definition_by_hash(parse(notice.ranking.inputs).definition)
        filed = Objection.objects.filter(application=application).count()
        here = Objection.objects.filter(application=application, ranking=notice.ranking).exists()
        if here or filed >= times_to_object(definition):
            raise Refused(
                "objected_already",
                "이의신청은 이미 했습니다. 같은 결과에 다시 신청할 수 없습니다.",
                "You have objected already; it cannot be done again.",
            )
        now = clock.now()
        answer = period(definition, ANSWER)
        made = Objection.objects.create(
            application=application,
            ranking=notice.ranking,
            reason=reason,
            filed_at=now,
            filed_by_id=actor.person,
            answer_by=None if answer is None else due_day(answer, now),
        )
        for file, name in stored:
            ObjectionFile.objects.create(objection=made, file=file, name=name[:255])
        record(
            actor,
            call,
            "evaluation.object",
            ("objection", made.pk),
            {
                "application": application.pk,
                "ranking": notice.ranking.inputs_hash,
                "reason": reason,
                "files": [file.sha256 for file, _ in stored],
                "answer_by": made.answer_by,
            },
        )
        return made


def _open_notice(application: Application) -> ResultNotice:
    """The notice of the newest result that the applicant was told, while objections to it are heard."""
    ranking = Ranking.objects.filter(call=application.call_id, notice__isnull=False).first()
    if ranking is None or str(application.pk) not in parse(ranking.inputs).applications:
        raise NotFound
    notice: ResultNotice = ranking.notice
    notice.ranking = ranking
    if notice.objections_until is None:
        raise Refused(
            "no_objections",
            "이 공고에는 이의신청 기간이 없습니다.",
            "This call has no period for objections.",
        )
    if clock.now() >= notice.objections_until:
        raise Refused(
            "objection_late",
            "이의신청 기간이 지났습니다.",
            "The time for objections is over.",
        )
    return notice


def answer_objection(*, actor: Actor, objection_id: int, uphold: bool, answer: str) -> Objection:
    """Answer an objection: dismissed with its reason, or upheld, so that the application is evaluated anew by another panel.

    Another officer answers than the one who fixed the ranking, where there is another.
    """
    with transaction.atomic():
        objection = _locked(actor, objection_id)
        call = objection.ranking.call
        others = (
            len(
                set(officers(Role.AGENCY, call.operator_id))
                | set(officers(Role.TASK_FORCE, call.operator_id))
            )
            > 1
        )
        policies.answer_objection.require(actor, call, objection.ranking.fixed_by_id, others)
        answer = said(answer, field="answer", ko="답변을 적어 주세요.", en="Write the answer.", limit=10_000)
        objection.state = objections_table.require(
            ObjectionState(objection.state), ObjectionState.UPHELD if uphold else ObjectionState.DISMISSED
        )
        objection.answer, objection.answered_at, objection.answered_by_id = answer, clock.now(), actor.person
        objection.save(update_fields=["state", "answer", "answered_at", "answered_by"])
        record(
            actor,
            call,
            "evaluation.answer_objection",
            ("objection", objection.pk),
            {"application": objection.application_id, "state": objection.state, "answer": answer},
        )
        return objection


def _locked(actor: Actor, objection_id: int) -> Objection:
    call_id = Objection.objects.filter(pk=objection_id).values_list("ranking__call_id", flat=True).first()
    if call_id is None:
        raise NotFound
    call = managed_call(actor, call_id)
    lock(Objection, objection_id)
    objection = Objection.objects.select_related("ranking", "application").get(pk=objection_id)
    objection.ranking.call = call
    return objection


def open_reevaluation(
    *, actor: Actor, objection_id: int, committee_id: int, due_at: datetime | None = None
) -> list[StageRun]:
    """Give the sheets of an upheld objection's application to a panel: every scored stage in which it was scored before, anew.

    Opening it again adds what is missing (a late pledge, a reserve). Refused unless enough of the panel's pledged members judged the
    application before (`keep_original`, one where the call says nothing), or with fewer judges than the quorum.
    """
    with transaction.atomic():
        objection = _locked(actor, objection_id)
        call = objection.ranking.call
        if objection.state != ObjectionState.UPHELD:
            raise Refused(
                "objection_not_upheld",
                "받아들인 이의신청만 다시 평가할 수 있습니다.",
                "Only an upheld objection leads to a re-evaluation.",
            )
        application = eligible_applications(call).filter(pk=objection.application_id).first()
        committee = Committee.objects.filter(call=call, pk=committee_id).first()
        if application is None or committee is None:
            raise NotFound
        standing(committee)
        definition = definition_by_hash(parse(objection.ranking.inputs).definition)
        seats = list(
            Seat.objects.filter(committee=committee, state=SeatState.PLEDGED, reserve=False)
            .select_related("evaluator")
            .order_by("pk")
        )
        _originals(definition, objection, seats)
        detected = conflicts.detect(committee, seats)
        out = set(
            Disqualification.objects.filter(seat__in=seats, application=application).values_list(
                "seat_id", flat=True
            )
        )
        before = take_over(
            objection.stage_runs.order_by("pk"), committee, None if due_at is None else later(due_at)
        )
        runs = _runs(call, objection, committee, definition, due_at)
        made: dict[int, list[ScoreSheet]] = {}
        for run in runs:
            taken = set(ScoreSheet.objects.filter(run=run).values_list("seat_id", flat=True))
            made[run.pk] = [
                ScoreSheet.objects.create(run=run, seat=seat, application=application)
                for seat in seats
                if seat.pk not in taken | out
            ]
            enough(definition, run, [application])
        for run in runs:
            record(
                actor,
                call,
                "evaluation.open_stage",
                ("stage", run.pk),
                {
                    "stage": run.stage,
                    "round": run.round,
                    "objection": objection.pk,
                    "committee": committee.pk,
                    **({"taken_over_from": before} if before is not None else {}),
                    "version": run.version.number,
                    "definition": run.version.sha256,
                    "due_at": run.due_at,
                    "sheets": [
                        {
                            "sheet": sheet.pk,
                            "evaluator": sheet.seat.evaluator.label,
                            "application": sheet.application_id,
                        }
                        for sheet in made[run.pk]
                    ],
                    "disqualified": detected.record(),
                },
            )
        record_void(actor, call, detected.voided)
        return runs


def _originals(definition: Definition, objection: Objection, seats: Sequence[Seat]) -> None:
    """Refuse a panel on which too few sit who judged the application for the ranking that is objected to."""
    wanted = (definition.evaluation.forming or USUAL).keep_original
    before = set(
        ScoreSheet.objects.filter(
            counts_in(objection.ranking), application=objection.application_id, state=SheetState.LOCKED
        ).values_list("seat__evaluator_id", flat=True)
    )
    there = sum(seat.evaluator_id in before for seat in seats)
    if there < wanted:
        raise Refused(
            "no_original_member",
            f"다시 평가하는 위원회에는 앞서 이 신청을 평가한 위원이 {wanted}명 이상 있어야 합니다. 지금은 {there}명입니다.",
            f"A panel that evaluates anew has at least {wanted} member(s) who judged the application before; there are {there}.",
            details={"wanted": wanted, "there": there},
        )


def _runs(
    call: Call, objection: Objection, committee: Committee, definition: Definition, due_at: datetime | None
) -> list[StageRun]:
    """The re-evaluation's stages: those that are open already, else one for each stage in which the application was scored."""
    held = list(objection.stage_runs.select_related("version").order_by("pk"))
    if held:
        if any(run.committee_id != committee.pk for run in held):
            raise Refused(
                "other_panel",
                "이 재평가는 다른 위원회가 맡고 있습니다.",
                "Another panel has this re-evaluation already.",
            )
        return held
    scored = set(
        ScoreSheet.objects.filter(
            application=objection.application_id, run__call=call, run__round=1, state=SheetState.LOCKED
        ).values_list("run__stage", flat=True)
    )
    stages = [stage.id for stage in definition.evaluation.scored_stages() if stage.id in scored]
    first = StageRun.objects.filter(call=call, round=1).select_related("version").order_by("pk")[0]
    last: int = StageRun.objects.filter(call=call).order_by("-round").values_list("round", flat=True)[0]
    due = None if due_at is None else later(due_at)
    made = []
    for stage in stages:
        run = StageRun.objects.create(
            call=call,
            committee=committee,
            stage=stage,
            version=first.version,
            round=last + 1,
            objection=objection,
            opened_at=clock.now(),
            due_at=due,
        )
        made.append(run)
    return made
