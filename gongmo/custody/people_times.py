"""When the data of experts who left the pool is over, and which accounts nobody has used for long."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models.functions import Coalesce

from gongmo.applications.models import Member
from gongmo.applications.policies import PRESENT
from gongmo.applications.states import ApplicationState
from gongmo.awards.models import AgreementParty
from gongmo.calls.models import Call
from gongmo.calls.states import CallState
from gongmo.custody.models import Destruction, DestructionState, PersonDestruction
from gongmo.custody.times import ENDED, times
from gongmo.evaluation.models import Evaluator, ScoreSheet, Seat
from gongmo.kernel import clock
from gongmo.ledger.models import Entry
from gongmo.parties.models import Grant, Membership, Person
from gongmo.rules.retention import NOTICE_DAYS, expert_due_on, years_after

_OVER = (CallState.FINISHED, CallState.CANCELLED)


# --- Experts ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Leaver:
    """An expert without consent: since when, and the day from which the data may be kept no longer. None while a call in which the expert sits goes on,
    or an application that the expert judged is kept until a day that nobody knows yet."""

    evaluator: int
    label: str
    person: int
    left: date
    on: date | None


def leavers() -> list[Leaver]:
    """Experts who took a consent back or closed their account, and whose data is not destroyed."""
    told: dict[tuple[str, str], date] = {
        (subject, act): _day(at)
        for subject, act, at in Entry.objects.filter(
            act__in=("evaluation.withdraw_consent", "parties.close_account")
        )
        .order_by("sequence")
        .values_list("subject_id", "act", "at")
    }
    done = PersonDestruction.objects.filter(
        state=DestructionState.DESTROYED, evaluator__isnull=False
    ).values_list("evaluator", flat=True)
    found: list[tuple[Evaluator, date]] = []
    for expert in Evaluator.objects.exclude(pk__in=list(done)).select_related("person").order_by("pk"):
        left = None
        if expert.pool_consent_on is None or expert.privacy_consent_on is None:
            left = told.get((str(expert.pk), "evaluation.withdraw_consent"))
        if left is None and not expert.person.is_active:
            left = told.get((str(expert.person_id), "parties.close_account"))
        if left is not None:
            found.append((expert, left))
    kept = _kept({expert.pk for expert, _ in found})
    return [
        Leaver(expert.pk, expert.label, expert.person_id, left, expert_due_on(left, kept.get(expert.pk, ())))
        for expert, left in found
    ]


def _kept(experts: Collection[int]) -> dict[int, list[date | None]]:
    """Until when what each of the experts judged is kept."""
    if not experts:
        return {}
    kept: dict[int, list[date | None]] = defaultdict(list)
    for expert, state in Seat.objects.filter(evaluator__in=experts).values_list(
        "evaluator", "committee__call__state"
    ):
        if state not in _OVER:
            kept[expert].append(None)
    judged = list(
        ScoreSheet.objects.filter(seat__evaluator__in=experts, application__destroyed_at=None)
        .order_by()
        .values_list("seat__evaluator", "application", "application__call")
        .distinct()
    )
    calls = Call.objects.filter(pk__in={call for _, _, call in judged}).select_related("version")
    until: dict[int, date | None] = {found.application: found.on for _, found in times(calls)}
    for application, state, due, held in Destruction.objects.filter(
        application__in={each for _, each, _ in judged}
    ).values_list("application", "state", "due_on", "held_until"):
        until[application] = held if state == DestructionState.HELD else due
    for expert, application, _ in judged:
        kept[expert].append(until.get(application))
    return kept


# --- Accounts ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Idler:
    """An account on which nothing hangs: when its person last signed in (or joined), and the first day on which it may be closed."""

    person: int
    seen: date
    on: date


def idlers(today: date) -> list[Idler]:
    """Accounts whose time is over within NOTICE_DAYS, or is over. Nobody with a role, an open application or a live agreement is among them,
    no expert, and nobody at all where GONGMO_IDLE_YEARS is 0."""
    years = int(settings.GONGMO_IDLE_YEARS)
    if not years:
        return []
    soon = today + timedelta(days=NOTICE_DAYS)
    # 365 days a year: none is missed; the exact day is asked below.
    before = datetime.combine(soon - timedelta(days=365 * years - 1), time(), clock.SEOUL)
    rows = (
        Person.objects.annotate(seen=Coalesce("last_login", "joined_at"))
        .filter(is_active=True, seen__lt=before)
        .exclude(pk__in=Grant.objects.filter(until=None).values("person"))
        .exclude(pk__in=Evaluator.objects.values("person"))
        .exclude(pk__in=Membership.objects.filter(until=None, organisation__in=_busy()).values("person"))
        .order_by("pk")
        .values_list("pk", "seen")
    )
    found = [Idler(pk, _day(seen), years_after(_day(seen), years)) for pk, seen in rows]
    return [each for each in found if each.on <= soon]


def _busy() -> set[int]:
    """Organisations in an application of a call that goes on, or in an agreement that has not ended, also one that was not drawn up yet."""
    open_ = (
        Member.objects.filter(state__in=PRESENT)
        .exclude(application__call__state__in=_OVER)
        .exclude(application__state=ApplicationState.WITHDRAWN)
    )
    live = AgreementParty.objects.exclude(agreement__state__in=ENDED)
    return {
        *open_.values_list("organisation", flat=True),
        *live.values_list("organisation", flat=True),
    }


def _day(at: datetime) -> date:
    return at.astimezone(clock.SEOUL).date()
