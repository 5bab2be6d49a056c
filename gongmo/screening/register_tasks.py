"""Asking outside registers for applications: on an officer's word, at the closing instant, and again when a register is back."""

from collections.abc import Iterable
from datetime import timedelta

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
from gongmo.kernel.acts import name_acts
from gongmo.kernel.actor import system
from gongmo.ledger.queries import Record
from gongmo.notices.categories import Category
from gongmo.notices.telling import Telling, tells
from gongmo.registers import commands as registers
from gongmo.registers.following import follows
from gongmo.registers.queries import any_on
from gongmo.screening.commands.register_facts import record_register_facts
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
CLOSING = timedelta(hours=6)


@task(
    name="screening.ask_registers",
    ko="외부 등록부에 참여기관의 상태를 묻습니다",
    en="Ask outside registers for organisations",
)
def ask_registers(*, applications: list[int]) -> None:
    """Ask for all organisations of these applications together, then record application by application. Run again, it records nothing twice."""
    found = Application.objects.filter(pk__in=applications, state=ApplicationState.SUBMITTED)
    rows = list(found.select_related("call__version").order_by("pk"))
    for application in rows:
        definition = definition_of(application.call)
        organisations = asked_organisations(submitted_value(application))
        answers = registers.ask(
            actor=SYSTEM,
            questions=questions(definition, organisations),
            fresh=JUST_NOW,
            topic=TOPIC,
            reference=application.pk,
        )
        if Review.objects.filter(application=application).exists():
            record_register_facts(
                actor=SYSTEM,
                application_id=application.pk,
                told=list(
                    told(definition, organisations, answers, closed_at=application.call.closes_at)
                ),
            )
