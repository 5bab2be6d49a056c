"""Asking outside registers for applications: on an officer's word, at the closing instant, and again when a register is back."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from itertools import chain

from django.urls import reverse

from gongmo.applications.models import Application
from gongmo.applications.queries import submitted_value
from gongmo.applications.states import ApplicationState
from gongmo.calls.models import Call
from gongmo.calls.notices import to_operators
from gongmo.calls.queries import definition_of
from gongmo.calls.states import CallState
from gongmo.definition.application import Truth
from gongmo.definition.base import Text
from gongmo.kernel import clock
from gongmo.kernel.actor import system
from gongmo.kernel.acts import name_acts
from gongmo.ledger.queries import Record
from gongmo.notices.categories import Category
from gongmo.notices.telling import Telling, tells
from gongmo.registers import commands as registers
from gongmo.registers.following import follows
from gongmo.registers.outcomes import Register
from gongmo.registers.queries import any_on
from gongmo.screening.commands.register_facts import CHUNK, record_register_facts
from gongmo.screening.lookups import asked_organisations, questions, told
from gongmo.screening.models import FactRecord, Review
from gongmo.tasks import schedule, task

name_acts(
    {
        "screening.check_registers": ("등록부 확인 맡김", "Had the registers asked"),
        "screening.hear_registers": ("등록부가 알려 온 사실 기록", "Recorded what registers told"),
    }
)
TOPIC = "screening"
SYSTEM = system("registers")
JUST_NOW = timedelta(minutes=10)


@task(
    name="screening.ask_registers",
    ko="외부 등록부에 참여기관의 상태를 묻습니다",
    en="Ask outside registers for organisations",
)
def ask_registers(*, applications: list[int]) -> None:
    """Ask for all organisations of these applications together, then record application by application. Run again, it records nothing twice."""
    found = _submitted(applications)
    gone = set(applications) - {application.pk for application in found}
    registers.forget(actor=SYSTEM, topic=TOPIC, references=gone)
    asked = [(application, asked_organisations(submitted_value(application))) for application in found]
    wanted = [(questions(definition_of(application.call), each), each) for application, each in asked]
    # All at once first, so that batches are full; then for each by itself from the cache, which notes what went unanswered.
    registers.ask(actor=SYSTEM, questions=chain.from_iterable(each for each, _ in wanted), fresh=JUST_NOW)
    reviewed = set(Review.objects.filter(application__in=found).values_list("application_id", flat=True))
    for (application, _), (mine, organisations) in zip(asked, wanted, strict=True):
        answers = registers.ask(
            actor=SYSTEM, questions=mine, fresh=JUST_NOW, topic=TOPIC, reference=application.pk
        )
        if application.pk in reviewed:
            definition = definition_of(application.call)
            facts = told(definition, organisations, answers, closed_at=application.call.closes_at)
            record_register_facts(actor=SYSTEM, application_id=application.pk, told=list(facts))


@task(
    name="screening.ask_at_closing",
    ko="마감 시각의 사업자 상태를 물어 둡니다",
    en="Ask for the business status as of the closing instant",
)
def ask_at_closing(*, applications: list[int]) -> None:
    """Ask for the business status only, and keep the answers: they are recorded as facts once the reviews are open."""
    for application in _submitted(applications):
        asked = questions(definition_of(application.call), asked_organisations(submitted_value(application)))
        registers.ask(
            actor=SYSTEM,
            questions=[each for each in asked if each.register is Register.BUSINESS_STATUS],
            since=application.call.closes_at,
            topic=TOPIC,
            reference=application.pk,
        )


@schedule(
    name="screening.closings",
    every=timedelta(minutes=5),
    ko="마감된 공고의 사업자 상태를 묻게 합니다",
    en="Have the business status asked for when a call closes",
)
def closings() -> None:
    """Once for each call, as soon as it has closed and on the same day: what registers say is then said as of the closing day."""
    now = clock.now()
    if not any_on():
        return
    midnight = datetime.combine(now.astimezone(clock.SEOUL).date(), time(), clock.SEOUL)
    live = (CallState.PUBLISHED, CallState.CLOSED)
    for call in Call.objects.filter(state__in=live, closes_at__gte=midnight, closes_at__lte=now):
        keys = Application.objects.filter(call=call, state=ApplicationState.SUBMITTED).order_by("pk")
        wanted = list(keys.values_list("pk", flat=True))
        for start in range(0, len(wanted), CHUNK):
            part = wanted[start : start + CHUNK]
            key = f"screening.closing:{call.pk}:{call.closes_at.isoformat()}:{start}"
            ask_at_closing.enqueue(key=key, applications=part)


@follows(TOPIC)
def ask_again(references: list[int]) -> None:
    """Ask again for these applications, now that the register may answer."""
    for pk in references:
        ask_registers.enqueue(key=f"screening.registers:{pk}", again=True, applications=[pk])


@tells("screening.hear_registers")
def heard(entry: Record) -> Iterable[Telling]:
    """Officers are told of what needs them: a ground for exclusion, a question left open, a word against what was established."""
    records = FactRecord.objects.filter(pk__in=entry.payload["facts"]).exclude(value=Truth.NO)
    against = FactRecord.objects.filter(pk__in=entry.payload["against"])
    rows = list((records | against).select_related("organisation").order_by("pk"))
    if not rows:
        return
    application = Application.objects.select_related("call__version").get(pk=entry.payload["application"])
    call = application.call
    names = {kind.id: kind.name for kind in definition_of(call).facts}
    yield from to_operators(
        call,
        Category.REQUEST,
        Text(
            ko=f"등록부 확인이 필요한 기관이 있습니다: {application.title}",
            en=f"A register's answer needs you: {application.title}",
        ),
        Text(
            ko="\n".join(f"{row.organisation.name} · {names[row.fact].ko}: {row.note}" for row in rows),
            en="\n".join(f"{row.organisation.name} · {names[row.fact].en}" for row in rows),
        ),
        reverse("screening:registers_of", args=[call.slug, application.pk]),
    )


def _submitted(keys: list[int]) -> list[Application]:
    found = Application.objects.filter(pk__in=keys, state=ApplicationState.SUBMITTED)
    return list(found.select_related("call__version").order_by("pk"))
