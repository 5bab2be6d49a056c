"""What operators can still do from the command line while the site cannot be reached."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from gongmo.calls.models import Call
from gongmo.kernel import clock
from gongmo.kernel.clock import SEOUL
from gongmo.ledger.models import Entry
from gongmo.operation import state
from gongmo.parties.models import Person
from tests.builders import make_agency_officer, publish_sample_call

pytestmark = pytest.mark.django_db


def extend(call: Call, by: str, hours: int = 2) -> None:
    to = (call.closes_at + timedelta(hours=hours)).astimezone(SEOUL).replace(tzinfo=None).isoformat()
    with clock.at(call.closes_at - timedelta(minutes=10)):
        call_command("extend_call", call.slug, "--to", to, "--reason", "장애로 연장합니다.", "--by", by)


def test_a_deadline_is_extended_in_the_name_of_an_officer_who_runs_the_call() -> None:
    officer = make_agency_officer()
    call = publish_sample_call(officer)

    extend(call, Person.objects.get(pk=officer.person or 0).email)

    assert Call.objects.get().closes_at == call.closes_at + timedelta(hours=2)
    entry = Entry.objects.get(act="calls.extend")
    assert (entry.actor_person, entry.actor_role) == (officer.person, "agency")


def test_nobody_else_s_name_extends_it() -> None:
    call = publish_sample_call(make_agency_officer())
    other = Person.objects.get(pk=make_agency_officer().person or 0)

    for by in (other.email, "nobody@example.kr"):
        with pytest.raises(CommandError, match="담당자가 아닙니다"):
            extend(call, by)
    assert Call.objects.get().closes_at == call.closes_at


def test_a_refusal_and_a_wrong_call_are_told_in_words() -> None:
    officer = make_agency_officer()
    call = publish_sample_call(officer)
    email = Person.objects.get(pk=officer.person or 0).email

    with pytest.raises(CommandError, match="늦어야 합니다"):
        extend(call, email, hours=-1)
    with pytest.raises(CommandError, match=call.slug):
        call_command("extend_call", "no-such", "--to", "2030-01-01T00:00", "--reason", "x", "--by", email)
    with pytest.raises(CommandError, match="2030-03-29T19:00"):
        call_command("extend_call", call.slug, "--to", "soon", "--reason", "x", "--by", email)


def test_a_notice_is_put_up_and_recorded() -> None:
    call_command("announce", "화면이 늦게 열립니다.", "--kind", "slow")

    assert [each.text.ko for each in state.told(clock.now())] == ["화면이 늦게 열립니다."]
    assert Entry.objects.get(act="operation.announce").actor_role == "system"
    with pytest.raises(CommandError):
        call_command("announce", " ")
