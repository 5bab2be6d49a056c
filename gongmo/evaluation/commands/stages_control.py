"""What the operator does to a running stage: when its sheets are due, and a word to everyone who is not done."""

from datetime import datetime, timedelta

from django.db import transaction

from gongmo.evaluation.commands.base import managed_call, record
from gongmo.evaluation.commands.stages import later
from gongmo.evaluation.models import ScoreSheet, StageRun
from gongmo.evaluation.states import SeatState, SheetState, StageState
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import NotFound, Refused
from gongmo.ledger.locks import lock
from gongmo.ledger.queries import history

QUIET = timedelta(hours=1)
"""Nobody is reminded twice within this time."""


def _running(actor: Actor, run_id: int) -> StageRun:
    call_id = StageRun.objects.filter(pk=run_id).values_list("call_id", flat=True).first()
    if call_id is None:
        raise NotFound
    call = managed_call(actor, call_id)
    lock(StageRun, run_id)
    run = StageRun.objects.get(pk=run_id)
    run.call = call
    if run.state != StageState.OPEN:
        raise Refused("stage_locked", "이미 확정한 평가 단계입니다.", "The stage is locked already.")
    return run


def set_due(*, actor: Actor, run_id: int, due_at: datetime) -> StageRun:
    """Say by when the sheets of a running stage are to be locked. Nothing is refused to an expert who is late; it is shown."""
    with transaction.atomic():
        run = _running(actor, run_id)
        run.due_at = later(due_at)
        run.save(update_fields=["due_at"])
        record(
            actor, run.call, "evaluation.set_due", ("stage", run.pk), {"stage": run.stage, "due_at": due_at}
        )
        return run


def remind(*, actor: Actor, run_id: int) -> list[int]:
    """Remind, in one act, every seated expert who has open sheets in a running stage; returns their seats.

    Refused when nobody has, and within an hour of the last time.
    """
    with transaction.atomic():
        run = _running(actor, run_id)
        waiting = (
            ScoreSheet.objects.filter(run=run, state=SheetState.OPEN, seat__state=SeatState.PLEDGED)
            .order_by("seat_id")
            .values_list("seat_id", flat=True)
        )
        seats = sorted(set(waiting))
        if not seats:
            raise Refused(
                "nobody_waiting",
                "알릴 위원이 없습니다. 모든 위원이 평가표를 확정했습니다.",
                "There is nobody to remind: every sheet is locked.",
            )
        last = history("stage", run.pk, acts=frozenset({"evaluation.remind"}), limit=1)
        if last and clock.now() - last[0].at < QUIET:
            raise Refused(
                "reminded_lately",
                "한 시간 안에 이미 알렸습니다. 조금 뒤에 다시 알려 주세요.",
                "They were reminded within the last hour; wait a little.",
            )
        record(actor, run.call, "evaluation.remind", ("stage", run.pk), {"stage": run.stage, "seats": seats})
        return seats
