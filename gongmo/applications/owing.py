"""What each organisation of a consortium still owes: a pure function of what stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from gongmo.applications.models import Member
from gongmo.applications.presentation import answered
from gongmo.applications.states import MemberState
from gongmo.applications.values import CONSENTS
from gongmo.definition.base import Severity, Text
from gongmo.definition.model import Definition
from gongmo.rules.finding import Finding, Status, SubjectKind


class Owed(NamedTuple):
    """A document that is due: its name, and whether it only wants signatures (Gongmo writes it) or is handed in."""

    name: Text
    sign: bool


@dataclass(frozen=True, slots=True)
class Owing:
    """One organisation's debts: whether its answer is awaited, questions of the self-check, required consents, documents."""

    member: Member
    invited: bool
    unanswered: int
    consents: int
    documents: tuple[Owed, ...]

    @property
    def left(self) -> int:
        """How many things are left."""
        return self.invited + self.unanswered + self.consents + len(self.documents)


def owing(
    definition: Definition,
    members: Iterable[Member],
    given: Iterable[tuple[int, str]],
    findings: Iterable[Finding],
) -> list[Owing]:
    """Every member with what it owes, those that owe most first. `given` are the consents given, as member and kind."""
    given = set(given)
    required = [kind.id for kind in CONSENTS if kind.required]
    due = _documents(definition, findings)
    found: list[Owing] = []
    for member in members:
        done, of = answered(definition, member)
        found.append(
            Owing(
                member,
                member.state == MemberState.INVITED,
                of - done,
                sum((member.pk, kind) not in given for kind in required),
                tuple(due.get(str(member.organisation_id), ())),
            )
        )
    return sorted(found, key=lambda item: -item.left)


def _documents(definition: Definition, findings: Iterable[Finding]) -> Mapping[str, list[Owed]]:
    written = {kind.id for kind in definition.documents if kind.generated and kind.paper is not None}
    due: dict[str, list[Owed]] = {}
    for finding in findings:
        subject = finding.subject
        missing = finding.status is Status.FAIL and finding.severity is Severity.BLOCKING
        if subject.kind is SubjectKind.DOCUMENT and subject.organisation is not None and missing:
            due.setdefault(subject.organisation, []).append(
                Owed(finding.title, subject.id.partition("/")[0] in written)
            )
    return due
