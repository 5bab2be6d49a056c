"""What putting experts on seats means, whoever chose them: rows, conflicts looked up, judges counted, the act recorded."""

from collections.abc import Mapping, Sequence
from typing import Any

from gongmo.applications.models import Application
from gongmo.calls.models import Call
from gongmo.calls.queries import definition_of
from gongmo.evaluation import conflicts
from gongmo.evaluation.assignments import short_of_judges
from gongmo.evaluation.commands.base import record
from gongmo.evaluation.models import Assignment, Committee, Evaluator, Seat
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor
from gongmo.kernel.errors import Refused
from gongmo.rules import committee as rules
from gongmo.rules.committee_values import Seat as Place
from gongmo.rules.finding import Status


def free_name(call: Call, name: str) -> None:
    """Refuse a name that another committee of the call has."""
    if Committee.objects.filter(call=call, name=name).exists():
        raise Refused(
            "committee_exists",
            "같은 이름의 위원회가 이미 있습니다(해산한 위원회의 이름도 다시 쓰지 않습니다). 다른 이름을 적어 주세요.",
            "A committee of that name exists already, dissolved ones included; choose another name.",
        )


def consented(experts: Sequence[Evaluator]) -> None:
    """Refuse experts who have not consented to be in the pool and to the use of their data."""
    lack = [each.label for each in experts if each.pool_consent_on is None or each.privacy_consent_on is None]
    if lack:
        raise Refused(
            "consent_missing",
            f"동의하지 않은 후보는 위촉할 수 없습니다: {', '.join(lack[:8])}. 본인의 동의를 먼저 받아 주세요.",
            f"Experts who have not consented cannot be asked: {', '.join(lack[:8])}.",
        )


def whole(call: Call, experts: Sequence[Evaluator]) -> None:
    """Refuse a committee whose mix of sectors or quorum does not meet the definition."""
    members = [rules.Evaluator(id=expert.label, sector=expert.sector) for expert in experts]  # type: ignore[arg-type]
    found = rules.check_committee(definition_of(call), members)
    failed = [f for f in found if f.status is Status.FAIL and f.severity.value == "blocking"]
    if failed:
        raise Refused(
            "committee_not_whole",
            "위원회 구성이 기준에 맞지 않습니다. " + " ".join(finding.message.ko for finding in failed),
            "The committee does not meet the definition. "
            + " ".join(finding.message.en for finding in failed),
            findings=tuple(failed),
        )


def too_few(short: Sequence[tuple[Application, int]], quorum: int) -> Refused:
    """The refusal that names the applications with fewer judges than the quorum."""
    names = ", ".join(f"{application.title}({count}명)" for application, count in short[:5])
    return Refused(
        "too_few_judges",
        f"이해충돌 때문에 평가할 위원이 정족수({quorum}명)에 모자라는 신청이 {len(short)}건 있습니다: {names}. 위원을 바꾸어 주세요.",
        f"Conflicts leave {len(short)} application(s) with fewer than {quorum} judges: {names}. Choose other experts.",
        details={"applications": [application.pk for application, _ in short]},
    )


def seat_experts(
    actor: Actor,
    call: Call,
    name: str,
    places: Sequence[Place],
    experts: Mapping[str, Evaluator],
    *,
    assigned: Mapping[str, Sequence[int]] | None = None,
    follows: int | None = None,
    forming: Mapping[str, Any] | None = None,
) -> Committee:
    """Make the committee with its seats in the order of the places, inside the caller's transaction, and record it.

    `experts` by label; `assigned` are the applications of each expert by label (None: all judge all); `forming` goes into the record.
    Refused when, after conflicts, an application has fewer judges than the quorum.
    """
    now = clock.now()
    committee = Committee.objects.create(
        call=call, name=name, formed_at=now, formed_by_id=actor.person, follows_id=follows
    )
    seats = [
        Seat.objects.create(
            committee=committee,
            evaluator=experts[place.expert],
            chair=place.chair,
            reserve=place.reserve,
            panel=place.panel,
            invited_at=now,
        )
        for place in places
    ]
    if assigned is not None:
        Assignment.objects.bulk_create(
            Assignment(seat=seat, application_id=application, made_at=now)
            for seat in seats
            for application in assigned.get(seat.evaluator.label, ())
        )
    detected = conflicts.detect(committee, seats)
    short = short_of_judges(committee, [seat for seat in seats if not seat.reserve])
    if short:
        raise too_few(short, definition_of(call).evaluation.committee.quorum)
    record(
        actor,
        call,
        "evaluation.form_committee",
        ("committee", committee.pk),
        {
            "name": name,
            "seats": [
                {
                    "seat": seat.pk,
                    "evaluator": seat.evaluator.label,
                    "chair": seat.chair,
                    "reserve": seat.reserve,
                    **({"panel": seat.panel} if seat.panel > 1 else {}),
                }
                for seat in seats
            ],
            "disqualified": detected.record(),
            **({"assigned": {label: list(those) for label, those in assigned.items()}} if assigned else {}),
            **({"forming": forming} if forming else {}),
        },
    )
    return committee
