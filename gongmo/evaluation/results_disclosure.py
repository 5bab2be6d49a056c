"""Who sees what of an evaluation and when, as a table made from the call's definition (programme clause A-13)."""

from dataclasses import dataclass

from gongmo.definition.base import Text
from gongmo.definition.model import Definition

NEVER = Text(ko="보지 않음", en="never")
OWN = Text(ko="자기 것만, 처음부터", en="the own, from the start")
LOCKED = Text(ko="단계를 확정한 뒤", en="once the stage is locked")
FIXED = Text(ko="순위를 확정한 뒤", en="once the ranking is fixed")
TOLD = Text(ko="결과를 통보한 뒤", en="once the results are told")
ALWAYS = Text(ko="처음부터", en="from the start")


@dataclass(frozen=True, slots=True)
class DisclosureRow:
    """One thing, and when each sees it: the operator, the evaluators, the ministry, the applicant concerned, everyone."""

    what: Text
    operator: Text
    evaluators: Text
    ministry: Text
    applicant: Text
    public: Text


def disclosure_rows(definition: Definition) -> tuple[DisclosureRow, ...]:
    """The table. What no call can open is in it, too, so that nobody has to guess."""
    given = definition.disclosure
    opinions = TOLD if given.applicant_sees in ("opinion", "scores") else NEVER
    final = TOLD if given.applicant_sees == "scores" else NEVER
    return (
        DisclosureRow(
            Text(ko="누가 평가표를 몇 장 확정했는지", en="Who has locked how many sheets"),
            ALWAYS,
            OWN,
            ALWAYS,
            NEVER,
            NEVER,
        ),
        DisclosureRow(
            Text(ko="위원 한 사람이 준 점수", en="Points of one evaluator"),
            LOCKED,
            _peers(definition),
            FIXED,
            NEVER,
            NEVER,
        ),
        DisclosureRow(
            Text(ko="단계 점수와 순위", en="Stage scores and the order"), LOCKED, NEVER, FIXED, NEVER, NEVER
        ),
        DisclosureRow(
            Text(ko="자기 신청의 최종 점수", en="The final score of the own application"),
            LOCKED,
            NEVER,
            FIXED,
            final,
            NEVER,
        ),
        DisclosureRow(
            Text(
                ko="자기 신청의 종합의견 (쓴 사람 없이)",
                en="Overall opinions on the own application, without authors",
            ),
            LOCKED,
            OWN,
            FIXED,
            opinions,
            NEVER,
        ),
        DisclosureRow(
            Text(ko="자기 신청의 선정 여부", en="Whether the own application is selected"),
            LOCKED,
            NEVER,
            FIXED,
            TOLD,
            NEVER,
        ),
        DisclosureRow(
            Text(ko="자기 신청의 예비순위", en="The own place on the reserve list"),
            LOCKED,
            NEVER,
            FIXED,
            TOLD if given.reserve_told else NEVER,
            NEVER,
        ),
        DisclosureRow(
            Text(ko="평가위원의 이름", en="The evaluators' names"),
            ALWAYS,
            NEVER,
            Text(ko="부호로만", en="labels only"),
            TOLD if given.blind == "none" else NEVER,
            NEVER,
        ),
    )


def _peers(definition: Definition) -> Text:
    """When evaluators see one another's points: as the desk's setting says, never before everyone has locked."""
    desk = definition.evaluation.desk
    return OWN if desk is None or desk.peers_after_lock == "nothing" else LOCKED
