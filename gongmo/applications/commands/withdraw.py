"""Withdrawing a submission before the deadline."""

from django.db import transaction

from gongmo.applications.commands.base import changed, locked
from gongmo.applications.models import Application
from gongmo.applications.policies import may_submit
from gongmo.applications.queries.reading import standing_submission
from gongmo.applications.states import ApplicationState, applications_table
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import BadInput, Refused
from gongmo.kernel.korean import stamp


def withdraw(*, actor: Actor, application_id: int, reason: str) -> Application:
    """Take back the standing submission, so that it can be changed and submitted again before the deadline.

    The withdrawn submission and its receipt stay in the record. Refused at and after the closing instant.
    """
    with transaction.atomic():
        received = clock.now()
        application = locked(actor, application_id)
        may_submit.require(actor, application)
        reason = reason.strip()
        if not reason or len(reason) > 1000:
            raise BadInput(
                "reason_missing",
                "철회하는 까닭을 1,000자 이내로 적어 주세요.",
                "Say within 1,000 letters why you withdraw.",
                field="reason",
            )
        state = applications_table.require(ApplicationState(application.state), ApplicationState.WITHDRAWN)
        closes_at = application.call.closes_at
        if received >= closes_at:
            raise Refused(
                "withdraw_after_deadline",
                f"접수가 {stamp(closes_at)}에 끝나 여기서는 철회할 수 없습니다. 운영 기관에 알려 주세요.",
                f"Applications closed at {stamp(closes_at)} (Seoul); you cannot withdraw here any more. Tell the operator.",
                details={"closes_at": closes_at.isoformat(), "received_at": received.isoformat()},
            )
        submission = standing_submission(application)
        if submission is None:  # pragma: no cover - the state and its submission change together
            raise Refused(
                "application_not_submitted", "제출된 신청서가 없습니다.", "Nothing stands submitted."
            )
        submission.withdrawn_at = received
        submission.save(update_fields=["withdrawn_at"])
        application.state = state
        changed(
            actor,
            application,
            "applications.withdraw",
            {"receipt_number": submission.receipt_number, "reason": reason},
            columns=("state",),
        )
    return application
