"""Who changed what, and going back; the overview without JavaScript."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from gongmo.applications import commands
from gongmo.applications.commands import FieldInput
from gongmo.applications.history import words_apart
from gongmo.applications.models import Answer, Application, DraftVersion, FieldChange, Kpi, Member
from gongmo.applications.queries import snapshot
from gongmo.calls.models import Call
from gongmo.kernel import clock
from gongmo.kernel.actor import Actor, OrganisationRole
from gongmo.kernel.errors import NotAllowed, NotFound, Refused
from gongmo.parties.models import Person
from tests.builders import (
    AT_OPENING,
    Filled,
    filled_application,
    make_applicant,
    member_actor,
    publish_sample_call,
)
from tests.rules.test_form import FORM
from tests.sample_call import sample_definition

LATER = AT_OPENING + timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@given(st.text(alphabet="가나다 \n\t.", max_size=60), st.text(alphabet="가나다 \n\t.", max_size=60))
def test_the_pieces_join_to_both_texts(before: str, after: str) -> None:
    pieces = words_apart(before, after)

    assert "".join(piece.text for piece in pieces if piece.kind != "new") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == after


def test_long_texts_are_compared_quickly_line_by_line() -> None:
    text = "\n".join(f"{number}번째 줄" for number in range(2000))

    pieces = words_apart(text, text + "\n끝")

    assert pieces[-1].text.endswith("끝")


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open() -> Iterator[None]:
    with clock.at(LATER):
        yield


@pytest.fixture
def call() -> Call:
    return publish_sample_call(definition=sample_definition(form=FORM))


@pytest.fixture
def filled(call: Call) -> Filled:
    return filled_application(call)


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person or 0))
    return client


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def save(actor: Actor, application: Application, path: str, value: object, base: int) -> None:
    commands.save_fields(
        actor=actor, application_id=application.pk, changes=[FieldInput(path, value, base)], by_hand=True
    )


def test_restoring_a_field_brings_back_what_it_held(filled: Filled) -> None:
    application = filled.application
    save(filled.lead, application, "answer:why", "처음 까닭", 0)
    with clock.at(LATER + MINUTE):
        save(filled.lead, application, "answer:why", "나중 까닭", 1)
    lines = FieldChange.objects.filter(application=application, path="answer:why")
    (line,) = [each for each in lines if each.before == "처음 까닭"]

    commands.restore_field(actor=filled.lead, application_id=application.pk, change_id=line.pk)

    assert Answer.objects.get(application=application, question="why").text == "처음 까닭"
    assert "나중 까닭" in [each.after for each in FieldChange.objects.filter(application=application)]


def test_only_who_may_write_a_field_may_restore_it(filled: Filled) -> None:
    application = filled.application
    partner = Member.objects.get(application=application, role="partner")
    save(filled.lead, application, "answer:why", "까닭", 0)
    line = FieldChange.objects.latest("id")

    with pytest.raises(NotAllowed):
        commands.restore_field(
            actor=filled.actors[partner.organisation_id], application_id=application.pk, change_id=line.pk
        )
    with pytest.raises(NotFound):
        commands.restore_field(actor=make_applicant(), application_id=application.pk, change_id=line.pk)
    with pytest.raises(NotFound):
        commands.restore_field(actor=filled.lead, application_id=application.pk, change_id=line.pk + 999)


def test_restoring_a_version_brings_back_answers_and_indicators(filled: Filled) -> None:
    application = filled.application
    first, _ = commands.add_kpi(actor=filled.lead, application_id=application.pk, count=2)
    save(filled.lead, application, f"kpi:{first.pk}:name", "도입 기업", 0)
    save(filled.lead, application, f"kpi:{first.pk}:target", "1,200.50", 0)
    save(filled.lead, application, "answer:why", "까닭", 0)
    application.refresh_from_db()
    before = snapshot(application)
    good = DraftVersion.objects.latest("revision")
    commands.remove_kpi(actor=filled.lead, application_id=application.pk, kpi_id=first.pk)
    save(filled.lead, application, "answer:why", "", 1)

    commands.restore_version(actor=filled.lead, application_id=application.pk, revision=good.revision)

    application.refresh_from_db()
    after = snapshot(application)
    assert (after.answers, after.kpis) == (before.answers, before.kpis)
    assert after.kpis is not None
    assert after.kpis[0].target == "1200.5"
    assert Kpi.objects.filter(application=application).count() == 2


@pytest.mark.parametrize("times", [3, 30])
def test_the_history_takes_the_same_statements_however_long(filled: Filled, times: int) -> None:
    colleague = member_actor(filled.application.lead, OrganisationRole.WRITER)
    for number in range(times):
        with clock.at(LATER + number * MINUTE):
            save((filled.lead, colleague)[number % 2], filled.application, "answer:why", f"{number}", number)
    client, address = client_of(filled.lead), f"/applications/{filled.application.pk}/versions/"
    client.get(address)

    with CaptureQueriesContext(connection) as queries:
        page = soup(client.get(address))

    assert len(queries) <= 10
    assert len(page.select(".app-changes li")) >= min(times, 40)
    assert len(page.select(".app-sitting")) >= min(times, 30)


def test_a_version_is_compared_with_what_stands(filled: Filled) -> None:
    version = DraftVersion.objects.earliest("revision")
    save(filled.lead, filled.application, "answer:boss.name", "담당자 B", 0)

    page = soup(
        client_of(filled.lead).get(
            f"/applications/{filled.application.pk}/versions/", {"version": version.revision}
        )
    )

    told = page.select_one("#chosen")
    assert told is not None
    assert "담당자 B" in told.get_text()


def _posted(page: BeautifulSoup) -> dict[str, Any]:
    form = page.select_one("form[data-autosave]")
    assert form is not None
    found: dict[str, Any] = {}
    for item in form.select("input[name], textarea[name]"):
        name, kind = str(item["name"]), item.get("type")
        if kind in ("checkbox", "radio") and not item.has_attr("checked"):
            continue
        value = item.get_text().removeprefix("\n") if item.name == "textarea" else str(item.get("value", ""))
        found[name] = value
    return found


def test_two_forms_without_javascript_do_not_overwrite_each_other(filled: Filled) -> None:
    address = f"/applications/{filled.application.pk}/overview/"
    mine, theirs = client_of(filled.lead), client_of(member_actor(filled.application.lead))
    seen = _posted(soup(mine.get(address)))
    other = _posted(soup(theirs.get(address)))
    theirs.post(address, other | {"answer:why": "동료의 까닭", "summary": "동료의 개요"})

    answer = mine.post(address, seen | {"answer:why": "나의 까닭"})

    page = soup(answer)
    assert answer.status_code == 409
    assert "동료의 까닭" in page.get_text()
    application = Application.objects.get(pk=filled.application.pk)
    assert application.summary == "동료의 개요", "what I did not touch is left alone"
    assert Answer.objects.get(question="why").text == "동료의 까닭"
    again = mine.post(address, _posted(page))
    assert again.status_code == 302
    assert Answer.objects.get(question="why").text == "나의 까닭"


def test_indicators_are_added_and_taken_out_without_losing_what_was_typed(filled: Filled) -> None:
    client, address = client_of(filled.lead), f"/applications/{filled.application.pk}/overview/"
    form = _posted(soup(client.get(address)))

    assert client.post(address, form | {"answer:why": "적던 글", "do": "add_kpi"}).status_code == 302
    kpi = Kpi.objects.get()
    client.post(address, _posted(soup(client.get(address))) | {"do": f"remove_kpi:{kpi.pk}"})

    assert Answer.objects.get(question="why").text == "적던 글"
    assert not Kpi.objects.exists()


def test_wrong_answers_stay_as_typed_beside_their_reason(filled: Filled) -> None:
    client, address = client_of(filled.lead), f"/applications/{filled.application.pk}/overview/"
    form = _posted(soup(client.get(address)))

    answer = client.post(address, form | {"answer:staff": "셋", "answer:why": "남는 글"})

    page = soup(answer)
    assert answer.status_code == 422
    assert page.select_one("#q-staff")["value"] == "셋"  # type: ignore[index]
    assert page.select_one("#q-staff-error") is not None
    assert Answer.objects.get(question="why").text == "남는 글"


def test_unanswered_questions_stand_in_the_way_with_a_link_to_the_field(filled: Filled) -> None:
    page = soup(client_of(filled.lead).get(f"/applications/{filled.application.pk}/submit/"))

    overview = reverse("applications:overview", args=[filled.application.pk])
    assert page.select_one(f"a[href='{overview}#q-why']") is not None
    with pytest.raises(Refused):
        commands.submit(actor=filled.lead, application_id=filled.application.pk)
