"""Exclusions, judged for every organisation on one day (the closing day), with exceptions and contagion to the consortium.

Three answers, never two: what is not known is `unknown`, and unknown never passes.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from gongmo.definition.application import Application, Fact, Organisation, ProofDemand, Truth
from gongmo.definition.base import Severity, Text
from gongmo.definition.model import Definition, FactKind
from gongmo.definition.rules import DemandedProof, Exclusion, YoungerThan
from gongmo.kernel.clock import SEOUL
from gongmo.kernel.korean import day, particle, stamp
from gongmo.rules.finding import Finding, Status, Subject, SubjectKind
from gongmo.rules.values import APPLICATION, Ground, listed, organisation_subject, text


def closing_day(definition: Definition) -> date:
    """The day in Seoul on which the intake closes: the day on which exclusions are judged."""
    return definition.intake.closes.astimezone(SEOUL).date()


def anniversary(founded: date, years: int) -> date:
    """The day on which so many full years are over. Where the month lacks the day, its last day (Civil Act art. 160)."""
    year = founded.year + years
    return date(year, founded.month, min(founded.day, monthrange(year, founded.month)[1]))


def check_exclusions(
    definition: Definition, application: Application, *, at: datetime | None = None, on: date | None = None
) -> tuple[Finding, ...]:
    """Verdicts on every exclusion rule (`exclusion_verdicts`) and on every demanded proof.

    `at` is the instant at which demanded proof is judged; without it proof that is not there yet is `unknown`.
    `on` is the day on which facts are judged, the closing day when missing.
    """
    found = list(exclusion_verdicts(definition, application, on=on))
    for rule in definition.rules:
        if isinstance(rule, DemandedProof):
            found += demanded_proof(definition, application, rule, at=at)
    return tuple(found)


def exclusion_verdicts(
    definition: Definition, application: Application, *, on: date | None = None
) -> tuple[Finding, ...]:
    """For each exclusion rule: one finding an organisation, then, where the rule is contagious, one on the application.

    `on` is the day on which facts are judged, the closing day when missing. An organisation whose exclusion stays its own
    (contagion "organisation") decides nothing for the application unless it leads it or applies.
    """
    judged_on = closing_day(definition) if on is None else on
    found: list[Finding] = []
    for rule in definition.rules:
        if isinstance(rule, Exclusion):
            found += _exclusion(definition, application, rule, judged_on)
    return tuple(found)


def _exclusion(
    definition: Definition, application: Application, rule: Exclusion, on: date
) -> Iterator[Finding]:
    kind = next(fact for fact in definition.facts if fact.id == rule.fact)
    ground = Ground.of(rule)
    by_status: dict[Status, list[Organisation]] = {status: [] for status in Status}
    bearers = {definition.consortium.lead_role, definition.consortium.applicant_role}
    for organisation in application.organisations:
        own = rule.contagion == "organisation" and organisation.role not in bearers
        finding = _judge(ground, rule, kind, organisation, on, severity=Severity.ADVISORY if own else None)
        by_status[finding.status].append(organisation)
        yield finding
    if rule.contagion == "application" or not application.organisations:
        yield _contagion(ground, kind, by_status)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one organisation's fact comes to: verdict, what was seen, and why."""

    status: Status
    observed: Text
    because: Text
    remedy: Text | None = None


def _judge(
    ground: Ground,
    rule: Exclusion,
    kind: FactKind,
    organisation: Organisation,
    on: date,
    *,
    severity: Severity | None,
) -> Finding:
    concerns = (rule.kinds is None or organisation.kind in rule.kinds) and (
        rule.roles is None or organisation.role in rule.roles
    )
    fact = organisation.facts.get(rule.fact)
    answer = _answer(rule, organisation, fact, on) if concerns else _no_concern()
    return ground.finding(
        answer.status,
        organisation_subject(organisation),
        observed=answer.observed,
        required=text(
            f"{day(on)} 기준 ‘{kind.name.ko}’에 해당하지 않음", f"not ‘{kind.name.en}’ on {on.isoformat()}"
        ),
        message=text(
            f"{organisation.name}: {kind.name.ko} - {answer.because.ko}",
            f"{organisation.name}: {kind.name.en} - {answer.because.en}",
        ),
        remedy=answer.remedy,
        severity=severity,
        numbers={
            "fact": rule.fact,
            "value": fact.value.value if fact else None,
            "on": on.isoformat(),
            "as_of": fact.as_of.isoformat() if fact and fact.as_of else None,
            "source": fact.source.value if fact else None,
            "contagion": rule.contagion,
        },
    )


def _no_concern() -> _Answer:
    return _Answer(
        Status.NOT_APPLICABLE,
        text("대상 아님", "not concerned"),
        text("이 기관에는 적용되지 않는 조항입니다.", "the clause does not concern this organisation."),
    )


_ASK = text("사실을 확인해 예 또는 아니요로 적어 주세요.", "Find out and answer yes or no.")


def _answer(rule: Exclusion, organisation: Organisation, fact: Fact | None, on: date) -> _Answer:
    if fact is None or fact.value is Truth.UNKNOWN:
        return _Answer(
            Status.UNKNOWN,
            text("미확인", "not known"),
            text("아직 확인되지 않았습니다.", "not known yet."),
            _ASK,
        )
    if fact.value is Truth.NO:
        return _Answer(Status.PASS, text("아니요", "no"), text("해당하지 않습니다.", "does not apply."))
    if fact.since is not None and fact.until is not None and fact.since > fact.until:
        return _Answer(
            Status.UNKNOWN,
            text(f"예({_span_ko(fact)})", f"yes ({_span_en(fact)})"),
            text(
                "시작일이 종료일보다 늦어 언제 해당하는지 알 수 없습니다.",
                "it begins after it ends, so nothing can be said about any day.",
            ),
            text("시작일과 종료일을 확인해 고쳐 주세요.", "Check the two days and mend them."),
        )
    if (fact.since is not None and fact.since > on) or (fact.until is not None and fact.until < on):
        return _Answer(
            Status.PASS,
            text(f"예({_span_ko(fact)})", f"yes ({_span_en(fact)})"),
            text(f"{day(on)}에는 해당하지 않습니다.", f"does not apply on {on.isoformat()}."),
        )
    answers = [_exception(exception, organisation, fact, on) for exception in rule.exceptions]
    for wanted in (Status.PASS, Status.UNKNOWN):
        for answer in answers:
            if answer is not None and answer.status is wanted:
                return answer
    hints = [exception.text for exception in rule.exceptions]
    return _Answer(
        Status.FAIL,
        text("예", "yes"),
        text("제외 사유에 해당합니다.", "this excludes."),
        text(
            "마감일 전에 사유를 없애거나 이 기관을 빼고 다시 구성해 주세요."
            + "".join(f" 예외: {hint.ko}" for hint in hints),
            "Remove the cause before the closing day, or form the consortium without this organisation."
            + "".join(f" Exception: {hint.en}" for hint in hints),
        ),
    )


def _span_ko(fact: Fact) -> str:
    return f"{day(fact.since) if fact.since else ''} ~ {day(fact.until) if fact.until else ''}".strip()


def _span_en(fact: Fact) -> str:
    return f"{fact.since or ''} to {fact.until or ''}".strip()


def _exception(exception: object, organisation: Organisation, fact: Fact, on: date) -> _Answer | None:
    """An exception's answer: `pass` when it holds, `unknown` when a date is missing, None when it does not hold."""
    if isinstance(exception, YoungerThan):
        return _younger(exception, organisation, on)
    if fact.follow_up is not True:
        return None
    if fact.earlier_ended_on is None:
        return _Answer(
            Status.UNKNOWN,
            text("예(후속 지원, 종료일 미확인)", "yes (follow-up, end of the earlier project not known)"),
            text(
                "후속 지원이라고 하였으나 앞선 과제의 종료일이 확인되지 않았습니다.",
                "named as follow-up, but the end of the earlier project is not known.",
            ),
            text("앞선 과제의 종료일을 적어 주세요.", "Give the day on which the earlier project ended."),
        )
    if fact.earlier_ended_on > on:
        return None
    ended = fact.earlier_ended_on
    return _Answer(
        Status.PASS,
        text(f"예(예외: {day(ended)} 종료 과제의 후속 지원)", f"yes (exception: follow-up, ended {ended})"),
        text(
            f"{day(ended)}에 끝난 과제의 후속 지원이므로 예외입니다.",
            f"follow-up of a project that ended on {ended}, an exception.",
        ),
    )


def _younger(exception: YoungerThan, organisation: Organisation, on: date) -> _Answer | None:
    founded, years = organisation.founded_on, exception.years
    if founded is None or founded > on:
        seen_ko = "미확인" if founded is None else f"{day(founded)}(기준일 뒤)"
        seen_en = "not known" if founded is None else f"{founded} (after the day of judgement)"
        return _Answer(
            Status.UNKNOWN,
            text(f"예(설립일 {seen_ko})", f"yes (founded: {seen_en})"),
            text(
                f"설립 {years}년 미만이면 예외이지만 설립일을 확인할 수 없습니다.",
                f"younger than {years} years would be an exception, but the founding day cannot be relied on.",
            ),
            text("설립일을 확인해 적어 주세요.", "Give the founding day."),
        )
    full = anniversary(founded, years)
    if full <= on:
        return None
    return _Answer(
        Status.PASS,
        text(f"예(예외: {day(founded)} 설립)", f"yes (exception: founded {founded})"),
        text(
            f"{day(founded)}에 설립되어 {day(full)}에 만 {years}년이 되므로 기준일에는 {years}년 미만이라 예외입니다.",
            f"founded on {founded}, {years} full years only on {full}, an exception.",
        ),
    )


def _contagion(ground: Ground, kind: FactKind, by_status: dict[Status, list[Organisation]]) -> Finding:
    failed, open_, passed = (by_status[s] for s in (Status.FAIL, Status.UNKNOWN, Status.PASS))
    required = text(f"모든 기관이 ‘{kind.name.ko}’에 해당하지 않음", f"no organisation is ‘{kind.name.en}’")
    names = listed([organisation.name for organisation in failed or open_])
    numbers = {
        "fact": kind.id,
        "excluded": [organisation.id for organisation in failed],
        "unknown": [organisation.id for organisation in open_],
    }
    if failed:
        return ground.finding(
            Status.FAIL,
            APPLICATION,
            observed=text(f"해당 기관: {names.ko}", f"excluded: {names.en}"),
            required=required,
            message=text(
                f"{particle(names.ko, '이', '가')} ‘{kind.name.ko}’에 해당하여 컨소시엄 전체가 제외됩니다.",
                f"{names.en}: ‘{kind.name.en}’ excludes the whole consortium.",
            ),
            remedy=text(
                "해당 기관의 사유를 마감일 전에 없애거나 그 기관을 빼고 컨소시엄을 다시 구성해 주세요.",
                "Remove the cause before the closing day, or form the consortium without the organisation.",
            ),
            numbers=numbers,
        )
    if open_:
        return ground.finding(
            Status.UNKNOWN,
            APPLICATION,
            observed=text(f"미확인 기관: {names.ko}", f"not known: {names.en}"),
            required=required,
            message=text(
                f"{names.ko}의 ‘{kind.name.ko}’ 여부가 확인되지 않아 아직 판단할 수 없습니다.",
                f"‘{kind.name.en}’ is not known for {names.en}, so nothing can be said yet.",
            ),
            remedy=_ASK,
            numbers=numbers,
        )
    return ground.finding(
        Status.PASS if passed else Status.NOT_APPLICABLE,
        APPLICATION,
        observed=text(
            f"확인한 기관 {len(passed):,}곳, 해당 없음", f"{len(passed):,} organisations, none excluded"
        ),
        required=required,
        message=text(
            f"‘{kind.name.ko}’에 해당하는 기관이 없습니다."
            if passed
            else "이 조항이 적용되는 기관이 없습니다.",
            f"No organisation is ‘{kind.name.en}’."
            if passed
            else "The clause concerns no organisation here.",
        ),
        numbers=numbers,
    )


def demanded_proof(
    definition: Definition, application: Application, rule: DemandedProof, *, at: datetime | None
) -> Iterator[Finding]:
    """One finding a demand: handed in before its due instant passes, at it or later (or never) fails, still ahead is unknown."""
    ground = Ground.of(rule)
    names = {organisation.id: organisation.name for organisation in application.organisations}
    facts = {fact.id: fact.name for fact in definition.facts}
    required_none = text("요구받은 증빙 없음", "no proof demanded")
    if not application.proof_demands:
        yield ground.finding(
            Status.NOT_APPLICABLE,
            APPLICATION,
            observed=required_none,
            required=required_none,
            message=text("전담기관이 요구한 증빙이 없습니다.", "No proof has been demanded."),
        )
    for demand in application.proof_demands:
        name = names.get(demand.organisation, demand.organisation)
        fact = facts.get(demand.fact, text(demand.fact, demand.fact))
        yield _demand(ground, demand, name, fact, at)


def _demand(ground: Ground, demand: ProofDemand, name: str, fact: Text, at: datetime | None) -> Finding:
    due, handed = demand.due_at, demand.handed_in_at
    due_ko, due_en = stamp(due, seconds=True), due.astimezone(SEOUL).isoformat()
    remedy = None
    if handed is not None:
        status = Status.PASS if handed < due else Status.FAIL
        seen = text(
            f"{stamp(handed, seconds=True)} 제출", f"handed in {handed.astimezone(SEOUL).isoformat()}"
        )
        because = (
            text("증빙을 기한 안에 냈습니다.", "the proof came in time.")
            if status is Status.PASS
            else text("증빙을 기한이 지나 냈습니다.", "the proof came too late.")
        )
    elif at is not None and at >= due:
        status, seen = Status.FAIL, text("제출하지 않음", "not handed in")
        because = text("요구받은 증빙을 기한까지 내지 않았습니다.", "the demanded proof was not handed in.")
    else:
        status, seen = Status.UNKNOWN, text("아직 제출하지 않음", "not handed in yet")
        because = text("요구받은 증빙을 아직 내지 않았습니다.", "the demanded proof is still open.")
        remedy = text(f"{due_ko} 전에 증빙을 내 주세요.", f"Hand in the proof before {due_en}.")
    return ground.finding(
        status,
        Subject(SubjectKind.ORGANISATION, demand.organisation, demand.organisation),
        observed=seen,
        required=text(f"{due_ko} 전 제출", f"handed in before {due_en}"),
        message=text(f"{name}: {fact.ko} - {because.ko}", f"{name}: {fact.en} - {because.en}"),
        remedy=remedy,
        numbers={
            "fact": demand.fact,
            "due_at": due.isoformat(),
            "handed_in_at": handed.isoformat() if handed else None,
        },
    )
