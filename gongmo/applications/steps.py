"""The steps of writing an application, each with its own state: a pure function of what stands and what is left to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from gongmo.applications.readiness import (
    CONSENT,
    CONSORTIUM,
    DOCUMENTS,
    MONEY,
    OVERVIEW,
    SELF_CHECK,
    Obstacle,
)
from gongmo.definition.application import Application, Truth
from gongmo.definition.base import Text
from gongmo.kernel.states import Family, Shown
from gongmo.rules.finding import Finding, Status, SubjectKind


class StepState(StrEnum):
    """Nothing there, being written, something is wrong, nothing left to do, nothing that must be done."""

    EMPTY = "empty"
    WRITING = "writing"
    ATTENTION = "attention"
    DONE = "done"
    OPTIONAL = "optional"


SHOWN = {
    StepState.EMPTY: Shown("빈칸", "Empty", Family.PREPARING),
    StepState.WRITING: Shown("작성 중", "Being written", Family.PROGRESS),
    StepState.ATTENTION: Shown("확인 필요", "Needs a look", Family.ATTENTION),
    StepState.DONE: Shown("완료", "Done", Family.DONE),
    StepState.OPTIONAL: Shown("선택", "Optional", Family.PREPARING),
}
STEPS = (
    ("overview", Text(ko="개요", en="Overview"), (OVERVIEW,)),
    ("members", Text(ko="컨소시엄", en="Consortium"), (CONSORTIUM,)),
    ("money", Text(ko="사업비", en="Budget"), (MONEY,)),
    ("documents", Text(ko="제출 서류", en="Documents"), (DOCUMENTS,)),
    ("statements", Text(ko="자가점검·동의", en="Self-check and consents"), (SELF_CHECK, CONSENT)),
    ("submit", Text(ko="확인·제출", en="Check and submit"), ()),
)
"""Each step's page (name of a view), its name, and the groups of obstacles that are mended there. Any order will do."""

PARTNERS = Text(ko="함께할 기관", en="Partners")
"""What the consortium's step is called where the lead itself applies."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its page, its name, its state, and how many things are left there."""

    page: str
    name: Text
    state: StepState
    left: int

    @property
    def shown(self) -> Shown:
        """Word, colour family and icon of the state."""
        return SHOWN[self.state]


def steps(
    value: Application,
    left: Iterable[Obstacle],
    *,
    submitted: bool,
    alone: bool = False,
    itself: bool = False,
) -> tuple[Step, ...]:
    """The steps with their states. `left` is what `readiness.obstacles` answered.

    A step with nothing left is done; one where nobody has written anything is empty; what is only missing means that it is being
    written; what is wrong needs a look. `alone`: where the call knows one role only there is nobody to invite, and the consortium is no step
    (unless something is left there, which its page must tell). `itself`: where the lead itself applies, others may join, and nobody must.
    """
    left = list(left)
    by_group: dict[str, list[Obstacle]] = {}
    for obstacle in left:
        by_group.setdefault(obstacle.group, []).append(obstacle)
    found: list[Step] = []
    for page, name, groups in STEPS:
        own = [obstacle for group in groups for obstacle in by_group.get(group, ())]
        if page == "members" and alone and not own:
            continue
        if page == "members" and itself:
            name = PARTNERS
        if page == "submit":
            state = StepState.DONE if submitted else StepState.EMPTY if left else StepState.WRITING
            found.append(Step(page, name, state, 0))
            continue
        if page == "members" and itself and not own and not submitted and not _begun(page, value):
            state = StepState.OPTIONAL
        elif submitted or not own:
            state = StepState.DONE
        elif any(not only_missing(obstacle.finding) for obstacle in own) and _begun(page, value):
            state = StepState.ATTENTION
        else:
            state = StepState.WRITING if _begun(page, value) else StepState.EMPTY
        found.append(Step(page, name, state, 0 if submitted else len(own)))
    return tuple(found)


def _begun(page: str, value: Application) -> bool:
    if page == "overview":
        return bool(value.fields or value.answers or value.kpis)
    if page == "members":
        return len(value.organisations) > 1
    if page == "money":
        return any(cell.amount for cell in value.budget)
    if page == "documents":
        return bool(value.documents)
    known = (fact for organisation in value.organisations for fact in organisation.facts.values())
    return any(fact.value is not Truth.UNKNOWN for fact in known)


def only_missing(finding: Finding | None) -> bool:
    """Whether something has not been done yet (a finding that is unknown or of nothing, or no finding at all), rather than done wrong."""
    return finding is None or finding.status is Status.UNKNOWN or _absent(finding)


def _absent(finding: Finding) -> bool:
    kind, numbers = finding.subject.kind, finding.numbers
    if kind is SubjectKind.ANSWER:
        return bool(numbers.get("missing"))
    return kind is SubjectKind.DOCUMENT and numbers.get("files") == []
