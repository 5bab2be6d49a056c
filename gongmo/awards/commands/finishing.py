"""Finishing an agreement whose period is over. Ending one before its time is a case of its own (commands/case_opening.py)."""

from django.db import transaction

from gongmo.awards import policies
from gongmo.awards.commands.case_base import locked_agreement
from gongmo.awards.models import Agreement, AgreementVersion, Amendment, TerminationCase
from gongmo.awards.states import (
    UNDER_WAY,
    AgreementState,
    AmendmentState,
    VersionState,
    agreements_table,
)
from gongmo.calls.models import Call
from gongmo.calls.states import CallState
from gongmo.definition.base import Text
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import Refused
from gongmo.kernel.korean import day
from gongmo.ledger import commands as ledger


def unsettled(agreement: Agreement) -> list[Text]:
    """What stands in the way of finishing an agreement in force, in words. Four statements."""
    found: list[Text] = []
    today = clock.now().astimezone(clock.SEOUL).date()
    if today <= agreement.period_ends:
        found.append(
            Text(
                ko=f"협약 기간이 {day(agreement.period_ends)}까지입니다. 그다음 날부터 종료할 수 있습니다. 그 전에 끝내려면 해약으로 처리해 주세요.",
                en=f"It runs until {agreement.period_ends} and can be finished from the next day on. Ending it earlier is a termination.",
            )
        )
    if TerminationCase.objects.filter(agreement=agreement, state__in=UNDER_WAY).exists():
        found.append(
            Text(
                ko="해약을 다루고 있습니다. 먼저 결정해 주세요.",
                en="A case on ending it is under way; decide it.",
            )
        )
    if (
        Amendment.objects.filter(agreement=agreement, state=AmendmentState.ASKED).exists()
        or AgreementVersion.objects.filter(agreement=agreement, state=VersionState.SIGNING).exists()
    ):
        found.append(
            Text(
                ko="답하지 않은 변경 요청이나 서명 중인 판이 있습니다. 먼저 처리해 주세요.",
                en="A change waits for its answer, or a version for its signatures; settle it first.",
            )
        )
    now = clock.now()
    running = Call.objects.filter(
        parent_agreement=agreement.pk, state=CallState.PUBLISHED, closes_at__gt=now
    ).values_list("title_ko", flat=True)
    if names := ", ".join(running[:5]):
        found.append(
            Text(
                ko=f"이 협약의 재원으로 접수 중인 공고가 있습니다: {names}. 접수를 마감하거나 취소해 주세요.",
                en=f"Calls that hand on its money still take applications: {names}. Close or cancel them.",
            )
        )
    return found


def finish_agreement(*, actor: Actor, agreement_id: int) -> Agreement:
    """Finish an agreement in force whose last day has passed. Duties that follow the end stay as its text says.

    Refused before that day, while a case, a change or a version waits, and while a call under it takes applications.
    """
    with transaction.atomic():
        agreement = locked_agreement(agreement_id)
        policies.manage.require(actor, agreement.call)
        agreement.state = agreements_table.require(AgreementState(agreement.state), AgreementState.FINISHED)
        waiting = unsettled(agreement)
        if waiting:
            raise Refused(
                "agreement_unsettled",
                " ".join(each.ko for each in waiting),
                " ".join(each.en for each in waiting),
            )
        agreement.ended_at = clock.now()
        agreement.save(update_fields=["state", "ended_at"])
        ledger.append(
            actor=actor,
            act="awards.finish_agreement",
            subject=("application", agreement.application_id),
            call=agreement.call.slug,
            payload={"agreement": agreement.pk, "period": [agreement.period_starts, agreement.period_ends]},
        )
        return agreement
