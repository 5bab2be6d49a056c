"""Sums of findings for the officers' list: kept under marks that no recorded change escapes, worked out anew where those differ."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import CharField, Max, OuterRef, Subquery
from django.db.models.functions import Cast

from gongmo.applications.models import Application
from gongmo.applications.states import ApplicationState
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.definition.application import Application as Value
from gongmo.definition.model import Definition
from gongmo.definition.rules import Exclusion
from gongmo.kernel import clock
from gongmo.kernel.clock import SEOUL
from gongmo.ledger.models import Entry
from gongmo.rules.exclusions import closing_day
from gongmo.rules.finding import Status, SubjectKind
from gongmo.screening.judgement import Judgement, judge
from gongmo.screening.models import Review, ReviewDigest


def stale_reviews(call: Call) -> list[tuple[int, int, str]]:
    """Reviews of standing applications whose sums are missing or older than the record: review, application, mark. One statement."""
    rows = (
        Review.objects.filter(application__call=call, application__state=ApplicationState.SUBMITTED)
        .annotate(
            application_mark=_newest("application", "application_id"), review_mark=_newest("review", "pk")
        )
        .order_by("application_id")
        .values_list(
            "pk", "application_id", "application_mark", "review_mark", "digest__mark", "digest__until"
        )
    )
    now = clock.now()
    found = []
    for pk, application, own, inside, kept, until in rows.iterator():
        mark = f"{call.version_id}:{own or 0}:{inside or 0}"
        if kept != mark or (until is not None and until <= now):
            found.append((pk, application, mark))
    return found


def _newest(kind: str, key: str) -> Subquery:
    """The number of the newest entry about the thing of that kind whose id the outer row's `key` is."""
    of = Entry.objects.order_by().filter(
        subject_type=kind, subject_id=Cast(OuterRef(key), CharField(max_length=80))
    )
    return Subquery(of.values("subject_type").annotate(last=Max("sequence")).values("last"))


def refresh(call: Call, stale: Iterable[tuple[int, int, str]]) -> None:
    """Work out the sums of these reviews from what is known now."""
    stale = list(stale)
    applications = Application.objects.select_related("call__version").in_bulk([each for _, each, _ in stale])
    definition = definition_of(call)
    for review, application, mark in stale:
        made = sums(definition, judge(applications[application]))
        ReviewDigest.objects.update_or_create(
            review_id=review,
            defaults={
                "mark": mark,
                "until": made.until,
                "failed": made.failed,
                "unknown": made.unknown,
                "unknown_facts": made.unknown_facts,
                "excluded": list(made.excluded),
                "made_at": clock.now(),
            },
        )


@dataclass(frozen=True, slots=True)
class Sums:
    """How a judgement stands in numbers, and until when without a new entry in the record."""

    failed: int
    unknown: int
    unknown_facts: int
    excluded: tuple[str, ...]
    until: datetime | None


def sums(definition: Definition, judgement: Judgement) -> Sums:
    """Blocking findings that fail or are unknown, exclusion answers that are unknown, and the exclusion clauses that are met."""
    rules = {rule.id: rule for rule in definition.rules if isinstance(rule, Exclusion)}
    open_ = judgement.open()
    excluded = {
        finding.clause or finding.rule
        for finding in judgement.findings
        if finding.rule in rules
        and finding.status is Status.FAIL
        and finding.subject.kind is SubjectKind.ORGANISATION
    }
    order = [rule.clause or rule.id for rule in rules.values()]
    return Sums(
        failed=sum(finding.status is Status.FAIL for finding in open_),
        unknown=sum(finding.status is Status.UNKNOWN for finding in open_),
        unknown_facts=sum(
            finding.rule in rules
            and finding.status is Status.UNKNOWN
            and finding.subject.kind is SubjectKind.ORGANISATION
            for finding in judgement.findings
        ),
        excluded=tuple(clause for clause in dict.fromkeys(order) if clause in excluded),
        until=_until(definition, judgement.value),
    )


def _until(definition: Definition, value: Value) -> datetime | None:
    """The next instant at which a deadline passes and the findings may change by themselves."""
    now = clock.now()
    days = [channel.due_on or closing_day(definition) for channel in definition.intake.channels]
    ends = [datetime.combine(day + timedelta(days=1), time(), SEOUL) for day in days]
    ends += [demand.due_at for demand in value.proof_demands if demand.handed_in_at is None]
    return min((each for each in ends if each > now), default=None)
