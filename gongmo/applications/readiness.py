"""What still stands in the way of submitting, grouped by what to do. Pages and the submission ask the same question here."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from gongmo.applications.models import Consent, Member
from gongmo.applications.states import MemberState
from gongmo.applications.values import CONSENTS
from gongmo.definition.base import Severity
from gongmo.definition.model import Definition
from gongmo.definition.rules import Exclusion, MoneyRule
from gongmo.ledger.prepared import prepared
from gongmo.rules.finding import Finding, Status, SubjectKind
from gongmo.rules.values import listed

if TYPE_CHECKING:
    from gongmo.applications.paperwork import Slot

OVERVIEW, CONSORTIUM, MONEY, SELF_CHECK, CONSENT, DOCUMENTS = (
    "overview",
    "consortium",
    "money",
    "self_check",
    "consent",
    "documents",
)
GROUPS = (OVERVIEW, CONSORTIUM, MONEY, SELF_CHECK, CONSENT, DOCUMENTS)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason why the application cannot be submitted yet: its group, a stable code, a sentence, and the finding behind it.

    `anchor` is the id of its field on the group's page where no finding tells it.
    """

    group: str
    code: str
    ko: str
    en: str
    finding: Finding | None = None
    anchor: str = ""


def group_of(definition: Definition, finding: Finding) -> str | None:
    """To which part of the work a finding belongs; None for timing, which submitting itself decides."""
    rules = {rule.id: rule for rule in definition.rules}
    rule = rules.get(finding.rule)
    if finding.subject.kind is SubjectKind.CHANNEL or finding.rule == "intake":
        return None
    if finding.subject.kind is SubjectKind.ANSWER:
        return OVERVIEW
    if finding.subject.kind is SubjectKind.DOCUMENT:
        return DOCUMENTS
    if isinstance(rule, Exclusion):
        return SELF_CHECK
    if isinstance(rule, MoneyRule) or finding.subject.kind in (SubjectKind.BUDGET, SubjectKind.CELL):
        return MONEY
    return CONSORTIUM


def obstacles(
    definition: Definition,
    members: Iterable[Member],
    findings: Iterable[Finding],
    stale: "Iterable[Slot]" = (),
) -> list[Obstacle]:
    """Everything that forbids submitting, in the order in which people would mend it. One query (consents).

    A blocking finding forbids it when it fails or is unknown, outside timing. For an exclusion, unknown means that the
    organisation has not finished its own check; what only others can find out does not stand in the way. `stale` are the
    documents that were signed over other data (queries.documents.stale_slots): handed in, they would say what is not so.
    """
    members = list(members)
    found = [*_invitations(members), *_findings(definition, findings), *_consents(members), *_stale(stale)]
    return sorted(found, key=lambda obstacle: GROUPS.index(obstacle.group))


def _stale(stale: "Iterable[Slot]") -> list[Obstacle]:
    by_kind: dict[str, list[Slot]] = {}
    for slot in stale:
        by_kind.setdefault(slot.kind.id, []).append(slot)
    found: list[Obstacle] = []
    for slots in by_kind.values():
        name = slots[0].kind.name
        whose = [slot.member.organisation.name for slot in slots if slot.member is not None]
        names = listed(whose)
        found.append(
            Obstacle(
                DOCUMENTS,
                "document_stale",
                f"‘{name.ko}’: 서명하거나 날인한 뒤 신청서 내용이 바뀌었습니다"
                + (f"({names.ko})" if whose else "")
                + ". 다시 서명해 주세요.",
                f"“{name.en}”: the application changed after it was signed or sealed"
                + (f" ({names.en})" if whose else "")
                + ". Sign it again.",
                anchor=f"{slots[0].kind.id}-{slots[0].member.pk if slots[0].member else 'all'}",
            )
        )
    return found


def _invitations(members: list[Member]) -> list[Obstacle]:
    waiting = [member.organisation.name for member in members if member.state == MemberState.INVITED]
    if not waiting:
        return []
    names = listed(waiting)
    return [
        Obstacle(
            CONSORTIUM,
            "invitations_open",
            f"아직 참여를 수락하지 않은 기관이 있습니다: {names.ko}. 답을 받거나 초대를 거두어 주세요.",
            f"Some organisations have not accepted yet: {names.en}. Wait for their answer or take the invitation back.",
        )
    ]


def _findings(definition: Definition, findings: Iterable[Finding]) -> list[Obstacle]:
    found: list[Obstacle] = []
    for finding in findings:
        group = group_of(definition, finding)
        blocked = finding.severity is Severity.BLOCKING and finding.status in (Status.FAIL, Status.UNKNOWN)
        if group is None or not blocked:
            continue
        if group == SELF_CHECK and finding.status is Status.UNKNOWN:
            if finding.subject.kind is SubjectKind.APPLICATION:
                continue  # The organisations' own findings say the same, by name.
            ko = f"자가점검을 마쳐 주세요. {finding.message.ko}"
            en = f"Finish the self-check. {finding.message.en}"
            found.append(Obstacle(group, "self_check_open", ko, en, finding))
            continue
        found.append(Obstacle(group, finding.rule, finding.message.ko, finding.message.en, finding))
    return found


def _consents(members: list[Member]) -> list[Obstacle]:
    given = set(_given(application=members[0].application_id)) if members else set()
    found: list[Obstacle] = []
    for kind in CONSENTS:
        missing = [member.organisation.name for member in members if (member.pk, kind.id) not in given]
        if kind.required and missing:
            names = listed(missing)
            found.append(
                Obstacle(
                    CONSENT,
                    f"consent_{kind.id}",
                    f"‘{kind.name.ko}’에 동의하지 않은 기관이 있습니다: {names.ko}.",
                    f"“{kind.name.en}” is still missing from: {names.en}.",
                    anchor=f"consent-{kind.id}",
                )
            )
    return found


@prepared
def _given(*, application: int) -> QuerySet[Consent, tuple[int, str]]:
    found = Consent.objects.filter(member__application=application, given=True).order_by()
    return found.values_list("member_id", "kind")
