"""Re-checks after the agreement (programme clause A-5d): registers are asked again, a ground that is met opens a termination case.

The case is only opened: the parties are heard and two officers decide. A register that is down opens nothing and is asked again.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.urls import reverse

from gongmo.applications.models import Application
from gongmo.awards.commands.case_opening import open_case
from gongmo.awards.consortium import standing_value, with_told
from gongmo.awards.models import Agreement
from gongmo.awards.states import AgreementState
from gongmo.calls.notices import to_operators
from gongmo.calls.queries import definition_of
from gongmo.definition.application import Application as Value
from gongmo.definition.application import FactSource
from gongmo.definition.base import Text
from gongmo.kernel import clock
from gongmo.kernel.actor import system
from gongmo.kernel.acts import name_acts
from gongmo.kernel.korean import day
from gongmo.ledger import commands as ledger
from gongmo.ledger.models import Entry
from gongmo.ledger.queries import Record
from gongmo.notices.categories import Category
from gongmo.notices.telling import Telling, tells
from gongmo.registers import commands as registers
from gongmo.registers.following import follows
from gongmo.registers.outcomes import Outcome
from gongmo.registers.queries import any_on
from gongmo.registers.settings import configuration
from gongmo.registers.values import Answer
from gongmo.rules.check import exclusion_verdicts
from gongmo.rules.finding import Finding, Status
from gongmo.screening.commands.register_facts import record_register_facts
from gongmo.screening.lookups import Told, asked_organisations, questions, told
from gongmo.tasks import schedule, task

name_acts({"awards.recheck": ("협약 기관 등록부 재확인", "Asked the registers again for an agreement")})
TOPIC = "agreement"
SYSTEM = system("registers")
ACT = "awards.recheck"


@schedule(
    name="awards.rechecks",
    every=timedelta(days=1),
    ko="협약 기관을 정기로 다시 확인하게 합니다",
    en="Have the organisations of agreements checked again",
)
def rechecks() -> None:
    """Each day: every agreement in force whose last re-check is older than the setting."""
    every = configuration().recheck_every
    if every is None or not any_on():
        return
    # A little less than the rhythm, so that a day's delay does not add up.
    since = clock.now() - every + timedelta(hours=12)
    done = set(Entry.objects.filter(act=ACT, at__gte=since).values_list("subject_id", flat=True))
    standing = Agreement.objects.filter(state=AgreementState.IN_FORCE, in_force_at__lt=since)
    for pk, application in standing.order_by("pk").values_list("pk", "application_id"):
        if str(application) not in done:
            recheck.enqueue(key=f"awards.recheck:{pk}", again=True, agreement=pk)


@task(
    name="awards.recheck",
    ko="협약 기관을 등록부에 다시 확인합니다",
    en="Ask the registers again for an agreement",
)
def recheck(*, agreement: int) -> None:
    """Ask for every organisation of an agreement in force, record what changed, open a case for each ground that a register now shows.

    Run again it finds the same answers, records nothing twice, and the same ground opens no second case.
    """
    found = Agreement.objects.select_related("application__call__version").filter(pk=agreement).first()
    if found is None or found.state != AgreementState.IN_FORCE:
        registers.forget(actor=SYSTEM, topic=TOPIC, references=[agreement])
        return
    application = found.application
    definition = definition_of(application.call)
    today = clock.now().astimezone(clock.SEOUL).date()
    standing = standing_value(found)
    organisations = asked_organisations(standing)
    answers = registers.ask(
        actor=SYSTEM,
        questions=questions(definition, organisations),
        topic=TOPIC,
        reference=found.pk,
    )
    facts = list(told(definition, organisations, answers, judged_on=today))
    recorded = record_register_facts(actor=SYSTEM, application_id=application.pk, told=facts)
    grounds = _grounds(application, standing, facts)
    unanswered = sum(answer.outcome is Outcome.UNAVAILABLE for answer in answers.values())
    for finding, fact in grounds:
        open_case(
            actor=SYSTEM,
            agreement=found.pk,
            clause=finding.clause or "",
            reason=finding.message.ko,
            evidence=_evidence(fact, answers.values()),
        )
    with transaction.atomic():
        ledger.append(
            actor=SYSTEM,
            act=ACT,
            subject=("application", application.pk),
            call=application.call.slug,
            payload={
                "agreement": found.pk,
                "organisations": len(organisations),
                "unanswered": unanswered,
                "facts": [record.pk for record in recorded.facts],
                "grounds": [
                    {"clause": finding.clause, "organisation": fact.organisation, "answer": fact.answer}
                    for finding, fact in grounds
                ],
            },
        )


def _grounds(application: Application, standing: Value, facts: Iterable[Told]) -> list[tuple[Finding, Told]]:
    """Exclusions that fail today on a register's word, each with the fact that it rests on. An officer's or a certificate's other word weighs
    more; then the finding does not fail, or does not fail on a register's word.

    Of who joined later the register's word stands beside the own answers: there is no review of it in which to keep facts.
    """
    facts = list(facts)
    by_place = {(str(fact.organisation), fact.kind.id): fact for fact in facts}
    today = clock.now().astimezone(clock.SEOUL).date()
    found = []
    value = with_told(application, standing, facts)
    for finding in exclusion_verdicts(definition_of(application.call), value, on=today):
        fact = by_place.get((finding.subject.organisation or "", str(finding.numbers.get("fact", ""))))
        failed = finding.status is Status.FAIL and finding.severity.value == "blocking"
        if (
            failed
            and fact is not None
            and finding.clause
            and finding.numbers.get("source") == FactSource.REGISTER
        ):
            found.append((finding, fact))
    return found


def _evidence(fact: Told, answers: Iterable[Answer]) -> str:
    """The register's answer in words, the same whenever the same answer is found again."""
    answer = next((each for each in answers if each.id == fact.answer), None)
    from_ = f", 답 번호 {fact.answer}" if answer is not None else ""
    return f"외부 등록부 {day(fact.drawn.as_of)} 조회{from_}: {fact.drawn.because.ko}"


@follows(TOPIC)
def ask_again(references: list[int]) -> None:
    """Ask again for these agreements, now that the register may answer."""
    for pk in references:
        recheck.enqueue(key=f"awards.recheck:{pk}", again=True, agreement=pk)


@tells(ACT)
def found_again(entry: Record) -> Iterable[Telling]:
    """Officers are told where a re-check found a ground. The parties hear of the case itself from the act that opened it."""
    if not entry.payload["grounds"]:
        return
    agreement = Agreement.objects.select_related("call").get(pk=entry.payload["agreement"])
    count = len(entry.payload["grounds"])
    clauses = ", ".join(sorted({ground["clause"] for ground in entry.payload["grounds"]}))
    yield from to_operators(
        agreement.call,
        Category.AWARD,
        Text(
            ko=f"협약 뒤 재확인에서 제외 사유가 드러났습니다: {agreement.number}",
            en=f"A re-check found a ground for exclusion: {agreement.number}",
        ),
        Text(
            ko=f"등록부 재확인에서 {count}건({clauses})이 드러나 해약 건을 열었습니다. 근거를 확인하고 처리해 주세요.",
            en=f"{count} ground(s) ({clauses}); a termination case is open. See the evidence and go on.",
        ),
        reverse("awards:agreement", args=[agreement.pk]),
    )
