"""When the time of each application's personal data is over, and what stands against destroying it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from gongmo.applications.models import Application
from gongmo.awards.models import Agreement
from gongmo.awards.states import AgreementState
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.calls.states import CallState
from gongmo.definition.base import Text
from gongmo.definition.retention import retention_of
from gongmo.evaluation.models import Objection
from gongmo.evaluation.states import ObjectionState
from gongmo.kernel import clock
from gongmo.ledger.models import Entry
from gongmo.rules.retention import Ground, due_on
from gongmo.screening.models import ReviewObjection
from gongmo.screening.states import ObjectionState as ReviewObjectionState

ENDED = (AgreementState.FINISHED, AgreementState.TERMINATED)
_OVER = (CallState.FINISHED, CallState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Time:
    """Until when an application's personal data is kept: counted from `since`, over on `on`. Both are None while what they count from (the call's or
    the agreement's end) lies ahead."""

    application: int
    ground: Ground
    since: date | None
    on: date | None


def times(calls: Iterable[Call]) -> Iterator[tuple[Call, Time]]:
    """The times of everything in these calls that is not destroyed and not proposed, by call. Two statements, and one a call."""
    ended = {
        call: at.astimezone(clock.SEOUL).date()
        for call, at in Entry.objects.filter(act__in=["calls.finish", "calls.cancel"])
        .order_by("sequence")
        .values_list("call", "at")
    }
    agreed = {
        application: (state, at)
        for application, state, at in Agreement.objects.values_list("application_id", "state", "ended_at")
    }
    for call in calls:
        retention = retention_of(definition_of(call))
        waiting = Application.objects.filter(call=call, destroyed_at=None, destruction=None).order_by("pk")
        for pk, submission in waiting.values_list("pk", "submissions").distinct():
            since: date | None = None
            if pk in agreed:
                ground = Ground.SELECTED
                state, at = agreed[pk]
                if state in ENDED and at is not None:
                    since = at.astimezone(clock.SEOUL).date()
            elif submission is None:
                ground, since = Ground.DRAFT, call.closes_at.astimezone(clock.SEOUL).date()
            else:
                ground = Ground.UNSELECTED
                since = ended.get(call.slug) if call.state in _OVER else None
            yield call, Time(pk, ground, since, due_on(ground, since, retention) if since else None)


def disputes(application_id: int) -> list[Text]:
    """What is undecided about an application, so that its data may be needed as evidence. Two statements."""
    found = []
    if ReviewObjection.objects.filter(
        review__application=application_id, state=ReviewObjectionState.FILED
    ).exists():
        found.append(
            Text(ko="적격성 검토 이의신청에 답하지 않았습니다", en="An objection to the review is unanswered")
        )
    if Objection.objects.filter(
        application=application_id, state__in=(ObjectionState.FILED, ObjectionState.UPHELD)
    ).exists():
        found.append(
            Text(ko="평가 결과 이의신청이 끝나지 않았습니다", en="An objection to the result is not settled")
        )
    return found
