"""Opening a stage gives every expert the sheets; locking it ends the scoring and tells the ledger the points (programme clause A-11)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from gongmo.applications.models import Application
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.calls.states import CallState
from gongmo.definition.evaluation import Stage
from gongmo.definition.model import Definition
from gongmo.evaluation import conflicts
from gongmo.evaluation.assignments import assigned
from gongmo.evaluation.commands.base import managed_call, manager, record, record_void, unfixed
from gongmo.evaluation.commands.committee import whole
from gongmo.evaluation.commands.dissolving import take_over
from gongmo.evaluation.commands.notes import forget_notes
from gongmo.evaluation.inputs import collect, definition_by_hash, scoring_version
from gongmo.evaluation.models import (
    Committee,
    Disqualification,
    Dissolution,
    PresentationSlot,
    ScoreSheet,
    Seat,
    StageRun,
    VoidKind,
)
from gongmo.evaluation.queries.presentation import unheld_turns
from gongmo.evaluation.sealing import points_of, sealed_texts
from gongmo.evaluation.states import SeatState, SheetState, SlotState, StageState, stages_table
from gongmo.evaluation.voiding import Told, void
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, NotFound, Refused
from gongmo.rules.ranking import Outcome, Standing
from gongmo.screening.queries import eligible_applications, undecided_applications


def open_stage(
    *,
    actor: Actor,
    call_id: int,
    stage: str,
    committee_id: int | None = None,
    due_at: datetime | None = None,
) -> StageRun:
    """Open a scored stage: a sheet for every seated expert and every application that stands in it, conflicts left out.

    Opening an open stage again adds what is missing (a late pledge, a reserve, a lifted exclusion) and voids what no longer
    stands in it; opening one whose committee was dissolved hands it to another. `due_at` is when the sheets are expected to be locked. Refused while eligibility is undecided, an earlier stage is not locked, a tie on who goes on is open, or an
    application would have fewer judges than the quorum.
    """
    with transaction.atomic():
        call = managed_call(actor, call_id)
        unfixed(call)
        definition = _frozen(call)
        found = _scored(definition, stage)
        if call.state != CallState.CLOSED:
            raise Refused(
                "call_not_closed", "접수를 마감한 뒤에 평가할 수 있습니다.", "Close the intake first."
            )
        _eligibility_decided(call)
        standing = _standing(call, definition, found)
        run, before = _run(call, found, committee_id)
        if due_at is not None:
            run.due_at = later(due_at)
            run.save(update_fields=["due_at"])
        seats = list(
            Seat.objects.filter(
                committee=run.committee, state=SeatState.PLEDGED, reserve=False
            ).select_related("evaluator")
        )
        whole(call, [seat.evaluator for seat in seats])
        detected = conflicts.detect(run.committee, seats)
        fallen = _fallen(run, standing)
        made = _sheets(run, seats, standing)
        enough(definition, run, standing)
        record(
            actor,
            call,
            "evaluation.open_stage",
            ("stage", run.pk),
            {
                "stage": found.id,
                "committee": run.committee_id,
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
                    for sheet in made
                ],
                "disqualified": detected.record(),
            },
        )
        for told in (detected.voided, fallen):
            record_void(actor, call, told)
        return run


def _frozen(call: Call) -> Definition:
    """The definition under which scoring began, or the one in force before it begins."""
    version = scoring_version(call)
    if version is None:
        raise NotFound
    return definition_of(version)


def _scored(definition: Definition, stage: str) -> Stage:
    try:
        found = definition.evaluation.stage(stage)
    except KeyError:
        raise BadInput(
            "unknown_stage",
            "이 공고의 평가 단계를 골라 주세요.",
            "Choose a stage of this call.",
            field="stage",
        ) from None
    if not found.scored:
        raise Refused(
            "stage_not_scored",
            f"‘{found.name.ko}’ 단계는 점수를 매기지 않으므로 따로 열지 않습니다.",
            f"“{found.name.en}” carries no score and is not opened by itself.",
        )
    return found


def _eligibility_decided(call: Call) -> None:
    undecided = list(undecided_applications(call)[:6])
    if undecided:
        names = ", ".join(application.title for application in undecided[:5])
        raise Refused(
            "eligibility_undecided",
            f"적격성 검토가 끝나지 않은 신청이 있습니다: {names}{' 외' if len(undecided) > 5 else ''}. 먼저 결정해 주세요.",
            f"The eligibility of some applications is not decided yet: {names}. Decide it first.",
            details={"applications": [application.pk for application in undecided]},
        )


def _standing(call: Call, definition: Definition, stage: Stage) -> list[Application]:
    """The applications that stand in a stage: the eligible ones that every earlier stage let through."""
    eligible = list(eligible_applications(call))
    if not eligible:
        raise Refused(
            "nobody_eligible",
            "평가할 적격 신청이 없습니다.",
            "There is no eligible application to be scored.",
        )
    scored = definition.evaluation.scored_stages()
    earlier = scored[: scored.index(stage)]
    runs = {run.stage: run for run in StageRun.objects.filter(call=call, round=1)}
    for before in earlier:
        if before.id not in runs or runs[before.id].state != StageState.LOCKED:
            raise Refused(
                "earlier_stage_open",
                f"‘{before.name.ko}’ 단계를 먼저 확정해 주세요.",
                f"Lock “{before.name.en}” first.",
            )
    if not earlier:
        return eligible
    ranking = collect(call).rank(definition, through=earlier[-1].id)
    if ranking.outcome is Outcome.UNDECIDED:
        names = ", ".join(a.title for a in eligible if str(a.pk) in ranking.undecided)
        raise Refused(
            "advance_undecided",
            f"다음 단계에 오를 신청이 동점으로 정해지지 않았습니다: {names}. 위원회의 동점 의결을 먼저 기록해 주세요.",
            f"A tie leaves open who goes on: {names}. Record the committee's decision first.",
        )
    going = {entry.application for entry in ranking.entries if entry.standing is Standing.ADVANCED}
    return [application for application in eligible if str(application.pk) in going]


def _run(call: Call, stage: Stage, committee_id: int | None) -> tuple[StageRun, int | None]:
    """The stage's run, and the dissolved committee from which it is taken over, where it is."""
    run = (
        StageRun.objects.select_for_update(of=("self",))
        .select_related("committee__call__version", "version")
        .filter(call=call, stage=stage.id, round=1)
        .first()
    )
    if run is not None:
        if run.state == StageState.LOCKED:
            raise Refused(
                "stage_locked",
                f"‘{stage.name.ko}’ 단계는 이미 확정했습니다.",
                f"“{stage.name.en}” is locked already.",
            )
        if not Dissolution.objects.filter(committee=run.committee_id).exists():
            return run, None
        return run, take_over([run], _chosen(call, committee_id), None)
    version = scoring_version(call)
    if version is None:
        raise NotFound
    made = StageRun.objects.create(
        call=call,
        committee=_chosen(call, committee_id),
        stage=stage.id,
        version=version,
        opened_at=clock.now(),
    )
    return made, None


def _chosen(call: Call, committee_id: int | None) -> Committee:
    """The committee that was named, else the only one; never a dissolved one."""
    committees = Committee.objects.filter(call=call, dissolution=None).select_related("call__version")
    chosen = list(committees.filter(pk=committee_id) if committee_id is not None else committees)
    if len(chosen) != 1:
        raise Refused(
            "which_committee",
            "평가를 맡을 위원회를 먼저 구성해 주세요."
            if not chosen
            else "어느 위원회가 평가할지 골라 주세요.",
            "Form a committee first." if not chosen else "Say which committee scores this stage.",
        )
    return chosen[0]


def _fallen(run: StageRun, standing: Sequence[Application]) -> Told | None:
    """Void the sheets of applications that no longer stand in the stage."""
    sheets = (
        ScoreSheet.objects.select_for_update(of=("self",)).filter(run=run).exclude(application__in=standing)
    )
    return void(sheets.order_by("pk"), VoidKind.NOT_ADVANCED, "이 단계의 평가 대상이 아님")


def _sheets(run: StageRun, seats: Iterable[Seat], standing: Iterable[Application]) -> list[ScoreSheet]:
    seats = list(seats)
    taken = set(ScoreSheet.objects.filter(run=run).values_list("seat_id", "application_id"))
    out = set(Disqualification.objects.filter(seat__in=seats).values_list("seat_id", "application_id"))
    allowed = assigned(seats)
    return [
        ScoreSheet.objects.create(run=run, seat=seat, application=application)
        for application in standing
        for seat in seats
        if (seat.pk, application.pk) not in taken | out
        and (not allowed or (seat.pk, application.pk) in allowed)
    ]


def enough(definition: Definition, run: StageRun, standing: Iterable[Application]) -> None:
    """Refuse where an application has fewer live sheets than the quorum."""
    quorum = definition.evaluation.committee.quorum
    counts: dict[int, int] = {}
    live = ScoreSheet.objects.filter(run=run).exclude(state=SheetState.VOID)
    for application in live.values_list("application_id", flat=True):
        counts[application] = counts.get(application, 0) + 1
    short = [application for application in standing if counts.get(application.pk, 0) < quorum]
    if short:
        names = ", ".join(f"{each.title}({counts.get(each.pk, 0)}명)" for each in short[:5])
        raise Refused(
            "too_few_judges",
            f"평가위원이 정족수({quorum}명)에 모자라는 신청이 {len(short)}건 있습니다: {names}. 예비위원을 위촉해 주세요.",
            f"{len(short)} application(s) have fewer judges than the quorum of {quorum}: {names}. Seat a reserve.",
            details={"applications": [application.pk for application in short]},
        )


def again_in(run: StageRun) -> list[Application]:
    """The application that a re-evaluation looks at anew, where it still stands."""
    if run.objection is None:
        return []
    return list(eligible_applications(run.call).filter(pk=run.objection.application_id))


def later(due_at: datetime) -> datetime:
    """An instant after now. Raises BadInput."""
    if due_at <= clock.now():
        raise BadInput(
            "due_in_the_past",
            "평가 마감은 지금보다 뒤여야 합니다.",
            "The sheets have to be due later than now.",
            field="due_at",
        )
    return due_at


def lock_stage(*, actor: Actor, run_id: int, reason: str = "") -> StageRun:
    """Lock a stage: nothing in it can be scored any more, and the ledger learns every point.

    Refused while a live sheet is not locked (naming whose), an application has fewer sheets than the quorum, or a presentation is under
    way. Where days of presentations were planned and some have not presented, `reason` says why the stage is locked all the same; it
    goes into the record with their names.
    """
    with transaction.atomic():
        call_id = StageRun.objects.filter(pk=run_id).values_list("call_id", flat=True).first()
        if call_id is None:
            raise NotFound
        call = managed_call(actor, call_id)
        run = StageRun.objects.select_for_update(of=("self",)).select_related("version").get(pk=run_id)
        run.call = call
        manager(actor, call)
        run.state = stages_table.require(StageState(run.state), StageState.LOCKED)
        if run.round == 1:
            _eligibility_decided(call)
        sheets = list(
            ScoreSheet.objects.select_for_update(of=("self",))
            .filter(run=run)
            .select_related("seat__evaluator")
            .prefetch_related("scores")
            .order_by("pk")
        )
        waiting = [sheet for sheet in sheets if sheet.state == SheetState.OPEN]
        if waiting:
            left: dict[str, int] = {}
            for sheet in waiting:
                left[sheet.seat.evaluator.label] = left.get(sheet.seat.evaluator.label, 0) + 1
            names = ", ".join(f"{label} {count}건" for label, count in sorted(left.items()))
            raise Refused(
                "sheets_open",
                f"아직 확정하지 않은 평가표가 {len(waiting)}건 있습니다: {names}.",
                f"{len(waiting)} sheet(s) are not locked yet: {', '.join(f'{k} {v}' for k, v in sorted(left.items()))}.",
                details={"left": left},
            )
        unheld = _presented(run, reason)
        definition = definition_by_hash(run.version.sha256)
        stage = definition.evaluation.stage(run.stage)
        enough(definition, run, again_in(run) if run.round > 1 else _standing(call, definition, stage))
        run.locked_at = clock.now()
        run.save(update_fields=["state", "locked_at"])
        forget_notes(run)
        record(
            actor,
            call,
            "evaluation.lock_stage",
            ("stage", run.pk),
            {
                "stage": run.stage,
                "round": run.round,
                **({"unheld": unheld, "reason": reason.strip()} if unheld else {}),
                "sheets": [
                    {
                        "sheet": sheet.pk,
                        "evaluator": sheet.seat.evaluator.label,
                        "application": sheet.application_id,
                        "points": points_of(sheet),
                        "texts": sealed_texts(sheet),
                        "seal": sheet.seal,
                    }
                    for sheet in sheets
                    if sheet.state == SheetState.LOCKED
                ],
            },
        )
        return run


def _presented(run: StageRun, reason: str) -> list[int]:
    """The applications whose turn was not held, where a reason was given for locking without them."""
    if PresentationSlot.objects.filter(
        day__run=run, state__in=(SlotState.TALKING, SlotState.ASKING)
    ).exists():
        raise Refused(
            "turn_under_way",
            "지금 진행 중인 발표가 있습니다. 발표를 마친 뒤에 확정해 주세요.",
            "A presentation is under way; end it first.",
        )
    unheld = unheld_turns(run)
    if unheld and not reason.strip():
        names = ", ".join(each.title for each in unheld[:5]) + (" 외" if len(unheld) > 5 else "")
        raise BadInput(
            "turns_waiting",
            f"발표하지 않은 신청이 {len(unheld)}건 있습니다: {names}. 발표를 마치거나, 발표 없이 확정하는 까닭을 적어 주세요.",
            f"{len(unheld)} application(s) have not presented: {names}. Hold the presentations, or say why the stage is locked without them.",
            field="reason",
            details={"applications": [each.pk for each in unheld]},
        )
    return [each.pk for each in unheld]
