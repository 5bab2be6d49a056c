"""Words of the review's pages: headlines, names of sources and answers, the history of a review."""

from datetime import datetime, timedelta

from gongmo.definition.application import FactSource, Truth
from gongmo.definition.base import Text
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.korean import day, stamp
from gongmo.ledger.queries import history
from gongmo.ledger.telling import timeline
from gongmo.rules.finding import Finding, SubjectKind
from gongmo.screening.judgement import Judgement
from gongmo.screening.models import Review
from gongmo.screening.states import ReviewState

SOURCES = {
    FactSource.SELF: Text(ko="자가점검", en="Self-confirmation"),
    FactSource.REGISTER: Text(ko="공적 조회", en="Public register"),
    FactSource.CERTIFICATE: Text(ko="증명서", en="Certificate"),
    FactSource.OFFICER: Text(ko="담당자 확인", en="Officer's check"),
}
TRUTHS = {
    Truth.NO: Text(ko="해당하지 않음", en="No"),
    Truth.YES: Text(ko="해당함", en="Yes"),
    Truth.UNKNOWN: Text(ko="확인되지 않음", en="Not known"),
}

TOLD = frozenset(
    {
        "applications.submit",
        "applications.withdraw",
        "applications.register_arrival",
        "screening.demand_proof",
        "screening.hand_in_proof",
        "screening.request_supplement",
        "screening.answer_supplement",
        "screening.accept_supplement",
        "screening.withdraw_supplement",
        "screening.send_notice",
        "screening.file_objection",
        "screening.withdraw_objection",
        "screening.answer_objection",
    }
)
"""The acts of an application that matter to its review: its many drafts do not."""


def headline(state: ReviewState, judgement: Judgement) -> Text:
    """The page's answer to "may this application go on?"."""
    open_ = len(judgement.open())
    if state is ReviewState.ELIGIBLE:
        return Text(ko="적격입니다", en="Eligible")
    if state is ReviewState.EXCLUDED:
        return Text(ko="제외되었습니다", en="Excluded")
    if state is ReviewState.EXCLUSION_PROPOSED:
        return Text(
            ko="제외가 제안되어 다른 담당자의 확인을 기다립니다", en="An exclusion waits for another officer"
        )
    if open_:
        return Text(ko=f"해결할 항목이 {open_}건 남았습니다", en=f"{open_} finding(s) to be settled")
    if state is ReviewState.SUPPLEMENT:
        return Text(ko="보완을 기다리고 있습니다", en="Waiting for a supplement")
    return Text(ko="적격으로 결정할 수 있습니다", en="Can be decided eligible")


def due_words(at: datetime) -> str:
    """A deadline as people write it: the end of a day is its 24:00, not the next day's 0:00."""
    seoul = at.astimezone(SEOUL)
    if (seoul.hour, seoul.minute, seoul.second, seoul.microsecond) == (0, 0, 0, 0):
        return f"{day(seoul - timedelta(days=1))} 24:00"
    return stamp(at)


def subject_name(finding: Finding, names: dict[str, str]) -> str | Text:
    """Where a finding applies, in words."""
    if finding.subject.organisation:
        return names.get(finding.subject.organisation, finding.subject.organisation)
    if finding.subject.kind is SubjectKind.BUDGET:
        return Text(ko="사업비", en="Budget")
    if finding.subject.kind is SubjectKind.APPLICATION:
        return Text(ko="신청 전체", en="The application")
    return finding.title


def history_of(review: Review) -> list[dict[str, object]]:
    """The last acts of a review and of its application, newest first, as lines of a timeline."""
    entries = [
        *history("review", review.pk),
        *history("application", review.application_id, acts=TOLD),
    ]
    entries.sort(key=lambda entry: -entry.sequence)
    return timeline(entries, limit=20)
