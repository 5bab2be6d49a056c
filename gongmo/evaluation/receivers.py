"""What the evaluation does when the floor below excludes an application or lifts an exclusion."""

from typing import Any

from django.dispatch import receiver

from gongmo.applications.models import Application
from gongmo.evaluation.commands.base import record, record_void
from gongmo.evaluation.models import Ranking, ScoreSheet, StageRun, VoidKind
from gongmo.evaluation.states import SeatState, SheetState, StageState, sheets_table
from gongmo.evaluation.voiding import live_sheets, void
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import Refused
from gongmo.screening.signals import excluded, reinstated


@receiver(excluded, dispatch_uid="evaluation.excluded")
def void_sheets(sender: object, *, application: Application, actor: Actor, reason: str, **_: Any) -> None:
    """Void an excluded application's sheets. Those from which a ranking was fixed stay, as the ground of what was decided."""
    told = void(live_sheets(application=application), VoidKind.EXCLUDED, reason)
    record_void(actor, application.call, told)


@receiver(reinstated, dispatch_uid="evaluation.reinstated")
def reopen_sheets(sender: object, *, application: Application, actor: Actor, reason: str, **_: Any) -> None:
    """Reopen the sheets that fell with the exclusion. Refused once a stage was locked without the application."""
    call = application.call
    fixed = Ranking.objects.filter(call=call).exists()
    if not fixed and StageRun.objects.filter(call=call, state=StageState.LOCKED).exists():
        raise Refused(
            "stage_locked",
            "이 신청 없이 확정된 평가 단계가 있어 제외를 되돌릴 수 없습니다.",
            "A stage was locked without this application; its exclusion cannot be lifted any more.",
        )
    sheets = list(
        ScoreSheet.objects.select_for_update(of=("self",))
        .filter(application=application, state=SheetState.VOID, void_kind=VoidKind.EXCLUDED)
        # Whoever left, or sat on a committee that was dissolved, judges no more.
        .filter(run__state=StageState.OPEN, seat__state=SeatState.PLEDGED)
        .order_by("pk")
    )
    for sheet in sheets:
        sheet.state = sheets_table.require(SheetState(sheet.state), SheetState.OPEN)
        sheet.void_kind = sheet.void_reason = sheet.seal = ""
        sheet.locked_at = None
        sheet.save(update_fields=["state", "void_kind", "void_reason", "seal", "locked_at"])
    if sheets:
        record(
            actor,
            call,
            "evaluation.reopen_sheets",
            ("call", call.pk),
            {"application": application.pk, "sheets": [sheet.pk for sheet in sheets]},
        )
